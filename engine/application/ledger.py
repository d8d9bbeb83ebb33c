"""The consent ledger in words: what somebody said, when, how, and what it is worth (R5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from engine.domain.consent import ALL_TOPICS, ConsentEntry, Evidence, ground

Line = tuple[ConsentEntry, Evidence, datetime]
"""A line, its evidence, and when it was recorded."""


def told(lines: Iterable[Line], now: datetime) -> list[dict[str, object]]:
    """The lines that spoke by `now`, oldest first, ready for JSON, each with a sentence."""
    return [
        {
            **asdict(entry),
            **{name: value for name, value in asdict(evidence).items() if value},
            "recorded_at": recorded,
            "says": sentence(entry, evidence),
        }
        for entry, evidence, recorded in sorted(lines, key=lambda line: (line[0].at, line[2]))
        if entry.at <= now
    ]


def sentence(entry: ConsentEntry, evidence: Evidence) -> str:
    """One line, without its date: what was said, how, and the proof of it."""
    about = "all mail" if entry.topic == ALL_TOPICS else entry.topic
    parts = [f"{about}: {_what(entry)}", *_how(entry), *_proof(evidence)]
    if not entry.counts:
        parts.append("kept as evidence only, for it may not raise what stood before (R5.5)")
    return ", ".join(parts)


def _what(entry: ConsentEntry) -> str:
    if entry.state == "unsubscribed":
        return "left"
    if entry.state == "pending":
        return "signed up, to be confirmed"
    if entry.state == "express":
        return "agreed and confirmed it" if entry.confirmed else "agreed, without a confirmation"
    what = ground(entry)
    return "implied" if what == "implied" else f"implied ({what})"


def _how(entry: ConsentEntry) -> Iterator[str]:
    if entry.basis and entry.basis != ground(entry):
        yield entry.basis
    if entry.source:
        yield f"from {entry.source}"
    if entry.wording:
        yield f"wording {entry.wording}"
    if entry.expires_at is not None:
        yield f"until {entry.expires_at:%Y-%m-%d}"


def _proof(evidence: Evidence) -> Iterator[str]:
    if evidence.captured_at is not None:
        yield f"first said {evidence.captured_at:%Y-%m-%d %H:%M}"
    for name, value in (
        ("in", evidence.language), ("at", evidence.url), ("from IP", evidence.ip),
        ("with", evidence.user_agent), ("words", evidence.wording_hash),
        ("file", evidence.document), ("under the law of", evidence.jurisdiction),
        ("recorded by", evidence.actor),
    ):  # fmt: skip
        if value:
            yield f"{name} {_short(value)}"


def _short(value: str) -> str:
    """A hash by its beginning; the whole of it stands in the JSON."""
    return f"{value[:19]}…" if value.startswith("sha256:") else value
