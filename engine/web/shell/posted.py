"""What is posted, watched while it comes: not more than an address bears, and not for ever."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from engine.web.shell.bounds import Bounds

_DRAINED = 1024 * 1024
_SECONDS_TO_DRAIN = 2.0


class Posted:
    """The body of one request. Given to the app in the place of the server's `receive`."""

    def __init__(self, receive: Receive, bounds: Bounds) -> None:
        self._receive = receive
        self._bounds = bounds
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
            HTTPException: 413 as soon as more came than the address bears, 408 when the time is over.
        """
        if self.whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "too slow") from None
        if message["type"] == "http.request":
            self._came += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
            if self._came > self._bounds.body:
                await self.drain()
                raise HTTPException(413, "too large")
        else:
            self.cut_off = True
        return message

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
