"""The recipe of `sincerely mood train`: from the committed data to a folder that `Classifier` loads."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.adapters.nlp.classifier import ENCODER, LINEAR, META, TOKENIZER
from engine.adapters.nlp.encoder import Encoder as OnnxEncoder
from engine.adapters.nlp.labels import HEADS
from engine.adapters.nlp.linear import Linear
from engine.adapters.nlp.training import customers
from engine.adapters.nlp.training.bert import Encoder, pretrained
from engine.adapters.nlp.training.calibrate import best_blend, settings
from engine.adapters.nlp.training.export import export
from engine.adapters.nlp.training.fit import Plan, fit, logits
from engine.adapters.nlp.training.fit_linear import fit_linear
from engine.adapters.nlp.training.needs import data_folder
from engine.adapters.nlp.training.prune import kept, pruned
from engine.adapters.nlp.training.rows import Matrix, Rows, goemotions
from engine.adapters.nlp.training.words import Pieces

Say = Callable[[str], None]
VERSION = "2026.11"
EPOCHS = 3.0
TAUGHT = 0.5
"""How much of the student's targets is what the teacher says; the rest is what people said."""


def train(base: Path, out: Path, seed: int, some: int | None, say: Say) -> None:
    """Teacher, student, linear model, export, calibration, in this order, into the folder `out`.

    `base` holds the pretrained weights; `some` limits the rows of each set, for a trial.
    """
    began = time.monotonic()
    torch.use_deterministic_algorithms(True)
    out.mkdir(parents=True, exist_ok=True)
    learn, dev, texts = _data(some)
    pieces = Pieces(base / "tokenizer.json")
    say(f"{len(learn)} rows to learn from, {len(dev)} to choose thresholds on")
    teacher = fit(
        pretrained(base), learn, pieces, Plan(EPOCHS, seed=seed), out / "teacher.safetensors", say
    )
    say("the teacher reads what the student will learn from")
    taught = teach(teacher, learn, pieces)
    student = fit(
        pretrained(base),
        taught,
        pieces,
        Plan(EPOCHS, seed=seed + 1),
        out / "student.safetensors",
        say,
    )
    fit_linear(learn, say).save(out / LINEAR)
    write(student, base, texts, dev, out, say)
    say(f"done in {(time.monotonic() - began) / 60:.0f} minutes")


def _data(some: int | None) -> tuple[Rows, Rows, list[str]]:
    data = data_folder()
    comments = goemotions(data / "goemotions" / "train.tsv")
    sentences = customers.own(data / "customer-feedback", "train")
    dev = goemotions(data / "goemotions" / "dev.tsv")
    own_dev = customers.own(data / "customer-feedback", "dev")
    if some:
        comments, dev = comments.take(range(some)), dev.take(range(some))
        step = max(1, len(sentences) // some)
        sentences = sentences[::step]
    own = customers.rows(sentences)
    texts = [*comments.texts, *own.texts]
    learn = comments + own + customers.misspelt(own, 0)
    return learn, dev + customers.rows(own_dev, accepted=0.0), texts


def teach(teacher: Encoder, rows: Rows, pieces: Pieces) -> Rows:
    """The rows with `TAUGHT` of what the teacher says in place of that much of their labels."""
    says = 1 / (1 + np.exp(-logits(teacher, pieces, list(rows.texts))))
    targets = ((1 - TAUGHT) * rows.targets + TAUGHT * says).astype(np.float32)
    return Rows(rows.ids, rows.texts, targets, rows.weights)


def write(encoder: Encoder, base: Path, texts: list[str], dev: Rows, out: Path, say: Say) -> None:
    """Export the encoder, then calibrate what was exported, with the linear model in `out`."""
    numbers = kept(base / TOKENIZER, texts)
    pruned(base / TOKENIZER, numbers, out / TOKENIZER)
    export(encoder, numbers, out / ENCODER)
    say(f"the encoder reads {len(dev)} rows as exported")
    linear = Linear.load(out / LINEAR).logits(dev.texts)
    deep = OnnxEncoder(out, threads=2).logits(dev.texts)
    blend = best_blend(deep, linear, dev)
    say(f"blend: {blend:.2f} of the encoder")
    _meta(deep, linear, blend, dev, out)


def _meta(deep: Matrix, linear: Matrix, blend: float, dev: Rows, out: Path) -> None:
    files = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in (ENCODER, TOKENIZER, LINEAR)
    }
    meta: dict[str, Any] = {
        "version": VERSION,
        "heads": {head: list(labels) for head, labels in HEADS.items()},
        "backends": {
            "hybrid": settings(blend * deep + (1 - blend) * linear, dev, blend),
            "linear": settings(linear, dev),
        },
        "sha256": files,
    }
    (out / META).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
