"""What the oracle knows of everybody, and what can be read off it: wall times, conditions, consent.

Time is scanned quarter hour by quarter hour and consent is folded line by line (see `oracle`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.domain.condition import Attribute, Condition, Did, OneOf, OpenTicket
from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.facts import Rulebook
from engine.domain.journey import (
    Category,
    Journey,
    Window,
)
from engine.domain.jurisdiction import CONFIRM_WITHIN
from engine.domain.preference import Preference
from engine.domain.reasons import Reason
from engine.domain.run import Run

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)


# ── the plain record ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Plain:
    """All that was ever said of a person. Events are `(at, name, id)`."""

    id: str
    mailbox: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    events: tuple[tuple[datetime, str, str], ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of consent, with the mailbox that the person had then."""

    person: str
    mailbox: str
    entry: ConsentEntry


@dataclass(frozen=True)
class Record:
    """Everything that came in, up to some moment."""

    people: Mapping[str, Plain] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    suppressed: frozenset[str] = frozenset()
    chosen: tuple[tuple[str, str, Preference], ...] = ()

    def last_words(self, person: Plain, what: str) -> list[Preference]:
        """What was said last of one thing (a theme is "theme NAME") by the person or of their mailbox;
        several where that was at one instant."""
        said = [
            line
            for who, mailbox, line in self.chosen
            if (line.what if line.what != "theme" else f"theme {line.value}") == what
            and (who == person.id or (person.mailbox and mailbox == person.mailbox))
        ]
        last = max((line.at for line in said), default=None)
        return [line for line in said if line.at == last and line.active]


@dataclass(frozen=True)
class Mail:
    """One send, or the ghost of one."""

    at: datetime
    person: str
    mailbox: str
    mail: str
    category: str
    marketing: bool
    ghost: bool
    run: str
    send_id: str = ""


# ── time ──────────────────────────────────────────────────────────────────────────────────────

_COUNTRIES = {"DE": "Europe/Berlin", "JP": "Asia/Tokyo"}


@lru_cache(4096)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def zone_for(person: Plain, rules: Rulebook) -> str:
    """R4.1: the person's valid zone, else the only zone of the country, else the company's."""
    own = person.attributes.get("time_zone", "")
    if own and _is_zone(own):
        return own
    return _COUNTRIES.get(person.attributes.get("country", ""), rules.company_zone)


@lru_cache(100_000)
def wall(at: datetime, zone: str) -> datetime:
    """What the clock on the wall shows."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@lru_cache(100_000)
def moment(shown: datetime, zone: str) -> datetime:
    """When the clock on the wall first shows that; where it never does, that much later (R4.3)."""
    before = (shown - DAY).replace(tzinfo=ZoneInfo(zone)).utcoffset()
    after = (shown + DAY).replace(tzinfo=ZoneInfo(zone)).utcoffset()
    assert before is not None and after is not None
    tried = sorted((shown - offset).replace(tzinfo=UTC) for offset in (before, after))
    for at in tried:
        if wall(at, zone) == shown:
            return at
    return (shown - before).replace(tzinfo=UTC)


def plus(at: datetime, length: Duration, zone: str) -> datetime:
    """R2.1: days and months on the calendar at the same wall time, clamped; then hours that pass."""
    if length.months or length.days:
        shown = wall(at, zone)
        year, month = shown.year, shown.month
        for _ in range(length.months):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        day = shown.day
        while True:
            try:
                shown = shown.replace(year=year, month=month, day=day)
                break
            except ValueError:
                day -= 1
        at = moment(shown + timedelta(days=length.days), zone)
    return at + length.elapsed


@lru_cache(100_000)
def _window_on(start: time, end: time, day: date, zone: str) -> tuple[datetime, datetime]:
    last = day if start < end else day + DAY
    return moment(datetime.combine(day, start), zone), moment(datetime.combine(last, end), zone)


def is_open(window: Window, at: datetime, zone: str) -> bool:
    """R4.2: `[start, end)` on its weekdays, across midnight too."""
    today = wall(at, zone).date()
    for day in (today - 2 * DAY, today - DAY, today, today + DAY):
        if day.weekday() in window.weekdays:
            opens, closes = _window_on(window.start, window.end, day, zone)
            if opens <= at < closes:
                return True
    return False


def quarters(after: datetime) -> Iterator[datetime]:
    """All quarter hours after an instant."""
    at = after.replace(minute=after.minute // 15 * 15, second=0, microsecond=0)
    while True:
        at += QUARTER
        yield at


# ── conditions ────────────────────────────────────────────────────────────────────────────────


def is_true(
    condition: Condition,
    person: Plain,
    now: datetime,
    run: Run | None = None,
    *,
    goal: bool = False,
) -> bool:
    """The four kinds of condition that the model uses. With a run: only events since its entry, the
    event that started it aside; in a goal `within` runs from the entry."""
    if isinstance(condition, Attribute):
        assert isinstance(condition.test, OneOf)
        return person.attributes.get(condition.name) in condition.test.values
    if isinstance(condition, OpenTicket):
        opened = [at for at, name, _ in person.events if name == "ticket.opened" and at <= now]
        solved = [at for at, name, _ in person.events if name == "ticket.solved" and at <= now]
        return any(not any(done >= at for done in solved) for at in opened)
    assert isinstance(condition, Did)
    for at, name, id_ in person.events:
        if name != condition.event or at > now:
            continue
        if run is not None and (at < run.entered_at or (run.entry and run.entry.id == id_)):
            continue
        if condition.within is None:
            return True
        if goal and run is not None:
            if at <= run.entered_at + condition.within:
                return True
        elif at > now - condition.within:
            return True
    return False


def exits(run: Run, journey: Journey, person: Plain, now: datetime) -> Reason | None:
    """R1.6: goal, `leave_when`, `stay`."""
    if journey.goal is not None and is_true(journey.goal, person, now, run, goal=True):
        return Reason.GOAL_REACHED
    if journey.leave_when is not None and is_true(journey.leave_when, person, now, run):
        return Reason.LEFT
    stays = journey.enter.condition
    if journey.stay == "while_matching" and stays is not None and not is_true(stays, person, now):
        return Reason.CONDITION
    return None


# ── consent ───────────────────────────────────────────────────────────────────────────────────


def no_consent(
    record: Record, rules: Rulebook, who: str, category: Category, now: datetime
) -> Reason | None:
    """R5.2, R5.5: why this person may not be sent this marketing now, or None where they may.

    The model knows two laws: in the United States any yes is enough, elsewhere one that was confirmed
    by the mailbox of today. Who left by a clock that runs ahead has left."""
    person = record.people[who]
    every = [
        (line.entry, line.entry.confirmed and line.mailbox == person.mailbox)
        for line in record.lines
        if line.entry.topic in (category.name, "*")
        and (
            line.person == who
            or (
                line.mailbox == person.mailbox
                and (line.entry.own_act or line.entry.state == "unsubscribed")
            )
        )
    ]
    said = _since_they_left([one for one in every if one[0].at <= now])
    if said is None:
        return Reason.UNSUBSCRIBED
    standing = [
        (entry, proven)
        for entry, proven in said
        if entry.expires_at is None or now < entry.expires_at
    ]
    strict = person.attributes.get("country") != "US" or category.consent == "double opt-in"
    if any(proven or (entry.state != "pending" and not strict) for entry, proven in standing):
        return Reason.UNSUBSCRIBED if _since_they_left(every) is None else None
    if any(entry.state != "implied" and now - entry.at < CONFIRM_WITHIN for entry, _ in standing):
        return Reason.CONSENT_PENDING
    return Reason.CONSENT_UNKNOWN


def _since_they_left(
    said: list[tuple[ConsentEntry, bool]],
) -> list[tuple[ConsentEntry, bool]] | None:
    """The lines since the person came back by an act of their own, or since ever; None for who left."""
    left = [entry.at for entry, _ in said if entry.state == "unsubscribed"]
    if not left:
        return said
    back = [entry.at for entry, _ in said if entry.own_act and entry.at > max(left)]
    return [(entry, proven) for entry, proven in said if entry.at >= min(back)] if back else None
