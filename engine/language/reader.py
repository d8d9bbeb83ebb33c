"""Reading by tables of words.

A `Kind` says how one value is read and what it looks like to an editor; a `Word` is a name with its
kind, a line of explanation and an example; a `Shape` is the words of one block. From the same
tables come reading, did-you-mean, the JSON Schema (`schema`) and the reference (`reference`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar, cast

from engine.language.diagnostics import Place
from engine.language.nodes import Entries, Hole, Items, Node, Text, is_empty, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.suggest import did_you_mean, listed, nearest

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Generic[T_co]):
    """How a value is read. `read` raises `Unreadable` after the pen has said why.

    `called` is what the value is, with its article ("a duration"); `schema` its JSON Schema, in
    which `#/$defs/NAME` stands for a shape that `schema.py` knows.
    """

    called: str
    read: Callable[[Node, Pen], T_co]
    schema: Schema


@dataclass(frozen=True, slots=True, eq=False)
class Word(Generic[T_co]):
    """One word of a block: what stands behind it, why it is there, and an example value."""

    name: str
    kind: Kind[T_co]
    doc: str
    example: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The words that may stand side by side. `called` names the block ("a `wait_for` step")."""

    called: str
    words: tuple[Word[Any], ...]
    by_name: Mapping[str, Word[Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {word.name: word for word in self.words})


class Got:
    """What stood in a block, by word. What could not be read is absent, and has been reported."""

    __slots__ = ("_nodes", "_values", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self._values: dict[str, object] = {}
        self._nodes: dict[str, tuple[Text, Node]] = {}

    def put(self, key: Text, node: Node) -> None:
        """Remember where a word stands."""
        self._nodes[key.text] = key, node

    def set(self, name: str, value: object) -> None:
        """Remember what was read."""
        self._values[name] = value

    def get(self, word: Word[T]) -> T | None:
        """The value, or None where the word is absent or unreadable."""
        return cast("T | None", self._values.get(word.name))

    def need(self, word: Word[T]) -> T:
        """The value.

        Raises:
            Unreadable: if there is none, which has been reported then.
        """
        if word.name not in self._values:
            raise Unreadable
        return cast(T, self._values[word.name])

    def has(self, word: Word[Any]) -> bool:
        """Whether the word stands there, readable or not."""
        return word.name in self._nodes

    def key(self, word: Word[Any]) -> Place:
        """Where the word itself stands, or the block if it is not there."""
        found = self._nodes.get(word.name)
        return place_of(found[0]) if found else self.place

    def value(self, word: Word[Any]) -> Place:
        """Where its value stands, or the block."""
        found = self._nodes.get(word.name)
        return place_of(found[1]) if found else self.place

    def is_whole(self, words: Iterable[Word[Any]]) -> bool:
        """Whether every one of these words that stands there was readable."""
        return all(not self.has(word) or word.name in self._values for word in words)


def read_block(shape: Shape, node: Node, pen: Pen) -> Got:
    """Read a block by its table. All its mistakes are reported, not only the first.

    Raises:
        Unreadable: if it is no block at all.
    """
    entries = as_entries(node, pen, shape.called)
    got = Got(place_of(node))
    meant: set[str | None] = set()
    for key, value in entries.entries:
        word = shape.by_name.get(key.text)
        if word is None:
            if pen.is_full:
                raise Unreadable
            meant.add(unknown_word(key, shape.called, shape.by_name, entries, pen))
            continue
        got.put(key, value)
        read_word(word, key, value, got, pen)
    for word in shape.words:
        if word.required and not got.has(word) and word.name not in meant:
            missing_word(word, got.place, shape.called, pen)
    return got


def read_word(word: Word[Any], key: Text, value: Node, got: Got, pen: Pen) -> None:
    """Read one word's value into `got`; an empty one is a mistake."""
    if is_empty(value):
        example = f", for example `{word.name}: {word.example}`" if word.example else ""
        pen.error(
            "103",
            place_of(key),
            f"nothing stands behind `{word.name}`",
            f"write {word.kind.called}{example}, or delete the line",
        )
        return
    try:
        got.set(word.name, word.kind.read(value, pen))
    except Unreadable:
        return


def unknown_word(
    key: Text, called: str, words: Iterable[str], entries: Entries, pen: Pen
) -> str | None:
    """Say that a word is not one of a block, and answer which was probably meant; words that stand
    there already are not."""
    known = list(words)
    meant = None
    if pen.suggests:
        here = {other.text for other, _ in entries.entries}
        meant = nearest(key.text, [word for word in known if word not in here])
    help = f"did you mean `{meant}`?" if meant else ""
    if not meant and len(known) <= 16:
        help = f"its words are {listed(known)}"
    pen.error("104", place_of(key), f"`{short(key.text)}` is not a word for {called}", help)
    return meant


def missing_word(word: Word[Any], place: Place, called: str, pen: Pen) -> Unreadable:
    """Say that a block lacks a word."""
    help = f"add `{word.name}: {word.example}`" if word.example else f"add `{word.name}:`"
    return pen.error("102", place, f"{called} needs `{word.name}`", help)


def as_entries(node: Node, pen: Pen, called: str) -> Entries:
    """The node as words with values."""
    if isinstance(node, Entries):
        return node
    raise wrong_shape(node, f"{called} is a block of words", pen)


def as_items(node: Node, pen: Pen, called: str) -> Items:
    """The node as a list."""
    if isinstance(node, Items):
        return node
    raise wrong_shape(node, f"{called} is a list", pen)


def as_text(node: Node, pen: Pen, called: str) -> Text:
    """The node as a single value that is not empty."""
    if isinstance(node, Text) and not is_empty(node):
        return node
    raise wrong_shape(node, f"{called} is a single value", pen)


def wrong_shape(node: Node, expected: str, pen: Pen) -> Unreadable:
    """Say that something else should stand here; a hole has been reported already."""
    if isinstance(node, Hole):
        return Unreadable()
    if isinstance(node, Text):
        stands = "nothing" if is_empty(node) else "a single value"
    else:
        stands = "a list" if isinstance(node, Items) else "a block of words"
    help = {
        "list": "begin each part with `- ` on a line of its own, or write `[one, two]`",
        "words": "write `word: value` lines below it, indented",
        "value": "write one value behind the `:`",
    }[expected.rsplit(" ", 1)[1]]
    return pen.error("103", place_of(node), f"{expected}, and {stands} stands here", help)


def short(text: str) -> str:
    """A text as it may stand in a message: one line, not long."""
    line = " ".join(text.split())
    return line if len(line) <= 50 else line[:49] + "…"


def each(*reads: Callable[[], Any]) -> tuple[Any, ...]:
    """What all of these read; every one of them is tried, so that all mistakes are reported.

    Raises:
        Unreadable: if one of them could not.
    """
    values: list[Any] = []
    broken = False
    for read in reads:
        try:
            values.append(read())
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return tuple(values)


# ── kinds of values ───────────────────────────────────────────────────────────────────────────


def plain_text(called: str = "text", most: int = 10_000) -> Kind[str]:
    """Any single value, as written."""

    def read(node: Node, pen: Pen) -> str:
        text = as_text(node, pen, called).text
        if len(text) > most:
            raise pen.error("103", place_of(node), f"{called} has at most {most:,} characters")
        return text

    return Kind(called, read, {"type": ["string", "number", "boolean"]})


TEXT = plain_text()


def one_of(*words: str, called: str = "") -> Kind[Any]:
    """One word of a closed list."""
    name = called or f"one of {listed(words)}"
    known = frozenset(words)

    def read(node: Node, pen: Pen) -> str:
        text = as_text(node, pen, called or "this").text
        if text not in known:
            raise pen.error(
                "105",
                place_of(node),
                f"`{short(text)}` cannot stand here",
                did_you_mean(text, words) or f"write {listed(words)}",
            )
        return text

    return Kind(name, read, {"enum": list(words)})


def _read_yes(node: Node, pen: Pen) -> bool:
    text = as_text(node, pen, "this").text
    answer = {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())
    if answer is None:
        raise pen.error(
            "105",
            place_of(node),
            f"`{short(text)}` is neither `yes` nor `no`",
            "write `yes` or `no`",
        )
    return answer


YES_NO: Kind[bool] = Kind("`yes` or `no`", _read_yes, {"enum": ["yes", "no", True, False]})


_LONGEST_PHRASE = 300


class NotAPhrase(ValueError):
    """A phrase does not follow its grammar: a code, a sentence, and what to write instead."""

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


_CURLY = "“”„«»‘’‚"
_STRAIGHT = "curly quotes belong to the text here: take them away, or write straight ones"


def phrase(called: str, parse: Callable[[str], T], *examples: str, pattern: str = "") -> Kind[T]:
    """A small grammar of `leaf`, read by one function."""

    def read(node: Node, pen: Pen) -> T:
        text = as_text(node, pen, called).text.strip()
        if len(text) > _LONGEST_PHRASE:
            raise pen.error("103", place_of(node), f"this is too long for {called}", "shorten it")
        if not text:
            raise pen.error(
                "103", place_of(node), "there is nothing between the quotes", f"write {called}"
            )
        try:
            return parse(text)
        except NotAPhrase as wrong:
            help = _STRAIGHT if text[0] in _CURLY else wrong.help
            raise pen.error(wrong.code, place_of(node), wrong.message, help) from None

    schema: dict[str, Any] = {"type": ["string", "number"], "examples": list(examples)}
    if pattern:
        schema["pattern"] = pattern
    return Kind(called, read, schema)


def list_of(kind: Kind[T], called: str = "this") -> Kind[tuple[T, ...]]:
    """A list; the parts that can be read are read."""

    def read(node: Node, pen: Pen) -> tuple[T, ...]:
        return _read_all(as_items(node, pen, called).items, kind, pen)

    return Kind(f"a list, each {kind.called}", read, {"type": "array", "items": kind.schema})


def one_or_more(kind: Kind[T]) -> Kind[tuple[T, ...]]:
    """One value, or a list of them."""

    def read(node: Node, pen: Pen) -> tuple[T, ...]:
        if isinstance(node, Items):
            if not node.items:
                raise pen.error("103", place_of(node), "this list is empty", f"write {kind.called}")
            return _read_all(node.items, kind, pen)
        return (kind.read(node, pen),)

    schema = {"anyOf": [kind.schema, {"type": "array", "items": kind.schema, "minItems": 1}]}
    return Kind(f"{kind.called}, or a list of them", read, schema)


def _read_all(nodes: Iterable[Node], kind: Kind[T], pen: Pen) -> tuple[T, ...]:
    return each(*(partial(kind.read, node, pen) for node in nodes))


def block_of(kind: Kind[T], called: str, key: Kind[str] = TEXT) -> Kind[dict[str, T]]:
    """A block whose words the writer chooses, each with a value of one kind."""

    def read(node: Node, pen: Pen) -> dict[str, T]:
        values: dict[str, T] = {}
        broken = False
        for name, value in as_entries(node, pen, called).entries:
            try:
                text = key.read(name, pen)
                if is_empty(value):
                    raise pen.error(
                        "103",
                        place_of(name),
                        f"nothing stands behind `{short(text)}`",
                        f"write {kind.called}, or delete the line",
                    )
                values[text] = kind.read(value, pen)
            except Unreadable:
                broken = True
        if broken:
            raise Unreadable
        return values

    return Kind(called, read, {"type": "object", "additionalProperties": kind.schema})


def in_shape(shape: Shape, build: Callable[[Got, Pen], T], ref: str = "") -> Kind[T]:
    """A block with a table of words, made into something by `build`."""

    def read(node: Node, pen: Pen) -> T:
        return build(read_block(shape, node, pen), pen)

    return Kind(shape.called, read, {"$ref": f"#/$defs/{ref}"} if ref else object_schema(shape))


def object_schema(shape: Shape) -> Schema:
    """The JSON Schema of a block."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [word.name for word in shape.words if word.required],
        "properties": {
            word.name: {**word.kind.schema, "description": word.doc} for word in shape.words
        },
    }
