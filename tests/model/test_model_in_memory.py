"""The pure core against the oracle: random towns, lived through in memory.

One piece by itself: `pytest tests/model/test_model_in_memory.py`. `SEQUENCES=5000` before it runs so
many stories; `SINCERELY_HYPOTHESIS=nightly` (that is `make nightly`) runs 50,000.
"""

from __future__ import annotations

import os

from hypothesis import settings

from tests.model.in_memory import InMemoryMachine

NIGHTLY = os.environ.get("SINCERELY_HYPOTHESIS") == "nightly"
SEQUENCES = int(os.environ.get("SEQUENCES", "50000" if NIGHTLY else "300"))

TestTheCoreAgainstTheOracle = InMemoryMachine.TestCase
TestTheCoreAgainstTheOracle.settings = settings(max_examples=SEQUENCES, stateful_step_count=25)
