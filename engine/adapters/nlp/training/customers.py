"""Rows of the project's own set, `datasets/customer-feedback`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.adapters.nlp.labels import HEADS, SENSITIVE, WIDTH, columns
from engine.adapters.nlp.plain import plain
from engine.adapters.nlp.training.rows import HEAD_WEIGHTS, Rows
from engine.adapters.nlp.training.split import Part, part
from engine.domain.emotion import EMOTIONS
from engine.domain.errors import MistakeError

COLUMNS = ("id", "text", "labels", "accepted", "domain", "kind", "pair", "author")
BY_HAND = 3.0
SECOND, ACCEPTED = 0.8, 0.35
"""How true labels are that are not the strongest, and those a fair reader would accept as such."""


@dataclass(frozen=True)
class Sentence:
    """One sentence with its labels, the strongest first; `top` is "" where only `sensitive` stands."""

    id: str
    text: str
    labels: tuple[str, ...]
    accepted: frozenset[str]
    kind: str
    author: str
    template: str
    part: Part

    @property
    def top(self) -> str:
        """The strongest of the ten, or ""."""
        return next((label for label in self.labels if label != SENSITIVE), "")


def read(file: Path) -> list[Sentence]:
    """The sentences of one TSV file with a header line.

    Raises:
        MistakeError: at a line with other columns or labels than it should have.
    """
    lines = file.read_text(encoding="utf-8").split("\n")
    names = lines[0].split("\t")
    if missing := [name for name in ("id", "text", "labels") if name not in names]:
        raise MistakeError(f"{file}:1: there is no column `{missing[0]}`")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            cells = line.split("\t")
            if len(cells) != len(names):
                raise MistakeError(f"{file}:{number}: {len(cells)} columns instead of {len(names)}")
            found.append(_sentence(dict(zip(names, cells, strict=True)), f"{file}:{number}"))
    return found


def _sentence(row: dict[str, str], place: str) -> Sentence:
    labels = tuple(one.strip() for one in row["labels"].split(",") if one.strip())
    known = {*EMOTIONS, SENSITIVE}
    accepted = {one.strip() for one in row.get("accepted", "").split(",")} & known
    if not labels or set(labels) - known:
        raise MistakeError(f"{place}: `{row['labels']}` are not labels of the ten, or `sensitive`")
    key = row.get("template") or row.get("pair") or row["id"]
    author = row.get("author", "")
    return Sentence(
        row["id"], row["text"], labels, frozenset({*accepted, *labels[:1]}), row.get("kind", ""),
        author, row.get("template", ""), part(author, key),
    )  # fmt: skip


def own(folder: Path, *parts: Part) -> list[Sentence]:
    """The committed sentences of those parts: the hand-written ones and those from templates."""
    files = [*sorted(folder.glob("handwritten-*.tsv")), folder / "sentences.tsv"]
    return [one for file in files for one in read(file) if one.part in parts]


def rows(sentences: Sequence[Sentence], weight: float = 1.0, softly: bool = True) -> Rows:
    """The sentences as rows to learn from, each counting `weight` times as much as a comment, and
    `BY_HAND` times that where it was written by hand, for those from templates have siblings.

    `softly`, second labels and merely accepted ones are true in part; else a label is true or false.
    The columns of other label sets stay open.
    """
    targets = np.zeros((len(sentences), WIDTH), np.float32)
    weights = np.zeros_like(targets)
    mood, sensitive = columns("mood"), columns(SENSITIVE)
    for row, one in enumerate(sentences):
        targets[row, mood] = [_truth(label, one, softly) for label in EMOTIONS]
        targets[row, sensitive] = SENSITIVE in one.labels
        share = weight * (1.0 if one.template else BY_HAND)
        if one.top:
            weights[row, mood] = share * HEAD_WEIGHTS["mood"] / len(HEADS["mood"])
        weights[row, sensitive] = share * HEAD_WEIGHTS[SENSITIVE]
    return Rows(
        [one.id for one in sentences], [plain(one.text) for one in sentences], targets, weights
    )


def _truth(label: str, sentence: Sentence, softly: bool) -> float:
    if label in sentence.labels:
        return SECOND if softly and label != sentence.top else 1.0
    return ACCEPTED if softly and label in sentence.accepted else 0.0


def misspelt(rows: Rows, seed: int) -> Rows:
    """The same rows as typed in haste: a letter lost, doubled or swapped in one word of six, and
    the punctuation of half of them gone."""
    chance = np.random.default_rng(seed)
    texts = []
    for text in rows.texts:
        words = [_slip(word, chance) if chance.random() < 1 / 6 else word for word in text.split()]
        if chance.random() < 0.5:
            words = [word.rstrip(".,!") for word in words]
        texts.append(" ".join(words))
    return Rows(rows.ids, texts, rows.targets, rows.weights)


def _slip(word: str, chance: np.random.Generator) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    place = int(chance.integers(1, len(word) - 1))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    swapped = before + after[:1] + letter + after[1:]
    return (before + after, before + letter + letter + after, swapped)[int(chance.integers(3))]
