"""The fine-tuned encoder as int8 ONNX: word pieces in, logits out, on one core and without a download."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 64
"""Word pieces of a text that are read, the two at its ends included; as it was trained."""


class Encoder:
    """`encoder.onnx` and `tokenizer.json` of a folder. Needs onnxruntime and tokenizers."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session: Any = InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._width = int(self._session.get_outputs()[0].shape[1])

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, columns) logits of plain texts.

        Each text runs alone: 8-bit activations share their scale within a run, so in a batch the
        neighbours of a text would move its scores.
        """
        found = np.empty((len(texts), self._width), np.float32)
        for row, text in enumerate(texts):
            ids = np.array([self._tokenizer.encode(text).ids], np.int64)
            feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            found[row] = self._session.run(None, feed)[0][0]
        return found
