"""The text of a page of HTML, in one pass from left to right.

A parser builds the tree that a browser would, for which it looks at all open elements with every tag: a
quarter of a megabyte of `<div>` takes it seconds. What a mail says needs no tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_MARK = re.compile(r"<(!--|[a-zA-Z][a-zA-Z0-9]*|[/!?])")
_TO_THE_END_OF_A_TAG = re.compile(r">|=\s*([\"'])")
_UNSHOWN = {
    name: re.compile(rf"</{name}\b", re.IGNORECASE)
    for name in ("script", "style", "title", "template")
}
_NO_CHARACTER = re.compile(r"&#\d{8,};?")
"""A number too large for any character. Python refuses to read one of thousands of digits."""


def text_of_html(html: str) -> str:
    """A page as lines of text, one for each text between two tags. It takes time in proportion to the
    page, whatever the page is."""
    pieces = (_unescaped(html[start:end]).strip() for start, end in shown(html))
    return "\n".join(piece for piece in pieces if piece)


def shown(html: str) -> Iterator[tuple[int, int]]:
    """The places of the text, in order: all that is neither a tag, a comment nor a script."""
    position = 0
    while mark := _MARK.search(html, position):
        if position < mark.start():
            yield position, mark.start()
        position = _behind(html, mark)
    if position < len(html):
        yield position, len(html)


def _behind(html: str, mark: re.Match[str]) -> int:
    """Where what begins at a mark ends, with what it hides; where it never does, the end of the page."""
    if mark[1] == "!--":
        end = html.find("-->", mark.end())
        return end + 3 if end >= 0 else len(html)
    end = _end_of_tag(html, mark.end())
    closing = _UNSHOWN.get(mark[1].lower())
    if closing is None:
        return end
    closed = closing.search(html, end)
    return _end_of_tag(html, closed.end()) if closed else len(html)


def _end_of_tag(html: str, position: int) -> int:
    """Behind the `>` of a tag; one within quotation marks is part of a value."""
    while found := _TO_THE_END_OF_A_TAG.search(html, position):
        if found[1] is None:
            return found.end()
        closing = html.find(found[1], found.end())
        if closing < 0:
            break
        position = closing + 1
    return len(html)


def _unescaped(text: str) -> str:
    return unescape(_NO_CHARACTER.sub("\ufffd", text)) if "&" in text else text
