"""Do the links in mails lead anywhere? The address of the pages, asked from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.application.ports.dns import Dns, Silent
from engine.domain.finding import Finding, advice, fine, mistake, unknown

Get = Callable[[str], tuple[int, str]]
"""One request: the code and the beginning of the answer, or 0 and why there is none."""
_NO_LINK = "A" * 32


def look_at_pages(site: str, behind: Sequence[str], dns: Dns, get: Get) -> Iterator[Finding]:
    """`site` is `company.site`, `behind` the proxies of the config."""
    about = "pages"
    host = site.partition("://")[2].partition("/")[0].partition(":")[0]
    try:
        code, said = get(f"{site}/healthz")
    except LookupError:
        yield _no_such_host(about, host, dns)
        return
    if code == 200 and said.strip() == "ok":
        yield fine(about, f"{site} answers")
        yield from _unknown_link(site, get)
    elif code:
        yield mistake(
            about,
            f"{site}/healthz answered {code}, so that something else lives there than `serve`",
            "point the proxy of that address at `sincerely serve`",
        )
    else:
        yield mistake(
            about,
            f"nobody answers at {site} ({said}): people could not unsubscribe",
            "start `sincerely serve`, and point that address at it",
        )
    if site.startswith("https://") and not behind:
        yield advice(
            "pages: proxy",
            "something before `serve` speaks https, and `web.behind` does not name it, so that all"
            " customers share one allowance and one address in the evidence of consent",
            "name it: `web: { behind: 127.0.0.1 }`",
        )


def _unknown_link(site: str, get: Get) -> Iterator[Finding]:
    code, _ = get(f"{site}/u/{_NO_LINK}")
    if code == 404:
        yield fine("pages: unsubscribe", f"{site}/u/… is served, and an unknown link opens nothing")
    else:
        yield mistake(
            "pages: unsubscribe",
            f"{site}/u/… answered {code} to an unknown link, and should say 404",
            "let the proxy pass all addresses on to `sincerely serve`",
        )


def _no_such_host(about: str, host: str, dns: Dns) -> Finding:
    try:
        known = dns.receives(host)
    except Silent as silent:
        return unknown(
            about, f"{host} was not looked for: {silent}", "look again where there is one"
        )
    if known:
        return unknown(about, f"this machine does not find {host}, and its name server does")
    return mistake(
        about,
        f"there is no {host}, so that no link in a mail leads anywhere",
        "publish its address",
    )
