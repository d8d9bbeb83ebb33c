"""Import: rows of a file go in batch by batch, bad ones aside, any number of times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from engine.application.ports.intake import Intake, Taken
from engine.application.rows import Accepted, Rejected
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ALL_TOPICS
from engine.domain.countries import COUNTRIES
from engine.domain.event import Value
from engine.domain.jurisdiction import IMPLIED
from engine.domain.zones import named_zone

BATCH = 2_000
"""Rows a transaction."""

WINDOW = 50_000
"""Rows that are put in the order of their people first, where any order will do."""

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
    rows = iter(rows)
    while window := list(islice(rows, WINDOW if by_person else BATCH)):
        read += len(window)
        good: list[Accepted] = []
        for row in window:
            if isinstance(row, Rejected):
                rejected += 1
                reasons[_why(row)] += 1
                reject(row)
            else:
                good.append(row)
                for arrival in row.arrivals:
                    for note in _notes(arrival, topics):
                        notes[note] += 1
        if by_person:
            good.sort(key=_person)
        for first in range(0, len(good), BATCH):
            if intake is not None:
                some = good[first : first + BATCH]
                taken += intake.take_in([one for row in some for one in row.arrivals], now)
            progress(read - len(good) + min(first + BATCH, len(good)), read)
    return ImportSummary(
        read, rejected, dict(reasons), dict(notes), None if intake is None else taken
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
