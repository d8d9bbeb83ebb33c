"""The files of this set, read with their places, so that every complaint names a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

EMOTIONS = (
    "angry", "frustrated", "disappointed", "anxious", "confused",
    "interested", "grateful", "delighted", "satisfied", "indifferent",
)  # fmt: skip
LABELS = (*EMOTIONS, "sensitive")
DOMAINS = ("shop", "cafe", "it-support", "clinic", "logistics", "software")
KINDS = (
    "plain", "sarcasm", "sincere-twin", "negation", "but", "threat", "implicit",
    "relief", "mixed", "typo", "emoji", "second-language", "sensitive",
)  # fmt: skip

HANDWRITTEN = ("id", "text", "labels", "accepted", "domain", "kind", "pair", "author")
TEMPLATES = ("id", "template", "labels", "accepted", "domain", "kind", "author")
SENTENCES = (*HANDWRITTEN, "template")


class Wrong(Exception):
    """A file is not what it should be. The message says which file and line, and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its place, and its cells by column."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, the strongest first."""
        return tuple(self["labels"].split(","))

    @property
    def accepted(self) -> frozenset[str]:
        """What a fair reader would also accept as the top label."""
        return frozenset(self["accepted"].split(","))

    @property
    def top(self) -> str:
        """The strongest emotion; `sensitive` only where no emotion is given."""
        return next((label for label in self.labels if label != "sensitive"), "sensitive")


def read(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """The rows of a file, or `Wrong` with the first line that has other columns."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if tuple(lines[0].split("\t")) != columns:
        raise Wrong(f"{path.name}:1: the columns should be: {' '.join(columns)}")
    if lines.pop() != "":
        raise Wrong(f"{path.name}:{len(lines) + 1}: the last line does not end")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        place = f"{path.name}:{number}"
        if len(cells) != len(columns):
            raise Wrong(f"{place}: {len(cells)} columns instead of {len(columns)}")
        rows.append(Row(place, dict(zip(columns, cells, strict=True))))
    return rows


def read_all(pattern: str, columns: tuple[str, ...], folder: Path = HERE) -> list[Row]:
    """The rows of all files of that name, in the order of the names."""
    return [row for path in sorted(folder.glob(pattern)) for row in read(path, columns)]


def text_of(columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> str:
    """The file that holds these rows."""
    return "".join("\t".join(line) + "\n" for line in _lines(columns, rows))


def _lines(columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> Iterator[Iterable[str]]:
    yield columns
    yield from ([row[column] for column in columns] for row in rows)
