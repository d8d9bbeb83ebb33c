"""Ids that turn out to be of one human."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.facts import Rulebook


@dataclass(frozen=True, slots=True)
class Join:
    """Whatever is known of `old`, and comes in for it from now on, is of `keep`. `asked` says that
    somebody asked for it by `alias`, and wants to hear if it cannot be."""

    old: str
    keep: str
    asked: bool = False


class Joining(Protocol):
    """Joins ids."""

    def join(self, joins: Sequence[Join], rules: Rulebook, now: datetime) -> list[Join]:
        """Join them, each in a transaction of its own; once more changes nothing. Answers those that
        cannot be: both are profiles with an address, and not the same one."""
        ...
