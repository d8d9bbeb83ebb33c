"""One quiet page for everything a person does about their mails: no picture, script or font from
elsewhere, readable on a phone, in the dark and with a screen reader."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from starlette.responses import HTMLResponse

_DEFAULT_COLOUR = "#2f5d50"
_STYLE = """
:root { color-scheme: light dark; --accent: ACCENT; --on-accent: ON_ACCENT;
  --ground: #f6f4f1; --card: #fff; --ink: #24211e; --quiet: #635c55 }
@media (prefers-color-scheme: dark) {
  :root { --ground: #191715; --card: #24211e; --ink: #f1ede8; --quiet: #b3aaa1 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { width: 100%; max-width: 30rem; padding: 2.25rem; background: var(--card);
  border-radius: 1rem; border-top: .375rem solid var(--accent);
  box-shadow: 0 .5rem 2rem rgb(0 0 0 / .08) }
.company { margin: 0 0 1.25rem; color: var(--quiet); font-size: .9375rem }
h1 { margin: 0 0 .75rem; font-size: 1.625rem; line-height: 1.25; text-wrap: balance }
p { margin: 0 0 1rem }
label { display: flex; gap: .75rem; align-items: flex-start; margin: 0 0 1.5rem }
input { width: 1.25rem; height: 1.25rem; margin: .2rem 0 0; accent-color: var(--accent) }
button { width: 100%; min-height: 3rem; padding: .75rem 1.5rem; border: 0; border-radius: .625rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600;
  cursor: pointer }
.line { width: 100%; height: auto; margin: .25rem 0 0; padding: .625rem; font: inherit;
  color: inherit; background: var(--ground); border: .0625rem solid var(--quiet);
  border-radius: .375rem }
.aside { position: absolute; left: -100vw }
[role=alert] { font-weight: 600 }
.second { background: none; color: var(--ink); border: .125rem solid var(--accent) }
button:focus-visible, input:focus-visible { outline: .1875rem solid var(--ink);
  outline-offset: .1875rem }
fieldset { margin: 0 0 1.5rem; padding: 0; border: 0 }
fieldset label { margin: 0 0 .75rem }
fieldset span { display: block }
fieldset span::first-letter, li::first-letter { text-transform: uppercase }
ul { margin: 0; padding-left: 1.25rem }
a { color: inherit }
.quiet { margin: 1.25rem 0 0; color: var(--quiet); font-size: .9375rem }
"""


@dataclass(frozen=True, slots=True)
class Look:
    """Whose page it is: the company's name, and its colour as `#rgb` or `#rrggbb`."""

    company: str = ""
    colour: str | None = None


def page(
    look: Look,
    title: str,
    body: str,
    status: int = 200,
    *,
    lang: str = "en",
    frames: Sequence[str] = (),
) -> HTMLResponse:
    """A whole page. `title` is text, `body` is HTML whose texts are escaped already; `frames` are the web
    sites that may show it in a frame."""
    style = _style(look.colour or _DEFAULT_COLOUR)
    company = f'<p class="company">{escape(look.company)}</p>' if look.company else ""
    name = f" · {escape(look.company)}" if look.company else ""
    html = (
        f'<!doctype html>\n<html lang="{lang}" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}{name}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f'{company}\n<h1 id="title">{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n'
    )
    digest = b64encode(sha256(style.encode()).digest()).decode()
    framed = " ".join(frames) or "'none'"
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
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


def _style(colour: str) -> str:
    return _STYLE.replace("ON_ACCENT", _readable_on(colour)).replace("ACCENT", colour)


def _readable_on(colour: str) -> str:
    """Black or white, whichever stands out more (WCAG 2.2, relative luminance)."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#fff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000"


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
