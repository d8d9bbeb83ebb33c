"""Is our own address reached from here? One request, followed nowhere."""

from __future__ import annotations

import socket
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

_SECONDS = 8
_ENOUGH = 4_096


class NotFound(LookupError):
    """The name of the machine leads nowhere: there is no such name, or no network."""


def get(url: str) -> tuple[int, str]:
    """The code and the beginning of the answer; 0 and why, where there is none.

    Raises:
        NotFound: if the name cannot be looked up.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
        try:
            connection.request("GET", parts.path or "/")
            answer = connection.getresponse()
            return answer.status, answer.read(_ENOUGH).decode("utf-8", "replace")
        finally:
            connection.close()
    except socket.gaierror as failed:
        raise NotFound(parts.hostname) from failed
    except (OSError, HTTPException, ValueError) as failed:
        return 0, type(failed).__name__
