"""Markdown to HTML, with Jinja tags held (`tags`) so that they pass untouched."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from markdown_it import MarkdownIt

from engine.adapters.templates.plain import BLOCK
from engine.adapters.templates.tags import HELD, Holder

DATA = "data"
"""The class of a table that the author wrote: layouts style it, and leave those of blocks alone."""

QUOTES = {
    "en": "“”‘’", "de": "„“‚‘", "es": "«»“”", "it": "«»“”", "pt": "“”‘’", "nl": "“”‘’",
    "pl": "„”‚’", "da": "“”‘’", "sv": "””’’", "fr": ("«\u00a0", "\u00a0»", "“", "”"),
}  # fmt: skip
"""Quotation marks by language; another language gets the English ones."""

_ALONE = re.compile(r"^[ \t]*((?:jq\d{5}qj[ \t]*)+)$", re.MULTILINE)
_PARAGRAPH = re.compile(r"<p>((?:\s*jq\d{5}qj\s*)+)</p>")
_LIST_BETWEEN = re.compile(
    r"(jq\d{5}qj)\s*<(ul|ol)>((?:(?!</?[uo]l>).)*?)</\2>\s*(jq\d{5}qj)", re.DOTALL
)
_LISTS = re.compile(r"</(ul|ol)>\s*<\1>")
_HTML = re.compile(
    r"<!--|</?(?:[abips]|br|div|span|table|t[rdh]|h[1-6]|img|center|font|style)[\s>/]"
)


class Markdown:
    """One reader for one language."""

    def __init__(self, language: str) -> None:
        quotes = QUOTES.get(language, QUOTES["en"])
        self._reader = MarkdownIt(
            "commonmark", {"html": False, "typographer": True, "quotes": quotes}
        ).enable(["table", "replacements", "smartquotes"])

    def html(self, held: str, holder: Holder, blocks: Collection[str]) -> str:
        """The body as HTML. A statement alone on its line, and a block alone in its paragraph, stand
        between paragraphs, not in one."""

        def stands_between(run: str) -> bool:
            tags = [holder.tag(word.group()) for word in HELD.finditer(run)]
            return all(tag.kind == "statement" or tag.word in blocks for tag in tags)

        def apart(found: re.Match[str]) -> str:
            run = found.group(1)
            return f"\n{run}\n" if stands_between(run) else found.group()

        def bare(found: re.Match[str]) -> str:
            run = found.group(1)
            return HELD.sub(own_place, run.strip()) if stands_between(run) else found.group()

        def own_place(found: re.Match[str]) -> str:
            held = found.group()
            is_block = holder.tag(held).kind == "print"
            return f'<div class="{BLOCK}">{held}</div>' if is_block else held

        html = self._reader.render(_ALONE.sub(apart, held))
        html = _PARAGRAPH.sub(bare, html).replace("<table>", f'<table class="{DATA}">')
        return _LISTS.sub("", _LIST_BETWEEN.sub(_around_items(holder), html))


def _around_items(holder: Holder) -> Callable[[re.Match[str]], str]:
    """`{% for %}` around a whole list belongs around its items: one list, not many."""

    def moved(found: re.Match[str]) -> str:
        before, kind, items, after = found.groups()
        word = holder.tag(before).word
        if word in ("for", "if") and holder.tag(after).word == f"end{word}":
            return f"<{kind}>{before}{items}{after}</{kind}>"
        return found.group()

    return moved


@lru_cache(maxsize=32)
def reader(language: str) -> Markdown:
    """The reader for a language, made once."""
    return Markdown(language)


def html_in(source: str) -> str | None:
    """The first thing in a Markdown source that looks like an HTML tag or comment, or None."""
    found = _HTML.search(source)
    return found.group() if found else None
