"""A small theatre for the pure core: one person, a clock that jumps, and everything that happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from engine.domain.caps import CalendarCap, Cap
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event, Value
from engine.domain.facts import Facts, MailHeader, Rulebook
from engine.domain.journey import (
    Category,
    Class,
    Enter,
    Journey,
    Node,
    Policy,
    Priority,
    Send,
    Status,
    WhenEvent,
)
from engine.domain.person import Person
from engine.domain.turn import Change, Life, Queued, Traced, Turn, turn
from tests.laws import LAW

NOON = datetime(2027, 3, 3, 17, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in New York."""

CATEGORIES = {
    "receipt": Category("receipt", Class.TRANSACTIONAL, ignores_quiet_hours=True),
    "service": Category("service", Class.SERVICE),
    "news": Category("news", Class.MARKETING),
    "promotion": Category("promotion", Class.MARKETING, sells=True),
}


def journey(name: str, *nodes: Node, when: str = "go", **more: Any) -> Journey:
    """A live journey of these steps; where a step names no `next`, it is the one behind it."""
    linked = {
        node.id: replace(node, next=after.id) if after and node.next is None else node
        for node, after in zip(nodes, [*nodes[1:], None], strict=False)
    }
    linked = {
        step: replace(node, next=None) if node.next == "END" else node
        for step, node in linked.items()
    }
    more.setdefault("enter", Enter(WhenEvent(when)))
    more.setdefault("category", "news")
    more.setdefault("status", Status.LIVE)
    more.setdefault("priority", Priority.NORMAL)
    return Journey(
        name=name, version="1", nodes=linked, first=nodes[0].id if nodes else None, **more
    )


def send(step: str = "mail", mail: str = "", **more: Any) -> Send:
    return Send(id=step, mail=mail or f"mails/{step}", **more)


def rulebook(*journeys: Journey, caps: tuple[Cap, ...] = (), **more: Any) -> Rulebook:
    """The journeys, four categories, no quiet hours; `caps` are on all marketing."""
    policy = {
        key: more.pop(key)
        for key in list(more)
        if key in Policy.__dataclass_fields__ and key != "categories"
    }
    categories = {**CATEGORIES, **more.pop("categories", {})}
    return Rulebook(
        journeys={one.name: one for one in journeys},
        segments={one.name: one for one in more.pop("segments", ())},
        personas=more.pop("personas", ()),
        policy=Policy(categories=categories, marketing_caps=caps, **policy),
        mails=more.pop("mails", {"mails/mail": MailHeader("mails/mail")}),
        company_zone=more.pop("company_zone", "America/New_York"),
        law=more.pop("law", LAW),
        **more,
    )


def agreed(*topics: str, at: datetime = NOON - timedelta(days=400)) -> tuple[ConsentEntry, ...]:
    return tuple(ConsentEntry(topic, "express", at, confirmed=True) for topic in topics)


def _told(queued: Queued) -> dict[str, Value]:
    return {"mail": queued.sent.mail, "journey": queued.run.journey}


@dataclass
class Play:
    """One person of `rules`. Every method that takes a time first plays all that falls due before."""

    rules: Rulebook
    life: Life
    now: datetime = NOON
    changes: list[tuple[datetime, Change]] = field(default_factory=list)
    number: int = 0
    deliver: bool = True

    def turn(self, *events: Event) -> Turn:
        """One turn at the present."""
        taken = turn(self.rules, self.life, events, self.now)
        self.life = taken.life
        self.changes += [(self.now, change) for change in taken.changes]
        delivered = [
            Event(f"sent:{one.send_id}", "mail.sent", self.now, _told(one), "engine")
            for one in taken.changes
            if isinstance(one, Queued) and not one.sent.ghost and not one.shadow
        ]
        if delivered and self.deliver:
            return self.turn(*delivered)
        return taken

    def until(self, at: datetime) -> Play:
        """Play everything that falls due up to an instant, inclusive."""
        taken = self.turn()
        while taken.due_at is not None and taken.due_at <= at:
            assert taken.due_at > self.now
            self.now = taken.due_at
            taken = self.turn()
        self.now = max(self.now, at)
        return self

    def event(
        self,
        at: datetime,
        name: str = "go",
        *,
        id: str = "",
        starts: bool = True,
        **properties: Value,
    ) -> Play:
        """Something happens; `_at` of the event may be given as property `dated`."""
        self._before(at)
        self.number += 1
        dated = properties.pop("dated", None)
        acts = datetime.fromisoformat(str(dated)) if dated else at
        self.turn(Event(id or f"e{self.number}", name, acts, properties, starts=starts))
        return self

    def change(self, at: datetime, **attributes: Value) -> Play:
        """Attributes of the person change."""
        self._before(at)
        person = self.life.facts.person
        changed = replace(person, attributes={**person.attributes, **attributes})
        self.life = replace(self.life, facts=replace(self.life.facts, person=changed))
        return self.event(at, "person.changed")

    def facts(self, at: datetime, **changes: Any) -> Play:
        """Other facts of the person change."""
        self._before(at)
        self.life = replace(self.life, facts=replace(self.life.facts, **changes))
        self.turn()
        return self

    def edit(self, **changes: Any) -> Play:
        """Other rules, from now on."""
        self.rules = replace(self.rules, **changes)
        return self

    def _before(self, at: datetime) -> None:
        self.until(at - timedelta(microseconds=1))
        self.now = at

    # what happened

    @property
    def queued(self) -> list[Queued]:
        return [change for _, change in self.changes if isinstance(change, Queued)]

    @property
    def mails(self) -> list[tuple[datetime, str]]:
        """What left: instant and mail, without ghosts and shadows."""
        return [(q.sent.at, q.sent.mail) for q in self.queued if not (q.sent.ghost or q.shadow)]

    def traced(self, what: str) -> list[Traced]:
        return [c for _, c in self.changes if isinstance(c, Traced) and c.what == what]

    def noted(self, name: str) -> list[Event]:
        return [e for e in self.life.facts.history.named(name)]

    @property
    def runs(self) -> list[Any]:
        """The newest state of every run there ever was, oldest first."""
        found: dict[str, Any] = {}
        for _, change in self.changes:
            if type(change).__name__ == "Moved":
                found[change.run.id] = change.run  # type: ignore[union-attr]
        return list(found.values())


@dataclass
class Theatre:
    """What the tests build their plays from."""

    noon: datetime = NOON
    journey: Callable[..., Journey] = staticmethod(journey)
    send: Callable[..., Send] = staticmethod(send)
    rulebook: Callable[..., Rulebook] = staticmethod(rulebook)
    agreed: Callable[..., tuple[ConsentEntry, ...]] = staticmethod(agreed)
    cap_day: Cap = CalendarCap(1, "day")
    night: tuple[time, time] = (time(22), time(8))

    def play(
        self, *journeys: Journey, attributes: Any = None, consents: Any = None, **more: Any
    ) -> Play:
        """A person who agreed to everything, before a book of these journeys."""
        person = Person(
            "p1", "ada@example.com", "ada@example.com",
            {"time_zone": "America/New_York", **(attributes or {})}, NOON - timedelta(days=400),
        )  # fmt: skip
        ledger = agreed("news", "promotion", "profiling_emotion") if consents is None else consents
        start = more.pop("start", NOON)
        facts = Facts(person, consents=ledger, **more.pop("facts", {}))
        return Play(rulebook(*journeys, **more), Life(facts, looked_at=start), start)

    def ny(self, wall: str) -> datetime:
        """The instant of a wall time in New York."""
        from engine.domain.calendar import instant

        return instant(datetime.fromisoformat(wall), "America/New_York")

    def utc(self, wall: str) -> datetime:
        return datetime.fromisoformat(wall).replace(tzinfo=UTC)


@pytest.fixture
def theatre() -> Theatre:
    return Theatre()
