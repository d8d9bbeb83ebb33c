"""The pure core against the oracle: random towns, lived through in memory.

One piece by itself: `pytest tests/model/test_model_in_memory.py`. `SEQUENCES=5000` before it runs so
many stories; `SINCERELY_HYPOTHESIS=nightly` (that is `make nightly`) runs 50,000. With `-s` it says how
far it is.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import ClassVar

from hypothesis import settings

from tests.model.in_memory import InMemoryMachine

NIGHTLY = os.environ.get("SINCERELY_HYPOTHESIS") == "nightly"
SEQUENCES = int(os.environ.get("SEQUENCES", "50000" if NIGHTLY else "300"))

EVERY = 500


class Counted(InMemoryMachine):
    """Says now and then what has been judged so far."""

    sequences = 0
    judged: ClassVar[Counter[str]] = Counter()

    def teardown(self) -> None:
        Counted.sequences += 1
        self.judged.update(self.stage.judge.judged)
        if Counted.sequences % EVERY == 0:
            told = ", ".join(f"{count:,} {what}" for what, count in sorted(self.judged.items()))
            print(f"{Counted.sequences:,} sequences: {told}", file=sys.stderr, flush=True)


TestTheCoreAgainstTheOracle = Counted.TestCase
TestTheCoreAgainstTheOracle.settings = settings(max_examples=SEQUENCES, stateful_step_count=25)
