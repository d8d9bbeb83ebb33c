"""Profiles and dispositions as rows."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from engine.adapters.db import codec
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.domain.disposition import NOBODY, Disposition, Profile, Talk
from engine.domain.emotion import EmotionConfig


def disposition_in(row: Mapping[Any, Any]) -> Disposition | None:
    """The disposition of the columns of a person."""
    if row["disposition"] is None or row["disposition_until"] is None:
        return None
    since, until = instant(row["disposition_since"]), instant(row["disposition_until"])
    return Disposition(row["disposition"], since, until)


def disposition_out(held: Disposition | None) -> tuple[str | None, int | None, int | None]:
    """The columns of a person: emotion, since and until."""
    if held is None:
        return None, None, None
    return held.emotion, micros(held.since), micros(held.until)


def state_out(profile: Profile) -> str:
    """What a profile has besides its place and its disposition, as JSON text."""
    talks = [(t.source, t.thread, t.weight, t.seen, t.sums) for t in profile.talks]
    return codec.dump([profile.seen, profile.sums, talks])


def profile_in(row: Mapping[Any, Any]) -> Profile:
    """The profile of the columns of `profile` and of its person; of nobody where there is none."""
    if row["state"] is None:
        return NOBODY
    seen, sums, talks = document(row["state"])
    return Profile(
        at=instant(row["at"]),
        message=row["message"],
        seen=seen,
        sums=tuple(sums),
        talks=tuple(_talk_in(*told) for told in talks),
        disposition=disposition_in(row),
    )


def name_of(config: EmotionConfig) -> str:
    """The settings that a profile depends on, as a hash."""
    said = (
        config.disposition_half_life, sorted(config.sources.items()), config.other_sources,
        config.usual, sorted(config.base_rates.items()), config.hysteresis,
    )  # fmt: skip
    return blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _talk_in(source: str, thread: str, weight: float, seen: float, sums: list[float]) -> Talk:
    return Talk(source, thread, weight, seen, tuple(sums))
