"""Holding Jinja tags while Markdown, MJML and CSS tools work on the text around them.

An HTML parser moves `{% for %}` out of a table and a Markdown parser reads `*` inside an expression.
So every tag is held as a word of letters and digits, which all of these tools carry along untouched;
where tags stand between elements the statements become comments, which may stand anywhere. At the
end the tags are put back. Customers' data come in later still, when the template is rendered: they
never pass through Markdown or an HTML parser, and so can never become markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from jinja2 import Environment

from engine.application.ports.renderer import RenderFailed

HELD = re.compile(r"jq(\d{5})qj")
"""A held tag."""

_COMMENT = re.compile(r"<!--(jq\d{5}qj)-->")
_MARKUP = re.compile(
    r"""<!--.*?-->|<style\b.*?</style\s*>|<title\b.*?</title\s*>|<textarea\b.*?</textarea\s*>"""
    r"""|</?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_ADDRESS = re.compile(
    r"""\b(?:href|src|action|background)\s*=\s*(?:"\s*(jq\d{5}qj)|'\s*(jq\d{5}qj))""", re.IGNORECASE
)
_STEP = re.compile(r"\bsteps\.([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\b")
_NAME = re.compile(r"[A-Za-z_]\w*")
_TARGET_ENDS = re.compile(r"=|\bin\b")
_BRACES = re.compile(r"\{(?=[{%#])")


@dataclass(slots=True)
class Tag:
    """One tag of a template; `inner` is what stands between its delimiters."""

    kind: Literal["print", "statement", "raw"]
    inner: str
    file: str
    line: int
    is_address: bool = False

    @property
    def word(self) -> str:
        """The first word: `for`, `endfor`, the name of a block."""
        found = re.match(r"\s*-?\s*(\w+)", self.inner)
        return found.group(1) if found else ""

    @property
    def gives_a_name(self) -> bool:
        """Whether it is a `{% set name = … %}`: it prints nothing, and counts from there on."""
        return self.kind == "statement" and self.word == "set" and "=" in self.inner


@dataclass(slots=True)
class Holder:
    """The tags of one mail, layout and body together."""

    lexer: Environment
    tags: list[Tag] = field(default_factory=list)

    def hold(self, source: str, file: str, first_line: int = 1) -> str:
        """The text with its tags held. Comments (`{# #}`) are dropped.

        Raises:
            jinja2.TemplateSyntaxError: a tag is not closed; the line counts within `source`.
        """
        if HELD.search(source):
            raise RenderFailed("the words jq…qj are the engine's own; write something else", file)
        out: list[str] = []
        inner: list[str] = []
        opened = 0
        in_raw = False
        for line, kind, text in self.lexer.lex(source):
            if kind in ("variable_begin", "block_begin", "raw_begin", "comment_begin"):
                inner = [text.lstrip()[2:]] if kind != "raw_begin" else [text]
                opened, in_raw = line, kind == "raw_begin"
            elif kind in ("variable_end", "block_end"):
                inner.append(text.rstrip()[:-2])
                which: Literal["print", "statement"] = (
                    "print" if kind == "variable_end" else "statement"
                )
                out.append(self._add(which, "".join(inner), file, opened + first_line - 1))
            elif kind == "raw_end":
                inner.append(text)
                out.append(self._add("raw", "".join(inner), file, opened + first_line - 1))
                in_raw = False
            elif kind == "data" and not in_raw:
                out.append(text)
            else:
                inner.append(text)
        return "".join(out)

    def tag(self, held: str) -> Tag:
        """The tag that a held word stands for."""
        found = HELD.search(held)
        assert found is not None
        return self.tags[int(found.group(1))]

    def assigned(self) -> frozenset[str]:
        """The names that the tags themselves give a meaning: `set`, `for`, `macro`."""
        found: set[str] = set()
        for tag in self.tags:
            if tag.kind == "statement" and tag.word in ("set", "for", "macro"):
                target = _TARGET_ENDS.split(tag.inner, maxsplit=1)[0]
                found.update(_NAME.findall(target if tag.word != "macro" else tag.inner))
        return frozenset(found)

    def _add(
        self, kind: Literal["print", "statement", "raw"], inner: str, file: str, line: int
    ) -> str:
        inner = _STEP.sub(r'steps["\1"]', inner) if kind != "raw" else inner
        self.tags.append(Tag(kind, inner, file, line))
        return f"jq{len(self.tags) - 1:05d}qj"

    # ── in HTML ───────────────────────────────────────────────────────────────────────────────

    def settle(self, html: str) -> str:
        """Statements between elements become comments; tags inside elements are looked at.

        Raises:
            RenderFailed: a tag stands in an element outside quotes (its value could bring further
                attributes along), or a statement in a style sheet.
        """
        out: list[str] = []
        end = 0
        for found in _MARKUP.finditer(html):
            out.append(self._between(html[end : found.start()]))
            out.append(self._inside(found.group()))
            end = found.end()
        out.append(self._between(html[end:]))
        return "".join(out)

    def _between(self, text: str) -> str:
        def comment(found: re.Match[str]) -> str:
            held = found.group()
            return f"<!--{held}-->" if self.tag(held).kind == "statement" else held

        return HELD.sub(comment, text)

    def _inside(self, markup: str) -> str:
        if markup.startswith("<!--"):
            return markup
        if markup[:6].lower() == "<style":
            for found in HELD.finditer(markup):
                if self.tag(found.group()).kind == "statement":
                    raise self._wrong(found.group(), "a style sheet holds values, not `{% %}`")
            return markup
        if markup[:6].lower() == "<title" or markup[:9].lower() == "<textarea":
            return markup
        bare = HELD.search(_QUOTED.sub("", markup))
        if bare:
            raise self._wrong(
                bare.group(), 'inside an element a tag stands between quotes: href="{{ … }}"'
            )
        for found in _ADDRESS.finditer(markup):
            self.tag(found.group(1) or found.group(2)).is_address = True
        return markup

    def _wrong(self, held: str, message: str) -> RenderFailed:
        tag = self.tag(held)
        return RenderFailed(message, tag.file, tag.line)

    # ── back ──────────────────────────────────────────────────────────────────────────────────

    def release(
        self, text: str, constant: Callable[[Tag], str | None]
    ) -> tuple[str, dict[int, Tag]]:
        """The text with its tags back, and which line of it holds which tag. `constant` answers what
        a tag always prints, if it does.

        Every tag begins a line of its own *inside* its delimiters (`{{` newline), which prints
        nothing and lets an error be traced to the line that the author wrote.
        """
        text = _COMMENT.sub(r"\1", text)
        out: list[str] = []
        lines: dict[int, Tag] = {}
        line = 1
        end = 0
        for found in HELD.finditer(text):
            before = _BRACES.sub("{{ '{' }}", text[end : found.start()])
            tag = self.tag(found.group())
            printed = constant(tag) if tag.kind == "print" else None
            back = _written(tag) if printed is None else _BRACES.sub("{{ '{' }}", printed)
            line += before.count("\n")
            if printed is None:
                lines[line + 1] = tag
            line += back.count("\n")
            out += (before, back)
            end = found.end()
        out.append(_BRACES.sub("{{ '{' }}", text[end:]))
        return "".join(out), lines


def _written(tag: Tag) -> str:
    if tag.kind == "raw":
        return tag.inner
    # A line break within an expression would shift the lines of all that follows.
    inner = " ".join(tag.inner.split("\n"))
    lead = "-" if inner.startswith("-") else "+" if inner.startswith("+") else ""
    trail = "-" if inner.rstrip().endswith("-") else ""
    inner = inner[len(lead) :].rstrip()
    inner = inner[: len(inner) - len(trail)]
    if tag.kind == "statement":
        return f"{{%{lead}\n{inner} {trail}%}}"
    if tag.is_address:
        inner = f"({inner})|href"
    return f"{{{{{lead}\n{inner} {trail}}}}}"
