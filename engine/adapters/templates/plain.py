"""The text part, made from the same HTML: once per template, with Jinja tags held (`tags`).

A linear reader, not a tree: held statements stay exactly where they stood. What is hidden (the
preheader) stays out, links show their address, pictures their description.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from engine.adapters.templates.tags import HELD, Holder

WIDTH = 72
BLOCK = "block"
"""The class of the element around a block."""

_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})
_SILENT = frozenset({"head", "style", "script", "title", "template"})
_APART = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre", BLOCK,
})  # fmt: skip
_BELOW = frozenset({"li", "tr", "div", "td", "th", "tbody", "section", "body", "center"})
_RUNNING = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "strong", "em", "b", "i"}
)
_FRAMES = frozenset({"table", "tbody", "thead", "tfoot", "tr", "ul", "ol"})
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_GAPS = re.compile(r"[ \t]*\n(?:[ \t]*\n){2,}")
_INDENT = re.compile(r"(?:> )*(?:- |\d{1,3}\. )?")


def as_text(html: str, holder: Holder) -> str:
    """The body of an HTML document as text, tags still held."""
    reader = _Reader(holder)
    reader.feed(html)
    reader.close()
    return "".join(reader.out).strip() + "\n"


class _Reader(HTMLParser):
    """`gap` is how many line ends are owed before the next words; `fresh` says that a statement came
    last at the start of a line: it prints nothing, so the line is still to begin."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(convert_charrefs=True)
        self.holder = holder
        self.out: list[str] = []
        self.gap = 0
        self.fresh = True
        self.open: list[tuple[str, bool]] = []
        self.hidden = 0
        self.prefix = ""
        self.counters: list[int] = []
        self.mark = ""
        self.cells = False
        self.links: list[tuple[str, int, bool]] = []
        self.lone: tuple[int, int] | None = None

    # ── elements ──────────────────────────────────────────────────────────────────────────────

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            silent = tag in _SILENT or bool(_HIDDEN.search(known.get("style", "")))
            self.hidden += silent
            self.open.append((tag, silent))
        if self.hidden:
            return
        is_block = tag == "div" and known.get("class") == BLOCK
        if is_block:
            self.open[-1] = (BLOCK, False)
        if tag in _APART or is_block or (tag == "tr" and not self.cells):
            self._owe(2)
        elif tag in _BELOW and not (tag in ("td", "th") and self.cells):
            self._owe(1)
        if tag == "br":
            self.gap = max(self.gap, 1)
            self.lone = None
        elif tag == "hr":
            self._owe(2)
            self._write("* * *")
            self._owe(2)
        elif tag == "img" and known.get("alt"):
            self._write(f"[{known['alt']}]")
        elif tag == "a":
            alone = self._at_line_start()
            if alone:
                self._write("")
            self.links.append((known.get("href", ""), len(self.out), alone))
        else:
            self._open_block(tag, known)

    def _open_block(self, tag: str, known: dict[str, str]) -> None:
        if tag == "blockquote":
            self.prefix += "> "
        elif tag == "ul":
            self.counters.append(0)
        elif tag == "ol":
            start = known.get("start", "")
            self.counters.append(int(start) if start.isdecimal() and len(start) < 5 else 1)
        elif tag == "li" and self.counters:
            number = self.counters[-1]
            self.mark = f"{number}. " if number else "- "
            self.counters[-1] += bool(number)
        elif tag == "table":
            self.cells = known.get("role") not in ("presentation", "none")
        elif tag in ("td", "th") and self.cells and not self._at_line_start():
            self._write(" | ")

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag or (name, tag) == (BLOCK, "div") for name, _ in self.open):
            return
        while self.open:
            name, silent = self.open.pop()
            if not self.hidden:
                self._close(name)
            self.hidden -= silent
            if name == tag or (name, tag) == (BLOCK, "div"):
                return

    def _close(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._close_link(*self.links.pop())
        elif tag == "blockquote":
            self.prefix = self.prefix[:-2]
        elif tag in ("ul", "ol") and self.counters:
            self.counters.pop()
        elif tag == "table":
            self.cells = False
        if tag in _APART and not (tag in ("ul", "ol") and self.counters):
            self._owe(2, after=True)
        elif tag in _BELOW and not (tag in ("td", "th") and self.cells):
            self._owe(1, after=True)

    def _close_link(self, address: str, start: int, alone: bool) -> None:
        words = "".join(self.out[start:]).strip()
        bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", address)
        if not address or address.startswith("#") or not words:
            return
        if words in (address, bare):
            self.out[start:] = [address if address.startswith("http") else bare]
            return
        self.out += [" <", address, ">"]
        self.lone = (len(self.out) - 3, len(self.out)) if alone else None

    # ── words ─────────────────────────────────────────────────────────────────────────────────

    def handle_data(self, data: str) -> None:
        between = bool(self.open) and self.open[-1][0] in _FRAMES and data.isspace()
        if self.hidden or between:
            return
        words = _SPACE.sub(" ", data)
        if self._at_line_start():
            words = words.lstrip(" ")
        if words:
            self._write(words)

    def handle_comment(self, data: str) -> None:
        if not HELD.fullmatch(data):
            return
        if self.hidden and not self.holder.tag(data).gives_a_name:
            return
        running = any(name in _RUNNING for name, _ in self.open)
        if running or not self._at_line_start():
            lone = self.lone
            self._write(data)
            self.lone = lone and (lone[0], len(self.out))
            return
        self._line_ends()
        self.out.append(data)
        self.fresh = True

    def _owe(self, lines: int, *, after: bool = False) -> None:
        if after and self.lone and self.lone[1] == len(self.out):
            place = self.lone[0]
            asks = self.out[place - 1].endswith(("?", "!", ".", ":"))
            self.out[place], self.out[place + 2] = " " if asks else ": ", ""
        self.lone = None
        if after or not self.fresh:
            self.gap = max(self.gap, lines)

    def _at_line_start(self) -> bool:
        return bool(self.gap) or self.fresh

    def _line_ends(self) -> None:
        if self.gap:
            if self.out and not self.fresh:
                while self.out and not self.out[-1].strip(" "):
                    self.out.pop()
                if self.out:
                    self.out[-1] = self.out[-1].rstrip(" ")
            ends = self.gap - (1 if self.fresh else 0)
            self.out.append("\n" * ends)
            self.gap = 0

    def _write(self, words: str) -> None:
        if self._at_line_start():
            first = not self.out
            self._line_ends()
            if first:
                self.out.clear()
            self.out.append(self.prefix + self.mark)
            self.mark = ""
            self.fresh = False
        self.lone = None
        self.out.append(words)


# ── after rendering ───────────────────────────────────────────────────────────────────────────


def tidy(text: str) -> str:
    """A rendered text part: no line of words over 72 characters, no more than one empty line."""
    lines = []
    for line in text.split("\n"):
        if len(line) > WIDTH:
            lines += _wrapped(line)
        else:
            lines.append(line.rstrip())
    return _GAPS.sub("\n\n", "\n".join(lines)).strip() + "\n"


def _wrapped(line: str) -> list[str]:
    found = _INDENT.match(line)
    lead = found.group() if found else ""
    further = "".join(c if c == ">" else " " for c in lead)
    words = " ".join(line[len(lead) :].split())
    rows: list[str] = []
    start = 0
    while len(words) - start > (room := WIDTH - len(lead)):
        end = words.rfind(" ", start, start + max(room, 0) + 1)
        if end < 0:
            end = words.find(" ", start)  # one word that is longer than a line
        if end < 0:
            break
        rows.append(lead + words[start:end])
        start, lead = end + 1, further
    rows.append(lead + words[start:])
    return rows
