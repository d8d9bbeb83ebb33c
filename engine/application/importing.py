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

BATCH = 2_000
"""Rows a transaction."""

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
    progress: Callable[[int], None] = lambda _: None,
) -> ImportSummary:
    """Take in all good rows, received at `now` (UTC); without an intake it is a dry run.

    `topics` are what consent can be about; others are noted, for nothing would ever ask for them.
    `reject` is called with every bad row, `progress` with the number of rows read so far, once a
    batch. Running it twice on the same rows changes nothing the second time (R1.4).
    """
    read = rejected = 0
    reasons: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    taken = Taken()
    batch: list[Arrival] = []
    for row in rows:
        read += 1
        if isinstance(row, Rejected):
            rejected += 1
            reasons[_why(row)] += 1
            reject(row)
        else:
            batch.extend(row.arrivals)
            notes.update(note for arrival in row.arrivals for note in _notes(arrival, topics))
        if read % BATCH == 0:
            if intake is not None and batch:
                taken += intake.take_in(batch, now)
            batch.clear()
            progress(read)
    if intake is not None and batch:
        taken += intake.take_in(batch, now)
    progress(read)
    return ImportSummary(
        read, rejected, dict(reasons), dict(notes), None if intake is None else taken
    )


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
