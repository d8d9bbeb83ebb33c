"""From words of a written mail back to the line that they come from.

The words of a mail were put together from its file, its layout and blocks, and the voice of a persona,
and lost their marks on the way. So they are looked for without marks, and where they stand nowhere as a
whole, by their longest stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape

from engine.language.care.doubt import Where
from engine.language.diagnostics import Place
from engine.language.project import Project
from engine.language.template_header import TemplateFile

HEAD = Place(1, 1, 1, 4)
"""The line on which the head of a mail begins: where words cannot be told a place."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENTITY = re.compile(r"&#?\w+;")
_TAG = re.compile(r"\{[{%#].*?[}%#]\}|<[^<>]*>", re.DOTALL)
_SHORTEST = 2


def place_of(
    quote: str, where: Where, file: TemplateFile, project: Project, persona: str = ""
) -> tuple[str, Place]:
    """The file and the place of words; the head of the mail's own file where nobody can tell."""
    text = project.sources.get(file.path, "")
    for start, end in _parts(text, where, file):
        place = find(quote, text, start, end)
        if place is not None:
            return file.path, place
    for path in _others(file, project, persona):
        place = find(quote, project.sources[path])
        if place is not None:
            return path, place
    stretch = _longest(quote, text)
    return file.path, stretch or HEAD


def _parts(text: str, where: Where, file: TemplateFile) -> Iterator[tuple[int, int]]:
    """The stretches of a mail's file, the likeliest first."""
    body = _offset(text, file.body_line)
    if where == "body":
        yield body, len(text)
        yield 0, body
        return
    found = re.search(rf"^{where}:.*(?:\n[ \t]+.*)*", text[:body], re.MULTILINE)
    if found:
        yield found.span()
    yield 0, len(text)


def _others(file: TemplateFile, project: Project, persona: str) -> Iterator[str]:
    """The files that have a share in the mail's words: the persona's voice, the layout, the blocks."""
    own = f"segments/{persona}.persona.yaml"
    if persona and own in project.sources:
        yield own
    layout = f"templates/_layouts/{file.layout or 'letter'}."
    for path in project.sources:
        if path.startswith((layout, "templates/_blocks/")):
            yield path


def find(quote: str, text: str, start: int = 0, end: int | None = None) -> Place | None:
    """Where words stand in a stretch of a file: as they are, else without marks and line ends."""
    end = len(text) if end is None else end
    exact = text.find(quote, start, end) if quote else -1
    if exact >= 0:
        return _place(text, exact, exact + len(quote.split("\n")[0]))
    wanted = tuple(word.lower() for word in _words(quote))
    known = [one for one in _words_of(text) if start <= one[1] < end]
    place = _sequence(wanted, [word for word, _, _ in known])
    if place is None:
        return None
    first, last = known[place], known[place + len(wanted) - 1]
    return _place(text, first[1], last[2])


def _sequence(wanted: Sequence[str], words: Sequence[str]) -> int | None:
    if not wanted:
        return None
    size = len(wanted)
    for place in range(len(words) - size + 1):
        if words[place] == wanted[0] and tuple(words[place : place + size]) == tuple(wanted):
            return place
    return None


def _longest(quote: str, text: str) -> Place | None:
    """The place of the longest stretch of the words that stands in the file: the rest was a value."""
    wanted = tuple(word.lower() for word in _words(quote))
    known = _words_of(text)
    words = [word for word, _, _ in known]
    for size in range(min(len(wanted) - 1, 12), _SHORTEST - 1, -1):
        for start in range(len(wanted) - size + 1):
            place = _sequence(wanted[start : start + size], words)
            if place is not None:
                return _place(text, known[place][1], known[place + size - 1][2])
    return None


def _words(text: str) -> list[str]:
    return [found.group().replace("’", "'") for found in _WORD.finditer(unescape(text))]


@lru_cache(maxsize=512)
def _words_of(text: str) -> list[tuple[str, int, int]]:
    """The words of a file, in small letters, with where they begin and end; entities read as what
    they stand for, tags of HTML and of Jinja left out, but words in quotes inside of a block kept."""
    bare = _ENTITY.sub(lambda found: unescape(found[0])[:1].ljust(len(found[0])), text)
    bare = _TAG.sub(lambda found: _silent(found[0]), bare)
    return [
        (found.group().replace("’", "'").lower(), found.start(), found.end())
        for found in _WORD.finditer(bare)
    ]


def _silent(tag: str) -> str:
    if not tag.startswith("{{"):
        return re.sub(r"\S", " ", tag)
    kept = [found.span(2) for found in re.finditer(r"([\"'])(.*?)\1", tag)]
    return "".join(
        sign if any(start <= number < end for start, end in kept) or sign == "\n" else " "
        for number, sign in enumerate(tag)
    )


def _offset(text: str, line: int) -> int:
    """Where a line of a text begins."""
    place = 0
    for _ in range(line - 1):
        place = text.find("\n", place) + 1
        if place == 0:
            return len(text)
    return place


def line_place(text: str, number: int) -> Place:
    """A whole line, without its indent; the first where none is named."""
    number = max(number, 1)
    lines = text.split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    start = len(line) - len(line.lstrip()) + 1
    return Place(number, start, number, max(start + 1, len(line.rstrip()) + 1))


def _place(text: str, start: int, end: int) -> Place:
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    ends = text.find("\n", start)
    stop = min(end, ends if ends >= 0 else len(text))
    return Place(line, column, line, column + max(stop - start, 1))


def offset_place(text: str, start: int, end: int) -> Place:
    """The place of a stretch of a file."""
    return _place(text, start, end)
