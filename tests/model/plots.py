"""Random projects for the model: journeys that compete, under policies that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.condition import Attribute, Condition, Did, OneOf, OpenTicket
from engine.domain.duration import Duration
from engine.domain.facts import MailHeader, Rulebook
from engine.domain.journey import (
    Again,
    Category,
    Class,
    Enter,
    Hold,
    Journey,
    Node,
    Overflow,
    Policy,
    Priority,
    Removed,
    Send,
    Status,
    Wait,
    WhenEvent,
    Window,
)
from engine.domain.jurisdiction import GROUNDS, Jurisdiction, law_of
from engine.domain.segment import Persona

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # its clocks move by half an hour
    "Asia/Kathmandu",  # 5:45 ahead of UTC
    "Africa/Cairo",  # its clocks change at midnight
    "America/Havana",  # 8 March 2026 and 14 March 2027 have no midnight
    "Asia/Tokyo",
    "Pacific/Honolulu",
)
STARTS = (
    datetime(2027, 3, 12, 17, tzinfo=UTC),
    datetime(2027, 3, 26, 9, tzinfo=UTC),
    datetime(2027, 4, 2, 23, tzinfo=UTC),
    datetime(2027, 4, 28, 12, 7, tzinfo=UTC),
    datetime(2027, 10, 29, 3, 30, tzinfo=UTC),
    datetime(2027, 11, 5, 21, tzinfo=UTC),
    datetime(2026, 12, 22, 6, 15, tzinfo=UTC),
)
"""A day or two before clocks change, or the year does."""

LAW = law_of(
    (
        Jurisdiction("us", countries=frozenset({"US"}), enough=dict.fromkeys(GROUNDS)),
        Jurisdiction("de", countries=frozenset({"DE"}), enough={"double opt-in": None}),
    )
)
THEME = "spring"
STARTERS = ("go", "come")
WORDS = (*STARTERS, "bought", "bye", "complaint", "ticket.opened", "ticket.solved")
ANSWERS: dict[str, tuple[str, ...]] = {
    "vip": ("yes", "no"),
    "upset": ("yes", "no"),
    "plan": ("trial", "team"),
    "time_zone": (*ZONES, "GMT-8 Pacific"),
    "country": ("US", "DE", "JP", "Germany"),
}

_NIGHTS = (
    None,
    Window(time(22), time(8)),
    Window(time(20), time(9, 30)),
    Window(time(22), time(2, 30)),
    Window(time(1, 30), time(7)),
    Window(time(0), time(6)),
    Window(time(23, 15), time(0, 15)),
    Window(time(21), time(7), frozenset({4, 5, 6})),
)
_WINDOWS = (
    None,
    None,
    Window(time(9), time(17), frozenset(range(5))),
    Window(time(18), time(20)),
    Window(time(20), time(2, 30), frozenset({4, 5})),
    Window(time(2, 15), time(3)),
    Window(time(0), time(0)),
)
_CAPS: tuple[Cap, ...] = (
    CalendarCap(1, "day"),
    CalendarCap(2, "day"),
    CalendarCap(2, "week"),
    CalendarCap(3, "month"),
    RollingCap(1, DAY),
    RollingCap(2, 7 * DAY),
    RollingCap(3, 36 * HOUR),
    GapCap(16 * HOUR),
    GapCap(90 * MINUTE),
    RollingCap(0, DAY),
)
_OVERFLOWS = (
    Overflow("postpone", Duration(days=3)),
    Overflow("postpone", Duration(elapsed=5 * HOUR)),
    Overflow("postpone", Duration(days=7)),
    Overflow("skip"),
    Overflow("leave"),
)
_LENGTHS = (
    Duration(elapsed=20 * MINUTE),
    Duration(elapsed=24 * HOUR),
    Duration(days=1),
    Duration(days=2, elapsed=3 * HOUR),
    Duration(months=1),
)
_WORTH = (None, None, Duration(elapsed=HOUR), Duration(days=1), Duration(days=2))
_HOLDS: tuple[tuple[str, Condition], ...] = (
    ("promo", OpenTicket()),
    ("news", Attribute("upset", OneOf(("yes",)))),
    ("news", Did("complaint", within=2 * DAY)),
    ("promo", Did("complaint", within=7 * HOUR)),
    ("service", Attribute("upset", OneOf(("yes",)))),
)
_GOALS = (None, None, Did("bought"), Did("bought", within=DAY))
_EXITS = (None, None, Did("bye"), Attribute("upset", OneOf(("yes",))))


def rulebook(chance: Random) -> Rulebook:
    """A project of four or five journeys whose mails compete."""
    names = ("alpha", "beta", "gamma", "delta", "order")[: chance.randint(3, 5)]
    journeys = {name: _journey(chance, name) for name in names}
    vip = Persona("vip", 1, Attribute("vip", OneOf(("yes",))), caps=_caps(chance, 1))
    return Rulebook(
        journeys=journeys,
        segments={},
        personas=(vip,) if chance.random() < 0.4 else (),
        policy=policy(chance),
        mails={
            node.mail: MailHeader(node.mail, tags=(THEME,) if chance.random() < 0.3 else ())
            for journey in journeys.values()
            for node in journey.nodes.values()
            if isinstance(node, Send)
        },
        company_zone=chance.choice(ZONES),
        law=LAW,
    )


def policy(chance: Random) -> Policy:
    """Categories, caps, hours and holds."""
    first = date(2026, 12, 24)
    days = [first + timedelta(days=offset) for offset in (0, 1, 80, 81, 94, 129, 310, 311)]
    return Policy(
        categories={
            "news": _category(chance, "news", Class.MARKETING),
            "promo": _category(chance, "promo", Class.MARKETING, sells=True),
            "service": _category(chance, "service", Class.SERVICE),
            "receipt": _category(chance, "receipt", Class.TRANSACTIONAL, ignores_quiet_hours=True),
        },
        marketing_caps=_caps(chance, 2),
        over_the_cap=chance.choice(_OVERFLOWS),
        quiet_hours=chance.choice(_NIGHTS),
        hold_when=tuple(Hold(*hold) for hold in _HOLDS if chance.random() < 0.2),
        reserve_ahead="today" if chance.random() < 0.7 else "no",
        holidays=frozenset(chance.sample(days, 3)),
    )


def _category(chance: Random, name: str, klass: Class, **more: Any) -> Category:
    often = klass is Class.MARKETING
    return Category(
        name,
        klass,
        consent="double opt-in" if chance.random() < 0.2 else "opt-in",
        caps=_caps(chance, 1) if often or chance.random() < 0.2 else (),
        skip_holidays=often and chance.random() < 0.4,
        **more,
    )


def _caps(chance: Random, most: int) -> tuple[Cap, ...]:
    weights = [1.0] * (len(_CAPS) - 1) + [0.1]
    return tuple(dict.fromkeys(chance.choices(_CAPS, weights, k=chance.randint(0, most))))


def _journey(chance: Random, name: str) -> Journey:
    steps: list[Node] = []
    for number in range(chance.randint(1, 3)):
        if chance.random() < (0.3 if number == 0 else 0.75):
            steps.append(Wait(id=f"w{number}", length=chance.choice(_LENGTHS)))
        steps.append(
            Send(
                id=f"s{number}",
                mail=f"{name}/{number}",
                expires_after=chance.choice(_WORTH),
                over_the_cap=chance.choice(_OVERFLOWS) if chance.random() < 0.4 else None,
            )
        )
    category = "receipt" if name == "order" else chance.choice(("news", "news", "promo", "service"))
    matching = chance.random() < 0.15
    return Journey(
        name=name,
        version="0",
        status=chance.choices((Status.LIVE, Status.SHADOW), (9, 1))[0],
        category=category,
        priority=chance.choice(tuple(Priority)),
        enter=Enter(
            WhenEvent(chance.choice(STARTERS)),
            condition=Attribute("plan", OneOf(("trial",))) if matching else None,
            again=Again(allowed=True),
        ),
        nodes=_linked(steps),
        first=steps[0].id,
        goal=chance.choice(_GOALS),
        leave_when=chance.choice(_EXITS),
        stay="while_matching" if matching else "always",
        send_window=chance.choice(_WINDOWS),
        hold_other_mail=chance.choice(((), (), (), ("promo",), ("news", "promo"))),
        holdout=chance.choice((0, 0, 0, 4000, 10_000)),
    )


def _linked(steps: Sequence[Node]) -> dict[str, Node]:
    after = [*(step.id for step in steps[1:]), None]
    return {step.id: replace(step, next=then) for step, then in zip(steps, after, strict=True)}


# ── edits ─────────────────────────────────────────────────────────────────────────────────────


def edited(rules: Rulebook, chance: Random, version: str) -> Rulebook:
    """The project with its policy, or one of its journeys, changed in some way that `plan` allows."""
    if chance.random() < 0.4:
        fresh = policy(chance)
        keep = chance.choice(("marketing_caps", "quiet_hours", "hold_when", "categories", ""))
        kept = {keep: getattr(rules.policy, keep)} if keep else {}
        return replace(rules, policy=replace(fresh, **kept))
    name = chance.choice(sorted(rules.journeys))
    journey = _edited(rules.journeys[name], chance, version)
    return replace(rules, journeys={**rules.journeys, name: journey})


def _edited(journey: Journey, chance: Random, version: str) -> Journey:
    journey = replace(journey, version=version)
    steps = list(journey.nodes.values())
    place = chance.randrange(len(steps))
    step = steps[place]
    match chance.randrange(7):
        case 0:
            steps[place] = replace(step, id=f"{step.id}v", was=(*step.was, step.id))
        case 1 if len(steps) > 1:
            del steps[place]
            goes_to = steps[place].id if place < len(steps) else None
            way = Removed(go_to=goes_to) if goes_to else Removed(leave="removed")
            gone = {one: way for one in (step.id, *step.was)}
            kept = {old: r for old, r in journey.removed.items() if r.go_to != step.id}
            lost = {old: way for old, r in journey.removed.items() if r.go_to == step.id}
            journey = replace(journey, removed={**kept, **lost, **gone})
        case 2 if isinstance(step, Wait):
            steps[place] = replace(step, length=chance.choice(_LENGTHS))
        case 2 if isinstance(step, Send):
            steps[place] = replace(
                step,
                expires_after=chance.choice(_WORTH),
                over_the_cap=chance.choice((None, *_OVERFLOWS)),
            )
        case 3:
            journey = replace(
                journey,
                status=chance.choice(
                    (Status.LIVE, Status.LIVE, Status.PAUSED, Status.ENDING, Status.SHADOW)
                ),
            )
        case 4:
            journey = replace(journey, send_window=chance.choice(_WINDOWS))
        case 5:
            journey = replace(journey, category=chance.choice(("news", "promo", "service")))
        case _:
            journey = replace(
                journey,
                priority=chance.choice(tuple(Priority)),
                hold_other_mail=chance.choice(((), ("promo",), ("news",))),
            )
    return replace(journey, nodes=_linked(steps), first=steps[0].id)
