"""What holds for every order of events: the invariants of the house, against slow, plain oracles."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.calendar import local
from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.condition import AnyOf, Did, Not
from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.event import Event, History
from engine.domain.index import events_read
from engine.domain.journey import (
    Again,
    Choose,
    Enter,
    Overflow,
    Priority,
    Wait,
    WaitFor,
    WhenEvent,
    Window,
)
from engine.domain.turn import Life, Traced

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
NAMES = ("go", "come", "order.placed", "bye", "reply")
EVENTS = st.lists(
    st.tuples(st.integers(1, 60 * 24 * 9), st.sampled_from(NAMES)), min_size=1, max_size=12
)
APART = st.lists(
    st.tuples(st.integers(1, 60 * 24 * 9), st.sampled_from(NAMES)),
    min_size=1,
    max_size=12,
    unique_by=lambda event: event[0],
)
CAPS: tuple[Cap, ...] = (
    CalendarCap(1, "day"),
    CalendarCap(2, "week"),
    RollingCap(3, 7 * DAY),
    GapCap(16 * HOUR),
)
SOME_CAPS = st.lists(st.sampled_from(CAPS), unique=True, max_size=3).map(tuple)


def _book(theatre: Any) -> list[Any]:
    again = Again(allowed=True)
    skipping = Overflow(do="skip")
    return [
        theatre.journey(
            "alpha",
            theatre.send("a1"),
            WaitFor(id="answer", event="reply", up_to=Duration(days=2), otherwise="a3"),
            theatre.send("a2"),
            theatre.send("a3", over_the_cap=skipping),
            enter=Enter(WhenEvent("go"), again=again),
            goal=Did("order.placed", within=5 * DAY),
            leave_when=Did("bye"),
        ),
        theatre.journey(
            "beta",
            Wait(id="w", length=Duration(days=1), at=time(9)),
            Choose(
                id="c",
                arms=((AnyOf((Did("reply"), Not(Did("bye")))), "b1"),),
                next="b2",
            ),
            theatre.send("b1", expires_after=Duration(days=1)),
            theatre.send("b2"),
            enter=Enter(WhenEvent("come"), again=again),
            priority=Priority.HIGH,
            send_window=Window(time(9), time(17), frozenset(range(5))),
        ),
        theatre.journey(
            "gamma",
            theatre.send("g1"),
            category="receipt",
            enter=Enter(WhenEvent("order.placed"), again=again),
        ),
    ]


def _played(theatre: Any, events: Any, caps: Any, quiet: bool) -> Any:
    play = theatre.play(
        *_book(theatre), caps=caps, quiet_hours=Window(*theatre.night) if quiet else None
    )
    for minutes, name in sorted(events):
        play.event(theatre.noon + minutes * MINUTE, name)
    return play.until(theatre.noon + 60 * DAY)


def _breaks(cap: Cap, instants: list[datetime]) -> bool:
    """The oracle: the cap read off the list of sends, each against all others."""
    walls = [local(at, "America/New_York") for at in instants]
    if isinstance(cap, GapCap):
        return any(later - earlier < cap.gap for earlier, later in pairwise(sorted(instants)))
    if isinstance(cap, RollingCap):
        return any(
            sum(at - cap.window < other <= at for other in instants) > cap.times for at in instants
        )
    if cap.unit == "day":
        periods: list[Any] = [wall.date() for wall in walls]
    elif cap.unit == "week":
        periods = [wall.isocalendar()[:2] for wall in walls]
    else:
        periods = [(wall.year, wall.month) for wall in walls]
    return max(Counter(periods).values(), default=0) > cap.times


@settings(max_examples=60)
@given(events=EVENTS, caps=SOME_CAPS, quiet=st.booleans())
def test_no_cap_is_ever_broken_and_nothing_is_lost(
    theatre: Any, events: Any, caps: Any, quiet: bool
) -> None:
    """Invariants 2 and 3 of the house; R3.10; R4.2."""
    play = _played(theatre, events, caps, quiet)
    marketing = [q.sent.at for q in play.queued if q.sent.klass == "marketing"]
    assert not [cap for cap in caps if _breaks(cap, marketing)]
    if quiet:
        walls = [local(at, "America/New_York").time() for at in marketing]
        assert all(time(8) <= wall < time(22) for wall in walls)
    ids = [q.send_id for q in play.queued]
    assert len(ids) == len(set(ids)), "every message of a run at most once"
    assert not [run for run in play.runs if run.live], "after 60 days nobody is inside"
    ends = [c for _, c in play.changes if isinstance(c, Traced) and c.what in ("ended", "left")]
    goals = [one for one in play.traced("goal") if one.because == "goal"]
    assert Counter(one.run for one in [*ends, *goals]) == Counter(run.id for run in play.runs)
    for run in play.runs:
        sends = {step for step in run.visited if step[-1].isdigit()}
        dropped = {one.step for one in play.traced("dropped") if one.run == run.id}
        assert sends == set(run.sent) | dropped, "what did not go has a reason"
        assert not set(run.sent) & dropped
    assert all(one.reason is not None for one in play.traced("dropped"))


@settings(max_examples=30)
@given(events=EVENTS, caps=SOME_CAPS)
def test_a_turn_taken_twice_changes_nothing_more(theatre: Any, events: Any, caps: Any) -> None:
    play = theatre.play(*_book(theatre), caps=caps, quiet_hours=Window(*theatre.night))
    for minutes, name in sorted(events):
        play.event(theatre.noon + minutes * MINUTE, name)
        before = play.life
        again = play.turn()
        assert (again.changes, again.life) == ((), before)
        shuffled = replace(play.life, due_at=None, runs=play.life.runs[::-1])
        other = play.__class__(play.rules, shuffled, play.now).turn()
        assert (other.changes, other.life) == ((), before), "however it was stored"


@settings(max_examples=30)
@given(events=EVENTS)
def test_the_same_history_gives_the_same_changes(theatre: Any, events: Any) -> None:
    """Invariant 5: simulation and life decide the same."""
    one, other = (_played(theatre, events, CAPS, True) for _ in range(2))
    assert one.changes == other.changes


@settings(max_examples=60)
@given(events=APART, pauses=st.lists(st.integers(1, 60 * 24 * 12), max_size=6))
def test_a_daemon_that_was_down_replays_what_it_missed(
    theatre: Any, events: Any, pauses: Any
) -> None:
    """Late turns decide like punctual ones on everything but mail: entries, waits, exits, ends.

    Without any `send` in the way there is nothing that may happen only now, so all of it agrees.
    Events of one instant act together in one turn; here each has an instant of its own.
    """
    book = [
        theatre.journey(
            "alpha",
            WaitFor(id="answer", event="reply", up_to=Duration(days=2), otherwise="w"),
            Wait(id="w", length=Duration(days=1), at=time(9)),
            Choose(id="c", arms=((Did("bye"), "x"),), next="y"),
            Wait(id="x", length=Duration(elapsed=5 * HOUR), next="END"),
            Wait(id="y", length=Duration(days=3)),
            enter=Enter(WhenEvent("go"), again=Again(allowed=True, after=Duration(days=1))),
            goal=Did("order.placed", within=5 * DAY),
        ),
        theatre.journey(
            "beta",
            Wait(id="w", length=Duration(days=1)),
            enter=Enter(WhenEvent("journey.left"), again=Again(allowed=True)),
        ),
    ]
    ends = theatre.noon + 30 * DAY
    punctual = theatre.play(*book)
    for minutes, name in sorted(events):
        punctual.event(theatre.noon + minutes * MINUTE, name, id=f"{minutes}{name}")
    punctual.until(ends)

    late = theatre.play(*book)
    turns = sorted({theatre.noon + minutes * MINUTE for minutes in pauses} | {ends})
    left = sorted(events)
    for at in turns:
        ready = [one for one in left if theatre.noon + one[0] * MINUTE <= at]
        left = left[len(ready) :]
        late.now = at
        late.turn(*(Event(f"{m}{name}", name, theatre.noon + m * MINUTE) for m, name in ready))
    assert _story(late) == _story(punctual)


@given(events=EVENTS, caps=SOME_CAPS)
def test_what_the_rules_do_not_name_need_not_be_remembered(
    theatre: Any, events: Any, caps: Any
) -> None:
    """Only the events of `events_read` are loaded for a turn; a turn that sees all decides the same."""
    echo = theatre.journey(
        "echo",
        theatre.send("e1"),
        enter=Enter(WhenEvent("journey.left"), again=Again(allowed=True)),
    )
    books = (*_book(theatre), echo)
    whole, part = theatre.play(*books, caps=caps), theatre.play(*books, caps=caps)
    read, turn = events_read(part.rules), part.turn
    assert "go" not in read

    def forgetful(*arrivals: Event) -> Any:
        facts = part.life.facts
        kept = History(event for event in facts.history if event.name in read)
        part.life = replace(part.life, facts=replace(facts, history=kept))
        return turn(*arrivals)

    part.turn = forgetful
    for play in (whole, part):
        for minutes, name in sorted(events):
            play.event(theatre.noon + minutes * MINUTE, name)
        play.until(theatre.noon + 30 * DAY)
    assert part.changes == whole.changes


def _story(play: Any) -> list[Any]:
    return sorted(
        (run.journey, run.entry_key.split(":")[0], run.entered_at, run.ended_at, run.because, run.visited)
        for run in play.runs
    )  # fmt: skip


@settings(max_examples=60)
@given(
    consented=st.lists(st.tuples(st.integers(0, 240), st.booleans()), max_size=6),
    goes=st.lists(st.integers(0, 240), min_size=1, max_size=5),
)
def test_no_marketing_without_consent(theatre: Any, consented: Any, goes: Any) -> None:
    """Invariant 1 of the house."""
    ledger = tuple(
        ConsentEntry(
            "news", "express" if yes else "unsubscribed", theatre.noon + hour * HOUR,
            confirmed=True, own_act=True,
        )
        for hour, yes in sorted(consented)
    )  # fmt: skip
    journey = theatre.journey(
        "j",
        theatre.send("a"),
        Wait(id="w", length=Duration(days=1)),
        theatre.send("b"),
        enter=Enter(WhenEvent("go"), again=Again(allowed=True)),
    )
    play = theatre.play(journey, consents=ledger, caps=(CalendarCap(1, "day"),))
    for hour in sorted(goes):
        play.event(theatre.noon + hour * HOUR)
    play.until(theatre.noon + 30 * DAY)
    for at, _ in play.mails:
        said = [(one.at, one.state == "unsubscribed", one) for one in ledger if one.at <= at]
        assert said, "nothing was ever said"
        assert max(said, key=lambda one: one[:2])[2].state == "express"
    assert isinstance(play.life, Life)
