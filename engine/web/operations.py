"""`/healthz`, `/readyz`, `/metrics`: for whoever runs it, and for the programs that watch it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hmac import compare_digest

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
DAEMON = "daemon"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and in a few words how it is."""

    name: str
    well: bool
    says: str


class Operations:
    """The three addresses. `look` looks at what serving rests on, `metrics` gives the text of all that is
    measured. It is given to whoever brings `token`, and on `metrics_port`, which listens on this machine
    only; without either it is not there."""

    def __init__(
        self,
        look: Callable[[], Sequence[Finding]],
        metrics: Callable[[], bytes],
        token: str = "",
        metrics_port: int | None = None,
    ) -> None:
        self._look = look
        self._metrics = metrics
        self._token = token
        self._metrics_port = metrics_port

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/healthz", self.healthy, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            Route("/readyz/daemon", self.daemon_runs, methods=["GET"]),
            Route("/metrics", self.measured, methods=["GET"]),
        ]

    async def healthy(self, request: Request) -> Response:
        """The process answers. It looks at nothing else, for a restart would mend nothing else."""
        return PlainTextResponse("ok")

    async def ready(self, request: Request) -> Response:
        """Requests can be answered. A daemon that is away is told and no reason to say no: people must
        be able to unsubscribe all the same."""
        found = await run_in_threadpool(self._look)
        return _told(found, all(one.well for one in found if one.name != DAEMON))

    async def daemon_runs(self, request: Request) -> Response:
        """And a daemon or worker was seen lately."""
        found = await run_in_threadpool(self._look)
        return _told(found, all(one.well for one in found))

    async def measured(self, request: Request) -> Response:
        """The figures, where they may be had."""
        server = request.scope.get("server") or ("", None)
        if self._metrics_port is None or server[1] != self._metrics_port:
            if not self._token:
                return PlainTextResponse("Not Found", 404)
            given = request.headers.get("authorization", "").encode()
            if not compare_digest(given, f"Bearer {self._token}".encode()):
                return PlainTextResponse(
                    "a token is needed", 401, headers={"WWW-Authenticate": "Bearer"}
                )
        text = await run_in_threadpool(self._metrics)
        return Response(text, headers={"Content-Type": _PROMETHEUS})


ONLY_HEALTH = Operations(tuple, bytes)
"""For an app that rests on nothing."""


def _told(found: Sequence[Finding], ready: bool) -> Response:
    lines = "".join(f"{'ok' if one.well else 'NO'} {one.name}: {one.says}\n" for one in found)
    return PlainTextResponse(lines, 200 if ready else 503)
