"""The link to one's own data, where an address came to somebody who was there before: it opens nothing of
their past at once, and whoever asks is answered by a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.joining import DatabaseJoining
from engine.adapters.db.profiles import DatabaseProfiles
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import OUTBOX, PERSON
from engine.adapters.page_words import languages
from engine.application.ports.joining import Join
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.engine_events import ANSWER_NEEDED
from engine.domain.event import Event
from engine.domain.facts import Rulebook
from engine.domain.journey import Policy
from engine.domain.message import Address, Message
from engine.domain.own_data import SETTLES
from tests.standins.site import MAIL, NOW, SERVICE_MAIL, Site, serving, settle

TICK = timedelta(microseconds=1)
NEW = "new@example.com"
RULES = Rulebook({}, {}, (), Policy({}), {})


@pytest.fixture
def site(store_engine: Engine) -> Iterator[Site]:
    with serving(store_engine) as served:
        settle(served)
        served.now = NOW + timedelta(days=60)
        yield served


def ask(site: Site, mail: str = MAIL) -> list[Message]:
    answer, content = site.ask("POST", site.path("p", mail), b"data=1")
    assert (answer.status, "on its way to your mailbox" in content) == (200, True)
    return site.deliver()


def link_in(mail: Message) -> str | None:
    found = re.search(r"https://cozy\.example(/d/[\w-]{32})", mail.text)
    assert (found is not None) == ("/d/" in mail.html)
    return found[1] if found else None


def moves(site: Site, email: str = NEW, who: str = "zoe") -> None:
    site.tell(PersonArrived(who, email, email, {}, site.now))


def asked_of_people(site: Site) -> int:
    """How often the care team is asked."""
    with reading(site.engine) as connection:
        query = text("SELECT count(*) FROM event WHERE person_id = 'zoe' AND name = :name")
        return int(connection.execute(query, {"name": ANSWER_NEEDED}).scalar_one())


def test_a_new_address_opens_nothing_and_a_person_answers(site: Site) -> None:
    """GDPR 12(3), 12(6): whoever owns it may not be Zoe. The request is not lost."""
    moves(site)
    [mail] = ask(site)
    assert (mail.to.email, link_in(mail)) == (NEW, None)
    assert "You hear from us within a month" in mail.text
    assert (mail.sender.email, mail.reply_to) == ("lena@cozy.example", Address("care@cozy.example"))
    assert "Zoe@example.com" not in mail.text
    assert asked_of_people(site) == 1
    site.now += timedelta(hours=1)
    ask(site)
    assert asked_of_people(site) == 2  # the one task that is open hears of both


def test_it_settles_after_thirty_days(site: Site) -> None:
    moves(site)
    site.now += SETTLES - TICK
    [mail] = ask(site)
    assert link_in(mail) is None
    site.now += timedelta(minutes=10)
    [mail] = ask(site)
    where = link_in(mail)
    assert where is not None
    assert site.ask("POST", where, b"do=download")[0].status == 200
    assert asked_of_people(site) == 1


def test_a_link_works_only_for_the_mailbox_that_it_went_to(site: Site) -> None:
    """Whoever reads the old mailbox is not Zoe any more, as far as anybody knows."""
    [mail] = ask(site)
    where = link_in(mail)
    assert where is not None
    moves(site)
    for body in (b"do=download", b"do=erase-for-good", b""):
        answer, content = site.ask("POST", where, body)
        assert (answer.status, "loyalty" in content) == (410, False)
    assert site.facts().person.email == NEW


def test_asked_by_the_old_mailbox_and_delivered_to_the_new_one(site: Site) -> None:
    site.ask("POST", site.path("p"), b"data=1")
    moves(site)
    [mail] = site.deliver()
    assert (mail.to.email, link_in(mail)) == (NEW, None)


def test_the_same_mailbox_in_another_spelling_is_no_new_one(site: Site) -> None:
    site.tell(PersonArrived("zoe", "ZOE@example.com", "zoe@example.com", {}, site.now))
    [mail] = ask(site)
    assert link_in(mail) is not None


def test_another_profile_of_that_mailbox_opens_as_before(site: Site) -> None:
    """R3.5: the mailbox is Zoe's, and only what came to it lately has to settle."""
    site.tell(PersonArrived("old", "old@example.com", "old@example.com", {"plan": "x"}, NOW))
    moves(site, "zoe@example.com", "old")
    with writing(site.engine) as connection:
        connection.execute(
            OUTBOX.update().where(OUTBOX.c.send_id == SERVICE_MAIL).values(person_id="old")
        )
    [mail] = ask(site, SERVICE_MAIL)
    assert link_in(mail) is None
    site.now += timedelta(hours=1)
    [mail] = ask(site, MAIL)
    assert link_in(mail) is not None


@pytest.mark.parametrize(
    ("who", "known_for", "is_open"),
    [
        ("bob", timedelta(days=1), True),
        ("bob", timedelta(days=1) + TICK, False),
        ("anonymous:bob", timedelta(days=90), True),
    ],
)
def test_the_first_address_of_somebody_known_has_to_settle_too(
    site: Site, who: str, known_for: timedelta, is_open: bool
) -> None:
    site.tell(EventArrived(who, Event("e1", "cart.left", site.now, {})))
    site.now += known_for
    moves(site, "bob@example.com", who)
    assert since(site, who) == (None if is_open else site.now)


def test_R5_5_two_ids_that_are_joined_open_nothing_to_each_other_at_once(site: Site) -> None:
    """By a key or by hand; but a visitor who logs in is no second person."""
    joining = DatabaseJoining(site.engine)
    site.tell(
        EventArrived("anonymous:v", Event("e1", "page.viewed", NOW, {})),
        EventArrived("c7", Event("e2", "order.placed", NOW, {})),
        PersonArrived("twin", "zoe@example.com", "zoe@example.com", {}, NOW),
    )
    assert not joining.join(
        [Join("anonymous:v", "zoe"), Join("twin", "zoe", asked=True)], RULES, site.now
    )
    assert since(site, "zoe") is None
    with writing(site.engine) as connection:  # of whom something is known for months
        known = {"known": micros(NOW - timedelta(days=90))}
        connection.execute(text("UPDATE person SET recorded_at = :known WHERE id = 'c7'"), known)
    assert not joining.join([Join("c7", "zoe", asked=True)], RULES, site.now)
    assert since(site, "zoe") == site.now
    [mail] = ask(site)
    assert link_in(mail) is None


def test_who_had_no_address_gets_none_that_opens_by_way_of_a_join(site: Site) -> None:
    """A merge begins the record anew; it does not make somebody a newcomer."""
    site.tell(EventArrived("c7", Event("e2", "order.placed", site.now, {})))
    site.now += timedelta(days=9)
    site.tell(EventArrived("anonymous:v", Event("e1", "page.viewed", site.now, {})))
    DatabaseJoining(site.engine).join([Join("anonymous:v", "c7")], RULES, site.now)
    moves(site, "evil@example.com", "c7")
    assert since(site, "c7") == site.now


def test_R5_9_an_erasure_takes_it_along_and_an_export_shows_it(site: Site) -> None:
    moves(site)
    profiles = DatabaseProfiles(site.engine)
    [row] = profiles.export("zoe", site.now)["holds"]["person"]["rows"]
    assert row["address_since"] == "2027-05-03T09:30:00Z"
    profiles.erase("zoe", "erased-1", site.now)
    assert since(site, "erased-1") is None


@pytest.mark.parametrize("language", languages())
def test_the_mail_says_it_in_every_language(site: Site, language: str) -> None:
    site.tell(PersonArrived("zoe", NEW, NEW, {"locale": language}, site.now))
    [mail] = ask_quietly(site)
    assert (link_in(mail), len(mail.text.split("\n\n"))) == (None, 4)


def ask_quietly(site: Site) -> list[Message]:
    site.ask("POST", site.path("p"), b"data=1")
    return site.deliver()


def since(site: Site, who: str) -> object:
    with reading(site.engine) as connection:
        found = connection.execute(
            PERSON.select().with_only_columns(PERSON.c.address_since).where(PERSON.c.id == who)
        ).scalar_one()
    return instant(found)
