"""Which of our mails a report is about, by the marks on them that only we can make."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Sequence

from engine.adapters.links import ID_DIGITS, Links, Purpose
from engine.adapters.mail.mime import mac_of
from engine.adapters.mail.verp import Verp
from engine.domain.incoming import Bounce, Complaint, Reply

_MESSAGE_ID = re.compile(r"<([A-Za-z0-9_-]{20,64})\.([0-9a-f]{16})@[^<>@\s]+>", re.IGNORECASE)
_PURPOSES: tuple[Purpose, ...] = ("u", "p", "w", "c")


class OwnMarks:
    """Reads the marks of one business. `keys` are its link keys, the newest first; `verp` its addresses
    for bounces and `replies` those for answers, where it has some. Without a key nothing is a mark, for
    anybody could make it."""

    def __init__(
        self, keys: Sequence[bytes], verp: Verp | None = None, replies: Verp | None = None
    ) -> None:
        self._keys = tuple(keys)
        self._links = Links("", keys) if keys else None
        self._verp = verp
        self._replies = replies

    def about(self, report: Bounce | Complaint) -> tuple[str, ...]:
        """The beginnings of the send ids that the report names with a signature of ours, the surest first:
        the address that it came to, then the mail that it returns."""
        return tuple(dict.fromkeys(self._found(report)))

    def answered(self, *message_ids: str) -> tuple[str, ...]:
        """The beginnings of the send ids of those Message-IDs that are ours, in their order."""
        found = (self._by_message_id(one) for one in message_ids)
        return tuple(dict.fromkeys(one for one in found if one))

    def answered_by(self, reply: Reply) -> tuple[str, ...]:
        """The beginnings of the send ids that a reply names with a signature of ours, the surest first:
        what it answers, the address it came to, then its thread from the newest mail on."""
        came_to = reply.envelope.came_to if self._replies else ()
        by_address = (self._replies.read(one) for one in came_to if self._replies)
        found = (
            *self.answered(reply.in_reply_to),
            *(begins for begins in by_address if begins),
            *self.answered(*reversed(reply.references)),
        )
        return tuple(dict.fromkeys(found))

    def _found(self, report: Bounce | Complaint) -> Iterator[str]:
        returned = report.returned
        if self._verp is not None:
            for address in (*report.envelope.came_to, *returned.envelope_senders):
                if begins := self._verp.read(address):
                    yield begins
        yield from self.answered(*returned.message_ids)
        if self._links is not None:
            for token in returned.tokens:
                for purpose in _PURPOSES:
                    if begins := self._links.read(purpose, token):
                        yield begins

    def _by_message_id(self, message_id: str) -> str | None:
        found = _MESSAGE_ID.fullmatch(message_id)
        if found is None:
            return None
        send_id, mac = found[1], found[2].lower()
        known = [hmac.compare_digest(mac, mac_of(send_id, key)) for key in self._keys]
        return send_id[:ID_DIGITS] if any(known) else None
