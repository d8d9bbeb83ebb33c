"""Ids are hashes of what they name, so that every runner and every repetition makes the same ones."""

from __future__ import annotations

from hashlib import blake2b


def run_id(journey: str, person: str, entry_key: str) -> str:
    """The id of a run (R1.4)."""
    return _hashed("run", journey, person, entry_key)


def send_id(run: str, step: str) -> str:
    """The id of a message: one per step of a run, whatever is edited (R2.10)."""
    return _hashed("send", run, step)


def task_id(run: str, step: str) -> str:
    """The id of a task for a human (R2.7)."""
    return _hashed("task", run, step)


def notice_id(*parts: str) -> str:
    """The id of a notice to our own people."""
    return _hashed("notice", *parts)


def event_id(*parts: str) -> str:
    """The id of an event of the engine's own."""
    return _hashed("event", *parts)


def _hashed(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
