"""Serving the app by uvicorn, until told to stop."""

from __future__ import annotations

import uvicorn
from starlette.types import ASGIApp

_SECONDS_TO_FINISH = 10


def server_for(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """A server that is not running yet. Requests are not logged: their addresses hold tokens."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,
            log_config=None,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
    )


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Answer requests until SIGINT or SIGTERM; those under way are finished, for at most 10 seconds."""
    server_for(app, host, port).run()
