"""The links of a rendered mail, changed in both of its parts at once.

The HTML says which links there are; in the text part the same addresses are changed, and nothing else:
words that only look like an address stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape, unescape

from engine.domain.message import Rendered

_LINK = re.compile(
    r"""(<(?:a|area|v:\w+)\b[^<>]*?\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_SHOWS_AN_ADDRESS = re.compile(r"[^<>]*>\s*(?:https?://|www\.)", re.IGNORECASE)
_IN_TEXT = re.compile(r"https?://[^\s<>]+")
_PUNCTUATION = ".,;:!?)]}'\"»”"


@dataclass(frozen=True, slots=True)
class MailLink:
    """A link of a mail. `shows_address` says that what can be read there is an address itself: readers
    and mail programs compare the two."""

    url: str
    shows_address: bool = False


def with_links(mail: Rendered, change: Callable[[MailLink], str]) -> Rendered:
    """The mail with every link through `change`, which answers the address to put in its place."""
    changed: dict[str, str] = {}

    def in_html(found: re.Match[str]) -> str:
        head, double, single = found.groups()
        url = unescape(double if double is not None else single)
        shows = _SHOWS_AN_ADDRESS.match(found.string, found.end()) is not None
        new = change(MailLink(url, shows))
        if new == url:
            return found[0]
        changed[url] = new
        return f'{head}"{escape(new)}"'

    def in_text(found: re.Match[str]) -> str:
        url = found[0]
        while url and url not in changed and url[-1] in _PUNCTUATION:
            url = url[:-1]
        return changed.get(url, url) + found[0][len(url) :]

    html = _LINK.sub(in_html, mail.html)
    if not changed:
        return mail
    return replace(mail, html=html, text=_IN_TEXT.sub(in_text, mail.text))
