"""What SendGrid tells acts: out of the inbox, on both databases."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import circuits, inbox, suppressions
from engine.adapters.db.alerts import open_alerts
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.lives import load
from engine.adapters.db.people import document
from engine.adapters.db.touches import DatabaseTouches
from engine.application.judge_touches import judge_touches
from engine.application.take_in import drain
from engine.bootstrap import sendgrid_events_of
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.breaker import Returned
from engine.domain.consent import ConsentEntry, standing
from engine.domain.jurisdiction import ANY_YES
from engine.domain.message import Receipt
from engine.language.project import Project, read_project
from tests.conftest import empty
from tests.integration.news_shop import NOW as QUEUED
from tests.integration.news_shop import Mailer, hand_off, people, queue, statuses

NOW = QUEUED + timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
M1, M2 = "5f" * 16, "6a" * 16
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def project() -> Project:
    return read_project(
        {"config.yaml": "company: { name: Cozy }\nsenders: { l: { name: L, email: l@x.org } }\n"}
    )


@pytest.fixture
def shop(store_engine: Engine) -> Engine:
    return set_up(store_engine)


def set_up(engine: Engine) -> Engine:
    """Ann got a mail an hour ago; Bo is there, too."""
    people(engine, "a", "b")
    queue(engine, "a", M1, QUEUED)
    hand_off(engine, Mailer()).send_due(QUEUED, "s")
    return engine


def event(name: str, minutes: float = 0, **said: Any) -> dict[str, Any]:
    """An event of Ann's mail, so long after it left."""
    at = int((QUEUED + minutes * MINUTE).timestamp())
    return {
        "event": name, "email": "a@x.org", "timestamp": at, "sincerely_send_id": M1,
        "sg_message_id": "x.filter1", "sg_event_id": f"{name} {minutes} {sorted(said.items())}", **said,
    }  # fmt: skip


def tell(engine: Engine, *events: Any, at: datetime = NOW) -> None:
    box = DatabaseInbox(engine)
    box.put("sendgrid.events", json.dumps(events).encode(), at)
    drain(box, {"sendgrid.events": sendgrid_events_of(engine, project())}, lambda: at)


def history(engine: Engine, *names: str) -> list[tuple[str, str, dict[str, Any]]]:
    with reading(engine) as connection:
        found = connection.execute(
            sql(
                "SELECT person_id, name, properties FROM event WHERE source <> 'engine' ORDER BY at, name"
            )
        )
        rows = [(who, name, document(properties)) for who, name, properties in found]
    return [row for row in rows if not names or row[1] in names]


def names(engine: Engine) -> list[str]:
    return [name for _, name, _ in history(engine)]


def suppressed(engine: Engine, address: str = "a@x.org") -> str | None:
    with reading(engine) as connection:
        found = suppressions.find_suppression(connection, address)
    return None if found is None else found.because


def stands(engine: Engine, topic: str, at: datetime, person: str = "a") -> str:
    with reading(engine) as connection:
        [visit] = load(connection, [person], at)
    return standing(visit.life.facts.consents, topic, at, ANY_YES)


def kept(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [one.problem for one in inbox.kept(connection)]


def allow(engine: Engine, *purposes: str) -> None:
    with writing(engine) as connection:
        entries = [ConsentEntry(topic, "express", QUEUED - DAY, own_act=True) for topic in purposes]
        ingest(connection, [ConsentArrived("a", entry) for entry in entries], QUEUED)


# ── deliveries, bounces, complaints ───────────────────────────────────────────────────────────


def test_a_delivery_becomes_an_event_that_says_which_mail(shop: Engine) -> None:
    tell(shop, event("processed"), event("delivered", 1, response="250 OK", tls=1, ip="1.2.3.4"))
    [(person, name, said)] = history(shop)
    assert (person, name) == ("a", "mail.delivered")
    assert said == {
        "send_id": M1, "mail": f"weekly/{M1}", "category": "news", "journey": "weekly", "step": "hello",
        "address": "a@x.org",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "because"),
    [
        (event("bounce", status="5.1.1", type="bounce", reason="550 5.1.1 no such user"), "hard_bounce"),
        (event("bounce", status="5.0.0", type="bounce", reason="550 rejected"), None),
        (event("bounce", type="blocked", bounce_classification="Reputation"), None),
        (event("bounce", bounce_classification="Invalid Address"), "hard_bounce"),
        (event("spamreport"), "complaint"),
        (event("dropped", reason="Bounced Address", status="5.0.0"), "provider"),
        (event("dropped", reason="Invalid"), "provider"),
        (event("dropped", reason="Spam Reporting Address"), "complaint"),
        (event("dropped", reason="Recipient List over Package Quota"), None),
        (event("deferred", response="400 try again", attempt="5"), None),
    ],
)  # fmt: skip
def test_an_address_is_suppressed_by_what_is_said_of_it(
    shop: Engine, told: dict[str, Any], because: str | None
) -> None:
    """R5.8"""
    tell(shop, told)
    assert suppressed(shop) == because
    assert suppressed(shop, "b@x.org") is None


def test_an_asynchronous_bounce_is_of_the_newest_mail_to_the_address(shop: Engine) -> None:
    bounce = {"event": "bounce", "email": "a@x.org", "status": "5.1.10", "sg_message_id": "",
              "timestamp": int(NOW.timestamp())}  # fmt: skip
    tell(shop, bounce)
    [(_, _, said)] = history(shop, "mail.bounced")
    assert said["send_id"] == M1
    assert suppressed(shop) == "hard_bounce"
    later = int((QUEUED + 8 * DAY).timestamp())
    tell(shop, {**bounce, "timestamp": later}, at=QUEUED + 8 * DAY)
    assert "send_id" not in history(shop, "mail.bounced")[1][2], "that mail is too long ago"


def test_a_mail_of_another_program_acts_on_the_address_only(shop: Engine) -> None:
    foreign = {"email": "b@x.org", "timestamp": int(NOW.timestamp()), "sg_message_id": "other"}
    tell(
        shop, *({**foreign, "event": name} for name in ("processed", "delivered", "open", "click"))
    )
    assert history(shop) == []
    tell(shop, {**foreign, "event": "bounce", "status": "5.1.1"})
    assert suppressed(shop, "b@x.org") == "hard_bounce"
    [(person, _, said)] = history(shop)
    assert (person, said.get("send_id")) == ("b", None)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"event": "bounce", "status": "5.1.1"}, "hard_bounce"),
        ({"event": "bounce", "status": "5.2.2"}, None),
        ({"event": "spamreport"}, "complaint"),
        ({"event": "dropped", "reason": "Bounced Address"}, "provider"),
        ({"event": "unsubscribe"}, "opt_out"),
        ({"event": "delivered"}, None),
    ],
)
def test_an_address_of_nobody_here_is_suppressed_before_anybody_has_it(
    shop: Engine, said: dict[str, str], because: str | None
) -> None:
    tell(
        shop, {"email": "C@x.org", "timestamp": int(NOW.timestamp()), "sg_message_id": "o", **said}
    )
    assert suppressed(shop, "c@x.org") == because
    assert history(shop) == []


def test_a_hard_bounce_of_many_counts_for_the_breakers(shop: Engine) -> None:
    tell(
        shop,
        event("bounce", 1, status="5.1.1"),
        event("spamreport", 2),
        event("bounce", 3, type="blocked"),
    )
    database = circuits.DatabaseCircuits(shop)
    assert database.by_journey(NOW - DAY, NOW) == {"weekly": Returned(1, 1, 1, 1)}


# ── unknown outcomes ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    ["processed", "deferred", "delivered", "bounce", "dropped", "open", "click", "spamreport",
     "unsubscribe", "group_unsubscribe", "group_resubscribe"],
)  # fmt: skip
def test_any_event_settles_a_mail_of_unknown_outcome(store_engine: Engine, name: str) -> None:
    """R10.1: whatever became of it there, the provider had accepted it; also where nobody agreed to
    tracking."""
    people(store_engine, "a")
    queue(store_engine, "a", M1, QUEUED)
    hand_off(store_engine, Mailer(Receipt("unknown", detail="no answer"))).send_due(QUEUED, "s")
    tell(store_engine, event(name))
    assert statuses(store_engine, "a") == {M1: "sent"}
    with reading(store_engine) as connection:
        sent = connection.execute(sql("SELECT count(*) FROM event WHERE name = 'mail.sent'"))
        assert sent.scalar_one() == 1
    tell(store_engine, event(name), event("delivered", 5))
    assert statuses(store_engine, "a") == {M1: "sent"}


# ── repetitions and disorder ──────────────────────────────────────────────────────────────────


def test_what_is_told_twice_counts_once(shop: Engine) -> None:
    """By what it says where SendGrid's id changed, and by its id where the rest did."""
    once = event("deferred", 1, response="400")
    tell(shop, once, once, {**once, "sg_event_id": "another"})
    tell(shop, once, {**once, "sg_message_id": "y.filter2"})
    assert names(shop) == ["mail.deferred"]
    assert kept(shop) == []


LIFE = [
    event("processed", 0), event("deferred", 1, response="400"), event("deferred", 2, response="400"),
    event("delivered", 3), event("open", 4), event("click", 5, url="https://x.org", useragent=FIREFOX),
    event("bounce", 6, status="5.2.2"), event("spamreport", 7), event("unsubscribe", 8),
    event("dropped", 9, reason="Bounced Address"),
]  # fmt: skip
SHUFFLED = st.lists(st.sampled_from(LIFE), max_size=4).flatmap(
    lambda twice: st.permutations([*LIFE, *twice])
)


@settings(max_examples=15)
@given(SHUFFLED, st.integers(1, 5))
def test_any_order_and_any_repetition_leave_the_same_behind(
    database: str, told: list[dict[str, Any]], size: int
) -> None:
    """In batches of any size."""
    from engine.adapters.db.connect import connect

    empty(database)
    engine = connect(database)
    set_up(engine)
    for start in range(0, len(told), size):
        tell(engine, *told[start : start + size])
    with reading(engine) as connection:
        bounces = connection.execute(sql("SELECT count(*) FROM bounce")).scalar_one()
    assert names(engine) == [
        "mail.deferred", "mail.deferred", "mail.delivered", "mail.bounced", "mail.complained",
        "consent.withdrawn", "mail.dropped",
    ]  # fmt: skip
    assert suppressed(engine) == "complaint"
    assert stands(engine, "news", NOW) == "unsubscribed"
    assert bounces == 1
    assert statuses(engine, "a") == {M1: "sent"}
    engine.dispose()


# ── leaving ───────────────────────────────────────────────────────────────────────────────────


def test_who_unsubscribes_at_the_provider_left_everything_by_an_act_of_their_own(
    shop: Engine,
) -> None:
    """R5.5: from the time when they did, whenever it is told of."""
    tell(shop, event("unsubscribe", 10))
    assert stands(shop, "news", QUEUED + 9 * MINUTE) == "given"
    assert stands(shop, "news", QUEUED + 11 * MINUTE) == "unsubscribed"
    assert history(shop, "consent.withdrawn")[0][2] == {"topic": "*", "mail": f"weekly/{M1}"}
    back = ConsentEntry("news", "express", QUEUED + 20 * MINUTE, confirmed=True, own_act=True)
    with writing(shop) as connection:
        ingest(connection, [ConsentArrived("a", back)], NOW)
    tell(shop, {**event("unsubscribe", 10), "sg_event_id": "another"})
    assert stands(shop, "news", NOW) == "given", "it is older than their coming back"


def test_who_leaves_a_group_leaves_the_topic_of_the_mail(shop: Engine) -> None:
    tell(shop, event("group_unsubscribe", asm_group_id=10))
    assert stands(shop, "news", NOW) == "unsubscribed"
    assert stands(shop, "other", NOW) == "unknown"


def test_coming_back_at_the_provider_is_noted_and_gives_no_consent(shop: Engine) -> None:
    """R5.5: there is no wording that they agreed to."""
    tell(shop, event("unsubscribe", 1), event("group_resubscribe", 2, asm_group_id=10))
    assert stands(shop, "news", NOW) == "unsubscribed"
    assert "mail.resubscribed" in names(shop)


def test_a_drop_for_who_left_long_ago_stands_against_no_newer_act(shop: Engine) -> None:
    """R5.5: a drop does not say when they left; the provider's list does, and is imported. Until it is
    taken off there, nothing is tried."""
    tell(shop, event("dropped", reason="Unsubscribed Address"))
    assert stands(shop, "news", NOW) == "given"
    assert suppressed(shop) == "provider"


# ── opens and clicks ──────────────────────────────────────────────────────────────────────────

CLICK = {"useragent": FIREFOX, "url": "https://x.org/1"}


def judge(engine: Engine, at: datetime = NOW + 5 * MINUTE) -> list[str]:
    judge_touches(DatabaseTouches(engine), DatabaseIntake(engine), at)
    return [name for name in names(engine) if name in ("mail.opened", "mail.clicked")]


def test_without_consent_to_it_no_open_and_no_click_is_kept(shop: Engine) -> None:
    """R5.3: both are purposes of their own."""
    tell(shop, event("open", 5, useragent=FIREFOX), event("click", 5, **CLICK))
    with reading(shop) as connection:
        assert connection.execute(sql("SELECT count(*) FROM touch")).scalar_one() == 0
    assert judge(shop) == []


def test_each_needs_the_consent_to_it(shop: Engine) -> None:
    allow(shop, "tracking_clicks")
    tell(shop, event("open", 5, useragent=FIREFOX), event("click", 5, **CLICK))
    assert judge(shop) == ["mail.clicked"]
    [(_, _, said)] = history(shop, "mail.clicked")
    assert said == {
        "send_id": M1, "mail": f"weekly/{M1}", "category": "news", "journey": "weekly", "step": "hello",
        "link": "https://x.org/1",
    }  # fmt: skip


def test_a_machine_s_opens_and_clicks_are_no_events(shop: Engine) -> None:
    """R8.3"""
    allow(shop, "tracking_clicks", "tracking_opens")
    tell(
        shop,
        event("delivered", 1),
        event("open", 2, useragent=FIREFOX, sg_machine_open=True),
        event("open", 3, useragent="curl/8"),
        event("click", 1.02, **CLICK),
        *(
            event("click", 9 + n / 60, useragent=FIREFOX, url=f"https://x.org/{n}")
            for n in range(3)
        ),
    )
    assert judge(shop) == []
    tell(shop, event("click", 30, **CLICK), event("open", 31, useragent=FIREFOX))
    assert judge(shop, NOW + 9 * MINUTE) == ["mail.clicked", "mail.opened"]
    assert judge(shop, NOW + DAY) == ["mail.clicked", "mail.opened"], "each once"


def test_a_click_waits_a_minute_for_its_neighbours(shop: Engine) -> None:
    """A burst told of in three deliveries is one burst."""
    allow(shop, "tracking_clicks")
    for n in range(3):
        tell(shop, event("click", 9 + n / 60, useragent=FIREFOX, url=f"https://x.org/{n}"))
        assert judge(shop, NOW + timedelta(seconds=59)) == []
    assert judge(shop) == []


# ── what cannot be understood, people who are gone, the account ───────────────────────────────


def test_one_bad_event_of_a_batch_is_kept_with_its_reason_and_the_rest_acts(shop: Engine) -> None:
    """R10.4"""
    tell(
        shop,
        event("delivered"),
        {"event": "sneezed", "email": "a@x.org"},
        7,
        event("spamreport", 1),
    )
    assert names(shop) == ["mail.delivered", "mail.complained"]
    assert kept(shop) == ["unknown type of event: sneezed", "this is no event: it has no keys"]


def test_what_is_no_json_is_kept_whole(shop: Engine) -> None:
    box = DatabaseInbox(shop)
    box.put("sendgrid.events", b'[{"event": "deliv', NOW)
    drain(box, {"sendgrid.events": sendgrid_events_of(shop, project())}, lambda: NOW)
    assert [problem.partition(":")[0] for problem in kept(shop)] == ["this is no JSON"]


def test_of_somebody_forgotten_only_the_address_is_acted_on(shop: Engine) -> None:
    """R5.9: nothing of them comes back, and a complaint of theirs still counts."""
    from engine.adapters.db.erasure import erase

    with writing(shop) as connection:
        assert erase(connection, "a", "nobody-1", NOW) is not None
    tell(shop, event("delivered", 3), event("spamreport", 4, brand="new"), event("click", 5, **CLICK),
         event("unsubscribe", 6))  # fmt: skip
    told = history(shop)
    assert {person for person, _, _ in told} == {"nobody-1"}
    assert {name: said for _, name, said in told} == {
        "mail.delivered": {"send_id": M1}, "mail.complained": {"send_id": M1},
    }  # fmt: skip
    assert suppressed(shop) == "complaint"
    with reading(shop) as connection:
        assert connection.execute(sql("SELECT address FROM suppression")).scalars().all() == [""]
        assert connection.execute(sql("SELECT count(*) FROM person")).scalar_one() == 2


def test_a_suspended_account_is_an_alert_until_it_works_again(shop: Engine) -> None:
    change = {"event": "account_status_change", "timestamp": int(NOW.timestamp())}

    def alerts() -> list[str]:
        with reading(shop) as connection:
            return [alert.text.partition("\n")[0] for alert in open_alerts(connection)]

    tell(shop, {**change, "type": "compliance_suspend"})
    assert alerts() == ["sendgrid changed the state of our account: compliance_suspend."]
    tell(shop, event("processed", 2))
    assert alerts(), "that mail was taken before"
    tell(shop, event("processed", 90), at=NOW + DAY)
    assert alerts() == []
    tell(shop, {**change, "type": "compliance_suspend"}, at=NOW + 2 * DAY)
    tell(shop, {**change, "type": "compliance_reactivate"}, at=NOW + 3 * DAY)
    assert alerts() == []


def test_a_merged_person_keeps_what_is_told_of_both(shop: Engine) -> None:
    """The mail stands with the one that is kept."""
    with writing(shop) as connection:
        connection.execute(sql("UPDATE outbox SET person_id = 'b'"))
    tell(shop, event("delivered"))
    assert history(shop)[0][0] == "b"


def test_a_new_person_s_address_known_as_bad_is_never_written_to(shop: Engine) -> None:
    tell(shop, {"event": "bounce", "email": "new@x.org", "status": "5.1.1", "sg_message_id": "o"})
    with writing(shop) as connection:
        ingest(connection, [PersonArrived("n", "New@x.org", "new@x.org", {}, NOW)], NOW)
    with reading(shop) as connection:
        [visit] = load(connection, ["n"], NOW)
    assert visit.life.facts.suppressed == "hard_bounce"


def test_what_is_old_goes_and_a_repetition_still_changes_nothing(shop: Engine) -> None:
    """By then it is known by the event itself."""
    from engine.adapters.db.keeping import DatabaseKeeping

    allow(shop, "tracking_clicks")
    tell(shop, event("deferred"), event("click", 5, **CLICK))
    judge(shop)
    assert DatabaseKeeping(shop).remove_told(NOW) == 0
    assert DatabaseKeeping(shop).remove_told(NOW + DAY) == 3
    tell(shop, event("deferred"), event("click", 5, **CLICK))
    assert judge(shop, NOW + DAY) == ["mail.clicked"]
    assert names(shop) == ["mail.deferred", "mail.clicked"]


def test_status_and_report_count_what_was_told(shop: Engine) -> None:
    """A mail counts once in the report, however often it was deferred."""
    from engine.adapters.db.reports import figures
    from engine.adapters.db.stats import counts

    tell(
        shop,
        event("deferred", 1),
        event("deferred", 2),
        event("delivered", 3),
        event("spamreport", 4),
    )
    with reading(shop) as connection:
        told = counts(connection, NOW).told
        answers = figures(connection, "weekly", None, None).answers
    assert told == {"mail.sent": 1, "mail.delivered": 1, "mail.complained": 1}
    assert answers == {
        ("hello", "mail.deferred"): 1, ("hello", "mail.delivered"): 1, ("hello", "mail.complained"): 1,
    }  # fmt: skip
