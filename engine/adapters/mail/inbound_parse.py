"""SendGrid's Inbound Parse: a mail that came to us, posted as a form, and made a mail again.

In raw mode the form holds the mail as it came (`email`); else its header (`headers`), its texts (`text`,
`html`), each in the charset that `charsets` names, and its attachments. One reader judges both then
(`incoming.read`). Attachments are counted and go no further. What SendGrid found out about the sender
(`SPF`, `dkim`) stands in front as a field of `CHECKED_BY`, which nothing below it can outdo.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

from engine.application.ports.inbox import Delivery
from engine.application.take_in import NotUnderstood

KIND = "sendgrid.inbound"
"""What the inbox calls such a post."""
A_MAIL = "message/rfc822"
CHECKED_BY = "inbound-parse.sendgrid"
"""The name in `Authentication-Results` under which a mail says what SendGrid found."""
_SIGNATURE = re.compile(r"@([a-z0-9.-]{1,253})\s*:\s*([a-z]{1,20})")
_BOUNDARY = re.compile(r'(?i)\bboundary="?([^";,\s]{1,200})')
_NAME = re.compile(rb'(?i)[;\s]name="((?:[^"\\\r\n]|\\.){0,200})"')
_FILE = re.compile(rb"(?i)[;\s]filename\*?=")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 8_192
_DESCRIBES = re.compile(r"(?i)(?:content-|mime-version\b)")
_MOST_PARTS = 1_000
_MOST_ATTACHMENTS = 100
_MOST_SIGNATURES = 20
_ENOUGH = 2 * 1024 * 1024
"""What a person has to say stands in the first two MiB of it."""


def mail_of(delivery: Delivery) -> Delivery:
    """A post as it lies in the inbox, as the mail that it holds. What was kept of one is that mail already.

    Raises:
        NotUnderstood: if this is no form, or it holds no mail.
    """
    if delivery.content_type == A_MAIL:
        return delivery
    octets = octets_of(delivery.content_type, delivery.body)
    return replace(delivery, content_type=A_MAIL, body=octets)


def octets_of(content_type: str, body: bytes) -> bytes:
    """The mail that was posted, as octets. Fields of our own stand before it: what SendGrid found out, and
    whom the envelope names (`X-Envelope-To`, `Return-Path`), as far as it says so.

    Raises:
        NotUnderstood: if this is no form, or it holds no mail.
    """
    found = _BOUNDARY.search(content_type)
    if "multipart/form-data" not in content_type.lower() or found is None:
        raise NotUnderstood("it is no form of Inbound Parse")
    parts = list(_parts(body, found[1].encode("latin-1", "replace")))
    fields = dict(_fields(parts))
    envelope = _checks(fields) + _envelope(fields)
    if "email" in fields:
        return envelope + fields["email"].lstrip(b"\r\n\t ")
    if not fields.keys() & {"headers", "text", "html"}:
        raise NotUnderstood("the form holds no mail")
    return envelope + _rebuilt(fields, sum(_FILE.search(head) is not None for head, _ in parts))


def _fields(parts: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The fields of the form that are no file; of a repeated one the last."""
    for head, value in parts:
        name = _NAME.search(head)
        if name is not None and _FILE.search(head) is None:
            yield name[1].decode("utf-8", "replace"), value


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Head and content of each part (RFC 7578), with line ends of either kind."""
    line = b"--" + boundary
    start = 0 if body.startswith(line) else body.find(b"\n" + line) + 1
    if not body.startswith(line, start):
        return
    for _ in range(_MOST_PARTS):
        start += len(line)
        end = body.find(b"\n" + line, start)
        piece = body[start : end if end >= 0 else len(body)]
        if piece.startswith(b"--"):
            return
        if between := _BLANK_LINE.search(piece, 0, _LONGEST_HEAD):
            yield b" " + piece[: between.start()], piece[between.end() :].removesuffix(b"\r")
        if end < 0:
            return
        start = end + 1


def _checks(fields: Mapping[str, bytes]) -> bytes:
    """What SendGrid found out, as a field (RFC 8601): it says of each method something, if only `none`, so
    that no field of the sender's own has the word. SPF is about the envelope."""
    said = {
        name: fields.get(name, b"").decode("ascii", "ignore").lower() for name in ("SPF", "dkim")
    }
    spf = re.match(r"\s*([a-z]{1,20})", said["SPF"])
    sender = _said_by(fields).get("from")
    domain = _plain([sender])[0].rpartition("@")[2] if _plain([sender]) else ""
    found = ["dmarc=none", f"spf={spf[1] if spf else 'none'}"]
    if re.fullmatch(r"[A-Za-z0-9.-]{1,253}", domain):
        found[1] += f" smtp.mailfrom={domain}"
    signed = _SIGNATURE.findall(said["dkim"])[:_MOST_SIGNATURES]
    found += [f"dkim={result} header.d={signer}" for signer, result in signed] or ["dkim=none"]
    return f"Authentication-Results: {CHECKED_BY}; {'; '.join(found)}\r\n".encode()


def _envelope(fields: Mapping[str, bytes]) -> bytes:
    """Whom the envelope names, as fields of a header."""
    envelope = _said_by(fields)
    to, sender = envelope.get("to"), envelope.get("from")
    lines = [f"X-Envelope-To: <{one}>" for one in _plain(to if isinstance(to, list) else [])]
    if isinstance(sender, str):
        lines += [f"Return-Path: <{one}>" for one in _plain([sender])]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "ignore")


def _said_by(fields: Mapping[str, bytes]) -> Mapping[str, object]:
    """The envelope as it was posted; nothing where it is none."""
    try:
        envelope = json.loads(fields.get("envelope", b"{}"))
    except (ValueError, RecursionError):
        return {}
    return envelope if isinstance(envelope, dict) else {}


def _plain(values: list[object]) -> list[str]:
    """Addresses that can stand in a header; an empty one is the sender of machines."""
    texts = [value for value in values[:20] if isinstance(value, str)]
    return [
        text for text in texts if len(text) <= 320 and not re.search(r"[\s<>\x00-\x1f\x7f]", text)
    ]


def _rebuilt(fields: Mapping[str, bytes], attachments: int) -> bytes:
    """The mail of its parts: its own header, the texts in UTF-8, and attachments without content."""
    charsets = _charsets(fields)
    texts = {
        name: _text(fields[name][:_ENOUGH], charsets.get(name, ""))
        for name in ("text", "html")
        if name in fields
    }
    letter = EmailMessage(SMTP)
    letter.set_content(texts.get("text", ""), cte="base64")
    if "html" in texts:
        letter.add_alternative(texts["html"], subtype="html", cte="base64")
    for number in range(min(attachments, _MOST_ATTACHMENTS)):
        letter.add_attachment(b"", "application", "octet-stream", filename=str(number + 1))
    return _own_header(fields, charsets) + letter.as_bytes()


def _own_header(fields: Mapping[str, bytes], charsets: Mapping[str, str]) -> bytes:
    """The header as it came, without what describes the body; or one made of the form's own fields."""
    kept: list[str] = []
    describes = True  # what goes on with a line that is not there would go on with one of ours
    for line in _text(
        fields.get("headers", b"")[:_ENOUGH], charsets.get("headers", "")
    ).splitlines():
        if not line[:1].isspace():
            describes = _DESCRIBES.match(line) is not None or ":" not in line
        if line.strip() and not describes:
            kept.append(line)
    named = {line.partition(":")[0].strip().lower() for line in kept}
    for name in ("from", "to", "subject"):
        if name in fields and name not in named:
            value = " ".join(_text(fields[name], charsets.get(name, "")).split())
            kept.append(f"{name.title()}: {value}")
    return "".join(f"{line}\r\n" for line in kept).encode("utf-8", "replace")


def _charsets(fields: Mapping[str, bytes]) -> dict[str, str]:
    try:
        said = json.loads(fields.get("charsets", b"{}"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {name: value for name, value in said.items() if isinstance(value, str)}


def _text(octets: bytes, charset: str) -> str:
    """Text in the charset that it names; else what it looks like. It always has an end, and no letters
    that UTF-8 cannot carry."""
    for candidate in (charset, "utf-8"):
        try:
            decoded = octets.decode(candidate)
        except (LookupError, ValueError):
            continue
        return decoded.encode("utf-8", "replace").decode("utf-8")
    return octets.decode("latin-1")
