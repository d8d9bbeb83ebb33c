"""A real server on a port of its own, in a thread of the test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from engine.web.server import server_for


@contextmanager
def running(app: ASGIApp) -> Iterator[int]:
    """Serves the app while the block runs; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = server_for(app)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
