"""Pictures of mails: served by the hash of their content, measured without decoding them."""

from __future__ import annotations

import struct
from hashlib import sha256
from urllib.parse import quote

HASH_DIGITS = 16
KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
"""The kinds that mail clients show, by the end of the file's name."""


def asset_hash(content: bytes) -> str:
    """16 hexadecimal digits by which exactly this content is known."""
    return sha256(content).hexdigest()[:HASH_DIGITS]


def asset_url(hash: str, name: str, site: str) -> str:
    """`https://site/a/HASH/NAME`: it changes with the content, so it may be kept for ever.

    `name` is the path below `templates/_assets/`; only its last part is shown.
    """
    return f"{site.rstrip('/')}/a/{hash}/{quote(name.rpartition('/')[2])}"


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG, GIF or WebP, or None if it is none of them."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return _pair(">II", content, 16)
        if content.startswith((b"GIF87a", b"GIF89a")):
            return _pair("<HH", content, 6)
        if content.startswith(b"\xff\xd8"):
            return _jpeg_size(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp_size(content)
    except (struct.error, IndexError):  # it ends too early
        return None
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (ITU T.81 B.2.2), which holds height, then width."""
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fill octets may stand before a marker
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(">HH", content, at + 5)
            return width, height
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            at += 2 + length
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """The three forms of the first chunk: extended, lossless, lossy (RFC 9649)."""
    form = content[12:16]
    if form == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        return (width + 1, height + 1) if len(content) >= 30 else None
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = _pair("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _pair(layout: str, content: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, content, at)
    return first, second
