"""Complaints of mailbox providers (ARF, RFC 5965): somebody called a mail of ours spam."""

from __future__ import annotations

import re

from engine.adapters.mail.incoming.parts import Mail, raw_text
from engine.adapters.mail.incoming.returned import returned
from engine.adapters.mail.incoming.status import address_in
from engine.domain.incoming import Complaint, Envelope

_FIELD = re.compile(
    r"(?im)^[ \t]?(feedback-type|original-rcpt-to|removal-recipient)[ \t]*:[ \t]*(.*)$"
)
_OLD_SUBJECT = re.compile(r"(?i)^\s*complaint about message from")
_MOST = 50


def complaint_in(mail: Mail, envelope: Envelope) -> Complaint | None:
    """The complaint that a mail is, or None.

    Addresses in it are often blanked out; the mail that came back, and the addresses that the report
    names beside it, lead to whom it went.
    """
    own = list(mail.parts())
    text = "\n".join(
        raw_text(part) for part in own if part.get_content_type() == "message/feedback-report"
    )
    found = [(name.lower(), value.strip()) for name, value in _FIELD.findall(text)]
    kind = next((value.lower() for name, value in found if name == "feedback-type"), "")
    if not kind:
        if not _is_of_old(envelope, [part.get_content_type() for part in own]):
            return None
        kind = "abuse"
    addresses = [address_in(value) for name, value in found if name != "feedback-type"]
    unique = tuple(dict.fromkeys(address for address in addresses if address))
    return Complaint(envelope, kind, unique[:_MOST], returned(mail))


def _is_of_old(envelope: Envelope, kinds: list[str]) -> bool:
    """Hotmail's reports, older than the standard: the mail, attached, under a subject of their own."""
    return "message/rfc822" in kinds and _OLD_SUBJECT.match(envelope.subject) is not None
