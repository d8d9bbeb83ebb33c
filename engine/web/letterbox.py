"""Deliveries that come at the same time are stored together: one commit for all that wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool

from engine.application.ports.inbox import Sent

MOST_BYTES = 32_000_000
"""What may wait for its commit at once; who comes then is asked to come again."""


class Full(Exception):
    """The database is slower than what comes in."""


class Letterbox:
    """Puts deliveries into the inbox, durably, in the order in which they came."""

    def __init__(self, put_all: Callable[[Sequence[Sent]], object]) -> None:
        self._put_all = put_all
        self._waiting: list[tuple[Sent, asyncio.Future[None]]] = []
        self._bytes = 0
        self._worker: asyncio.Task[None] | None = None

    async def put(self, sent: Sent) -> None:
        """Return when it is stored.

        Raises:
            Full: if too much waits already.
        """
        if self._bytes > MOST_BYTES:
            raise Full
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((sent, stored))
        self._bytes += len(sent.body)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        await stored

    async def _work(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            try:
                await run_in_threadpool(self._put_all, [sent for sent, _ in together])
            except Exception as error:
                for _, stored in together:
                    if not stored.done():
                        stored.set_exception(error)
            else:
                for _, stored in together:
                    if not stored.done():
                        stored.set_result(None)
            finally:
                self._bytes -= sum(len(sent.body) for sent, _ in together)
