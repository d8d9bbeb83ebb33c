"""The addresses of the web side, each with what answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from engine.adapters.pictures import KINDS
from engine.application.ports.tasks import Tasks
from engine.web.choose import ChoosePage
from engine.web.confirm import ConfirmPage
from engine.web.data import DataPage
from engine.web.doors import Doors
from engine.web.leave import LeavePage
from engine.web.operations import ONLY_HEALTH, Operations
from engine.web.shell.shell import apology
from engine.web.task import TaskPage
from engine.web.why import WhyPage

Pictures = Callable[[str], tuple[str, bytes] | None]
"""A picture's file name and content by the hash in its address."""


def build_app(
    doors: Doors,
    pictures: Pictures,
    tasks: Tasks,
    hooks: Iterable[Route] = (),
    operations: Operations = ONLY_HEALTH,
) -> Starlette:
    """The app of one business. `hooks` are further addresses: where other programs send things
    in, and sign-up forms."""

    async def picture(request: Request) -> Response:
        """`/a/HASH/NAME`: the address changes with the content, so it may be kept for ever."""
        digest = request.path_params["hash"]
        found = await run_in_threadpool(pictures, digest)
        kind = KINDS.get(found[0][found[0].rfind(".") :].lower()) if found else None
        if found is None or kind is None:
            return PlainTextResponse("not found", 404)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "ETag": f'"{digest}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(None, 304, headers)
        return Response(found[1], 200, headers, media_type=kind)

    app = Starlette(
        routes=[
            Route("/u/{token}", LeavePage(doors).answer, methods=["GET", "POST"]),
            Route("/p/{token}", ChoosePage(doors).answer, methods=["GET", "POST"]),
            Route("/c/{token}", ConfirmPage(doors).answer, methods=["GET", "POST"]),
            Route("/w/{token}", WhyPage(doors).answer, methods=["GET"]),
            Route("/d/{token}", DataPage(doors).answer, methods=["GET", "POST"]),
            Route("/h/{token}", TaskPage(doors, tasks).answer, methods=["GET", "POST"]),
            Route("/a/{hash}/{name}", picture, methods=["GET"]),
            *hooks,
            *operations.routes(),
        ],
        exception_handlers={Exception: _sorry},
    )
    app.router.redirect_slashes = False  # it would lead to whatever host the request names
    return app


async def _sorry(request: Request, error: Exception) -> Response:
    return apology(error)
