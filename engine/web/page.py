"""One quiet page for everything a person does about their mails: no script, and nothing from elsewhere,
readable on a phone, in the dark and with a screen reader."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape

from starlette.responses import HTMLResponse

from engine.adapters.page_words import LAST_RESORT, Words
from engine.web.look import Look, style

__all__ = ["ENGLISH", "Look", "page", "private_headers"]

ENGLISH = Words(LAST_RESORT, LAST_RESORT)
"""For the pages that only a team sees."""


def page(
    look: Look,
    title: str,
    body: str,
    status: int = 200,
    *,
    words: Words = ENGLISH,
    frames: Sequence[str] = (),
) -> HTMLResponse:
    """A whole page. `title` is text, `body` is HTML whose texts are escaped already; `frames` are the web
    sites that may show it in a frame."""
    company, name = escape(look.company), escape(title)
    css = style(look)
    html = (
        f'<!doctype html>\n<html lang="{words.language}" dir="{words.direction}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{name}{' · ' if company else ''}{company}</title>\n<style>{css}</style>\n"
        f"</head>\n<body>\n{_header(look, company)}<main>\n"
        f'<h1 id="title">{name}</h1>\n{body}\n</main>\n</body>\n</html>\n'
    )
    digest = b64encode(sha256(css.encode()).digest()).decode()
    framed = " ".join(frames) or "'none'"
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors {framed}"
    )
    return HTMLResponse(html, status, {**private_headers(), "Content-Security-Policy": policy})


def private_headers() -> dict[str, str]:
    """For everything behind a token: kept by nobody, found by nobody, told to nobody."""
    return {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
    }


def _header(look: Look, company: str) -> str:
    if look.logo:
        return f'<header><img src="{escape(look.logo)}" alt="{company}"></header>\n'
    return f"<header>{company}</header>\n" if company else ""
