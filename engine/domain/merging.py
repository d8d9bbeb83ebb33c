"""Two profiles of one human become one: whose run goes on, and what they have agreed to.

The strictest wins: whoever left on either side has left, and no message of a journey goes out a second
time because the other profile was further (R2.10, R5.5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from engine.domain.consent import ALL_TOPICS, ConsentEntry, in_force
from engine.domain.journey import Journey
from engine.domain.run import Run

MERGED = "merged"
"""Why a run ended, and the basis of a line of consent."""


def rivals(
    runs: Iterable[Run], journeys: Mapping[str, Journey], keeper: str
) -> list[tuple[Run, tuple[Run, ...]]]:
    """Of live runs, each that goes on with those that end for it.

    One live run per journey (R1.5), or per entry key where the journey says `one_run_per`. The one that
    has sent the most mails goes on, else the one that was entered first, else the `keeper`'s.
    """

    def place(run: Run) -> tuple[str, str]:
        journey = journeys.get(run.journey)
        several = journey is not None and journey.enter.one_run_per is not None
        return run.journey, run.entry_key if several else ""

    found = []
    for _, group in groupby(sorted((run for run in runs if run.live), key=place), key=place):
        first, *others = sorted(
            group, key=lambda run: (-len(run.sent), run.entered_at, run.person != keeper, run.id)
        )
        if others:
            found.append((first, tuple(others)))
    return found


def going_on(run: Run, ended: Iterable[Run], unsent: Collection[tuple[str, str]]) -> Run:
    """The run that goes on, having sent what the others have: its steps pass over these mails.

    `unsent` are the (run, step) whose message was stopped on its way, so this run may still send it.
    """
    sent = dict(run.sent)
    for other in ended:
        for step, at in other.sent.items():
            if (other.id, step) not in unsent:
                sent.setdefault(step, at)
    postponed = None if run.step in sent else run.postponed
    wake_at = None if run.postponed and postponed is None else run.wake_at
    return replace(run, sent=sent, postponed=postponed, wake_at=wake_at)


def ended(run: Run, now: datetime) -> Run:
    """A run that ends because the other profile's goes on."""
    return replace(run, step=None, wake_at=None, postponed=None, ended_at=now, because=MERGED)


def left(
    one: Sequence[ConsentEntry], other: Sequence[ConsentEntry], now: datetime
) -> tuple[ConsentEntry, ...]:
    """The lines to add to the united ledger, so that whoever had left on either side has left: a newer
    act of the one does not speak for the other (R5.5)."""
    together = (*one, *other)
    topics = {entry.topic for entry in together} | {ALL_TOPICS}
    stands = [
        topic
        for topic in sorted(topics)
        if in_force(together, topic, None)[0] is None
        and any(in_force(ledger, topic, None)[0] is not None for ledger in (one, other))
    ]
    return tuple(ConsentEntry(topic, "unsubscribed", now, basis=MERGED) for topic in stands)
