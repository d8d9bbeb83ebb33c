"""The headers that every answer has, unless the page knows better, and the names that we answer to."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders

_ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_A_YEAR = "max-age=31536000"
_AT_HOME = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Headers:
    """The headers of a business whose base address is `site`. With `https` browsers are told to stay
    there; of other names below its domain that says nothing."""

    def __init__(self, site: str) -> None:
        secure = {"Strict-Transport-Security": _A_YEAR} if site.startswith("https://") else {}
        self._all = {**_ALWAYS, **secure}

    def add_to(self, headers: MutableHeaders) -> None:
        """Add those that are missing."""
        for name, value in self._all.items():
            headers.setdefault(name, value)


class Hosts:
    """The names that we answer to: the base address, more from the config, and this machine's own. A
    page that is reached by another one (a domain that was made to lead here) shows nothing."""

    def __init__(self, site: str, more: Iterable[str]) -> None:
        self._known = {*_AT_HOME, *(one.lower() for one in more)}
        if site:
            self._known.add(_name(urlsplit(site).netloc))

    def __contains__(self, host: object) -> bool:
        return isinstance(host, str) and _name(host) in self._known


def _name(host: str) -> str:
    """Without the port, and the dot that ends a full name."""
    name, colon, port = host.strip().lower().rpartition(":")
    if colon and (port.isdigit() or not port):
        host = name
    return host.strip().lower().removesuffix(".")
