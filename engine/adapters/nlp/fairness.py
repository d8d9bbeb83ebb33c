"""Does it matter who somebody is: the same sentence about different people, and how its scores differ.

Counterfactual sentences in the manner of the Equity Evaluation Corpus (S. Kiritchenko, S. M. Mohammad,
"Examining Gender and Race Bias in Two Hundred Sentiment Analysis Systems", arXiv 1805.04508), about
customers instead. Only the person changes, so every difference of a score is a gap of the model.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.domain.emotion import EMOTIONS

Score = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]
"""Texts, and the name that stands in each (or ""), to (texts, 10) probabilities."""
TYPOS = "typos"
_SLIPS = 2
"""So many slips of the finger in a sentence with typos."""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One sentence of one group. Those of one `case` differ by nothing but the group."""

    dimension: str
    case: str
    group: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """How far one dimension moves the scores.

    `sentences` counts texts. `mean` is the mean, over cases, pairs of groups and labels, of |p - p'|;
    `rate` the largest difference, over labels, between the shares of two groups that reach the
    label's threshold (`label`, `most`, `least` say which); `worst` the largest |p - p'| of any case,
    and `of` that case's text.
    """

    dimension: str
    groups: tuple[str, ...]
    sentences: int
    mean: float
    rate: float
    label: str
    most: str
    least: str
    worst: float
    of: str


def counterfactuals(folder: Path) -> list[Counterfactual]:
    """All sentences that the files of `datasets/counterfactuals` make.

    Raises:
        FileNotFoundError: if a file is missing.
    """
    templates = list(_rows(folder / "templates.tsv"))
    found = [
        Counterfactual(
            group["dimension"],
            f"{template['id']}-{group['pair']}",
            group["group"],
            _filled(template["template"], group["subject"]),
        )
        for group in _rows(folder / "groups.tsv")
        for template in templates
    ]
    found += [
        Counterfactual(
            person["dimension"],
            template["id"],
            f"{person['name']} ({person['gender']}, {person['origin']})",
            _filled(template["template"], person["name"]),
            person["name"],
        )
        for person in _rows(folder / "names.tsv")
        for template in templates
    ]
    for pair in _rows(folder / "dialects.tsv"):
        found += [
            Counterfactual(pair["group"], pair["id"], "standard", pair["standard"]),
            Counterfactual(pair["group"], pair["id"], pair["group"], pair["variant"]),
        ]
    for template in templates:
        said = _filled(template["template"], "my neighbour")
        found += [
            Counterfactual(TYPOS, template["id"], "none", said),
            Counterfactual(
                TYPOS, template["id"], "typos", _mistyped(said, int(template["id"][2:]))
            ),
        ]
    return found


def gaps(
    sentences: Sequence[Counterfactual], score: Score, thresholds: Mapping[str, float]
) -> list[Gap]:
    """The gap of each dimension, in the order in which they come."""
    scores = score([one.text for one in sentences], [one.name for one in sentences])
    bounds = np.array([thresholds[label] for label in EMOTIONS], np.float32)
    dimensions = dict.fromkeys(one.dimension for one in sentences)
    return [_gap(dimension, sentences, scores, bounds) for dimension in dimensions]


def _gap(
    dimension: str,
    sentences: Sequence[Counterfactual],
    scores: NDArray[np.float32],
    bounds: NDArray[np.float32],
) -> Gap:
    places = [place for place, one in enumerate(sentences) if one.dimension == dimension]
    cases: dict[str, list[int]] = {}
    groups: dict[str, list[int]] = {}
    for place in places:
        cases.setdefault(sentences[place].case, []).append(place)
        groups.setdefault(sentences[place].group, []).append(place)
    pairs = np.array([pair for case in cases.values() for pair in combinations(case, 2)])
    apart = np.abs(scores[pairs[:, 0]] - scores[pairs[:, 1]])
    rates = np.array([(scores[places] >= bounds).mean(axis=0) for places in groups.values()])
    label = int((rates.max(axis=0) - rates.min(axis=0)).argmax())
    names = tuple(groups)
    return Gap(
        dimension,
        names,
        len(places),
        float(apart.mean()),
        float(rates[:, label].max() - rates[:, label].min()),
        EMOTIONS[label],
        names[int(rates[:, label].argmax())],
        names[int(rates[:, label].argmin())],
        float(apart.max()),
        sentences[pairs[int(apart.max(axis=1).argmax())][0]].text,
    )


def _filled(template: str, subject: str) -> str:
    return template.replace("{subject}", subject).replace(
        "{Subject}", subject[0].upper() + subject[1:]
    )


def _mistyped(text: str, seed: int) -> str:
    """Two neighbouring letters swapped inside two of the longer words: always the same ones."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for slip in range(min(_SLIPS, len(long))):
        place = long[(seed * 7 + slip * 3) % len(long)]
        word = words[place]
        at = 1 + (seed + slip) % (len(word) - 2)
        words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
