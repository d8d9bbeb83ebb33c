"""What reading messages has to know of the people who wrote them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from engine.domain.facts import Facts

MessageKey = tuple[str, str]
"""Source and id of the event that brings a message."""


class Authors(Protocol):
    """Looks people up who wrote to us, before anything of theirs is read."""

    def authors(self, person_ids: Collection[str]) -> Mapping[str, Facts]:
        """Of those who are known, by the ids given: who they are, and what they said of being profiled.
        Old ids lead to the profile of today; who asked to be forgotten is marked as erased."""
        ...

    def known_messages(self, messages: Collection[MessageKey]) -> Collection[MessageKey]:
        """Which of these messages came in before."""
        ...
