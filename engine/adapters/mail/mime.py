"""A mail as octets: our own MIME writer for the one shape we send.

`multipart/alternative`, text first and HTML second (RFC 2046 section 5.1.4), UTF-8. Around it stands a
skeleton of fixed octets; only the fields and the two bodies are worked out, which is what makes it
some forty times as fast as `email.message.EmailMessage` and immune to its changing bugs.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from engine.adapters.mail.fields import mailbox_field, structured, unstructured
from engine.adapters.mail.transfer import encode_html, encode_text
from engine.domain.message import Address, Message

_SEND_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_OURS = frozenset(
    {"date", "from", "reply-to", "to", "cc", "bcc", "subject", "message-id", "mime-version"}
)


def write(message: Message, key: bytes = b"") -> bytes:
    """The whole mail with CRLF line ends, ready for DATA. The same message gives the same octets.

    `key` signs the Message-ID (see `message_id`). No line is longer than 998 octets, and none is
    longer than 78 unless it holds a single word that is.

    Raises:
        ValueError: if `send_id` is not made of letters, digits, `-` and `_` (at most 64), or one of
            `headers` is not ASCII, is no header name or is one that the writer sets itself.
    """
    boundary = _boundary(message.send_id)
    text_encoding, text = encode_text(message.text)
    html_encoding, html = encode_html(message.html)
    fields = [
        _date_field(message.date.replace(microsecond=0)),
        _constant_field("From", message.sender),
        _constant_field("Reply-To", message.reply_to) if message.reply_to else b"",
        mailbox_field("To", message.to),
        unstructured("Subject", message.subject),
        structured("Message-ID", message_id(message, key)),
    ]
    for name, value in message.headers.items():
        if name.lower() in _OURS or name.lower().startswith("content-"):
            raise ValueError(f"the header {name} is written by the engine itself")
        fields.append(structured(name, value))
    return b"".join((
        *fields,
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative;\r\n boundary="', boundary, b'"\r\n'
        b"\r\n--", boundary, b"\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: ", text_encoding, b"\r\n\r\n", text,
        b"\r\n--", boundary, b"\r\n"
        b'Content-Type: text/html; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: ", html_encoding, b"\r\n\r\n", html,
        b"\r\n--", boundary, b"--\r\n",
    ))  # fmt: skip


def message_id(message: Message, key: bytes = b"") -> str:
    """`<send_id.mac@sending-domain>`: stable over retries (R10.1), and hard to forge, so that a bounce
    that names it can be believed. `mac` is 64 bits of HMAC-SHA256 of the send id under `key`."""
    domain = message.sender.email.rpartition("@")[2]
    return f"<{message.send_id}.{mac_of(message.send_id, key)}@{domain}>"


def mac_of(send_id: str, key: bytes) -> str:
    """The signature in a Message-ID."""
    return hmac.digest(key, b"message-id:" + send_id.encode(), "sha256")[:8].hex()


def _boundary(send_id: str) -> bytes:
    """`=_` can stand neither in quoted-printable nor in base64, so no body can hold it (RFC 2045 6.7)."""
    if not _SEND_ID.fullmatch(send_id):
        raise ValueError(f"{send_id!r} is no send id: letters, digits, - and _, at most 64")
    return b"=_" + send_id.encode("ascii")


@lru_cache(maxsize=64)
def _date_field(second: datetime) -> bytes:
    """Mails leave by the thousand in one second."""
    return structured("Date", format_datetime(second.astimezone(UTC)))


@lru_cache(maxsize=256)
def _constant_field(name: str, address: Address) -> bytes:
    """Senders are few: their fields are written once."""
    return mailbox_field(name, address)
