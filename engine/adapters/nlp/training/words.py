"""Texts as the numbers of their word pieces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.encoder import LONGEST


class Pieces:
    """A WordPiece tokenizer from a `tokenizer.json`."""

    def __init__(self, file: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(file))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)

    def of(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's pieces, at most `LONGEST`."""
        return [one.ids for one in self.tokenizer.encode_batch(list(texts))]

    @staticmethod
    def batch(tokens: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and mask, (texts, longest of them), with 0 where a text has ended."""
        ids = np.zeros((len(tokens), max(len(one) for one in tokens)), np.int64)
        there = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one
            there[row, : len(one)] = 1
        return ids, there
