"""The ways out of a mail: its links, and the list headers that say the same to the provider."""

from __future__ import annotations

from collections.abc import Mapping

from engine.adapters.links import Links
from engine.adapters.mail.headers import marketing_headers
from engine.adapters.mail.verp import Verp
from engine.domain.journey import Class


class SignedWaysOut:
    """Links signed for one business. Only marketing is a list that one can leave. `replies` makes the
    addresses that mails are answered to, where there are any."""

    def __init__(self, links: Links, company: str, replies: Verp | None = None) -> None:
        self._links = links
        self._replies = replies
        self._company = company

    def links(self, send_id: str) -> Mapping[str, str]:
        """Where the reader leaves, chooses, asks why, and confirms a sign-up."""
        return {
            "unsubscribe": self._links.url("u", send_id),
            "preferences": self._links.url("p", send_id),
            "why": self._links.url("w", send_id),
            "confirm": self._links.url("c", send_id),
        }

    def click(self, send_id: str, number: int) -> str | None:
        """A tracked link by its number."""
        return self._links.link(send_id, number)

    def open(self, send_id: str) -> str | None:
        """The picture that tells of an open."""
        return self._links.url("o", send_id)

    def answers(self, send_id: str) -> str | None:
        """An address of this mail's own, by which an answer finds it."""
        return self._replies.sender(send_id) if self._replies else None

    def headers(
        self, send_id: str, *, klass: Class, topic: str, journey: str, mail: str, sender: str
    ) -> Mapping[str, str]:
        """List headers for marketing, none for the rest."""
        if klass is not Class.MARKETING:
            return {}
        return marketing_headers(
            unsubscribe=self._links.url("u", send_id),
            topic=topic,
            domain=sender.rpartition("@")[2],
            company=self._company,
            journey=journey,
            mail=mail,
        )


class NoWaysOut:
    """For a business without `company.site` or link key: folder and console show the mail without.

    Links lead nowhere, on purpose: a mail to look at must not hold a live token.
    """

    def links(self, send_id: str) -> Mapping[str, str]:
        """Anchors on the page itself."""
        return {name: f"#{name}" for name in ("unsubscribe", "preferences", "why", "confirm")}

    def click(self, send_id: str, number: int) -> str | None:
        """None: nothing is tracked."""
        return None

    def open(self, send_id: str) -> str | None:
        """None: nothing is tracked."""
        return None

    def answers(self, send_id: str) -> str | None:
        """None: an answer to a mail to look at finds nothing."""
        return None

    def headers(
        self, send_id: str, *, klass: Class, topic: str, journey: str, mail: str, sender: str
    ) -> Mapping[str, str]:
        """None, so that no real way of sending takes it as marketing."""
        return {}
