"""What SQLite and PostgreSQL spell differently: values in JSON documents, and text byte by byte.

Names and texts are always bound, never written into a statement. A name is put into a JSON path of
SQLite, so it may not hold what means something there (`path_of`).
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    Text,
    column,
    literal,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from engine.domain.values import BIGGEST, BIGGEST_SUMMAND

_NAME = re.compile(r"[^\x00-\x1f\x7f-\U0010ffff\"\\]+")


def path_of(name: str) -> str:
    """The path of SQLite to a member of a JSON document.

    Raises:
        ValueError: for a name outside printable ASCII, or with a quotation mark or backslash; the
            language has no such names.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"a condition cannot read a value called {name!r}")
    return f'$."{name}"'


class _Member(FunctionElement[Any]):
    """Something read from one member of a JSON document."""

    inherit_cache = True

    def __init__(self, document: ColumnElement[Any], name: str) -> None:
        super().__init__(document, literal(path_of(name), Text()), literal(name, Text()))


class JsonText(_Member):
    """The text of a member; null if it is missing or no text."""

    name = "json_text_of"
    type: TypeEngine[str] = Text()
    inherit_cache = True


class JsonNumber(_Member):
    """The number of a member; null if it is missing, no number or beyond 2 ** 53."""

    name = "json_number_of"
    type: TypeEngine[float] = Double()
    inherit_cache = True


class JsonTruth(_Member):
    """`true` or `false` as text; null if the member is missing or no truth value."""

    name = "json_truth_of"
    type: TypeEngine[str] = Text()
    inherit_cache = True


class JsonIsNumber(_Member):
    """Whether a member is a number, however large."""

    name = "json_is_number"
    type: TypeEngine[bool] = Boolean()
    inherit_cache = True


class JsonElements(_Member):
    """The elements of a list as rows with the column `value`; no rows for anything else."""

    name = "json_elements"
    inherit_cache = True


class JsonMillionths(_Member):
    """The sum of a member over rows, in millionths, to the digit; what is no number adds nothing."""

    name = "json_millionths"
    type: TypeEngine[int] = BigInteger()
    inherit_cache = True


class SameMember(FunctionElement[bool]):
    """Whether two documents have the same value for a member, or both have none."""

    name = "same_member"
    type: TypeEngine[bool] = Boolean()
    inherit_cache = True

    def __init__(self, one: ColumnElement[Any], other: ColumnElement[Any], name: str) -> None:
        super().__init__(one, other, literal(path_of(name), Text()), literal(name, Text()))


class Bytewise(FunctionElement[str]):
    """Text that is compared byte by byte, whatever the language of the database."""

    name = "bytewise"
    type: TypeEngine[str] = Text()
    inherit_cache = True


class AsciiUpper(FunctionElement[str]):
    """Text with a to z in capitals."""

    name = "ascii_upper"
    type: TypeEngine[str] = Text()
    inherit_cache = True


class Position(FunctionElement[int]):
    """Where a text is first found in another, from 1; 0 if it is not."""

    name = "position_of"
    type: TypeEngine[int] = BigInteger()
    inherit_cache = True


class IsDate(FunctionElement[bool]):
    """Whether a text is a date `YYYY-MM-DD` that exists."""

    name = "is_date"
    type: TypeEngine[bool] = Boolean()
    inherit_cache = True


class IsInstant(FunctionElement[bool]):
    """Whether a text is an instant `YYYY-MM-DDTHH:MM:SS.ffffffZ` that exists."""

    name = "is_instant"
    type: TypeEngine[bool] = Boolean()
    inherit_cache = True


def elements(document: ColumnElement[Any], name: str) -> Any:
    """The elements of a list as a table with the column `value`."""
    return JsonElements(document, name).table_valued(column("value", Text()))


# ── how each is spelled: @0, @1 … are its parts ─────────────────────────────────────────────

_D = "[0-9]"
_GLOB_DATE = f"{_D * 4}-{_D * 2}-{_D * 2}"
_GLOB_TIME = f"T{_D * 2}:[0-5]{_D}:[0-5]{_D}.{_D * 6}Z"
_LEAP_YEAR = f"({_D * 2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_REGEX_DATE = (
    f"(?!0000)({_D * 4}-((0[13578]|1[02])-(0[1-9]|[12]{_D}|3[01])"
    f"|(0[469]|11)-(0[1-9]|[12]{_D}|30)|02-(0[1-9]|1{_D}|2[0-8]))|{_LEAP_YEAR}-02-29)"
)
_REGEX_TIME = f"T([01]{_D}|2[0-3]):[0-5]{_D}:[0-5]{_D}[.]{_D * 6}Z"

_SQLITE_NUMBER = (
    "CASE WHEN json_type(@0, @1) IN ('integer', 'real') AND json_extract(@0, @1)"
    " BETWEEN -%d AND %d THEN json_extract(@0, @1) END"
)
_POSTGRESQL_NUMBER = (
    "CASE WHEN jsonb_typeof(@0 -> @2) = 'number' THEN CASE WHEN (@0 ->> @2)::numeric"
    " BETWEEN -%d AND %d THEN (@0 ->> @2)::%s END END"
)
_SUMMAND = "(" + _SQLITE_NUMBER % (BIGGEST_SUMMAND, BIGGEST_SUMMAND) + ")"
_SQLITE_KIND = "replace(json_type(@%d, @2), 'real', 'integer')"

# SQLite takes 30 February as it stands until a modifier makes it look at the calendar.
_SPELLINGS: dict[type[FunctionElement[Any]], tuple[str, str]] = {
    JsonText: (
        "CASE json_type(@0, @1) WHEN 'text' THEN json_extract(@0, @1) END",
        "CASE jsonb_typeof(@0 -> @2) WHEN 'string' THEN @0 ->> @2 END",
    ),
    JsonNumber: (
        _SQLITE_NUMBER % (BIGGEST, BIGGEST),
        _POSTGRESQL_NUMBER % (BIGGEST, BIGGEST, "float8"),
    ),
    JsonTruth: (
        "CASE WHEN json_type(@0, @1) IN ('true', 'false') THEN json_type(@0, @1) END",
        "CASE jsonb_typeof(@0 -> @2) WHEN 'boolean' THEN @0 ->> @2 END",
    ),
    JsonIsNumber: (
        "json_type(@0, @1) IN ('integer', 'real')",
        "jsonb_typeof(@0 -> @2) = 'number'",
    ),
    JsonElements: (
        "json_each(CASE json_type(@0, @1) WHEN 'array' THEN json_extract(@0, @1) ELSE '[]' END)",
        "jsonb_array_elements_text(CASE jsonb_typeof(@0 -> @2) WHEN 'array' THEN @0 -> @2"
        " ELSE '[]'::jsonb END)",
    ),
    JsonMillionths: (
        f"(coalesce(sum(CAST({_SUMMAND} AS INTEGER)), 0) * 1000000 + coalesce(sum(CAST(round("
        f"({_SUMMAND} - CAST({_SUMMAND} AS INTEGER)) * 1000000) AS INTEGER)), 0))",
        "coalesce(sum(round(1000000 * ("
        + _POSTGRESQL_NUMBER % (BIGGEST_SUMMAND, BIGGEST_SUMMAND, "numeric")
        + "))), 0)",
    ),
    SameMember: (
        "(json_extract(@0, @2) IS json_extract(@1, @2)"
        f" AND {_SQLITE_KIND % 0} IS {_SQLITE_KIND % 1})",
        "(@0 -> @3 IS NOT DISTINCT FROM @1 -> @3)",
    ),
    Bytewise: ("@0", '(@0 COLLATE "C")'),
    AsciiUpper: ("upper(@0)", 'upper(@0 COLLATE "C")'),
    Position: ("instr(@0, @1)", "strpos(@0, @1)"),
    IsDate: (
        f"(@0 GLOB '{_GLOB_DATE}' AND date(@0, '0 days') = @0 AND @0 >= '0001')",
        f"(@0 ~ '^{_REGEX_DATE}$')",
    ),
    IsInstant: (
        f"(@0 GLOB '{_GLOB_DATE}{_GLOB_TIME}' AND substr(@0, 12, 2) < '24'"
        " AND date(substr(@0, 1, 10), '0 days') = substr(@0, 1, 10) AND @0 >= '0001')",
        f"(@0 ~ '^{_REGEX_DATE}{_REGEX_TIME}$')",
    ),
}


def _spell(element: type[FunctionElement[Any]], dialect: str, spelling: str) -> None:
    def write(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
        parts = [compiler.process(part, **options) for part in element.clauses]
        return re.sub("@([0-9])", lambda found: parts[int(found[1])], spelling)

    compiles(element, dialect)(write)


for _element, (_sqlite, _postgresql) in _SPELLINGS.items():
    _spell(_element, "sqlite", _sqlite)
    _spell(_element, "postgresql", _postgresql)
