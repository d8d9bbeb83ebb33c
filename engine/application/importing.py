"""Import: rows of a file go in batch by batch, bad ones aside, any number of times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.application.ports.intake import Intake, Taken
from engine.application.rows import Accepted, Rejected
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ALL_TOPICS
from engine.domain.countries import COUNTRIES
from engine.domain.event import Value
from engine.domain.jurisdiction import IMPLIED
from engine.domain.zones import named_zone

ANY_ORDER = frozenset({"events", "feedback"})
"""Kinds of rows that come to the same whoever's come first: each has its time and its id, and those of one
person keep their order. Of people and consent the file may mean what comes last."""

BATCH = 2_000
"""Rows a transaction."""

WINDOW, LETTERS = 100_000, 32_000_000
"""Rows that are put in the order of their people first, where any order will do; and how much text they may
have in all, so that memory stays flat (some 150 MB)."""

_QUOTED = re.compile("`[^`]*`")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d\d?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did.

    `read` rows were there, `rejected` of them were bad, `reasons` counts why. `taken` counts what
    became of the arrivals of the good ones; it is None for a dry run, which stores nothing. `notes`
    counts what was taken in and still deserves a look.
    """

    read: int
    rejected: int
    reasons: Mapping[str, int]
    notes: Mapping[str, int]
    taken: Taken | None

    @property
    def accepted(self) -> int:
        """The number of good rows."""
        return self.read - self.rejected


def import_rows(
    rows: Iterable[Accepted | Rejected],
    intake: Intake | None,
    now: datetime,
    *,
    reject: Callable[[Rejected], None],
    topics: Collection[str] = (),
    by_person: bool = False,
    progress: Callable[[int, int], None] = lambda done, read: None,
) -> ImportSummary:
    """Take in all good rows, received at `now` (UTC); without an intake it is a dry run.

    `topics` are what consent can be about; others are noted, for nothing would ever ask for them. With
    `by_person` rows of a `WINDOW` are taken in person by person, those of one in their order: a database
    of many people then touches few pages a transaction. `reject` is called with every bad row, `progress`
    once a batch with the number of rows that are dealt with and of those read. Running it twice on the
    same rows changes nothing the second time (R1.4).
    """
    read = rejected = 0
    reasons: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    taken = Taken()

    def good() -> Iterator[Accepted]:
        nonlocal read, rejected
        for row in rows:
            read += 1
            if isinstance(row, Rejected):
                rejected += 1
                reasons[_why(row)] += 1
                reject(row)
            else:
                for arrival in row.arrivals:
                    for note in _notes(arrival, topics):
                        notes[note] += 1
                yield row

    for window in _windows(good(), WINDOW if by_person else BATCH):
        if by_person:
            window.sort(key=_person)
        for first in range(0, len(window), BATCH):
            some = window[first : first + BATCH]
            if intake is not None:
                taken += intake.take_in([one for row in some for one in row.arrivals], now)
            progress(read - len(window) + first + len(some), read)
    return ImportSummary(
        read, rejected, dict(reasons), dict(notes), None if intake is None else taken
    )


def _windows(rows: Iterable[Accepted], size: int) -> Iterator[list[Accepted]]:
    """The rows in parts, each of which is gone when the next comes."""
    window: list[Accepted] = []
    letters = 0
    for row in rows:
        window.append(row)
        letters += _letters(row)
        if len(window) == size or letters >= LETTERS:
            yield window
            window.clear()
            letters = 0
    if window:
        yield window


def _letters(row: Accepted) -> int:
    return sum(
        len(value)
        for arrival in row.arrivals
        if isinstance(arrival, EventArrived)
        for value in arrival.event.properties.values()
        if isinstance(value, str)
    )


def _person(row: Accepted) -> str:
    return row.arrivals[0].person_id


def _why(row: Rejected) -> str:
    """The reason without the value, so that equal mistakes are counted together."""
    column = f"`{row.column}` " if row.column else ""
    return column + _QUOTED.sub("`…`", row.reason)


def _notes(arrival: Arrival, topics: Collection[str]) -> Iterator[str]:
    """What deserves a look although it was taken in: a zone that is none (R4.1), a country that is
    none (R5.2), a topic likewise, and numbers that stay text."""
    if isinstance(arrival, PersonArrived):
        zone, country = arrival.values.get("time_zone"), arrival.values.get("country")
        if zone is not None and named_zone(str(zone)) is None:
            yield "`time_zone` is no IANA zone such as Europe/Berlin; it counts as missing"
        if country is not None and str(country).upper() not in COUNTRIES:
            yield "`country` is no code of two letters such as DE; it counts as missing"
        yield from _commas(arrival.values)
    elif isinstance(arrival, EventArrived):
        yield from _commas(arrival.event.properties)
    elif isinstance(arrival, ConsentArrived):
        topic = arrival.entry.topic
        if topics and topic != ALL_TOPICS and topic not in topics:
            yield f"`{topic}` is no category of the config, so nothing asks for this consent"
        if arrival.entry.state == "implied" and arrival.entry.basis not in IMPLIED:
            yield "implied consent without a `basis` such as `purchase` is enough in few countries"


def _commas(values: Mapping[str, Value | None]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, str) and "," in value and _DECIMAL_COMMA.fullmatch(value):
            yield f"`{name}` is a number with a comma, kept as text that no sum counts; write `24.50`"
