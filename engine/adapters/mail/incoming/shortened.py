"""A mail as it is kept for somebody to look at: what was said, by whom, in answer to what.

A stranger's pictures and files, and the rest of what they sent, are nothing to keep. What stays is a mail
that reads as the whole one did, so that it can be tried again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from hashlib import blake2b

from engine.adapters.mail.incoming.parts import (
    Mail,
    content,
    is_attached,
    payload,
    raw_text,
    text_from,
    text_of,
)

MOST_TEXT = 4_000
"""Characters that are kept of each text."""
_MOST_REPORT, _MOST_FIELD, _MOST_TEXTS, _MOST_ATTACHMENTS = 8_000, 2_000, 5, 100
_FIELDS = frozenset(
    "authentication-results return-path delivered-to x-original-to x-envelope-to envelope-to x-forwarded-to"
    " from reply-to to cc subject date message-id in-reply-to references x-failed-recipients"
    " x-original-message-id auto-submitted".split()
)
"""What says who wrote to whom, when, and in answer to what."""
_OF_ITS_OWN = frozenset("message-id return-path to from subject date list-unsubscribe".split())
"""What is kept of a mail that is attached."""
_REPORTS = frozenset(
    "message/delivery-status message/global-delivery-status text/delivery-status"
    " message/feedback-report".split()
)
_HEADERS = frozenset("message/rfc822 text/rfc822-headers message/global text/rfc822".split())
_BODY = re.compile(r"(?i)<body\b")


def shortened(octets: bytes) -> bytes:
    """The fields that matter, a few KB of each text and of each report, and of each attachment that there
    was one."""
    mail = Mail.of(octets)
    parts = list(_kept(mail))
    boundary = blake2b(b"".join(parts), digest_size=16).hexdigest().encode()
    report = mail.message.get_content_type() == "multipart/report"
    kind = b"multipart/report" if report else b"multipart/mixed"
    return b"".join((
        _fields(mail.message.items(), _FIELDS),
        b"MIME-Version: 1.0\r\nContent-Type: ", kind, b'; boundary="', boundary, b'"\r\n',
        *(b"\r\n--" + boundary + b"\r\n" + part for part in parts),
        b"\r\n--", boundary, b"--\r\n",
    ))  # fmt: skip


def _kept(mail: Mail) -> Iterator[bytes]:
    parts = list(mail.parts())
    plain = [part for part in parts if _is_text(part, "plain") and text_of(part).strip()]
    html = [part for part in parts if _is_text(part, "html")]
    texts = (plain or html)[:_MOST_TEXTS]
    reports = [part for part in parts if part.get_content_type() in _REPORTS | _HEADERS]
    attachments = 0
    for part in parts:
        kind = part.get_content_type()
        if any(part is one for one in texts):
            yield _part(kind, _beginning(text_of(part), kind))
        elif any(part is one for one in reports[:_MOST_TEXTS]):
            if kind in _REPORTS:
                yield _part(kind, raw_text(part)[:_MOST_REPORT])
            else:
                yield _part("text/rfc822-headers", _head(part))
        elif is_attached(part) and attachments < _MOST_ATTACHMENTS:
            attachments += 1
            yield b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n"


def _is_text(part: Message, subtype: str) -> bool:
    return part.get_content_type() == f"text/{subtype}" and not is_attached(part)


def _beginning(text: str, kind: str) -> str:
    """The first words; of a page those of its body, before which styles stand at length."""
    if kind == "text/html" and (body := _BODY.search(text)):
        text = text[body.start() :]
    return text[:MOST_TEXT]


def _head(part: Message) -> str:
    held = payload(part)
    if isinstance(held, list):
        fields = _fields(held[0].items() if held else (), _OF_ITS_OWN)
    else:
        inner = Mail.of(content(part)[:_MOST_REPORT]).message
        fields = _fields(inner.items(), _OF_ITS_OWN)
    return text_from(fields, "")


def _fields(items: Iterable[tuple[str, object]], names: frozenset[str]) -> bytes:
    """These fields, as they came; of one that comes often the first ones."""
    kept, length = [], 0
    for name, value in items:
        if name.lower() in names and length < _MOST_REPORT:
            line = f"{name}: {' '.join(str(value)[:_MOST_FIELD].split())}\r\n"
            kept.append(line.encode("utf-8", "replace"))
            length += len(line)
    return b"".join(kept)


def _part(kind: str, text: str) -> bytes:
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    lines = "\r\n".join(text.splitlines())
    return head.encode("ascii", "replace") + lines.encode("utf-8", "replace")
