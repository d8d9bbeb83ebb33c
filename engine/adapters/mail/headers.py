"""The headers by which a mailbox provider knows a mailing and lets its reader out."""

from __future__ import annotations

import re

from engine.adapters.mail.fields import phrase

_NOT_A_LABEL = re.compile(r"[^a-z0-9-]+")
_NOT_A_WORD = re.compile(r"[^A-Za-z0-9-]+")


def marketing_headers(
    *, unsubscribe: str, topic: str, domain: str, company: str, journey: str, mail: str
) -> dict[str, str]:
    """The list headers of a marketing mail, in order.

    `unsubscribe` is the one address of RFC 8058, `topic` the marketing category, `domain` the
    sender's. `Feedback-ID` is `mail:journey:topic:sender` for Gmail's complaint reports: groups only,
    never something of one recipient.
    """
    name = phrase(company).replace("\r\n", "")
    return {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"{name} <{_label(topic)}.{domain}>".strip(),
        "Feedback-ID": ":".join((*map(_word, (mail, journey, topic)), _sender_id(company))),
    }


def automatic_headers() -> dict[str, str]:
    """For a mail that answers something at once, such as an opt-in confirmation (RFC 3834)."""
    return {"Auto-Submitted": "auto-generated"}


def _label(text: str) -> str:
    return _NOT_A_LABEL.sub("-", text.lower()).strip("-") or "list"


def _word(text: str) -> str:
    return _NOT_A_WORD.sub("-", text).strip("-")


def _sender_id(company: str) -> str:
    """5 to 15 characters that stay the same for all mails of the business."""
    return _label(company).replace("-", "")[:15].ljust(5, "0")
