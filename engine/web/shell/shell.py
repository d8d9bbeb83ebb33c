"""The shell around the app: who comes, how often and with how much; the headers of every answer; and the
last word when something breaks, which is never a traceback.

Nothing is logged of what was asked: addresses hold tokens.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.adapters.db.connect import passes
from engine.web.shell.bounds import ELSEWHERE, OPERATIONS, Bounds, bounds_of
from engine.web.shell.client import Network, client_of, household
from engine.web.shell.headers import Headers, Hosts
from engine.web.shell.posted import Posted, Room
from engine.web.shell.rates import Rates

log = logging.getLogger("sincerely.web")

_SECONDS_TO_READ = 30.0
"""Who does not take a part of the answer for so long has gone."""

_GIVEN_UP = (404, 408, 413, 421, 429, 503)
"""Whatever still comes of such a request is let go by for a moment, and then not listened to."""

Heard = Callable[[str, int, float], None]
"""Told of every answer: the pattern of its address, its code (0 where the client went away), and how many
seconds it took."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the shell has to know of a business: its base address, other names that it is reached by,
    and the proxies that it stands behind."""

    address: str = ""
    hosts: tuple[str, ...] = ()
    behind: Sequence[Network] = ()


@dataclass(slots=True)
class _Answer:
    """What goes out. `code` is 0 until it has begun."""

    send: Send
    headers: Headers
    posted: Posted
    code: int = 0

    async def __call__(self, message: Message) -> None:
        """One part of it.

        Raises:
            ClientDisconnect: if nobody takes it.
        """
        if message["type"] == "http.response.start":
            self.code = message["status"]
            headers = MutableHeaders(scope=message)
            self.headers.add_to(headers)
            if self.code in _GIVEN_UP:
                await self.posted.drain()
                if not self.posted.whole:
                    headers["Connection"] = "close"
        try:
            async with asyncio.timeout(_SECONDS_TO_READ):
                await self.send(message)
        except TimeoutError:
            raise ClientDisconnect from None


class Shell:
    """Stands around `app`. `heard` counts; `clock` gives seconds that only ever rise."""

    def __init__(
        self,
        app: ASGIApp,
        site: Site,
        heard: Heard = lambda route, code, seconds: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self._behind = site.behind
        self._hosts = Hosts(site.address, site.hosts)
        self._headers = Headers(site.address)
        self._heard = heard
        self._clock = clock
        self._rates = Rates(clock)
        self._room = Room()
        self._told_of_proxy = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        since = self._clock()
        bounds = bounds_of(scope["method"], scope["path"])
        posted = Posted(receive, bounds, self._room)
        answer = _Answer(send, self._headers, posted)
        try:
            refusal = self._refusal(scope, bounds)
            if refusal is None:
                await self.app(scope, posted.receive, answer)
            else:
                await refusal(scope, posted.receive, answer)
        except ClientDisconnect:
            log.debug("a client went away")
        except Exception as error:
            await _break(error, scope, posted, answer)
        finally:
            posted.release()
            code = 0 if posted.cut_off else answer.code
            self._heard(_pattern(scope), code, self._clock() - since)

    def _refusal(self, scope: Scope, bounds: Bounds) -> Response | None:
        """Why the request goes no further; None if it does, with the client's own address in it."""
        headers = _Said(scope)
        peer = scope["client"][0] if scope.get("client") else None
        forwarded = headers.all(b"x-forwarded-for")
        client = client_of(peer, forwarded, self._behind)
        if forwarded and not self._behind and not self._told_of_proxy:
            self._told_of_proxy = True
            log.warning("a proxy that `web.behind` of the config does not name is not believed")
        scope["client"] = (client, 0)
        wait = self._rates.wait(bounds, household(client))
        if wait:
            return _plain(
                429, "too many requests, try again later", {"Retry-After": f"{ceil(wait)}"}
            )
        hosts = headers.all(b"host")
        if bounds.name != OPERATIONS.name and (len(hosts) != 1 or hosts[0] not in self._hosts):
            return _plain(421, "this address is not served here")
        length = headers.all(b"content-length")
        if length and length[0].isdigit() and int(length[0]) > bounds.body:
            nowhere = bounds.name == ELSEWHERE.name
            return _plain(404, "Not Found") if nowhere else _plain(413, "too large")
        return None


class _Said:
    """The headers of a request, as text, also where one stands there twice."""

    def __init__(self, scope: Scope) -> None:
        self._headers: list[tuple[bytes, bytes]] = scope["headers"]

    def all(self, name: bytes) -> list[str]:
        return [value.decode("latin-1") for known, value in self._headers if known == name]


def _plain(code: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(text, code, headers)


async def _break(error: Exception, scope: Scope, posted: Posted, answer: _Answer) -> None:
    """Something broke: a line for whoever runs it, and a few words for whoever asked, where the app has
    not said them yet."""
    if passes(error):
        log.error("a request found no database", extra={"route": _pattern(scope)})
    else:
        log.error("a request broke", extra={"route": _pattern(scope)}, exc_info=error)
    if not answer.code:
        await apology(error)(scope, posted.receive, answer)


def apology(error: Exception) -> Response:
    """The answer where something broke: 503 and when to come again if that helps, else 500."""
    if passes(error):
        return _plain(503, "not now, please try again", {"Retry-After": "5"})
    return _plain(500, "something broke here")


def _pattern(scope: Scope) -> str:
    """`/u/{token}`: an address without what stands in it."""
    return getattr(scope.get("route"), "path", "elsewhere")
