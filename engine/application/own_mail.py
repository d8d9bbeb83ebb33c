"""How the engine's own mails look: the link to somebody's data, the briefing of a task, an alert. Calm, by
day and by night, on a phone and in programs that know little CSS; in the business's colour."""

from __future__ import annotations

from html import escape

from engine.language.care.colours import readable_on
from engine.language.config_types import Company

COLOUR = "#2f5d50"
"""The accent of a business that names no colour."""

_STYLE = """
@media (prefers-color-scheme: dark) {
  body, .ground { background: #171513 !important }
  .card { background: #211e1b !important; color: #f1ede8 !important }
  .quiet { color: #b8afa6 !important }
  .plain { color: #f1ede8 !important }
}
"""
_FONT = "16px/1.6 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


def document(
    company: Company, title: str, body: str, language: str = "en", direction: str = "ltr"
) -> str:
    """A whole mail; `title` is text, `body` is HTML."""
    name = f'<p style="margin:0 0 20px;font-weight:600">{escape(company.name)}</p>\n'
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}"><head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="supported-color-schemes" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        '<body style="margin:0;background:#f6f4f1">\n'
        '<table role="presentation" width="100%" cellspacing="0" cellpadding="0"><tr>\n'
        '<td class="ground" align="center" style="padding:24px 12px;background:#f6f4f1">\n'
        '<table role="presentation" width="100%" cellspacing="0" cellpadding="0"'
        ' style="max-width:560px"><tr>\n'
        '<td class="card" style="padding:26px 24px;background:#ffffff;color:#24211e;'
        f"border-top:5px solid {company.colour or COLOUR};border-radius:12px;"
        f'text-align:start;overflow-wrap:anywhere;font:{_FONT}">\n'
        f"{name if company.name else ''}{body}</td></tr></table>\n</td></tr></table>\n"
        "</body></html>\n"
    )


def button(company: Company, words: str, address: str) -> str:
    """The one thing to do: text, and where it leads."""
    colour = company.colour or COLOUR
    return (
        f'<p style="margin:24px 0"><a href="{escape(address)}" style="display:inline-block;'
        f"padding:12px 24px;background:{colour};color:{readable_on(colour)};border-radius:10px;"
        f'font-weight:600;text-decoration:none">{escape(words)}</a></p>\n'
    )


def heading(words: str) -> str:
    """Over the lines of a section."""
    return f'<h2 style="margin:24px 0 4px;font-size:16px;line-height:1.4">{escape(words)}</h2>\n'


def paragraph(words: str, *, close: bool = False) -> str:
    """A paragraph; `close` to the next one."""
    return f'<p style="margin:0 0 {4 if close else 16}px">{escape(words)}</p>\n'


def link(words: str, address: str) -> str:
    """A line that leads somewhere."""
    return (
        f'<p style="margin:0 0 4px"><a class="plain" href="{escape(address)}" style="color:#24211e">'
        f"{escape(words)}</a></p>\n"
    )
