"""Profiles and dispositions as rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from json import loads
from typing import Any

from engine.adapters.db import codec
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.domain.disposition import NOBODY, Disposition, Profile, Talk
from engine.domain.emotion import EmotionConfig

STATE = ("at", "message", "sources", "sums", "talks")


def disposition_in(emotion: str | None, since: int | None, until: int | None) -> Disposition | None:
    """The disposition of the columns of a person."""
    if emotion is None or since is None or until is None:
        return None
    return Disposition(emotion, instant(since), instant(until))


def disposition_out(held: Disposition | None) -> tuple[str | None, int | None, int | None]:
    """The columns of a person: emotion, since and until."""
    if held is None:
        return None, None, None
    return held.emotion, micros(held.since), micros(held.until)


def profile_out(profile: Profile) -> tuple[Any, ...]:
    """A profile as the columns `STATE`."""
    talks = [(t.source, t.thread, t.weight, t.seen, t.sums) for t in profile.talks]
    return (
        micros(profile.at),
        profile.message,
        _listed(tuple(profile.seen)),
        codec.packed((*profile.seen.values(), *profile.sums)),
        codec.dump(talks) if talks else None,
    )


def profile_in(row: Sequence[Any], held: Disposition | None) -> Profile:
    """The profile of the columns `STATE`, and of its person's disposition; of nobody where there is none."""
    at, message, sources, numbers, talks = row
    if at is None:
        return NOBODY
    names, sums = _names(sources), codec.unpacked(numbers)
    seen = dict(zip(names, sums, strict=False))
    talks = tuple([_talk_in(*told) for told in document(talks)]) if talks else ()
    return Profile(instant(at), message, seen, sums[len(names) :], talks, held)


def name_of(config: EmotionConfig) -> str:
    """The settings that a profile depends on, as a hash."""
    said = (
        config.disposition_half_life, sorted(config.sources.items()), config.other_sources,
        config.usual, sorted(config.base_rates.items()), config.hysteresis,
    )  # fmt: skip
    return blake2b(repr(said).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=4096)
def _listed(sources: tuple[str, ...]) -> str:
    return codec.dump(sources)


@lru_cache(maxsize=4096)
def _names(stored: str) -> tuple[str, ...]:
    return tuple(loads(stored))


def _talk_in(source: str, thread: str, weight: float, seen: float, sums: list[float]) -> Talk:
    return Talk(source, thread, weight, seen, tuple(sums))
