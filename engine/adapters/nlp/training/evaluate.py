"""Judging a model on texts with labels: GoEmotions' four label sets, or customers' sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.classifier import Classifier, Scores
from engine.adapters.nlp.labels import HEADS, SENSITIVE
from engine.adapters.nlp.training.calibrate import platt, probabilities
from engine.adapters.nlp.training.customers import Sentence, own, read
from engine.adapters.nlp.training.needs import data_folder
from engine.adapters.nlp.training.own_set import own_figures
from engine.adapters.nlp.training.rows import Matrix, Rows, goemotions
from engine.adapters.nlp.training.score import (
    Figure,
    best_thresholds,
    calibration_error,
    f1,
    interval,
    micro_f1,
)
from engine.adapters.nlp.training.split import JUDGES
from engine.domain.emotion import EMOTIONS
from engine.domain.errors import MistakeError

Truth = NDArray[np.bool_]
Table = tuple[tuple[str, ...], list[tuple[object, ...]]]
JUDGED = ("goemotions", "ekman", "sentiment", "mood")
TITLES = {
    "goemotions": "28 of GoEmotions",
    "ekman": "Ekman 7",
    "sentiment": "sentiment 4",
    "mood": "the ten",
}


@dataclass
class Judged:
    """What one set of texts says of a model; `figures` for programs, `tables` for people."""

    title: str
    texts: int
    notes: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {"set": self.title, "texts": self.texts, "notes": self.notes, **self.figures}


def judged(classifier: Classifier, file: Path) -> Judged:
    """A file in the format of GoEmotions, or with a header like the customer set."""
    with file.open(encoding="utf-8") as lines:
        heading = lines.readline().rstrip("\n").split("\t")
    if {"text", "labels"} <= set(heading):
        sentences = read(file)
        _some(sentences, file)
        return judged_customers(classifier, sentences, file.name)
    try:
        rows = goemotions(file)
    except (ValueError, IndexError):
        raise MistakeError(
            f"{file}: neither a file of GoEmotions nor one with a header",
            help="a line is `text, tab, label numbers from 0 to 27 with commas, tab, id`; or the "
            "first line names the columns, among them id, text and labels",
        ) from None
    _some(rows.texts, file)
    return judged_goemotions(classifier, rows, file.name)


def _some(texts: Sequence[object], file: Path) -> None:
    if not texts:
        raise MistakeError(f"{file}: there are no texts to judge by")


def judged_sets(classifier: Classifier) -> list[Judged]:
    """The sets of the checkout that training has not seen."""
    data = data_folder()
    dev = goemotions(data / "goemotions" / "dev.tsv")
    folder = data / "customer-feedback"
    found = [judged_goemotions(classifier, dev, "GoEmotions, dev", crossed=True)]
    held_out, others = own(folder, "test"), own(folder, "other-author")
    for title, sentences in (
        ("customer feedback, templates and pairs held out", held_out),
        *(
            (f"customer feedback, another author ({author}), {what}", of_author)
            for author, what in JUDGES.items()
            if (of_author := [one for one in others if one.author == author])
        ),
    ):
        found.append(judged_customers(classifier, sentences, title))
    return found


def judged_goemotions(
    classifier: Classifier, rows: Rows, title: str, *, crossed: bool = False
) -> Judged:
    """Each label set with the model's thresholds; `crossed`: with those that fit the other half."""
    scores = classifier.read(rows.texts, of_comments=True)
    honest = Scores(_refitted(scores.probabilities, rows)) if crossed else scores
    found = Judged(f"{title}: {len(rows):,} comments", len(rows))
    if crossed:
        found.notes.append(
            "The model's calibration and thresholds were fitted on these comments; here each half is "
            "judged by those fitted on the other."
        )
    averages: list[tuple[object, ...]] = []
    for head in JUDGED:
        truth, probability = rows.head(head) > 0.5, scores.head(head)
        said = (
            _crossed(truth, probability)
            if crossed
            else probability
            >= np.array(list(classifier.threshold(head, of_comments=True).values()))
        )
        error = calibration_error(truth, honest.head(head))
        figures = _averages(truth, said)
        found.figures[head] = {
            "macro_f1": _document(figures[0]),
            "micro_f1": _document(figures[1]),
            "calibration_error": {"mean": float(error.mean()), "worst": float(error.max())},
            "labels": {
                label: round(float(one), 4)
                for label, one in zip(HEADS[head], f1(truth, said), strict=True)
            },
        }
        averages.append(
            (TITLES[head], *map(str, figures), f"{error.mean():.3f} / {error.max():.3f}")
        )
    heading = ("labels", "macro-F1 (95 %)", "micro-F1 (95 %)", "calibration error mean / worst")
    found.tables.append((heading, averages))
    found.tables.append(
        (
            ("label", "F1", "rows"),
            [
                (label, f"{found.figures[head]['labels'][label]:.3f}", int(count))
                for head in ("mood", "goemotions")
                for label, count in zip(HEADS[head], rows.head(head).sum(0), strict=True)
            ],
        )
    )
    return found


def judged_customers(classifier: Classifier, sentences: Sequence[Sentence], title: str) -> Judged:
    """Top labels, flips of polarity, sarcasm, and F1 by label."""
    scores = classifier.read([one.text for one in sentences])
    limits = classifier.thresholds
    said = scores.mood >= np.array([limits[label] for label in EMOTIONS])
    figures = own_figures(sentences, scores.mood, said, scores.sensitive >= limits[SENSITIVE])
    found = Judged(f"{title}: {len(sentences):,} sentences", len(sentences))
    shown = {
        "macro-F1": figures.macro_f1,
        "top label exact": figures.exact,
        "top label accepted": figures.accepted,
        "polarity flips": figures.flips,
        "sarcasm accepted": figures.sarcasm,
    }
    precision, recall = figures.sensitive
    found.figures = {
        **{name.replace("-", "_").replace(" ", "_"): _document(one) for name, one in shown.items()},
        "labels": {label: round(one, 4) for label, one in figures.by_label.items()},
        "accepted_by_kind": {
            kind: {"sentences": count, "share": round(share, 4)}
            for kind, (count, share) in figures.by_kind.items()
        },
        "sensitive": {"precision": round(precision, 4), "recall": round(recall, 4)},
    }
    found.tables = [
        (("measure", "value (95 %)"), [(name, str(one)) for name, one in shown.items()]),
        (
            ("label", "F1"),
            [(label, f"{one:.3f}") for label, one in figures.by_label.items()],
        ),
        (
            ("kind", "accepted", "sentences"),
            [(kind, f"{share:.3f}", count) for kind, (count, share) in figures.by_kind.items()],
        ),
    ]
    found.notes.append(f"sensitive: precision {precision:.2f}, recall {recall:.2f}")
    return found


def _refitted(probability: Matrix, rows: Rows) -> Matrix:
    """Each half calibrated anew by the lines that fit the other."""
    safe = np.clip(probability, 1e-6, 1 - 1e-6)
    logits = np.log(safe / (1 - safe))
    found = np.empty_like(probability)
    half = np.arange(len(probability)) % 2 == 0
    for judged_half in (half, ~half):
        line = platt(logits[~judged_half], rows.take(np.flatnonzero(~judged_half)))
        found[judged_half] = probabilities(logits[judged_half], *line)
    return found


def _crossed(truth: Truth, probability: Matrix) -> Truth:
    said = np.zeros_like(truth)
    half = np.arange(len(truth)) % 2 == 0
    for judged_half in (half, ~half):
        best = best_thresholds(truth[~judged_half], probability[~judged_half])
        said[judged_half] = probability[judged_half] >= best
    return said


def _averages(truth: Truth, said: Truth) -> tuple[Figure, Figure]:
    there = truth.any(0)
    return (
        interval(lambda rows: float(f1(truth[rows], said[rows])[there].mean()), len(truth)),
        interval(lambda rows: micro_f1(truth[rows], said[rows]), len(truth)),
    )


def _document(figure: Figure) -> dict[str, float]:
    return {
        "value": round(figure.value, 4),
        "low": round(figure.low, 4),
        "high": round(figure.high, 4),
    }
