"""What is posted, watched while it comes: not more than an address bears, and not for ever."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from engine.web.shell.bounds import Bounds

MOST_HELD = 128 * 1024 * 1024
"""So much of what is posted is held at once: three of the largest mails, or thousands of anything else.
Whose it is shows only when all of it is here (a signature is over the whole), so this bounds what
strangers can make us keep."""
_ALWAYS_ROOM = 64 * 1024
"""A body as small as a form's finds room all the same: nobody keeps people from their pages."""
_AGAIN_AFTER = 10
_DRAINED = 1024 * 1024
_SECONDS_TO_DRAIN = 2.0


class Room:
    """What all requests under way hold together, in octets."""

    def __init__(self, most: int = MOST_HELD) -> None:
        self._most = most
        self.held = 0

    @property
    def is_full(self) -> bool:
        """Whether there is no more of it."""
        return self.held > self._most


class Posted:
    """The body of one request. Given to the app in the place of the server's `receive`. It takes up `room`
    until `release`."""

    def __init__(self, receive: Receive, bounds: Bounds, room: Room) -> None:
        self._receive = receive
        self._bounds = bounds
        self._room = room
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + bounds.seconds
        self._came = 0
        self.whole = False
        """Whether all of it has come."""
        self.cut_off = False
        """Whether the client went away in the middle of it."""

    async def receive(self) -> Message:
        """The next part of it.

        Raises:
            HTTPException: 413 as soon as more came than the address bears, 408 when the time is over,
                503 while too much is held already.
        """
        if self.whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "too slow") from None
        if message["type"] == "http.request":
            self._hold(len(message.get("body", b"")))
            self.whole = not message.get("more_body", False)
            if self._came > self._bounds.body:
                raise HTTPException(413, "too large")
            if self._room.is_full and self._came > _ALWAYS_ROOM:
                raise HTTPException(503, "not now", {"Retry-After": f"{_AGAIN_AFTER}"})
        else:
            self.cut_off = True
        return message

    def release(self) -> None:
        """The request is over."""
        self._hold(-self._came)

    def _hold(self, octets: int) -> None:
        self._came += octets
        self._room.held += octets

    async def drain(self) -> None:
        """Let go by what still comes, for a moment: a client that is cut off while it speaks does not
        hear the answer."""
        let_go = 0
        try:
            async with asyncio.timeout(_SECONDS_TO_DRAIN):
                while not self.whole and let_go <= _DRAINED:
                    message = await self._receive()
                    let_go += len(message.get("body", b""))
                    self.whole = not message.get("more_body", False)
        except TimeoutError:
            return
