"""Cells and JSON values as the values that are stored (`domain.event.Value`).

A CSV cell that spells a plain number (`12`, `-3.5`; not `007`, not `1e3`) is one; everything else in
a CSV is text. In JSON only numbers are numbers, and `true` and `false` truth values. Dates stay text;
an instant, in either, becomes UTC (`2026-03-04T09:00:00.000000Z`), read in the company's zone where
it names none. Objects are flattened: `{"address": {"city": …}}` is `address_city`. Lists of text are
lists; other lists are kept as JSON text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from zoneinfo import ZoneInfo

from engine.domain.event import Value

TEXT_ATTRIBUTES = frozenset({"first_name", "last_name", "locale", "time_zone", "country"})
"""Columns that are text even where they look like a number."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_LARGEST = 10**15
_DEEPEST = 8
_YEARS = range(1900, 2201)


class BadValue(ValueError):
    """A value that cannot be taken in: `column` and the reason, in the writer's words."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def text(value: str) -> str:
    """Text without NUL and lone surrogates, which no database keeps."""
    return value if value.isprintable() else _NO_TEXT.sub("", value)


def instant(column: str, value: object, zone: ZoneInfo) -> datetime:
    """An instant in UTC from ISO text; a bare date is its midnight, and without a zone it is `zone`.

    Raises:
        BadValue: if it is no date, or lies outside the years 1900 to 2200.
    """
    shown = f"`{str(value)[:60]}`"
    if not isinstance(value, str) or not _DATE.match(value):
        raise BadValue(column, f"{shown} is not a date: write 2026-03-04 or 2026-03-04T10:00:00Z")
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue(column, f"{shown} is not a date that exists") from None
    if moment.year not in _YEARS:
        raise BadValue(column, f"{shown} lies outside the years 1900 to 2200")
    return moment


def day(column: str, value: object) -> str:
    """A date as text `YYYY-MM-DD`; an instant loses its time of day.

    Raises:
        BadValue: if it is no date.
    """
    shown = f"`{str(value)[:60]}`"
    if not isinstance(value, str) or not _DATE.match(value):
        raise BadValue(column, f"{shown} is not a date: write 1988-02-29")
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise BadValue(column, f"{shown} is not a date that exists") from None


def from_cell(column: str, cell: str, zone: ZoneInfo) -> Value:
    """The value of one CSV cell that is not empty.

    Raises:
        BadValue: if it looks like a date and is none.
    """
    if column in TEXT_ATTRIBUTES:
        return text(cell)
    if column == "tags":
        return tuple(tag for part in re.split("[,;|]", text(cell)) if (tag := part.strip()))
    if cell[0] in "-0123456789":
        number = _NUMBER.fullmatch(cell)
        if number:
            return (round(float(cell), 6) + 0.0) if number[1] else int(cell)
    return _dated(column, cell, zone)


def from_json(
    name: str, value: object, zone: ZoneInfo, depth: int = 0
) -> Iterator[tuple[str, Value | None]]:
    """The name and value of one JSON member; several where it is an object. None where it is null.

    Raises:
        BadValue: for a number that is none, a date that is none, or objects nested too deeply.
    """
    if isinstance(value, Mapping):
        if depth == _DEEPEST:
            raise BadValue(name, f"objects are nested more than {_DEEPEST} deep")
        for inner, part in value.items():
            yield from from_json(f"{name}_{inner}", part, zone, depth + 1)
    elif isinstance(value, str):
        yield name, _dated(name, value, zone)
    elif isinstance(value, bool) or value is None:
        yield name, value
    elif isinstance(value, int):
        yield name, value if -_LARGEST < value < _LARGEST else str(value)
    elif isinstance(value, float):
        if not isfinite(value):
            raise BadValue(name, "is not a number")
        yield name, round(value, 6) + 0.0
    elif isinstance(value, list) and all(isinstance(part, str) for part in value):
        yield name, tuple(map(text, value))
    else:
        try:
            yield name, text(json.dumps(value, ensure_ascii=False))
        except RecursionError:
            raise BadValue(name, "lists are nested too deeply") from None


def _dated(column: str, value: str, zone: ZoneInfo) -> str:
    """Text, where an instant is written in UTC and a date has to exist."""
    if value[:1].isdigit() and _DATE.match(value):
        if _DATE.fullmatch(value):
            return day(column, value)
        if _INSTANT.match(value) and len(value) <= 40:
            moment = instant(column, value, zone)
            return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return text(value)
