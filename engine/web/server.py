"""Serving the app by uvicorn, until told to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from engine.domain.errors import SetupError
from engine.web.door import Door

_SECONDS_TO_FINISH = 10
_LARGEST_HEAD = 16 * 1024
_MOST_CONNECTIONS = 500
"""At once; a process may usually have 1,024 files open, and the database needs some."""


def serve(app: ASGIApp, doors: Sequence[socket.socket], listening: Callable[[], None]) -> None:
    """Answer requests until SIGINT or SIGTERM; those under way are finished, for at most 10 seconds.

    `doors` come from `listen`; `listening` is called once requests can come.
    """
    server = server_for(app)
    with _stopping(server):
        listening()
        server.run(sockets=list(doors))


def listen(host: str, port: int) -> socket.socket:
    """A door on a port; 0 means any free one.

    Raises:
        SetupError: D209 if the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as failed:
        raise SetupError(
            f"nothing can listen on {host}, port {port}: {failed.strerror}",
            help="stop what listens there, or choose another port",
            code="D209",
        ) from failed


def address_of(door: socket.socket) -> str:
    """`http://127.0.0.1:8000`."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if door.family == socket.AF_INET6 else f"http://{host}:{port}"


def server_for(app: ASGIApp) -> uvicorn.Server:
    """A server that is not running yet. Requests are not logged: their addresses hold tokens. What a
    proxy says of them is the shell's matter, which knows the proxies."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=Door,
            ws="none",
            h11_max_incomplete_event_size=_LARGEST_HEAD,
            limit_concurrency=_MOST_CONNECTIONS,
            proxy_headers=False,
            access_log=False,
            log_config=None,
            log_level="error",
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
    )


@contextmanager
def _stopping(server: uvicorn.Server) -> Iterator[None]:
    """A signal stops the server at any time: before uvicorn's own handlers stand, and after they are
    gone, when it raises the signal that stopped it once more."""

    def stop(*_: object) -> None:
        server.should_exit = True

    told = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, stop) for number in told]
    try:
        yield
    finally:
        for number, handler in zip(told, before, strict=True):
            signal.signal(number, handler)
