"""Work shared out among workers: jobs of about a thousand people or messages, never single ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.application.ports.queue import Job, Queue, Waiting

PEOPLE = 1_000
"""Shards are put together into one job until it has about so many people."""
MESSAGES = 1_000
SENDERS = 32
"""How many may be asked to hand off messages at the same time."""


def share_out(waiting: Waiting, queue: Queue, now: datetime, *, paused: bool = False) -> int:
    """Ask for everything that is to do at `now`; answer how many jobs are new. While the engine is
    `paused` nobody is asked to hand off anything (R2.11)."""
    messages = 0 if paused else waiting.messages(now)
    return queue.defer([*deciding(waiting.people(now)), *sending(messages)])


def deciding(people: Sequence[int]) -> list[Job]:
    """Jobs for due people, given how many there are by shard (a power of two of them).

    The shards are halved until a part has no more than `PEOPLE`, so a few people anywhere are one job,
    and a hundred thousand are a hundred. Parts always begin and end at the same places: a job that
    waits and one that is asked for a second later have the same name where they mean the same.
    """
    return list(_parts(people, 0, len(people)))


def sending(messages: int) -> list[Job]:
    """Jobs for ready messages: one pair of hands for each thousand of them."""
    hands = min(SENDERS, -(-messages // MESSAGES))
    return [Job("send", first=number) for number in range(hands)]


def everybody(shards: int) -> Job:
    """The job for whoever is due, wherever they are."""
    return Job("decide", 0, shards)


def _parts(people: Sequence[int], first: int, width: int) -> Iterator[Job]:
    due = sum(people[first : first + width])
    if due > PEOPLE and width > 1:
        yield from _parts(people, first, width // 2)
        yield from _parts(people, first + width // 2, width // 2)
    elif due:
        yield Job("decide", first, width)
