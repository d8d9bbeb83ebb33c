"""What somebody who looks for trouble finds: how it is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["fine", "advice", "mistake", "unknown"]
"""`mistake`: something does not work, or will not. `advice`: it works, and better is possible. `unknown`:
it could not be looked at, and `says` tells why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `about` is a short name for it, unique among the findings."""

    about: str
    verdict: Verdict
    says: str
    help: str = ""


def fine(about: str, says: str) -> Finding:
    """It is as it should be."""
    return Finding(about, "fine", says)


def advice(about: str, says: str, help: str) -> Finding:
    """It works; better is possible."""
    return Finding(about, "advice", says, help)


def mistake(about: str, says: str, help: str) -> Finding:
    """It does not work."""
    return Finding(about, "mistake", says, help)


def unknown(about: str, says: str, help: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(about, "unknown", says, help)
