"""Fine-tuning the encoder: batches by length, cross-entropy, averaged weights."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.adapters.nlp.labels import columns
from engine.adapters.nlp.training.bert import Encoder
from engine.adapters.nlp.training.rows import Matrix, Rows
from engine.adapters.nlp.training.words import Pieces

MOOD, COMMENT = columns("mood"), columns("goemotions").start
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How long and how hard to learn. `epochs` may be a fraction; rates are those of AdamW."""

    epochs: float
    rate: float = 1.5e-4
    head_rate: float = 2e-3
    batch: int = 64
    warm_up: float = 0.06
    decay: float = 0.01
    average: float = 0.998
    seed: int = 0


def batches(
    lengths: NDArray[np.int64], size: int, chance: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """One epoch of row numbers in batches of texts about as long as each other, in random order."""
    order = chance.permutation(len(lengths))
    pools = [order[start : start + 50 * size] for start in range(0, len(order), 50 * size)]
    found = []
    for pool in pools:
        ranked = pool[np.argsort(lengths[pool], kind="stable")]
        found += [ranked[start : start + size] for start in range(0, len(ranked), size)]
    for place in chance.permutation(len(found)):
        yield found[place]


def fit(encoder: Encoder, rows: Rows, pieces: Pieces, plan: Plan, keep: Path, say: Say) -> Encoder:
    """Train `encoder` on the rows; answers the running average of its weights.

    `keep` is a file that holds the averaged weights so far, written every half epoch.
    """
    torch.manual_seed(plan.seed)
    chance = np.random.default_rng(plan.seed)
    tokens = pieces.of(rows.texts)
    lengths = np.array([len(one) for one in tokens])
    an_epoch = math.ceil(len(rows) / plan.batch)
    steps = max(1, round(an_epoch * plan.epochs))
    optimiser = _optimiser(encoder, plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps, plan))
    averaged = deepcopy(encoder).eval()
    began, losses, step = time.monotonic(), [], 0
    encoder.train()
    while step < steps:
        for places in batches(lengths, plan.batch, chance):
            if step == steps:
                break
            ids, there = pieces.batch([tokens[place] for place in places])
            with torch.autocast("cpu", torch.bfloat16):
                logits = encoder(torch.from_numpy(ids), torch.from_numpy(there))
            loss = _loss(logits.float(), rows.targets[places], rows.weights[places])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            _follow(averaged, encoder, min(plan.average, (1 + step) / (10 + step)))
            losses.append(loss.item())
            if step % 50 == 0 or step == steps:
                spent = time.monotonic() - began
                say(
                    f"step {step} of {steps}  loss {np.mean(losses[-50:]):.4f}  "
                    f"{spent / step:.2f} s a step  {spent / step * (steps - step) / 60:.0f} min to go"
                )
            if step % max(1, an_epoch // 2) == 0:
                save(averaged, keep)
    save(averaged, keep)
    return averaged


def _loss(logits: Tensor, targets: Matrix, weights: Matrix) -> Tensor:
    """Binary cross-entropy of every known column; where only the ten moods are known (customers'
    sentences) also that of choosing among them, for there one label is the strongest."""
    truth, weight = torch.from_numpy(targets), torch.from_numpy(weights)
    each = functional.binary_cross_entropy_with_logits(logits, truth, weight, reduction="sum")
    mood = truth[:, MOOD]
    chosen = weight[:, MOOD].mean(1) * (weight[:, COMMENT] == 0)
    shares = mood / mood.sum(1, keepdim=True).clamp(min=1e-6)
    among = -(shares * logits[:, MOOD].log_softmax(1)).sum(1)
    return (each + (among * chosen).sum()) / len(targets)


def _optimiser(encoder: Encoder, plan: Plan) -> torch.optim.Optimizer:
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, value in encoder.named_parameters():
        if value.requires_grad:
            rate = plan.head_rate if name.startswith("head.") else plan.rate
            decay = plan.decay if value.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(value)
    return torch.optim.AdamW(
        [{"params": it, "lr": rate, "weight_decay": decay} for (rate, decay), it in groups.items()]
    )


def _rate(step: int, steps: int, plan: Plan) -> float:
    risen = (step + 1) / max(1.0, steps * plan.warm_up)
    return min(risen, 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))) + 0.01)


@torch.no_grad()
def _follow(averaged: Encoder, encoder: Encoder, keep: float) -> None:
    mine = [value for value in averaged.parameters() if value.requires_grad]
    theirs = [value.detach() for value in encoder.parameters() if value.requires_grad]
    torch._foreach_lerp_(mine, theirs, 1 - keep)


def save(encoder: Encoder, file: Path) -> None:
    """Write the weights as safetensors."""
    from safetensors.torch import save_file

    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(encoder.state_dict(), file)


def load(encoder: Encoder, file: Path) -> Encoder:
    """Read weights that `save` wrote into `encoder`."""
    from safetensors.torch import load_file

    encoder.load_state_dict(load_file(file))
    return encoder


def mean_of(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of several encoders that began at the same place."""
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


@torch.inference_mode()
def logits(encoder: Encoder, pieces: Pieces, texts: list[str]) -> NDArray[np.float32]:
    """(texts, WIDTH) logits in full precision, in the order of the texts."""
    encoder.eval()
    tokens = pieces.of(texts)
    order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
    found = np.zeros((len(texts), encoder.head.out_features), np.float32)
    for start in range(0, len(order), 128):
        places = order[start : start + 128]
        ids, there = pieces.batch([tokens[place] for place in places])
        found[places] = encoder(torch.from_numpy(ids), torch.from_numpy(there)).numpy()
    return found
