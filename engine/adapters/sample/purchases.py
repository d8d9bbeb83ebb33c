"""The two data files, read as they are: purchases, and sentences that people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of the CDNOW sample. `number` counts the lines of the file from 1, `customer` the
    people from 1 to 2357; `total` is in US dollars and sometimes zero."""

    number: int
    customer: int
    day: date
    items: int
    total: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the Yelp sentences. `number` counts the lines of the file from 1."""

    number: int
    text: str
    positive: bool


def purchases() -> Iterator[Purchase]:
    """All 6,919 purchases, in the order of the file: customer by customer, oldest first."""
    for number, line in enumerate(_lines("cdnow_sample.txt"), 1):
        _, customer, day, items, total = line.split()
        yield Purchase(number, int(customer), date.fromisoformat(day), int(items), float(total))


def sentences() -> Iterator[Sentence]:
    """All 1,000 sentences, in the order of the file."""
    for number, line in enumerate(_lines("yelp_sentences.tsv"), 1):
        text, _, label = line.rpartition("\t")
        yield Sentence(number, text.strip(), label.strip() == "1")


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip()]
