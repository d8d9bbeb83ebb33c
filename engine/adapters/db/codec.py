"""The nouns of the domain as JSON and back, exactly."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from math import isfinite
from struct import Struct
from typing import Any

from engine.adapters.db.stored import instant, micros
from engine.domain.event import Event, Value
from engine.domain.reasons import Reason
from engine.domain.run import Postponed, Run
from engine.domain.turn import Knock

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def dump(document: Any) -> str:
    """JSON text for a column. Numbers that are none are an error: `clean` keeps them out."""
    return _encode(document)


def packed(numbers: Collection[float]) -> bytes:
    """Numbers for a column of them, to the last bit."""
    return _numbers(len(numbers)).pack(*numbers)


def unpacked(stored: bytes) -> tuple[float, ...]:
    """The numbers of a column of them."""
    return _numbers(len(stored) // 8).unpack(stored)


@lru_cache(maxsize=64)
def _numbers(count: int) -> Struct:
    return Struct(f"<{count}d")


def same(one: Any, other: Any) -> bool:
    """Whether two documents are the same JSON: unlike in Python, 1, 1.0 and true differ."""
    return one == other and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def text(given: str) -> str:
    """Text as every database can keep it: without NUL, and half a character becomes U+FFFD."""
    if "\0" in given:
        given = given.replace("\0", "")
    if given.isascii():
        return given
    return given.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def clean(values: Mapping[str, Value | None]) -> dict[str, Any]:
    """Attributes or properties as JSON can hold them. Numbers that are none count as absent."""
    cleaned: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, str):
            cleaned[text(name)] = text(value)
        elif isinstance(value, tuple | list):
            cleaned[text(name)] = [text(element) for element in value]
        elif isinstance(value, float) and not isfinite(value):
            continue
        else:
            cleaned[text(name)] = value
    return cleaned


def cleaned(values: Mapping[str, Value | None]) -> str:
    """`dump(clean(values))`. Nearly all there is is clean, and its JSON text shows it."""
    try:
        written = _encode(dict(values))
        written.encode()
    except ValueError:
        return dump(clean(values))
    return dump(clean(values)) if "\\u0000" in written else written


def values(stored: Mapping[str, Any]) -> dict[str, Value]:
    """Attributes or properties as the domain has them: lists are tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }


def event_out(event: Event) -> dict[str, Any]:
    """An event inside another document."""
    return {
        "id": event.id,
        "name": event.name,
        "at": micros(event.at),
        "properties": clean(event.properties),
        "source": event.source,
        "starts": event.starts,
    }


def event_in(stored: Mapping[str, Any]) -> Event:
    """The event that `event_out` wrote."""
    return Event(
        id=stored["id"],
        name=stored["name"],
        at=instant(stored["at"]),
        properties=values(stored["properties"]),
        source=stored["source"],
        starts=stored["starts"],
    )


def run_out(run: Run) -> dict[str, Any]:
    """What a run has beside its columns; what is empty is left out."""
    state: dict[str, Any] = {}
    if run.entry is not None:
        state["entry"] = event_out(run.entry)
    if run.answers:
        state["answers"] = {step: event_out(event) for step, event in run.answers.items()}
    if run.variants:
        state["variants"] = dict(run.variants)
    if run.visited:
        state["visited"] = list(run.visited)
    if run.sent:
        state["sent"] = {step: micros(at) for step, at in run.sent.items()}
    if run.postponed is not None:
        state["postponed"] = _postponed_out(run.postponed)
    return state


def run_in(columns: Mapping[str, Any], state: Mapping[str, Any]) -> Run:
    """The run of a row: its columns by name, and its `state`."""
    postponed = state.get("postponed")
    return Run(
        id=columns["id"],
        journey=columns["journey"],
        person=columns["person_id"],
        entry_key=columns["entry_key"],
        entered_at=instant(columns["entered_at"]),
        version=columns["version"],
        step=columns["step"],
        since=instant(columns["since"]),
        wake_at=instant(columns["wake_at"]),
        entry=event_in(state["entry"]) if "entry" in state else None,
        answers={step: event_in(event) for step, event in state.get("answers", {}).items()},
        variants=dict(state.get("variants", {})),
        visited=tuple(state.get("visited", ())),
        sent={step: instant(at) for step, at in state.get("sent", {}).items()},
        postponed=None if postponed is None else _postponed_in(postponed),
        held_out=bool(columns["held_out"]),
        goal_at=instant(columns["goal_at"]),
        ended_at=instant(columns["ended_at"]),
        because=columns["because"],
    )


def knock_out(knock: Knock) -> dict[str, Any]:
    """An entry that is still being tested."""
    return {
        "journey": knock.journey,
        "event": event_out(knock.event),
        "until": micros(knock.until),
    }


def knock_in(stored: Mapping[str, Any]) -> Knock:
    """The knock that `knock_out` wrote."""
    return Knock(stored["journey"], event_in(stored["event"]), instant(stored["until"]))


def _postponed_out(postponed: Postponed) -> dict[str, Any]:
    return {
        "due": micros(postponed.due),
        "reasons": [str(reason) for reason in postponed.reasons],
        "first_legal": micros(postponed.first_legal),
        "expires": micros(postponed.expires),
        "winner": postponed.winner,
    }


def _postponed_in(stored: Mapping[str, Any]) -> Postponed:
    expires: datetime | None = instant(stored["expires"])
    return Postponed(
        due=instant(stored["due"]),
        reasons=tuple(map(Reason, stored["reasons"])),
        first_legal=instant(stored["first_legal"]),
        expires=expires,
        winner=stored["winner"],
    )
