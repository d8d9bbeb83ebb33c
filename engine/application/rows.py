"""Files of rows (CSV or JSON Lines, also gzipped) as what arrives, one row after the other.

Memory stays flat, whatever the size of the file. A bad row stops only itself (R10.4): it comes out as
`Rejected`, with its line, its column and the reason in the writer's words.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from engine.application.row_consent import consent_row
from engine.application.row_kinds import (
    Reader,
    Row,
    event_row,
    feedback_row,
    person_row,
)
from engine.application.row_values import BadValue
from engine.domain.arrival import Arrival
from engine.domain.errors import MistakeError


def history_row(row: Row, reader: Reader) -> Iterator[Arrival]:
    """A row of a mixed history: `type` says its kind, `event` where nothing is said."""
    kind = str(row.get("type", "event"))
    if kind not in _HISTORY:
        raise BadValue("type", f"`{kind}` is none of {', '.join(_HISTORY)}")
    rest = {column: value for column, value in row.items() if column != "type"}
    return _HISTORY[kind](rest, reader)


_HISTORY: Mapping[str, Callable[[Row, Reader], Iterator[Arrival]]] = {
    "person": person_row,
    "event": event_row,
    "consent": consent_row,
    "feedback": feedback_row,
}


KINDS: Mapping[str, Callable[[Row, Reader], Iterator[Arrival]]] = {
    "people": person_row,
    "events": event_row,
    "feedback": feedback_row,
    "consent": consent_row,
    "history": history_row,
}
NEEDED = {
    "people": ("id",),
    "events": ("person", "name", "at"),
    "feedback": ("person", "at"),
    "consent": ("person", "state", "at"),
    "history": (),
}
"""Columns without which no row of a CSV could be read."""

LONGEST_LINE = 200_000
"""Bytes. A longer line is rejected, and only its beginning is kept."""
MOST_COLUMNS = 1_000
_KEPT = 2_000
Line = tuple[int, bytes]
_LINES_IN_A_ROW = 1_000
"""How far a quote may run on over lines before it counts as never closed."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One good row: its first line (1-based) and what arrived with it."""

    line: int
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """One bad row: its first line, the column (empty where the row as a whole is bad), the reason,
    and the row itself: a mapping where it could be taken apart, else its text."""

    line: int
    column: str
    reason: str
    row: object

    @property
    def sentence(self) -> str:
        """The reason with its column, for people."""
        return f"`{self.column}` {self.reason}" if self.column else self.reason


def read_rows(
    stream: BinaryIO, kind: str, reader: Reader, renames: Mapping[str, str] | None = None
) -> Iterator[Accepted | Rejected]:
    """All rows of a file of one kind (a key of `KINDS`), as they come.

    CSV needs a heading; the separator (comma, semicolon, tab) is seen from it. Headings become names:
    `First Name` is `first_name`. `renames` maps headings or JSON members to names, and is applied
    first. Empty cells are absent.

    Raises:
        MistakeError: if the file as a whole cannot be read: no heading, a column that every row
            needs is missing, another encoding, a broken gzip file.
    """
    lines = _numbered(_unzipped(stream))
    first = next((entry for entry in lines if entry[1].strip()), None)
    if first is None:
        return
    number, start = first
    _check_encoding(start)
    start = start.removeprefix(b"\xef\xbb\xbf")
    beginning = start.lstrip()[:1]
    if beginning == b"[":
        raise MistakeError(
            "the file is one JSON array",
            help="write one object a line (JSON Lines), for example with `jq -c '.[]'`",
        )
    to_arrivals = KINDS[kind]
    if beginning == b"{":
        rows = _json_rows(_again(number, start, lines), renames or {})
    else:
        rows = _csv_rows(number, start, lines, kind, renames or {})
        reader = replace(reader, cells=True)
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        line, values = row
        try:
            yield Accepted(line, tuple(to_arrivals(values, reader)))
        except BadValue as error:
            yield Rejected(line, error.column, error.reason, values)


# ── lines ─────────────────────────────────────────────────────────────────────────────────────


def _unzipped(stream: BinaryIO) -> BinaryIO:
    """The stream, unpacked if it begins like a gzip file."""
    buffered = (
        stream
        if isinstance(stream, io.BufferedReader)
        else io.BufferedReader(cast(io.RawIOBase, stream))
    )
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.open(buffered))
    return buffered


def _numbered(stream: BinaryIO) -> Iterator[Line]:
    """Line numbers, from 1, and lines without their end."""
    number = 0
    try:
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                while (more := stream.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
                    pass
            yield number, line.rstrip(b"\r\n")
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise MistakeError(
            f"the gzip file is broken after line {number}",
            help="copy it anew and import it again; what came in already changes nothing",
        ) from None


def _check_encoding(start: bytes) -> None:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start[:4]:
        raise MistakeError("the file is not UTF-8 text", help="save it as CSV in UTF-8")


def _text(number: int, line: bytes) -> str | Rejected:
    """The line as text, or why it is none."""
    if len(line) > LONGEST_LINE:
        start = line[:_KEPT].decode("utf-8", "replace")
        return Rejected(number, "", f"the line is longer than {LONGEST_LINE:,} bytes", start)
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"the line is not UTF-8 text (byte {error.start + 1})"
        return Rejected(number, "", reason, line.decode("utf-8", "replace"))


def _again(number: int, line: bytes, lines: Iterator[Line]) -> Iterator[Line]:
    yield number, line
    yield from lines


# ── JSON Lines ────────────────────────────────────────────────────────────────────────────────


def _json_rows(
    lines: Iterator[Line], renames: Mapping[str, str]
) -> Iterator[tuple[int, Row] | Rejected]:
    for number, raw in lines:
        if not raw.strip():
            continue
        line = _text(number, raw)
        if isinstance(line, Rejected):
            yield line
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            reason = f"the line is not JSON: {error.msg.lower()} (character {error.colno})"
            yield Rejected(number, "", reason, line)
            continue
        except (RecursionError, ValueError):
            yield Rejected(number, "", "the line is nested too deeply or holds a huge number", line)
            continue
        if not isinstance(row, dict):
            yield Rejected(number, "", "the line is not a JSON object", row)
        elif renames:
            yield number, {renames.get(name, name): value for name, value in row.items()}
        else:
            yield number, row


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────


def _csv_rows(
    number: int,
    heading: bytes,
    lines: Iterator[Line],
    kind: str,
    renames: Mapping[str, str],
) -> Iterator[tuple[int, Row] | Rejected]:
    text = _text(number, heading)
    if isinstance(text, Rejected):
        raise MistakeError(text.reason, help="save the file as CSV in UTF-8")
    separator = max(",;\t", key=text.count)
    names = _names(_split(text, separator), renames)
    missing = [name for name in NEEDED[kind] if name not in names]
    if missing:
        raise MistakeError(
            f"rows of {kind} need a column `{missing[0]}`; the file has {', '.join(filter(None, names))}",
            help=f"rename the one that is meant with `--map NAME={missing[0]}`",
        )
    width = len(names)
    for line, cells in _records(lines, separator):
        if isinstance(cells, Rejected):
            yield cells
            continue
        if len(cells) > width and any(cells[width:]):
            reason = f"the row has {len(cells)} cells, the heading has {width}"
            yield Rejected(line, "", reason, cells)
            continue
        row = {
            name: stripped
            for name, cell in zip(names, cells, strict=False)
            if (stripped := cell.strip())
        }
        if not row:
            continue
        if "" in row:
            yield Rejected(line, "", "a cell stands under no heading", cells)
        else:
            yield line, row


def _name(heading: str) -> str:
    return re.sub(r"[\s-]+", "_", heading.strip()).lower()


def _names(headings: Sequence[str], renames: Mapping[str, str]) -> list[str]:
    """Headings as names: renamed, as they stand or by their name, or in snake_case."""
    plain = [(heading.strip(), _name(heading)) for heading in headings]
    names = [renames.get(heading) or renames.get(name) or name for heading, name in plain]
    if len(names) > MOST_COLUMNS:
        raise MistakeError(
            f"the heading has {len(names):,} columns, and {MOST_COLUMNS:,} are the most",
            help="look whether the first line is a heading, and its separator , ; or a tab",
        )
    for name in names:
        if name and names.count(name) > 1:
            raise MistakeError(
                f"two columns are called `{name}`", help="rename or delete one of them"
            )
    return names


def _records(lines: Iterator[Line], separator: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Rows as lists of cells. A quoted cell may run over lines; one that never closes costs only the
    line that opened it."""
    waiting: deque[Line] = deque()
    while True:
        entry = waiting.popleft() if waiting else next(lines, None)
        if entry is None:
            return
        number, raw = entry
        text = _text(number, raw)
        if isinstance(text, Rejected):
            yield number, text
            continue
        if '"' not in text:
            yield number, text.split(separator)
            continue
        cells = _split_strictly(text, separator)
        if cells is None and text.count('"') % 2:
            cells = _split_over_lines(text, lines, waiting, separator)
        if cells is None:
            yield number, Rejected(number, "", "a quote is opened and not closed properly", text)
        else:
            yield number, cells


def _split_over_lines(
    text: str, lines: Iterator[Line], waiting: deque[Line], separator: str
) -> list[str] | None:
    """Join following lines until the quote closes. If it never does, they wait to be read anew."""
    parts, size = [text], len(text)
    for taken in range(_LINES_IN_A_ROW):
        if taken == len(waiting):
            entry = next(lines, None)
            if entry is None:
                return None
            waiting.append(entry)
        following = _text(*waiting[taken])
        size += len(waiting[taken][1])
        if isinstance(following, Rejected) or size > LONGEST_LINE:
            return None
        parts.append(following)
        if following.count('"') % 2:
            cells = _split_strictly("\n".join(parts), separator)
            if cells is not None:
                for _ in range(taken + 1):
                    waiting.popleft()
            return cells
    return None


def _split_strictly(text: str, separator: str) -> list[str] | None:
    try:
        rows = list(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _split(text: str, separator: str) -> list[str]:
    return _split_strictly(text, separator) or text.split(separator)
