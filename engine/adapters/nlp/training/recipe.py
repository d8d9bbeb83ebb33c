"""The recipe of `sincerely mood train`: from the committed data to a folder that `Classifier` loads."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.adapters.nlp.classifier import ENCODER, LINEAR, META, TOKENIZER
from engine.adapters.nlp.encoder import Encoder as OnnxEncoder
from engine.adapters.nlp.labels import HEADS
from engine.adapters.nlp.linear import Linear
from engine.adapters.nlp.training import customers
from engine.adapters.nlp.training.bert import Encoder, pretrained
from engine.adapters.nlp.training.calibrate import Blend, best_blend, by_column, settings
from engine.adapters.nlp.training.card import write_card
from engine.adapters.nlp.training.export import export
from engine.adapters.nlp.training.fit import Plan, fit, load, logits, mean_of
from engine.adapters.nlp.training.fit_linear import fit_linear
from engine.adapters.nlp.training.needs import data_folder
from engine.adapters.nlp.training.prune import kept, pruned
from engine.adapters.nlp.training.rows import Matrix, Rows, goemotions
from engine.adapters.nlp.training.words import Pieces

Say = Callable[[str], None]
VERSION = "2026.11"
FIRST, SECOND = ("stage-1a.safetensors", "stage-1b.safetensors"), "stage-2.safetensors"
COMMENTS = Plan(epochs=3.0)
CUSTOMERS = Plan(epochs=2.5, rate=1e-4, head_rate=1e-3)
TAUGHT = 0.5
"""How much of the comments' targets is what the first encoders say; the rest is what people said."""


def train(base: Path, out: Path, seed: int, some: int | None, say: Say) -> None:
    """Two stages of the encoder, the linear model, export and calibration, into the folder `out`.

    `base` holds the pretrained weights; `some` limits the rows of each set, for a trial. A stage
    whose weights are in `out` already is not learned again, so what was interrupted goes on.
    """
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    data = data_folder()
    comments = goemotions(data / "goemotions" / "train.tsv")
    own = customers.rows(customers.own(data / "customer-feedback", "train"))
    dev = goemotions(data / "goemotions" / "dev.tsv")
    own_dev = customers.rows(customers.own(data / "customer-feedback", "dev"), softly=False)
    if some:
        comments, own, dev, own_dev = (_some(rows, some) for rows in (comments, own, dev, own_dev))
    say(f"{len(comments)} comments and {len(own)} sentences to learn from")
    encoder = two_stages(base, comments, own, seed, out, say)
    fit_linear(comments + own, say).save(out / LINEAR)
    write(encoder, base, [*comments.texts, *own.texts], dev, own_dev, out, say)
    say("judging it")
    write_card(out)
    say(f"done in {(time.monotonic() - began) / 60:.0f} minutes")


def two_stages(base: Path, comments: Rows, own: Rows, seed: int, out: Path, say: Say) -> Encoder:
    """The encoder that has learned from comments, then from customers.

    The first stage happens twice, from other seeds. The second begins where both are averaged (a
    "soup": Wortsman et al., 2022, arXiv:2203.05482), and its comments carry in part what the two say
    of them together, for they have averaged over the raters' whims. Every sentence of customers comes
    twice, once as typed in haste.
    """
    pieces = Pieces(base / TOKENIZER)
    firsts = [
        _stage(
            pretrained(base),
            lambda: comments,
            pieces,
            replace(COMMENTS, seed=seed + 10 * number),
            out / name,
            say,
        )
        for number, name in enumerate(FIRST)
    ]

    def taught() -> Rows:
        return teach(firsts, comments, pieces) + own + customers.misspelt(own, seed)

    again = pretrained(base)
    again.load_state_dict(mean_of([first.state_dict() for first in firsts]))
    plan = replace(CUSTOMERS, seed=seed + 1)
    return _stage(again, taught, pieces, plan, out / SECOND, say)


def _stage(
    encoder: Encoder,
    rows: Callable[[], Rows],
    pieces: Pieces,
    plan: Plan,
    file: Path,
    say: Say,
) -> Encoder:
    if file.exists():
        say(f"{file.name} is there already")
        return load(encoder, file).eval()
    half_done = file.with_suffix(".part")
    found = fit(encoder, rows(), pieces, plan, half_done, say)
    half_done.replace(file)
    return found


def _some(rows: Rows, number: int) -> Rows:
    step = max(1, len(rows) // number)
    return rows.take(range(0, len(rows), step))


def teach(teachers: Sequence[Encoder], rows: Rows, pieces: Pieces) -> Rows:
    """The rows with `TAUGHT` of what the teachers say together in place of that much of their labels."""
    said = np.mean([logits(teacher, pieces, list(rows.texts)) for teacher in teachers], axis=0)
    targets = (1 - TAUGHT) * rows.targets + TAUGHT / (1 + np.exp(-said))
    return Rows(rows.ids, rows.texts, targets.astype(np.float32), rows.weights)


def write(
    encoder: Encoder,
    base: Path,
    texts: list[str],
    comments: Rows,
    own: Rows,
    out: Path,
    say: Say,
) -> None:
    """Export the encoder, then calibrate what was exported, with the linear model in `out`."""
    dev = comments + own
    numbers = kept(base / TOKENIZER, texts)
    pruned(base / TOKENIZER, numbers, out / TOKENIZER)
    export(encoder, numbers, out / ENCODER)
    say(f"the encoder reads {len(dev)} rows as exported")
    linear = Linear.load(out / LINEAR).logits(dev.texts)
    deep = OnnxEncoder(out, threads=2).logits(dev.texts)
    blend = best_blend(deep, linear, comments, own)
    say("share of the encoder: " + ", ".join(f"{head} {one}" for head, one in blend.items()))
    cut, shares = len(comments), by_column(blend)

    def fitted(scores: Matrix, share: Blend) -> dict[str, Any]:
        return settings(scores[:cut], comments, scores[cut:], own, share)

    meta = {
        "version": VERSION,
        "heads": {head: list(labels) for head, labels in HEADS.items()},
        "backends": {
            "hybrid": fitted(shares * deep + (1 - shares) * linear, blend),
            "linear": fitted(linear, dict.fromkeys(HEADS, 0.0)),
        },
        "sha256": {
            name: hashlib.sha256((out / name).read_bytes()).hexdigest()
            for name in (ENCODER, TOKENIZER, LINEAR)
        },
    }
    (out / META).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
