"""What each address bears: how much may be posted to it, how long that may take, and how often one
client may come.

The numbers are walls against abuse, not locks: a token is guarded by 112 bits of MAC, a webhook by its
signature. So they stand far above honest use. The one-click POSTs of a large mailbox provider come from
a handful of its addresses, and a mail to 100,000 people makes hundreds in its first minute; a security
gateway opens every link of a mailing to a whole company from one address; a picture proxy likewise.
"""

from __future__ import annotations

from dataclasses import dataclass

_KB, _MB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """`name` is what shares one allowance. `body` in octets; `seconds` until all of it has to be here;
    `rate` requests a second and client for long, `burst` at once."""

    name: str
    body: int
    seconds: float
    rate: float
    burst: int


ONE_CLICK = Bounds("one-click", 64 * _KB, 20, 200, 10_000)
PAGE = Bounds("page", 64 * _KB, 20, 50, 1_000)
LINK = Bounds("link", 0, 10, 200, 5_000)
PICTURE = Bounds("picture", 0, 10, 500, 10_000)
SIGN_UP = Bounds("sign-up", 64 * _KB, 20, 1 / 30, 20)
EVENTS = Bounds("events", _MB, 30, 5_000, 20_000)
WEBHOOK = Bounds("webhook", 4 * _MB, 30, 200, 2_000)
MAIL_IN = Bounds("mail-in", 40 * _MB, 120, 50, 500)
OPERATIONS = Bounds("operations", 0, 10, 20, 200)
STUDIO = Bounds("studio", _MB, 30, 50, 1_000)
ELSEWHERE = Bounds("elsewhere", 0, 10, 10, 200)
"""Nothing lives there."""

_BY_BEGINNING: tuple[tuple[str, Bounds], ...] = (
    ("/u/", ONE_CLICK),
    ("/p/", PAGE),
    ("/c/", PAGE),
    ("/w/", PAGE),
    ("/d/", PAGE),
    ("/h/", PAGE),
    ("/s/", PAGE),
    ("/t/", LINK),
    ("/o/", LINK),
    ("/a/", PICTURE),
    ("/v1/", EVENTS),
    ("/webhooks/sendgrid/inbound", MAIL_IN),
    ("/webhooks/", WEBHOOK),
    ("/healthz", OPERATIONS),
    ("/readyz", OPERATIONS),
    ("/metrics", OPERATIONS),
    ("/studio", STUDIO),
)


def bounds_of(method: str, path: str) -> Bounds:
    """What the address bears. A sign-up is typed by hand, so that it bears much less than a page."""
    if method == "POST" and path.startswith("/s/"):
        return SIGN_UP
    return next((bounds for start, bounds in _BY_BEGINNING if path.startswith(start)), ELSEWHERE)
