"""One connection, as uvicorn keeps it, with a limit on how long the head of a request may take.

uvicorn limits the silence between two requests, and nothing after the first letter of one: a client
that sends a letter a minute would hold its connection for ever.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS_FOR_THE_HEAD = 15.0


class Door(H11Protocol):
    """A connection whose next request has to have its whole head within 15 seconds."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The clock runs from the first moment on."""
        super().connection_made(transport)
        self._expect_a_head()

    def data_received(self, data: bytes) -> None:
        """The clock runs from the first letter of a head to its last."""
        before = self.cycle
        if before is None or before.response_complete:
            self._expect_a_head()
        super().data_received(data)
        if self.cycle is not before:
            self._head_is_here()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is expected any more."""
        self._head_is_here()
        super().connection_lost(exc)

    def _expect_a_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(SECONDS_FOR_THE_HEAD, self.transport.close)

    def _head_is_here(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
