"""What a report returns of the mail that it is about: behind a line, or as a part of its own."""

from __future__ import annotations

import re
from email.message import Message

from engine.adapters.mail.incoming.page_text import text_of_html
from engine.adapters.mail.incoming.parts import (
    Mail,
    addresses_in,
    content,
    decoded,
    payload,
    raw_text,
    text_from,
    text_of,
)
from engine.adapters.mail.incoming.words import COPY_BEGINS
from engine.domain.incoming import Returned

_ENOUGH_TEXT = 64 * 1024
_COPIES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/partial",
    "text/rfc822",
    "message/global",
)
_UNFOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(
    r"(?im)^[ \t>|]*(message-id|return-path|x-envelope-from|envelope-from|errors-to|to|list-unsubscribe"
    r"|x-hmxmroriginalrecipient"
    r"|x-original-message-id|original-message-id)[ \t]*:[ \t]*(\S.{0,1999})$"
)
_REPORTED = re.compile(
    r"(?im)^[ \t]?(original-envelope-id|original-mail-from|(?:x-)?original-message-id|message-id)[ \t]*:"
    r"[ \t]*(\S.{0,999})$"
)
"""Fields of a report itself (RFC 3464 2.2.1, RFC 5965 3.2) that stand there also if no mail came back."""
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,300}>")
_TOKEN = re.compile(r"/[upwcdth]/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")
_MOST = 20


def said(mail: Mail) -> str:
    """What the report itself says, without what it returns; at most 64 KB."""
    plain, html = [], []
    for part in mail.parts():
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(text_of(part))
        elif kind == "text/html":
            html.append(text_of(part))
    whole = "\n".join(plain)
    if not whole.strip():
        whole = "\n".join(text_of_html(page[: 4 * _ENOUGH_TEXT]) for page in html)
    return _before(whole)[0]


def copies(mail: Mail) -> list[str]:
    """The fields of mails that came back, as text, the parts made for it first."""
    found = []
    behind = []
    for part in mail.parts():
        kind = part.get_content_type()
        if kind in _COPIES:
            found.append(_head(part))
        elif kind.startswith("text/plain"):
            behind.append(_before(text_of(part))[1])
    return [text for text in (*found, *behind) if text.strip()]


def returns_a_mail(mail: Mail) -> bool:
    """Whether a mail is attached to it, with or without anything in it."""
    return any(part.get_content_type() in _COPIES for part in mail.parts())


def returned(mail: Mail) -> Returned:
    """What may name one of our mails, in the report's copy of it and in its own fields."""
    ids: dict[str, None] = {}
    senders: dict[str, None] = {}
    recipients: dict[str, None] = {}
    tokens: dict[str, None] = {}
    for copy in copies(mail):
        flat = _UNFOLD.sub(" ", copy)
        for name, value in _FIELD.findall(flat):
            name = name.lower()
            if name.endswith("message-id"):
                ids.update(dict.fromkeys(_MESSAGE_ID.findall(value)))
            elif name in ("to", "x-hmxmroriginalrecipient"):
                recipients.update(dict.fromkeys(addresses_in(decoded(value))))
            elif name != "list-unsubscribe":
                senders.update(dict.fromkeys(addresses_in(value)))
        tokens.update(dict.fromkeys(_TOKEN.findall(flat)))
    for part in mail.parts():
        if part.get_content_type() in ("message/delivery-status", "message/feedback-report"):
            for name, value in _REPORTED.findall(raw_text(part)[:_ENOUGH_TEXT]):
                if name.lower() == "original-mail-from":
                    senders.update(dict.fromkeys(addresses_in(value)))
                elif name.lower() == "original-envelope-id":  # ours is the Message-ID
                    ids[f"<{value.strip().strip('<>')}>"] = None
                else:
                    ids.update(dict.fromkeys(_MESSAGE_ID.findall(value)))
    for name in ("x-original-message-id", "in-reply-to", "references"):
        ids.update(dict.fromkeys(_MESSAGE_ID.findall(mail.field(name))))
    return Returned(*(tuple(found)[:_MOST] for found in (ids, senders, recipients, tokens)))


def _before(text: str) -> tuple[str, str]:
    """What stands before a copy of the mail, and the copy."""
    text = text[: 4 * _ENOUGH_TEXT]
    for mark in COPY_BEGINS.finditer(text):
        if text[: mark.start()].strip():
            return text[: mark.start()][:_ENOUGH_TEXT], text[mark.start() :][:_ENOUGH_TEXT]
    return text[:_ENOUGH_TEXT], ""


def _head(part: Message) -> str:
    """The fields of an attached mail."""
    held = payload(part)
    if isinstance(held, list) and held:
        if held[0].items():
            return "".join(f"{name}: {value}\n" for name, value in held[0].items())[:_ENOUGH_TEXT]
        inner = payload(held[0])
        return inner[:_ENOUGH_TEXT] if isinstance(inner, str) else ""
    return text_from(content(part)[:_ENOUGH_TEXT], "")
