"""What the application needs of the model that reads how people feel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.message_mood import MessageMood


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its writer sent it. `names` are those of people and shops that may stand in it:
    they are masked before anything is read, so that a name never moves a score."""

    message: str
    at: datetime
    source: str
    text: str
    thread: str = ""
    names: Sequence[str] = ()


class MoodReader(Protocol):
    """Reads messages in batches; what cannot be read comes back without probabilities."""

    @property
    def version(self) -> str:
        """The model and its back end, as in `2026.11-hybrid`."""
        ...

    def read(self, messages: Iterable[Written]) -> Iterator[MessageMood]:
        """One reading for each message, in the same order. Never raises because of a text."""
        ...
