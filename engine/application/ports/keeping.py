"""What keeping house needs of the store and of the folder that mails are delivered into."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from engine.domain.emotion import EmotionConfig


class Keeping(Protocol):
    """Removes what is old, in small batches; each answers how many rows went."""

    def begin(self, now: datetime, last_before: datetime) -> bool:
        """Take the round, if the last one began at or before that; one of several processes does."""
        ...

    def finish(self, now: datetime, removed: dict[str, int]) -> None:
        """Say what the round removed."""
        ...

    def event_names(self) -> list[str]:
        """The names of all events there are."""
        ...

    def remove_events(self, name: str, before: datetime) -> int:
        """One batch of events of a name that are dated before and that no run counts any more."""
        ...

    def remove_words(self, name: str, word: str, before: datetime) -> int:
        """A property of one batch of events of a name that are dated before."""
        ...

    def remove_copied_words(
        self, event: str, word: str, journeys: Collection[str], before: datetime
    ) -> int:
        """The same property in one batch of runs that have ended and messages that are settled."""
        ...

    def remove_evidence(self, before: datetime) -> int:
        """Which words spoke for a mood, of one batch of messages that are dated before."""
        ...

    def remove_scores(self, before: datetime, config: EmotionConfig, now: datetime) -> int:
        """The scores of messages from before, of one batch of people, as if they had never been read."""
        ...

    def remove_without_consent(self, now: datetime) -> int:
        """What was read of one batch of people whose consent to it has run out (R5.10)."""
        ...

    def remove_kept(self, before: datetime) -> int:
        """One batch of deliveries from before that could not be understood."""
        ...

    def remove_unconfirmed(self, before: datetime, now: datetime) -> int:
        """One batch of people of whom nothing is known but a sign-up from before that nobody confirmed."""
        ...

    def remove_tracked(self, before: datetime) -> int:
        """Where the tracked links of one batch of mails from before lead."""
        ...

    def remove_told(self, before: datetime) -> int:
        """One batch of what is known of a provider's tellings from before: by what a repetition would be
        known, and the touches beside which later ones are judged."""
        ...

    def remove_traces(
        self, before: datetime, experiments: Collection[tuple[str, str]], stop: Callable[[], bool]
    ) -> int:
        """All lines of the trace from before that nothing needs, until `stop`."""
        ...

    def remove_former(self, before: datetime, stop: Callable[[], bool]) -> int:
        """All former states from before, until `stop`."""
        ...
