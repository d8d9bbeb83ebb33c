"""Merge: two profiles become one, whatever the engine is doing with them (R2.10, R3.5, R5.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import due, scores, suppressions
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import Visit, load
from engine.adapters.db.personal import HOLDINGS
from engine.adapters.db.profiles import DatabaseProfiles
from engine.adapters.db.tables import METADATA
from engine.adapters.db.turns import store
from engine.application.merge import merge
from engine.application.ports.profiles import Merged
from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    MessageRead,
    PersonArrived,
)
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import EMOTIONS
from engine.domain.errors import MistakeError
from engine.domain.event import Event
from engine.domain.message_mood import MessageMood
from engine.domain.turn import Turn, turn
from tests.integration.news_shop import (
    DAY,
    LEASE,
    NOW,
    RULES,
    Letters,
    Mailer,
    hand_off,
    people,
    queue,
    statuses,
)
from tests.integration.test_rights import WHO, everything

MINUTE = timedelta(minutes=1)


def test_everything_of_the_other_is_the_keepers(store_engine: Engine) -> None:
    """No table knows the other any more, but for the id that leads on."""
    everything(store_engine)
    _merge(store_engine, WHO, "o")
    with reading(store_engine) as connection:
        for table, holding in HOLDINGS.items():
            if holding.of_mailbox:
                continue
            whose = connection.execute(sql(f"SELECT DISTINCT {holding.by} FROM {table}"))
            assert set(whose.scalars()) <= {WHO}, table
        rows = METADATA.tables["slot"].select()
        assert len(connection.execute(rows).all()) == 2


def test_what_comes_for_the_old_id_goes_to_the_keeper(store_engine: Engine) -> None:
    people(store_engine, "k", "o", "third")
    _merge(store_engine, "k", "o")
    _merge(store_engine, "third", "k")
    _take(store_engine, PersonArrived("o", "o@x.org", "o@x.org", {"first_name": "Ann"}, NOW))
    _take(store_engine, EventArrived("o", Event("e", "order.placed", NOW)))
    visit = _visit(store_engine, "third")
    person = visit.life.facts.person
    assert (person.attribute("first_name"), person.mailbox) == ("Ann", "third@x.org")
    assert "order.placed" in [event.name for event in visit.arrivals]
    profiles = DatabaseProfiles(store_engine)
    assert profiles.find("o") == profiles.find("k") == "third"
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM person")).scalar_one() == 1


def test_an_old_id_leads_to_a_keeper_who_comes_in_later(store_engine: Engine) -> None:
    """Into a new database, the aliases may be copied before the people are imported."""
    with writing(store_engine) as connection:
        connection.execute(sql("INSERT INTO alias (old_id, person_id, at) VALUES ('o', 'k', 0)"))
        rows = [PersonArrived(who, f"{who}@x.org", f"{who}@x.org", {}, NOW) for who in ("k", "o")]
        assert ingest(connection, rows, NOW).people == 1
    assert _visit(store_engine, "k").life.facts.person.mailbox == "k@x.org"


def test_merging_again_answers_the_same(store_engine: Engine) -> None:
    people(store_engine, "k", "o")
    assert not _merge(store_engine, "k", "o").already
    assert _merge(store_engine, "k", "o") == Merged("k", "o", already=True)


@pytest.mark.parametrize(("keep", "other"), [("k", "k"), ("k", "k@x.org"), ("k", "nobody")])
def test_one_profile_or_nobody_cannot_be_merged(
    store_engine: Engine, keep: str, other: str
) -> None:
    people(store_engine, "k")
    with pytest.raises(MistakeError) as caught:
        _merge(store_engine, keep, other)
    assert caught.value.help


def test_the_keeper_says_first_and_the_other_what_is_missing(store_engine: Engine) -> None:
    _take(store_engine, PersonArrived("k", None, None, {"first_name": "Ann"}, NOW))
    known = {"first_name": "Anna", "country": "FR"}
    _take(store_engine, PersonArrived("o", "o@x.org", "o@x.org", known, NOW - DAY))
    _merge(store_engine, "k", "o")
    person = _visit(store_engine, "k").life.facts.person
    assert person.attributes == {"first_name": "Ann", "country": "FR"}
    assert (person.mailbox, person.created_at) == ("o@x.org", NOW - DAY)


def test_orders_of_both_count_together(store_engine: Engine) -> None:
    """R6.1"""
    people(store_engine, "k", "o")
    for number, who in enumerate(["k", "o", "o"]):
        at = NOW - (number + 1) * DAY
        _take(store_engine, EventArrived(who, Event(f"e{number}", "order.placed", at)))
        _turn(store_engine, who)
    _merge(store_engine, "k", "o")
    standing = _visit(store_engine, "k").life.facts.standing
    assert (standing.orders, standing.first_order_at) == (3, NOW - 3 * DAY)


# ── consent and suppression ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("who_left", "who_came_back"), [("k", "o"), ("o", "k")])
def test_whoever_had_left_with_one_profile_has_left(
    store_engine: Engine, who_left: str, who_came_back: str
) -> None:
    """R5.5: the newer act of the other profile does not lead back."""
    people(store_engine, "k", "o")
    left = ConsentEntry("news", "unsubscribed", NOW - DAY, own_act=True)
    back = ConsentEntry("news", "express", NOW, confirmed=True, own_act=True)
    _take(store_engine, ConsentArrived(who_left, left))
    _take(store_engine, ConsentArrived(who_came_back, back))
    assert _merge(store_engine, "k", "o").left == ["news"]
    queue(store_engine, "k", "m1", NOW)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert (mailer.sent, statuses(store_engine, "k")) == ([], {"m1": "dropped"})


def test_a_complaint_is_the_humans_and_a_bounce_the_addresses(store_engine: Engine) -> None:
    """R5.8"""
    people(store_engine, "k", "o", "k2", "o2")
    with writing(store_engine) as connection:
        suppressions.suppress(connection, "o@x.org", "complaint", NOW)
        suppressions.suppress(connection, "o2@x.org", "hard_bounce", NOW)
    _merge(store_engine, "k", "o")
    _merge(store_engine, "k2", "o2")
    assert _visit(store_engine, "k").life.facts.suppressed == "complaint"
    assert _visit(store_engine, "k2").life.facts.suppressed is None


# ── runs and mail ─────────────────────────────────────────────────────────────────────────────


def test_one_run_goes_on_and_its_mail_is_not_sent_twice(store_engine: Engine) -> None:
    """R2.10, R1.5: both are about to send the same step."""
    people(store_engine, "k", "o")
    queue(store_engine, "k", "m1", NOW)
    queue(store_engine, "o", "m2", NOW + MINUTE)
    with writing(store_engine) as connection:
        connection.execute(sql("UPDATE run SET kept = true"))
    assert _merge(store_engine, "k", "o").ended == ["weekly"]
    mailer = Mailer()
    for days in range(4):
        hand_off(store_engine, mailer).send_due(NOW + days * DAY, "s")
    assert mailer.sent == ["m1"]
    assert statuses(store_engine, "k") == {"m1": "sent", "m2": "dropped"}
    runs = {run.id: run for run in _visit(store_engine, "k").life.runs}
    assert runs["run-m2"].because == "merged"
    assert runs["run-m1"].live
    names = [event.properties.get("run") for event in _visit(store_engine, "k").arrivals]
    assert "run-m2" in names, "journey.left is told"


def test_slots_of_both_count_for_the_one_that_is_left(store_engine: Engine) -> None:
    """R3.5: one a day, and the other profile had it."""
    people(store_engine, "k", "o")
    queue(store_engine, "o", "m1", NOW)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    queue(store_engine, "k", "m2", NOW)
    with writing(store_engine) as connection:
        connection.execute(sql("UPDATE run SET ended_at = 1, because = 'goal' WHERE id = 'run-m1'"))
    _merge(store_engine, "k", "o")
    hand_off(store_engine, mailer).send_due(NOW + MINUTE, "s")
    assert mailer.sent == ["m1"]
    hand_off(store_engine, mailer).send_due(NOW + DAY, "s")
    assert mailer.sent == ["m1", "m2"]


def test_a_mail_in_hand_is_asked_anew(store_engine: Engine) -> None:
    """R3.9: merged after the mail was written to the other's address, before it was marked."""
    people(store_engine, "k", "o")
    queue(store_engine, "o", "m1", NOW)
    mailer = Mailer()
    hands = hand_off(store_engine, mailer)
    letters = hands._letters

    def write_and_merge(*given):  # type: ignore[no-untyped-def]
        message = Letters().write_to_send(*given)
        letters.write_to_send = Letters().write_to_send  # type: ignore[method-assign]
        _merge(store_engine, "k", "o")
        return message

    letters.write_to_send = write_and_merge  # type: ignore[method-assign]
    hands.send_due(NOW, "s")
    hands.send_due(NOW + MINUTE, "s")
    assert mailer.to == ["k@x.org"]


@pytest.mark.parametrize("in_hand", ["k", "o"])
def test_a_turn_in_hand_is_not_stored(store_engine: Engine, in_hand: str) -> None:
    """Fencing: it was decided on half of what is known."""
    people(store_engine, "k", "o")
    due.claim(store_engine, NOW, 10, "w", LEASE)
    visit = _visit(store_engine, in_hand)
    _merge(store_engine, "k", "o")
    with writing(store_engine) as connection:
        kept = store(connection, [(visit, Turn(visit.life, (), None))], RULES, NOW, "w")
    assert kept == frozenset()
    assert [one.person_id for one in due.claim(store_engine, NOW, 10, "v", LEASE)] == ["k"]


def _merge(engine: Engine, keep: str, other: str) -> Merged:
    return merge(DatabaseProfiles(engine), keep, other, RULES, NOW + MINUTE)


def _take(engine: Engine, arrival: Arrival) -> None:
    with writing(engine) as connection:
        ingest(connection, [arrival], NOW)


def _visit(engine: Engine, who: str) -> Visit:
    with reading(engine) as connection:
        [visit] = load(connection, [who], NOW + DAY)
    return visit


def _turn(engine: Engine, who: str) -> None:
    due.claim_these(engine, [who], NOW, "w", LEASE)
    visit = _visit(engine, who)
    decided = turn(RULES, visit.life, visit.arrivals, NOW)
    with writing(engine) as connection:
        assert store(connection, [(visit, decided)], RULES, NOW, "w")


def test_what_was_read_before_either_took_their_consent_back_does_not_come_back(
    store_engine: Engine,
) -> None:
    """R5.10: the other profile withdrew and agreed again; what the keeper wrote before that goes, what
    they wrote since stays."""
    people(store_engine, "k", "o")
    for who, state, days in (
        ("k", "express", 20),
        ("o", "express", 20),
        ("o", "unsubscribed", 5),
        ("o", "express", 3),
    ):
        entry = ConsentEntry("profiling_emotion", state, NOW - days * DAY, own_act=True)
        _take(store_engine, ConsentArrived(who, entry))
    for who, days in (("k", 10), ("k", 1), ("o", 2)):
        every = dict.fromkeys(EMOTIONS, 0.03) | {"angry": 0.9}
        at = NOW - days * DAY
        mood = MessageMood(f"{who} {days}", at, "ticket", every, 0.9, 9)
        _take(store_engine, MessageRead(who, mood, RULES.emotion))
    _merge(store_engine, "k", "o")
    with reading(store_engine) as connection:
        [kept] = scores.of(connection, ["k"]).values()
        felt = set(connection.execute(sql("SELECT message FROM reading")).scalars())
    assert [mood.message for mood in kept] == ["o 2", "k 1"]
    assert felt == {"o 2", "k 1"}
