"""Import: rows of a file go in batch by batch, bad ones aside, any number of times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.application.ports.intake import Intake, Taken
from engine.application.rows import Accepted, Rejected
from engine.domain.arrival import Arrival, ConsentArrived, PersonArrived
from engine.domain.consent import ALL_TOPICS
from engine.domain.zones import named_zone

BATCH = 2_000
"""Rows a transaction."""

_QUOTED = re.compile("`[^`]*`")


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
            notes.update(note for arrival in row.arrivals if (note := _note(arrival, topics)))
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


def _note(arrival: Arrival, topics: Collection[str]) -> str:
    """What deserves a look although it was taken in: a zone that is none (R4.1), a topic likewise."""
    if isinstance(arrival, PersonArrived):
        zone = arrival.values.get("time_zone")
        if zone is not None and named_zone(str(zone)) is None:
            return "`time_zone` is no IANA zone such as Europe/Berlin; it counts as missing"
    if isinstance(arrival, ConsentArrived) and topics:
        topic = arrival.entry.topic
        if topic != ALL_TOPICS and topic not in topics:
            return f"`{topic}` is no category of the config, so nothing asks for this consent"
    return ""
