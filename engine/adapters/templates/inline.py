"""CSS inlined once per template, with Jinja tags held (`tags`)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from engine.adapters.templates.tags import HELD, Holder
from engine.application.ports.renderer import RenderFailed

if TYPE_CHECKING:
    from css_inline import CSSInliner

_TABLE = re.compile(r"<(/?)(table|tbody|thead|tfoot|tr)\b[^>]*>", re.IGNORECASE)
_A_TABLE = "<table"
_ORDER = re.compile(rf"{HELD.pattern}|{_A_TABLE}\b", re.IGNORECASE)
_STYLE = re.compile(r"<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)
_BLOCK_ENDS = re.compile(r"(</(?:td|tr|tbody|table|p|div|li|ul|ol|h[1-6]|style|head)>)(?=<)")


def inline(html: str, holder: Holder, file: str) -> str:
    """A whole document with its style sheets as `style` attributes; media queries stay in `<style>`.

    Raises:
        RenderFailed: a parser had to move a tag, for example text directly within a `<table>`.
    """
    html = _with_table_bodies(html)
    after = _inliner().inline(html)
    before = _order(_STYLE.sub("", html))
    of_styles = set(_order(html)) - set(before)
    kept = [word for word in _order(_STYLE.sub("", after)) if word not in of_styles]
    for was, now in zip_longest(before, kept):
        if was != now:
            moved = next(w for w in (now, was, *before) if w and w != _A_TABLE)
            tag = holder.tag(moved)
            raise RenderFailed(
                f"`{tag.inner.strip()}` cannot stand here: HTML allows nothing but rows in a table "
                "and cells in a row",
                tag.file or file,
                tag.line,
            )
    return _BLOCK_ENDS.sub(r"\1\n", after)


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    return CSSInliner(
        inline_style_tags=True,
        keep_style_tags=True,
        keep_at_rules=True,
        remove_inlined_selectors=True,
        load_remote_stylesheets=False,
    )


def _order(html: str) -> list[str]:
    """The held tags and the tables of a document in the order in which they stand."""
    return [found.group().lower() for found in _ORDER.finditer(html)]


def _with_table_bodies(html: str) -> str:
    """With the `<tbody>` that HTML implies written out: implied, it would begin after a
    `{% for %}` in the table and end before its `{% endfor %}`, once a turn."""
    out: list[str] = []
    end = 0
    open_tables: list[list[int | bool]] = []  # where in `out` the body belongs, and what is there
    for found in _TABLE.finditer(html):
        out.append(html[end : found.start()])
        closing, name = found.group(1), found.group(2).lower()
        if name == "table" and not closing:
            out.append(found.group())
            open_tables.append([len(out), False, False])
            out.append("")
            end = found.end()
            continue
        if open_tables:
            place, has_body, implied = open_tables[-1]
            if name == "tr" and not closing and not has_body:
                out[int(place)] = "<tbody>"
                open_tables[-1][1] = open_tables[-1][2] = True
            elif name in ("tbody", "thead", "tfoot") and not closing:
                open_tables[-1][1] = True
            elif name == "table":
                out.append("</tbody>" if implied else "")
                open_tables.pop()
        out.append(found.group())
        end = found.end()
    out.append(html[end:])
    return "".join(out)
