"""A report as one page that needs nothing else: no script, no picture, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from engine.cli.output import cell

if TYPE_CHECKING:
    from engine.cli.report import Section

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin-top: 3rem } h2 { font-size: 1.1rem; margin-top: 2rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884 }
.number { text-align: right; font-variant-numeric: tabular-nums }
"""


def page(reports: Sequence[tuple[str, Sequence[Section]]]) -> str:
    """The HTML of several reports, each a title and its sections."""
    parts = [f"<h1>{escape(title)}</h1>\n" + _sections(sections) for title, sections in reports]
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Report</title><style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(parts)
        + "\n</main></body>\n</html>\n"
    )


def _sections(sections: Sequence[Section]) -> str:
    return "\n".join(
        f"<h2>{escape(section.title)}</h2>\n"
        + "".join(f"<p>{escape(sentence)}</p>\n" for sentence in section.sentences)
        + (_table(section) if section.rows else "")
        for section in sections
    )


def _table(section: Section) -> str:
    head = "".join(
        f'<th scope="col"{_number(value)}>{escape(name)}</th>'
        for name, value in zip(section.columns, section.rows[0], strict=True)
    )
    body = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in section.rows)
    return (
        '<div class="wide"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>\n"
    )


def _cell(value: object) -> str:
    return f"<td{_number(value)}>{escape(cell(value))}</td>"


def _number(value: object) -> str:
    return ' class="number"' if isinstance(value, int) else ""
