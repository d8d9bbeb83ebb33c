"""The body of a request that other programs make, unpacked, and never more than that."""

from __future__ import annotations

import zlib


class Refused(Exception):
    """A request that is not taken: the status, a word for programs, and a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its `Content-Encoding`: gzip or none. A few bytes that unpack to gigabytes are
    never unpacked further than `limit`.

    Raises:
        Refused: 413 if there is more, 400 if it is broken, 415 for another encoding.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise Refused(
            415, "encoding", f"the encoding `{encoding[:40]}` is none that we know; use gzip"
        )
    content = b""
    try:
        while body:
            gzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            content += gzip.decompress(body, limit + 1 - len(content))
            if len(content) > limit:
                raise _too_large(limit)
            if not gzip.eof:
                raise Refused(400, "gzip", "the gzip body is cut off")
            body = gzip.unused_data.lstrip(b"\0")
    except zlib.error:
        raise Refused(400, "gzip", "the body is not gzip") from None
    return content


def _too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"the body is larger than {limit // 1000} KB")
