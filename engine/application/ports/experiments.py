"""Experiments in life: who takes part, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from engine.domain.experiment import Arm, Reading, Trial
from engine.domain.facts import Facts
from engine.domain.run import Run


class Experiments(Protocol):
    """Keeps trials, and shows the people in them."""

    def trial(self, journey: str, step: str, edition: str) -> Trial:
        """The trial of an edition, begun now if it is seen for the first time."""
        ...

    def assigned(self, trial: Trial, now: datetime) -> Iterator[tuple[Run, Facts]]:
        """Everybody who takes part, each once, in the run that assigned them first; held-out people
        too, the erased not. The facts are those at `now`."""
        ...

    def decide(self, trial: Trial, reading: Reading, arms: Sequence[Arm], now: datetime) -> bool:
        """Keep what was read; answers whether nobody else had decided before."""
        ...
