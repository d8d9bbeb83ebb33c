"""People walked in memory: what belongs to a mailbox stays with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.application.world import Walker, walk
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.caps import RollingCap
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.facts import MailHeader, Rulebook
from engine.domain.journey import (
    Category,
    Class,
    Enter,
    Journey,
    Policy,
    Priority,
    Send,
    Status,
    WhenEvent,
)
from engine.domain.turn import Queued

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEKLY = Journey(
    "weekly", "v1", Status.LIVE, "news", Priority.NORMAL, Enter(WhenEvent("go")),
    {"hello": Send(id="hello", mail="weekly/hello")}, "hello",
)  # fmt: skip
RULES = Rulebook(
    journeys={"weekly": WEEKLY},
    segments={},
    personas=(),
    policy=Policy({"news": Category("news", Class.MARKETING)}, (RollingCap(1, 100 * HOUR),)),
    mails={"weekly/hello": MailHeader("weekly/hello")},
)


def test_profiles_with_mailboxes_of_their_own_share_no_cap() -> None:
    """R3.5"""
    story = [*_people(ann="one@x.org", ben="two@x.org"), _go("ann", 1), _go("ben", 2)]
    assert _mailed(story) == ["ann", "ben"]


def test_who_moves_to_a_mailbox_finds_its_cap_as_full_as_it_is() -> None:
    """R3.5"""
    story = [
        *_people(ann="one@x.org", ben="two@x.org"), _go("ann", 1), _at("ben", "one@x.org", 2),
        _go("ben", 3),
    ]  # fmt: skip
    assert _mailed(story) == ["ann"]


def test_who_moves_away_leaves_the_mailbox_its_unsubscription() -> None:
    """R5.5, R3.5: it was said of the mailbox, and the other profile is still there."""
    left = ConsentEntry("news", "unsubscribed", NOW + HOUR, own_act=True)
    story = [
        *_people(ann="one@x.org", ben="one@x.org"), ConsentArrived("ann", left),
        _at("ann", "two@x.org", 2), _imported("ben", 3), _go("ben", 4),
    ]  # fmt: skip
    assert _mailed(story) == []


def _people(**mailboxes: str) -> list[Arrival]:
    found: list[Arrival] = []
    for who, mailbox in mailboxes.items():
        agreed = ConsentEntry("news", "express", NOW, confirmed=True, own_act=True)
        found += [_at(who, mailbox, 0), ConsentArrived(who, agreed)]
    return found


def _at(who: str, mailbox: str, hours: int) -> Arrival:
    return PersonArrived(who, mailbox, mailbox, {"country": "US"}, NOW + hours * HOUR)


def _imported(who: str, hours: int) -> Arrival:
    return ConsentArrived(who, ConsentEntry("news", "express", NOW + hours * HOUR, confirmed=True))


def _go(who: str, hours: int) -> Arrival:
    return EventArrived(who, Event(f"{who}{hours}", "go", NOW + hours * HOUR))


def _mailed(story: list[Arrival]) -> list[str]:
    walkers: dict[str, Walker] = {}
    happenings = walk(RULES, walkers, story, NOW + 90 * HOUR)
    return [
        change.sent.person
        for happening in happenings
        for change in happening.changes
        if isinstance(change, Queued)
    ]
