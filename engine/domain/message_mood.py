"""What one message says of how its writer feels: the one thing that reading a text gives the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that speak for an emotion: characters `start` to `end` of the message as it was written.

    `weight` is how much the probability of `emotion` falls when they are left out, from -1 to 1.
    """

    start: int
    end: int
    emotion: str
    weight: float


@dataclass(frozen=True, slots=True)
class MessageMood:
    """The calibrated reading of one message (R6.3). It holds no text, only places in it.

    `probabilities` has one from 0 to 1 for each of `emotion.EMOTIONS`, or is empty: `unknown`, because
    nothing could be read (another language, no words, only a quotation). `confidence` is 1 less the
    normalised entropy, from 0 to 1. `valence` runs from -1 to 1, `arousal` and `urgency` from 0 to 1.
    `sensitive` (grief, health, self-harm) is a stop flag and never an emotion: then everything else
    is empty. `thread` names the conversation, else it is the message itself. `words` counts what the
    person wrote themselves. `at` is an aware UTC datetime, `model` the version that read it.
    """

    message: str
    at: datetime
    source: str
    probabilities: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    words: int = 0
    thread: str = ""
    valence: float = 0.0
    arousal: float = 0.0
    urgency: float = 0.0
    mixed: bool = False
    sarcasm_suspected: bool = False
    sensitive: bool = False
    evidence: tuple[Evidence, ...] = ()
    model: str = ""
