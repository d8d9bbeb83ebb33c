"""The model card: what the model is made of, how well it reads, and what it must not be used for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from engine.adapters.nlp.classifier import ENCODER, LINEAR, META, TOKENIZER, Classifier
from engine.adapters.nlp.training.evaluate import Judged, judged_sets
from engine.adapters.nlp.training.fair import judged_fairness
from engine.adapters.nlp.training.needs import data_folder

CARD = "MODEL_CARD.md"
ABOUT = """\
# Model card: moods of customers' messages

Reads a short English text and gives calibrated probabilities for ten moods (angry, frustrated, \
disappointed, anxious, confused, interested, grateful, delighted, satisfied, indifferent), for the 28 \
labels of GoEmotions and their two groupings, and for `sensitive` (grief, illness, self-harm are spoken \
of). It runs on one processor core and downloads nothing.

This file is written by `sincerely mood train`; `sincerely mood evaluate` measures it again.

## What it is made of

- **Encoder** (`encoder.onnx`, `tokenizer.json`): all-MiniLM-L6-v2, six layers of width 384, fine-tuned in \
two stages, first twice on GoEmotions, then, from the mean of both, on GoEmotions and our customer set; \
mean pooling and one layer for all label sets. Word embeddings as they were, without the pieces that \
neither corpus uses; weights in 8 bits. One text runs at a time, so no other text moves its scores.
- **Linear model** (`linear.npz`): logistic regressions on TF-IDF of words, pairs of words and letters \
within words. Its logits are added to the encoder's; where onnxruntime is absent it reads alone, and the \
version says so (`-linear`).
- **Calibration** (`meta.json`): one line (Platt) for each label, fitted on both development sets; for \
the ten moods one for customers and one for comments.

Words for gender, age, origin, faith, disability and family are replaced by neutral ones before \
anything is read, in training and in use.

## Data, licences, attribution

- GoEmotions: D. Demszky, D. Movshovitz-Attias, J. Ko, A. Cowen, G. Nemade, S. Ravi, "GoEmotions: A \
Dataset of Fine-Grained Emotions", ACL 2020; Google Research; CC BY 4.0. Changed: emoji \
in words, neutral words as above.
- Customer feedback: written for this project, `datasets/customer-feedback`; CC BY 4.0.
- all-MiniLM-L6-v2: sentence-transformers (N. Reimers and others), from MiniLM by Microsoft; \
Apache 2.0. Changed: fine-tuned, pruned, in 8 bits. Weights to begin with, sha256:
  `53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db`.
"""
LIMITS = """\
## Limits

- English only. Whoever uses it detects the language first and says `unknown` for others.
- It reads words, not people: it says what a message sounds like to a reader, not what its writer feels. \
Irony without a cue, private jokes and what was said before the message escape it.
- GoEmotions was labelled by native English speakers from India and written by users of one American \
platform; of 1,000 comments that others re-checked, 308 were called badly labelled. Our own set is \
written by a handful of authors who imagined customers; no real customer wrote it.
- Labels with few examples (grief, relief, pride) are read badly.
- `sensitive` misses much. It may stop a promotion; it must never be relied on to find people in need.

## What it must not be used for

Deciding about credit, insurance, employment, prices or access; diagnosing health; judging employees or \
ranking customers; texts of children; finding a moment of weakness to sell to. Profiles need the consent of \
the person, and a person may withdraw it.
"""


def write_card(folder: Path) -> list[Judged]:
    """Judge the model in `folder` on the sets of the checkout and write its card there."""
    hybrid = Classifier.load(folder, "hybrid")
    alone = Classifier.load(folder, "linear")
    found = [*judged_sets(hybrid), judged_fairness(hybrid, data_folder() / "counterfactuals")]
    parts = [ABOUT, _files(folder), f"## How well it reads: {hybrid.version}\n\n" + _figures(found)]
    parts += [f"## The linear model alone: {alone.version}\n\n" + _figures(judged_sets(alone))]
    (folder / CARD).write_text("\n".join([*parts, LIMITS]), encoding="utf-8")
    return found


def _files(folder: Path) -> str:
    hashes = json.loads((folder / META).read_text(encoding="utf-8"))["sha256"]
    rows = [
        (name, f"{(folder / name).stat().st_size / 1e6:.1f} MB", f"`{hashes[name]}`")
        for name in (ENCODER, TOKENIZER, LINEAR)
    ]
    return "## Files\n\n" + _table(("file", "size", "sha256"), rows)


def _figures(sets: Sequence[Judged]) -> str:
    lines = ["Intervals are 95 % of the bootstrap over texts.\n"]
    for one in sets:
        lines += [
            f"### {one.title[0].upper()}{one.title[1:]}\n",
            *(f"{note}\n" for note in one.notes),
        ]
        lines += [_table(heading, rows) for heading, rows in one.tables]
    return "\n".join(lines)


def _table(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"
