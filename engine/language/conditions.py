"""Conditions, YAML to tree: one language for segments, entries, goals, branches and holds.

Words side by side in one block mean all of them. A word that is no word of the language is an
attribute of the customer, or with `event.` in front a property of the event that started the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from engine.domain.condition import (
    All,
    AnyOf,
    Attribute,
    Condition,
    Not,
)
from engine.language import leaf
from engine.language.condition_events import EVENT_HEADS
from engine.language.condition_parts import (
    COUNTS,
    SIDE_WORDS,
    Builder,
    Head,
    Sides,
    all_of,
    negated,
)
from engine.language.condition_people import PEOPLE_HEADS
from engine.language.nodes import Items, Node, Text, is_empty, place_of
from engine.language.pen import Pen
from engine.language.reader import (
    Kind,
    as_entries,
    each,
    phrase,
    short,
    wrong_shape,
)
from engine.language.suggest import listed, nearest
from engine.language.value_tests import TESTS, read_tests
from engine.language.values import (
    ATTRIBUTE,
    LOOKING_BACK,
    MOODS,
)


def _read(node: Node, pen: Pen) -> Condition:
    entries = as_entries(node, pen, "a condition").entries
    if not entries:
        raise pen.error(
            "Y131",
            place_of(node),
            "this condition is empty",
            "write for example `lifecycle: loyal`",
        )
    sides = Sides({key.text: (key, value) for key, value in entries if key.text in SIDE_WORDS})
    heads = [(key, value) for key, value in entries if key.text not in SIDE_WORDS]
    owner = _owner_of(sides, heads, node, pen)
    reads = [
        partial(_head, key, value, sides if key is owner else _NOTHING_BESIDE, pen)
        for key, value in heads
    ]
    return all_of(each(*reads))


_NOTHING_BESIDE = Sides({})


def _owner_of(sides: Sides, heads: list[tuple[Text, Node]], node: Node, pen: Pen) -> Text | None:
    """The head that the side words belong to; there has to be exactly one, and it has to take them."""
    if not sides.nodes:
        return None
    takers = [key for key, _ in heads if key.text in HEADS and HEADS[key.text].beside]
    first = next(iter(sides.nodes.values()))[0]
    if len(takers) > 1:
        raise pen.error(
            "Y132",
            place_of(first),
            f"`{first.text}` could belong to {listed(key.text for key in takers)}",
            "put each with its own words into a list below `all:`",
        )
    if not takers:
        help = "put it beside the event it belongs to, for example `did: order.placed`"
        names = [key.text for key, _ in heads]
        if not names:
            message = f"`{first.text}` stands here alone"
        else:
            message = f"`{first.text}` does not go with {listed(names)}"
            inside = names[0] in MOODS or names[0] not in HEADS
            if inside:
                help = f"write it inside: `{names[0]}: {{ {first.text}: … }}`"
        raise pen.error("Y133", place_of(first), message, help)
    taker = takers[0]
    for name, (key, _) in sides.nodes.items():
        if name not in HEADS[taker.text].beside:
            raise pen.error(
                "Y133",
                place_of(key),
                f"`{name}` does not go with `{taker.text}`",
                f"beside `{taker.text}` may stand {listed(HEADS[taker.text].beside)}",
            )
    return taker


def _head(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
    if is_empty(value):
        raise pen.error(
            "103",
            place_of(key),
            f"nothing stands behind `{short(key.text)}`",
            "write a value, or delete the line",
        )
    head = HEADS.get(key.text)
    if head is not None:
        return head.build(key, value, sides, pen)
    return _attribute(key, value, sides, pen)


# ── the heads ─────────────────────────────────────────────────────────────────────────────────


def _attribute(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    name = key.text
    if name.startswith("event."):
        if not pen.in_run:
            raise pen.error(
                "Y134",
                place_of(key),
                f"`{short(name)}` is known only inside a journey",
                "use it in a journey's own conditions, or test an attribute of the customer",
            )
        bare = phrase("a property", leaf.snake).read(
            Text(key.start, key.end, name.removeprefix("event."), key.quoted), pen
        )
        return all_of(
            [negated(Attribute(bare, t, "entry"), no) for t, no in read_tests(bare, value, pen)]
        )
    _doubt(key, pen)
    ATTRIBUTE.read(key, pen)
    return all_of([negated(Attribute(name, t), no) for t, no in read_tests(name, value, pen)])


def _doubt(key: Text, pen: Pen) -> None:
    """An attribute that looks like a misspelt word of the language is worth a question."""
    if len(key.text) < 5 or not pen.suggests:
        return
    meant = nearest(key.text, HEADS)
    if meant is not None and len(meant) >= 5 and abs(len(meant) - len(key.text)) < 2:
        pen.warn(
            "Y135",
            place_of(key),
            f"`{short(key.text)}` is read as an attribute of the customer",
            f"did you mean `{meant}`?",
        )


def _logic(make: Callable[[tuple[Condition, ...]], Condition]) -> Builder:
    def build(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
        if not isinstance(value, Items):
            raise wrong_shape(value, f"`{key.text}` is a list", pen)
        parts = each(*(partial(_read, item, pen) for item in value.items))
        if not parts:
            raise pen.error(
                "Y131",
                place_of(key),
                f"`{key.text}` holds no condition",
                "write at least one, with `- ` in front",
            )
        return make(parts)

    return build


def _not(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    return Not(_read(value, pen))


_CONDITIONS = {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1}
_ONE = {"$ref": "#/$defs/condition"}
LOGIC_HEADS = (
    Head(
        "all",
        _logic(All),
        "Every one of these holds.",
        "all: [ { plan: team }, { lifecycle: loyal } ]",
        (),
        _CONDITIONS,
    ),
    Head(
        "any",
        _logic(AnyOf),
        "At least one of these holds.",
        "any: [ { plan: team }, { lifecycle: loyal } ]",
        (),
        _CONDITIONS,
    ),
    Head("not", _not, "This does not hold.", "not: { segment: employees }", (), _ONE),
)
HEADS: Mapping[str, Head] = {
    head.name: head for head in (*LOGIC_HEADS, *EVENT_HEADS, *PEOPLE_HEADS)
}
"""All words that begin a condition."""

CONDITION: Kind[Condition] = Kind("a condition", _read, {"$ref": "#/$defs/condition"})


def _as_goal(node: Node, pen: Pen) -> Condition:
    pen.in_goal = True
    try:
        return _read(node, pen)
    finally:
        pen.in_goal = False


GOAL: Kind[Condition] = Kind("a condition", _as_goal, {"$ref": "#/$defs/condition"})
"""A condition that decides about an end: `goal`, `leave_when`, `measure` (R8.3)."""


def condition_schema() -> Mapping[str, object]:
    """The JSON Schema of a condition; its other words are attributes."""
    heads = {
        head.name: {**(head.schema or {}), "description": head.doc, "examples": [head.example]}
        for head in HEADS.values()
    }
    count = {"type": ["string", "number"]}
    sides = {
        **dict.fromkeys(COUNTS, count),
        "within": LOOKING_BACK.schema,
        "where": {"type": "object", "additionalProperties": TESTS},
        "same": {"type": "string"},
    }
    return {
        "type": "object",
        "minProperties": 1,
        "properties": {**heads, **sides},
        "additionalProperties": TESTS,
    }
