"""What every mail needs around it: links that only its reader has, and headers for the provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from engine.domain.journey import Class


class WaysOut(Protocol):
    """The ways out of one mail, by its send id."""

    def links(self, send_id: str) -> Mapping[str, str]:
        """`unsubscribe`, `preferences` and `why`, as templates call them."""

    def click(self, send_id: str, number: int) -> str | None:
        """The address of a tracked link, or None where there can be none."""

    def open(self, send_id: str) -> str | None:
        """The address of the picture that tells of an open, or None where there can be none."""

    def answers(self, send_id: str) -> str | None:
        """The address that this one mail is answered to, where each has its own."""

    def headers(
        self, send_id: str, *, klass: Class, topic: str, journey: str, mail: str, sender: str
    ) -> Mapping[str, str]:
        """The headers of the mail. `topic` is its category, `sender` the address it comes from."""
