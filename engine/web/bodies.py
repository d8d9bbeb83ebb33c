"""What was posted, whole, and never more than an address bears."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request


class TooLarge(HTTPException):
    """More was posted than the address bears; the answer is 413."""

    def __init__(self) -> None:
        super().__init__(413, "too large", {"Cache-Control": "no-store"})


async def read_body(request: Request, limit: int) -> bytes:
    """The body as it came, at most `limit` bytes.

    Raises:
        TooLarge: as soon as it is known that there is more.
    """
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > limit:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)
