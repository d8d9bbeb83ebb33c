"""A smaller vocabulary: the word pieces that the corpora use, the commonest others, and all letters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from engine.adapters.nlp.encoder import LONGEST
from engine.adapters.nlp.training.words import Pieces

COMMON = 12_000
"""BERT numbers its pieces about by frequency: those below this number stay in any case."""


def kept(tokenizer: Path, texts: Iterable[str]) -> list[int]:
    """The numbers of the pieces to keep, rising: what is left out is spelt in smaller pieces."""
    said = json.loads(tokenizer.read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = said["model"]["vocab"]
    special = {one["id"] for one in said["added_tokens"]}
    used = {number for one in Pieces(tokenizer).of(list(texts)) for number in one}
    return [
        number
        for piece, number in sorted(vocabulary.items(), key=lambda item: item[1])
        if number in special
        or number in used
        or len(piece.removeprefix("##")) == 1
        or (number < COMMON and not piece.startswith("[unused"))
    ]


def pruned(tokenizer: Path, numbers: list[int], file: Path) -> None:
    """Write the tokenizer with those pieces only, numbered anew in their order."""
    said = json.loads(tokenizer.read_text(encoding="utf-8"))
    anew = {old: new for new, old in enumerate(numbers)}
    vocabulary = said["model"]["vocab"]
    said["model"]["vocab"] = {
        piece: anew[number]
        for piece, number in sorted(vocabulary.items(), key=lambda item: item[1])
        if number in anew
    }
    for one in said["added_tokens"]:
        one["id"] = anew[one["id"]]
    for one in said["post_processor"]["special_tokens"].values():
        one["ids"] = [anew[number] for number in one["ids"]]
    said["padding"] = None
    said["truncation"] = {**said["truncation"], "max_length": LONGEST}
    file.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
