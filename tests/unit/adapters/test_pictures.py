"""Pictures are measured from their first octets, whatever comes after."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adapters.pictures import asset_hash, asset_url, size


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + header
        + struct.pack(">I", zlib.crc32(header))
    )


def jpeg(width: int, height: int, frame: int = 0xC0) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    tables = b"\xff\xc4" + struct.pack(">H", 4) + b"\xff\xc0"  # looks like a frame, and is none
    start = bytes((0xFF, 0xFF, frame)) + struct.pack(">HBHH", 11, 8, height, width) + bytes(4)
    return b"\xff\xd8" + app0 + tables + start


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(3)


def webp(form: bytes, body: bytes) -> bytes:
    return (
        b"RIFF"
        + struct.pack("<I", len(body) + 12)
        + b"WEBP"
        + form
        + struct.pack("<I", len(body))
        + body
    )


def test_every_kind_is_measured() -> None:
    assert size(png(600, 200)) == (600, 200)
    assert size(gif(600, 200)) == (600, 200)
    assert size(jpeg(600, 200)) == (600, 200)
    assert size(jpeg(600, 200, frame=0xC2)) == (600, 200)
    extended = bytes(4) + (599).to_bytes(3, "little") + (199).to_bytes(3, "little")
    assert size(webp(b"VP8X", extended)) == (600, 200)
    assert size(webp(b"VP8L", b"\x2f" + struct.pack("<I", 599 | 199 << 14))) == (600, 200)
    assert size(webp(b"VP8 ", bytes(6) + struct.pack("<HH", 600, 200))) == (600, 200)


@pytest.mark.parametrize("whole", [png(9, 9), gif(9, 9), jpeg(9, 9)], ids=["png", "gif", "jpeg"])
def test_a_picture_that_ends_too_early_has_no_size(whole: bytes) -> None:
    for end in range(9):
        assert size(whole[:end]) is None


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xd8", b"GIF89a", b"RIFF1234WEBPVP8X"]))
@settings(max_examples=100, deadline=None)
def test_no_octets_at_all_break_the_measuring(content: bytes, start: bytes) -> None:
    assert size(start + content) is None or len(size(start + content)) == 2


def test_the_address_changes_with_the_content_and_shows_only_the_name() -> None:
    url = asset_url(asset_hash(b"one"), "deep/a cup.png", "https://cozy.example/")
    assert url == f"https://cozy.example/a/{asset_hash(b'one')}/a%20cup.png"
    assert asset_hash(b"one") != asset_hash(b"two")
    assert len(asset_hash(b"one")) == 16
