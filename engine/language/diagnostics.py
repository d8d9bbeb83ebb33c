"""One mistake, told once: its place, its code, a sentence and one next action (language.md, Errors)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file. Lines and columns count from 1, columns in characters; the end is
    exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A mistake (`error`, blocks) or a doubt (`warning`, never blocks).

    `file` is the path relative to the project. `code` is in `codes.CATALOGUE`. `help` is one next
    action in the writer's words, or empty.
    """

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    help: str = ""

    def __lt__(self, other: Diagnostic) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, int, int, str, str]:
        return self.file, self.line, self.column, self.code, self.message


def at(
    place: Place, code: str, file: str, message: str, help: str = "", severity: Severity = "error"
) -> Diagnostic:
    """A diagnostic at a place of a file."""
    return Diagnostic(
        code,
        severity,
        file,
        place.line,
        place.column,
        place.end_line,
        place.end_column,
        message,
        help,
    )


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Whether anything blocks."""
    return any(found.severity == "error" for found in diagnostics)
