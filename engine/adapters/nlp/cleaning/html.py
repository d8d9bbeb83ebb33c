"""Markup out of a message: tags, comments, styles and what a mail program quotes; entities to letters.

A parser would give the text and lose the places, and evidence has to point into the message as it was
written. What is shown is all that is needed here, so it is read in one pass from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from engine.adapters.nlp.cleaning.rewriting import Edit

_LIKELY = re.compile(
    r"<(?:!doctype|!--|/?(?:html|body|head|p|div|span|br|b|i|u|em|strong|a|img|table|tr|td|ul|ol|li"
    r"|h[1-6]|hr|font|blockquote|pre|style)\b)|&(?:nbsp|amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"<!--|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<inside>[^<>]*)>"
    r"|<![^<>]*>|&(?:[a-zA-Z]{2,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
_UNSHOWN = frozenset({"style", "script", "head", "title", "template", "noscript"})
_BLOCKS = frozenset(
    "p div br tr table ul ol li h1 h2 h3 h4 h5 h6 hr blockquote pre section article header footer body"
    " html td th form".split()
)
_VOID = frozenset("br hr img input meta link wbr".split())
_QUOTING = re.compile(
    r"gmail_quote|yahoo_quoted|moz-cite-prefix|appendonsend|divRplyFwdMsg|protonmail_quote|OLK_SRC_BODY"
    r"|type\s*=\s*[\"']?cite",
    re.IGNORECASE,
)
_SIGNING = re.compile(r"gmail_signature|moz-signature|protonmail_signature", re.IGNORECASE)
_NOTHING_AFTER = re.compile(r"appendonsend|divRplyFwdMsg|moz-cite-prefix", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Whether there is markup in a text, and not only a `<` or an `&`."""
    return ("<" in text or "&" in text) and _LIKELY.search(text) is not None


def markup(text: str) -> Iterator[Edit]:
    """The edits that leave what a reader sees, in order."""
    position, comments = 0, True
    while match := _MARK.search(text, position):
        start, position = match.span()
        if match[0] == "<!--":
            end = text.find("-->", position) if comments else -1
            comments = end >= 0
            if comments:
                position = end + 3
                yield Edit(start, position, "", "markup")
        elif match[0][0] == "&":
            yield Edit(start, position, unescape(match[0]), "markup")
        elif match["tag"] is None:
            yield Edit(start, position, "", "markup")
        else:
            why, end = _element(text, match)
            position = end
            put = "\n" if match["tag"].lower() in _BLOCKS or why != "markup" else ""
            yield Edit(start, end, put, why)


def _element(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Why what a tag opens is left out, and where it ends; a tag alone where its text is shown."""
    tag, inside = match["tag"].lower(), match["inside"]
    if match["close"] or inside.endswith("/") or tag in _VOID:
        return "markup", match.end()
    if tag in _UNSHOWN:
        return "markup", _end_of(text, tag, match.end())
    if _NOTHING_AFTER.search(inside):
        return "quotation", len(text)
    if tag == "blockquote" or _QUOTING.search(inside):
        return "quotation", _end_of(text, tag, match.end())
    if _SIGNING.search(inside):
        return "signature", _end_of(text, tag, match.end())
    return "markup", match.end()


def _end_of(text: str, tag: str, position: int) -> int:
    """Behind the tag that closes an element; the end of the text where none does."""
    depth = 1
    for match in re.compile(rf"<(/?){tag}\b[^<>]*>", re.IGNORECASE).finditer(text, position):
        depth += -1 if match[1] else 1
        if not depth:
            return match.end()
    return len(text)
