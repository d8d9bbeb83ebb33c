"""What commands print: sentences and tables for people, JSON for programs.

Rich is loaded only for a terminal; elsewhere tables are plain aligned columns.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import click


def say(text: str = "") -> None:
    """One line for people, on standard output."""
    click.echo(clean(text))


def clean(text: str) -> str:
    """Text without control characters, so that data cannot drive the reader's terminal."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 person`, `2,357 people`: a number with its noun, whose plural ends in s if none is given."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def cell(value: object) -> str:
    """A value in a table: instants to the minute in UTC, lists with commas, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%MZ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return clean(str(value)).replace("\n", " ")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table with a heading. Columns that hold only numbers are set to the right."""
    rows = [tuple(row) for row in rows]
    right = [
        bool(rows) and all(isinstance(row[i], int | float) for row in rows)
        for i in range(len(columns))
    ]
    texts = [tuple(map(cell, row)) for row in rows]
    if sys.stdout.isatty():
        _rich_table(columns, texts, right)
    else:
        _plain_table(columns, texts, right)


def _rich_table(
    columns: Sequence[str], texts: Sequence[Sequence[str]], right: Sequence[bool]
) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column, is_number in zip(columns, right, strict=True):
        shown.add_column(column, justify="right" if is_number else "left")
    for row in texts:
        shown.add_row(*map(Text, row))
    Console().print(shown)


def _plain_table(
    columns: Sequence[str], texts: Sequence[Sequence[str]], right: Sequence[bool]
) -> None:
    lines = [tuple(columns), *texts]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        cells = [
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(line, widths, right, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def document(value: object) -> None:
    """One JSON document, indented."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def lines(values: Iterable[Mapping[str, object]]) -> None:
    """JSON Lines: one object a line, written as they come."""
    for value in values:
        click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def instant(moment: datetime) -> str:
    """An instant in JSON: ISO 8601 in UTC with a Z, without needless zeros."""
    return moment.isoformat().replace("+00:00", "Z")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
