"""YAML text to a tree in which everything knows its place.

PyYAML's C parser gives events; this file puts them together itself, without recursion, so that
hostile files (thousands of levels, alias bombs) end in a coded error before anything grows. Scalars
stay text: what they are is said by the word they stand behind (`reader`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from engine.language.diagnostics import Place
from engine.language.pen import Pen

MOST_CHARACTERS = 1_000_000
MOST_NODES = 50_000
MOST_LEVELS = 50

_LOADER = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader
_UNREADABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class Mark(Protocol):
    """Where the parser stands; counts from 0."""

    line: int
    column: int


@dataclass(slots=True, eq=False)
class Text:
    """A single value, as written. `quoted` says that it stood in quotes (or in a `|` block)."""

    start: Mark
    end: Mark
    text: str
    quoted: bool


@dataclass(slots=True, eq=False)
class Items:
    """A list."""

    start: Mark
    end: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Entries:
    """Words with their values, in the order of the file, each word once."""

    start: Mark
    end: Mark
    entries: list[tuple[Text, Node]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Hole:
    """Where something stood that has been reported already."""

    start: Mark
    end: Mark


Node = Text | Items | Entries | Hole


def place_of(node: Node) -> Place:
    """Where a node stands; for words with values, its first word; for a list, its first element."""
    if isinstance(node, Entries) and node.entries:
        return place_of(node.entries[0][0])
    if isinstance(node, Items) and node.items:
        return place_of(node.items[0])
    start, end = node.start, node.end
    return Place(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def is_empty(node: Node) -> bool:
    """Whether nothing stands behind a word: `goal:` and a line break."""
    return isinstance(node, Text) and not node.quoted and node.text in ("", "~", "null")


def compose(text: str, pen: Pen) -> Node | None:
    """The tree of one YAML document; None where it cannot be read, which `pen` then has said."""
    if not is_readable(text, pen):
        return None
    try:
        return _Composer(pen).compose(text)
    except _TooMuch:
        return None
    except yaml.MarkedYAMLError as error:
        _say(error, text, pen)
    except yaml.reader.ReaderError as error:
        pen.error("Y101", Place(), f"this file is not readable text ({error.reason})", _SAVE_AS)
    return None


_SAVE_AS = "save it as plain text in UTF-8"


def is_readable(text: str, pen: Pen) -> bool:
    """Whether a file is plain text of a sane size; if not, the pen has said so."""
    if len(text) > MOST_CHARACTERS:
        pen.error(
            "Y102",
            Place(),
            f"this file has more than {MOST_CHARACTERS:,} characters",
            "split it, or look whether it is the file you meant",
        )
        return False
    bad = _UNREADABLE.search(text)
    if bad is None:
        return True
    line = text.count("\n", 0, bad.start()) + 1
    column = bad.start() - text.rfind("\n", 0, bad.start())
    code = f"U+{ord(bad.group()):04X}"
    if "\udc80" <= bad.group() <= "\udcff":
        message = f"a byte (0x{ord(bad.group()) - 0xDC00:02x}) that is not UTF-8 text"
    else:
        message = f"an invisible character ({code}) that no text should hold"
    pen.error("Y101", Place(line, column, line, column + 1), message, _SAVE_AS)
    return False


class _TooMuch(Exception):
    """Enough has been said of this file."""


class _Composer:
    """Puts events together. `_open` is the way from the root to where we stand."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen
        self._open: list[Items | Entries] = []
        self._keys: list[Text | None] = []
        self._known: list[dict[str, Text]] = []
        self._root: Node | None = None
        self._nodes = 0

    def compose(self, text: str) -> Node | None:
        documents = 0
        event: Any
        for event in yaml.parse(text, Loader=_LOADER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._count(event)
                self._check_marks_of_yaml(event)
                self._add(Text(event.start_mark, event.end_mark, event.value, bool(event.style)))
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._count(event)
                self._check_marks_of_yaml(event)
                self._enter(event, kind is yaml.MappingStartEvent)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._leave(event)
            elif kind is yaml.AliasEvent:
                self._count(event)
                self._refuse(event, "Y106", f"`*{event.anchor[:40]}` repeats what stands elsewhere")
                self._add(Hole(event.start_mark, event.end_mark))
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    place = _place(event)
                    self._pen.error(
                        "Y108",
                        place,
                        "a second document begins here",
                        "one file holds one thing; delete the `---`",
                    )
                    break
        if self._root is None or is_empty(self._root):
            self._pen.error(
                "Y103", Place(), "this file is empty", "write something, or delete the file"
            )
            return None
        return self._root

    def _count(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._pen.error(
                "Y102", _place(event), f"this file has more than {MOST_NODES:,} values", "split it"
            )
            raise _TooMuch

    def _check_marks_of_yaml(self, event: Any) -> None:
        if event.anchor is not None:
            name = event.anchor[:40]
            self._refuse(event, "Y106", f"`&{name}` names something to repeat it elsewhere")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")[:40]
            self._refuse(event, "Y107", f"`{tag}` says what a value is")

    def _refuse(self, event: Any, code: str, message: str) -> None:
        help = {
            "Y106": "write it out where it is needed",
            "Y107": "delete it: the word before it says what the value is",
        }[code]
        self._pen.error(code, _place(event), f"{message}, which this language does not have", help)
        if self._pen.is_full:
            raise _TooMuch

    def _enter(self, event: Any, is_block: bool) -> None:
        if len(self._open) >= MOST_LEVELS:
            self._pen.error(
                "Y104",
                _place(event),
                f"this is nested more than {MOST_LEVELS} levels deep",
                "nothing in this language needs that; look for brackets that never close",
            )
            raise _TooMuch
        node: Items | Entries
        if is_block:
            node = Entries(event.start_mark, event.end_mark)
        else:
            node = Items(event.start_mark, event.end_mark)
        self._add(node)
        self._open.append(node)
        self._keys.append(None)
        self._known.append({})

    def _leave(self, event: Any) -> None:
        node = self._open.pop()
        node.end = event.end_mark
        self._keys.pop()
        self._known.pop()

    def _add(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Items):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = self._as_key(node)
            return
        self._keys[-1] = None
        if key.text == "<<" and not key.quoted:
            self._pen.error(
                "Y106",
                place_of(key),
                "`<<` takes words over from elsewhere, which this language does not have",
                "write them out where they are needed",
            )
            return
        first = self._known[-1].setdefault(key.text, key)
        if first is key:
            parent.entries.append((key, node))
            return
        self._pen.error(
            "Y105",
            place_of(key),
            f"`{key.text[:40]}` stands here twice",
            f"the first is in line {first.start.line + 1}; keep one of them",
        )
        if self._pen.is_full:
            raise _TooMuch

    def _as_key(self, node: Node) -> Text:
        if isinstance(node, Text):
            return node
        self._pen.error(
            "Y109", place_of(node), "a list or a block cannot be a word", "write the word, then `:`"
        )
        raise _TooMuch


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    return Place(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


_TAB = "a tab"
_TOO_DEEP = "too deep"
_BEGINS_EARLIER = (
    "while scanning a quoted scalar",
    "expected ',' or",
    "could not find expected ':'",
)
_IN_PLAIN_WORDS = (
    (_TAB, "a tab stands where spaces are needed", "indent with spaces"),
    (_TOO_DEEP, "this line stands deeper than the one above it, which has a value already",
     "give both the same indentation"),
    ("cannot start any token", "a value cannot begin with this character", "put the value in quotes"),
    ("while scanning a quoted scalar", "a quote is opened here and never closed", "close it"),
    ("mapping values are not allowed", "a second `:` in one line", "put a value that holds `: ` in quotes"),
    ("could not find expected ':'", "a word without `: ` behind it",
     "write `word: value`, with a space behind the colon"),
    ("expected ',' or", "a bracket is opened and not closed, or a comma is missing",
     "close every `{` and `[`, and put commas between their parts"),
    ("did not find expected key", "this line does not fit the lines above it",
     "give it the same indentation as its neighbours, and close quotes and brackets"),
    ("did not find expected '-'", "this line does not fit the list above it",
     "give every `-` of a list the same indentation"),
    ("undefined alias", "`*` repeats something that is nowhere", "write it out"),
)  # fmt: skip


def _is_first_colon(text: str, mark: Any) -> bool:
    """Whether nothing but a word stands before the colon: then the line is too deep, not too full."""
    before = text.split("\n")[mark.line][: mark.column]
    return (
        mark.column > 0
        and before.startswith(" ")
        and re.fullmatch(r"[ -]*[\w.-]+", before) is not None
    )


def _say(error: yaml.MarkedYAMLError, text: str, pen: Pen) -> None:
    """The parser's sentence in the writer's words, at the place where the trouble begins."""
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    if any(sign in said for sign in _BEGINS_EARLIER):
        mark = error.context_mark or mark
    place = Place(1, 1, 1, 1)
    if mark is not None:
        place = Place(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1)
        if text.split("\n", mark.line)[-1][mark.column : mark.column + 1] == "\t":
            said = _TAB
        elif "mapping values" in said and _is_first_colon(text, mark):
            said = _TOO_DEEP
    message, help = f"YAML cannot be read here ({said.strip()})", "compare with a line that works"
    for sign, in_plain_words, action in _IN_PLAIN_WORDS:
        if sign in said:
            message, help = in_plain_words, action
            break
    pen.error("Y110", place, message, help)
