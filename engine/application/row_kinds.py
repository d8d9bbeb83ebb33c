"""One row of each kind (commands.md, "Data in") as what arrives: people, events, feedback.

A row is a mapping from column to value: text in a CSV, anything that JSON knows in JSON Lines.
Every function raises `BadValue` with the column and the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from engine.application.row_values import BadValue, day, from_cell, from_json, instant, text
from engine.domain.arrival import (
    Arrival,
    EventArrived,
    MessageRead,
    PersonArrived,
)
from engine.domain.emotion import EMOTIONS, EmotionConfig, by_hand
from engine.domain.event import Event, Value
from engine.domain.profile import hand_written

Row = Mapping[str, object]
NormalAddress = Callable[[str], tuple[str, str]]
"""Text to (address as given, mailbox by which caps count); ValueError with a plain reason."""

TICKET_EVENTS = ("ticket.opened", "ticket.solved")
"""Their `ticket` is text, in every kind of file, so that the one closes what the other opened."""
FEEDBACK_SOURCES = ("review", "survey", "ticket", "reply", "chat", "social")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a row depends on besides the row.

    `zone` is the company's: times that name no zone are read in it. `now` is when a person's row
    counts that has no `at`. `source` names where events come from: `(source, id)` is unique (R1.4).
    `cells` says that values are cells of a CSV, whose text may spell a number. `document` is a hash of
    the file, and `actor` who takes it in: evidence of consent (R5.1).
    """

    now: datetime
    zone: ZoneInfo
    normal_address: NormalAddress
    source: str = "import"
    emotion: EmotionConfig = field(default_factory=EmotionConfig)
    cells: bool = False
    document: str = ""
    actor: str = ""


def person_row(row: Row, reader: Reader) -> Iterator[Arrival]:
    """`id`, `email`, `at` (when it changed; now if not said), and any attributes."""
    person_id = word(row, "person" if "id" not in row and "person" in row else "id")
    email, mailbox = _address(row, reader.normal_address)
    values = dict(_values(row, ("id", "person", "email", "at"), reader))
    if values.get("birthday") is not None:
        values["birthday"] = day("birthday", row["birthday"])
    yield PersonArrived(person_id, email, mailbox, values, happened(row, reader, reader.now))


def event_row(row: Row, reader: Reader) -> Iterator[Arrival]:
    """`id`, `person`, `name`, `at`, `properties`, and any further properties.

    Without an `id` it is made from what the row says, so that the same row is the same event.
    """
    person_id, name = word(row, "person"), word(row, "name")
    at = happened(row, reader)
    properties = _properties(row, ("id", "person", "name", "at", "properties"), reader)
    if name in TICKET_EVENTS and "ticket" in properties:
        properties["ticket"] = str(properties["ticket"])
    event_id = _event_id(row, person_id, name, at, properties)
    yield EventArrived(person_id, Event(event_id, name, at, properties, reader.source))


def feedback_row(row: Row, reader: Reader) -> Iterator[Arrival]:
    """`id`, `person`, `source`, `at`, `text`, `rating`, `ticket`, and the mood where it is known.

    It is the event `feedback.received`. Feedback of source `ticket` also opens its ticket. A mood is
    `mood: {angry: high}` or a column named like an emotion, with a level or a probability.
    """
    person_id, at = word(row, "person"), happened(row, reader)
    known = ("id", "person", "at", "text", "properties", "mood", *EMOTIONS)
    properties = _properties(row, known, reader)
    if row.get("text") is not None:
        properties["text"] = text(str(row["text"]))
    source, ticket = properties.get("source"), properties.get("ticket")
    if source is not None and source not in FEEDBACK_SOURCES:
        raise BadValue("source", f"`{source}` is none of {', '.join(FEEDBACK_SOURCES)}")
    if ticket is not None:
        properties["ticket"] = str(ticket)
    event_id = _event_id(row, person_id, "feedback.received", at, properties)
    properties["id"] = event_id
    received = Event(event_id, "feedback.received", at, properties, reader.source)
    yield EventArrived(person_id, received)
    if source == "ticket" and ticket is not None:
        opened = {"ticket": str(ticket)}
        yield EventArrived(
            person_id, Event(f"{event_id}:opened", "ticket.opened", at, opened, reader.source)
        )
    moods = dict(_moods(row, reader.emotion))
    if moods:
        mood = hand_written(event_id, at, moods, str(ticket or ""))
        yield MessageRead(person_id, mood, reader.emotion)


# ── the parts of a row ────────────────────────────────────────────────────────────────────────


def word(row: Row, column: str) -> str:
    """A short text that has to be there; a number is taken as it is written."""
    value = row.get(column)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        raise BadValue(column, "is missing")
    if not isinstance(value, str):
        raise BadValue(column, "is not text")
    word = text(value).strip()
    if not word or len(word) > _LONGEST_NAME:
        raise BadValue(column, f"is empty or longer than {_LONGEST_NAME} characters")
    return word


def happened(row: Row, reader: Reader, otherwise: datetime | None = None) -> datetime:
    """`at`, which has to be there unless something stands in for it."""
    value = row.get("at")
    if value is not None:
        return instant("at", value, reader.zone)
    if otherwise is None:
        raise BadValue("at", "is missing: when did it happen?")
    return otherwise


def _address(row: Row, normal_address: NormalAddress) -> tuple[str | None, str | None]:
    if "email" not in row:
        return None, None
    value = row["email"]
    if value is None or value == "":
        return "", ""
    if not isinstance(value, str):
        raise BadValue("email", "is not text")
    try:
        return normal_address(text(value).strip())
    except ValueError as error:
        raise BadValue("email", f"is no address: {error}") from None


def _values(row: Row, known: Iterable[str], reader: Reader) -> Iterator[tuple[str, Value | None]]:
    """All columns but the known ones, normalised."""
    for name, value in row.items():
        if name in known:
            continue
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise BadValue(name[:60], "is no name for a column")
        if reader.cells and isinstance(value, str):
            yield name, from_cell(name, value, reader.zone)
        else:
            yield from from_json(name, value, reader.zone)


def _properties(row: Row, known: Iterable[str], reader: Reader) -> dict[str, Value]:
    """`properties` and all columns but the known ones; what is null is absent."""
    found = dict(_values(row, known, reader))
    nested = row.get("properties")
    if isinstance(nested, str):
        try:
            nested = json.loads(nested)
        except ValueError:
            raise BadValue("properties", "is not a JSON object") from None
    if isinstance(nested, Mapping):
        found |= dict(_values(nested, (), replace(reader, cells=False)))
    elif nested is not None:
        raise BadValue("properties", "is not a JSON object")
    return {name: value for name, value in found.items() if value is not None}


def _event_id(
    row: Row, person_id: str, name: str, at: datetime, properties: Mapping[str, Value]
) -> str:
    if row.get("id") is not None:
        return word(row, "id")
    said = json.dumps([person_id, name, at.isoformat(), sorted(properties.items())])
    return blake2b(said.encode(), digest_size=16).hexdigest()


def _moods(row: Row, config: EmotionConfig) -> Iterator[tuple[str, float]]:
    given = row.get("mood")
    if given is not None and not isinstance(given, Mapping):
        raise BadValue("mood", 'is not an object such as {"angry": "high"}')
    named = {name: row[name] for name in EMOTIONS if row.get(name) is not None}
    for name, value in {**(given or {}), **named}.items():
        if name not in EMOTIONS:
            raise BadValue("mood", f"`{name}` is none of {', '.join(EMOTIONS)}")
        yield name, _probability(name, value, config)


def _probability(emotion: str, value: object, config: EmotionConfig) -> float:
    if isinstance(value, str) and value in config.levels:
        return by_hand(value, config)
    try:
        probability = float(str(value))
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        levels = ", ".join(config.levels)
        raise BadValue(emotion, f"`{value}` is neither {levels} nor a number from 0 to 1")
    return probability
