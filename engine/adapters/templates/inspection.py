"""Looking at a rendered mail as a strict postmaster would (R9.4, sending-facts section 5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from engine.adapters.templates.filters import SAFE_SCHEMES
from engine.application.ports.renderer import Finding
from engine.domain.journey import Class
from engine.domain.message import Rendered

CLIPPED_AT = 102_000
LARGE_AT = 80_000

_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\{[a-z_][a-z0-9_]*\}")
_TEXTLESS = frozenset({"style", "script", "title"})
_LINKS = {"unsubscribe": "a way to unsubscribe", "preferences": "a way to choose topics and pace"}


def inspect(
    mail: Rendered, klass: Class, *, links: Mapping[str, str], address: str
) -> list[Finding]:
    """Everything wrong with a mail, errors first; an empty list for a good one.

    `links` are those that the mail was rendered with, `address` is the company's postal address:
    marketing must show both (R9.4).
    """
    page = _Page()
    page.feed(mail.html)
    page.close()
    found = [
        *_parts(mail, page),
        *_duties(mail, page, klass, links, address),
        *_size(mail),
        *_document(page),
        *_pictures(page),
        *_addresses(page),
    ]
    return sorted(found, key=lambda finding: finding.severity)


def _error(message: str, help: str) -> Finding:
    return Finding("error", message, help)


def _warning(message: str, help: str) -> Finding:
    return Finding("warning", message, help)


def _parts(mail: Rendered, page: _Page) -> list[Finding]:
    found: list[Finding] = []
    if not mail.subject:
        found.append(_error("the subject is empty", "write one in the head of the mail"))
    if not mail.text.strip():
        found.append(_error("the text part is empty", "write words: pictures alone say nothing"))
    if not "".join(page.words).strip():
        found.append(_error("the mail shows no words", "write words: pictures alone say nothing"))
    if not mail.preheader:
        found.append(_warning("there is no preheader", "say in `preheader` what the inbox shows"))
    for where, text in (
        ("subject", mail.subject),
        ("preheader", mail.preheader),
        ("text", mail.text),
        ("body", "".join(page.words)),
    ):
        brace = _BRACES.search(text)
        if brace:
            found.append(
                _error(f"`{brace.group()}` is left in the {where}", "mend the tag that it is from")
            )
    return found


def _duties(
    mail: Rendered, page: _Page, klass: Class, links: Mapping[str, str], address: str
) -> list[Finding]:
    if klass is not Class.MARKETING:
        return []
    found: list[Finding] = []
    for name, what in _LINKS.items():
        url = links.get(name, "")
        for part, text in (("HTML", " ".join(page.links)), ("text", mail.text)):
            if not url or url not in text:
                severity = _error if name == "unsubscribe" else _warning
                found.append(
                    severity(
                        f"{what} is missing in the {part}", f"print `links.{name}` in the layout"
                    )
                )
    for part, text in (("HTML", "".join(page.words)), ("text", mail.text)):
        if not address or _plain(address) not in _plain(text):
            found.append(
                _error(
                    f"the postal address is missing in the {part}",
                    "print `company.address` in the layout, and set it in the config",
                )
            )
    return found


def _size(mail: Rendered) -> list[Finding]:
    size = len(mail.html.encode())
    if size >= CLIPPED_AT:
        return [_error(f"the HTML has {size:,} bytes; Gmail cuts it at 102,000", "make it shorter")]
    if size >= LARGE_AT:
        return [
            _warning(f"the HTML has {size:,} bytes, close to Gmail's 102,000", "make it shorter")
        ]
    return []


def _document(page: _Page) -> list[Finding]:
    found: list[Finding] = []
    if not page.lang:
        found.append(_error("`<html>` has no `lang`", 'write `<html lang="{{ lang }}">`'))
    if not page.title.strip():
        found.append(_error("the document has no title", "write `<title>{{ subject }}</title>`"))
    if page.scripts:
        found.append(_error("a mail runs no scripts", "take the `<script>` or `on…=` out"))
    if page.plain_tables:
        found.append(
            _warning(
                f"{page.plain_tables} layout tables look like data to a screen reader",
                'write `<table role="presentation">`, or give a table of data its `<th>`',
            )
        )
    return found


def _pictures(page: _Page) -> list[Finding]:
    found: list[Finding] = []
    for source, known in page.images:
        name = source.rpartition("/")[2][:60] or "a picture"
        if "alt" not in known:
            found.append(_error(f"`{name}` has no `alt`", 'describe it, or write `alt=""`'))
        if not known.get("width") or not known.get("height"):
            found.append(_warning(f"`{name}` has no width and height", "give it both, in pixels"))
    return found


def _addresses(page: _Page) -> list[Finding]:
    found: list[Finding] = []
    for address in page.links:
        scheme = urlsplit(address).scheme.lower() if ":" in address else ""
        if scheme and scheme not in SAFE_SCHEMES:
            found.append(_error(f"a link begins with `{scheme}:`", "link to a web or mail address"))
        elif not scheme and not address.startswith("#"):
            found.append(
                _error(
                    f"the link `{address[:60]}` leads nowhere", "set `company.site` in the config"
                )
            )
    return found


def _plain(text: str) -> str:
    return "".join(text.split())


@dataclass(slots=True)
class _Table:
    role: str
    has_heads: bool = False


@dataclass(eq=False)
class _Page(HTMLParser):
    """What of a document the checks look at."""

    lang: str = ""
    title: str = ""
    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    scripts: int = 0
    plain_tables: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._tables: list[_Table] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.scripts += tag == "script" or any(name.startswith("on") for name in known)
        if tag in _TEXTLESS:
            self._inside = tag
        elif tag == "html":
            self.lang = known.get("lang", "")
        elif tag == "a" and "href" in known:
            self.links.append(known["href"].strip())
        elif tag == "img":
            self.images.append((known.get("src", ""), known))
        elif tag == "table":
            self._tables.append(_Table(known.get("role", "")))
        elif tag == "th" and self._tables:
            self._tables[-1].has_heads = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _TEXTLESS:
            self._inside = ""
        elif tag == "table" and self._tables:
            table = self._tables.pop()
            self.plain_tables += table.role not in ("presentation", "none") and not table.has_heads

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif not self._inside:
            self.words.append(data)
