"""What all verbs share: the tree of steps, the common words, and reading a step by its verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.domain.condition import Condition
from engine.domain.journey import (
    Node as GraphNode,
)
from engine.language import leaf
from engine.language.conditions import CONDITION
from engine.language.nodes import Node, Text, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Got,
    Kind,
    Shape,
    Word,
    as_entries,
    as_items,
    one_of,
    one_or_more,
    phrase,
    read_block,
    short,
)
from engine.language.suggest import listed, nearest
from engine.language.values import (
    DURATION,
    NAME,
)

DEEPEST = 3
"""How deep steps may be nested below the top list."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a step: `then`, `otherwise`, an arm of `choose`, a variant."""

    name: str
    steps: tuple[Step, ...]
    condition: Condition | None = None
    share: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step as written: `node` lacks its edges still, which `graph` draws from `branches`."""

    node: GraphNode
    verb: str
    got: Got
    branches: tuple[Branch, ...] = ()
    target: str | None = None


# ── words that several steps have ─────────────────────────────────────────────────────────────


def _read_steps(node: Node, pen: Pen) -> tuple[Step, ...]:
    steps: list[Step] = []
    for item in as_items(node, pen, "`steps`").items:
        try:
            steps.append(read_step(item, pen))
        except Unreadable:
            continue
    return tuple(steps)


def _nested(node: Node, pen: Pen) -> tuple[Step, ...]:
    if pen.depth >= DEEPEST:
        raise pen.error(
            "J401",
            place_of(node),
            f"steps are nested more than {DEEPEST} deep",
            "move the inner steps into a journey of their own and `start` it",
        )
    pen.depth += 1
    try:
        return _read_steps(node, pen)
    finally:
        pen.depth -= 1


STEPS: Kind[tuple[Step, ...]] = Kind("a list of steps", _read_steps, {"$ref": "#/$defs/steps"})
NESTED: Kind[tuple[Step, ...]] = Kind("a list of steps", _nested, {"$ref": "#/$defs/steps"})
STEP_NAME = phrase("the id of a step", leaf.kebab, "welcome")

ID = Word(
    "id", NAME, "The name of the step; people stand on it, so it stays.", "welcome", required=True
)
WAS = Word(
    "was",
    one_or_more(STEP_NAME),
    "What the step was called before; people keep their place.",
    "old-name",
)
NOTE = Word("note", TEXT, "For colleagues.", "agreed with the care team")
THEN = Word("then", NESTED, "What comes next on the good way.")
OTHERWISE = Word("otherwise", NESTED, "What comes next on the other way.")
UP_TO = Word("up_to", DURATION, "How long at most.", "2 days")
APPROVAL = Word(
    "approval",
    one_of("first_send", "every_send"),
    "Whether somebody looks at the mail before it leaves.",
    "first_send",
)
IF = Word("if", CONDITION, "The condition.", "{ lifecycle: loyal }", required=True)
_COMMON = (ID, WAS, NOTE)

Common = dict[str, Any]
"""What all nodes share, as keyword arguments."""


def then_and_otherwise(got: Got) -> tuple[Branch, ...]:
    """The two ways out of a step that waits."""
    return Branch("then", got.get(THEN) or ()), Branch("otherwise", got.get(OTHERWISE) or ())


Build = Callable[[Got, Common, Pen], Step]

VERBS: dict[str, tuple[Shape, Build]] = {}
"""The shape and the builder of each verb. The files of this package fill it: verbs hold steps, and
steps are read by their verbs."""


def add_verb(build: Build, verb: Word[Any], *words: Word[Any]) -> None:
    """Add a verb with the words that may stand beside it."""
    article = "an" if verb.name[0] in "aeiou" else "a"
    VERBS[verb.name] = Shape(f"{article} `{verb.name}` step", (verb, *words, *_COMMON)), build


def read_step(node: Node, pen: Pen) -> Step:
    """One step, by its verb.

    Raises:
        Unreadable: if it cannot be read, which the pen has said then.
    """
    entries = as_entries(node, pen, "a step").entries
    verbs = [key for key, _ in entries if key.text in VERBS]
    if len(verbs) != 1:
        raise _not_one_verb(entries, verbs, node, pen)
    shape, build = VERBS[verbs[0].text]
    got = read_block(shape, node, pen)
    step_id = got.need(ID)
    pen.remember(f"steps.{step_id}", got.value(ID))
    for key, value in entries:
        pen.remember(
            f"steps.{step_id}.{key.text}", place_of(value if isinstance(value, Text) else key)
        )
    common: Common = {
        "id": step_id,
        "was": got.get(WAS) or (),
        "note": got.get(NOTE) or "",
        "line": pen.place(got.place).line,
    }
    step = build(got, common, pen)
    if not got.is_whole(shape.words):
        raise Unreadable
    return step


def _not_one_verb(
    entries: list[tuple[Text, Node]], verbs: list[Text], node: Node, pen: Pen
) -> Unreadable:
    if verbs:
        both = " and ".join(f"`{verb.text}`" for verb in verbs[:2])
        return pen.error(
            "107",
            place_of(verbs[1]),
            f"this step does two things: {both}",
            "make two steps of it, each with its own `- id:`",
        )
    for key, _ in entries:
        meant = nearest(key.text, VERBS)
        if meant is not None and key.text not in _words_of_steps():
            return pen.error(
                "104",
                place_of(key),
                f"`{short(key.text)}` is not a word for a step",
                f"did you mean `{meant}`?",
            )
    doing = f"say what it does with {listed(VERBS)}"
    for key, _ in entries:
        if key.text not in _words_of_steps():
            message = f"`{short(key.text)}` is nothing that a step can do"
            return pen.error("J111", place_of(key), message, doing)
    return pen.error("J111", place_of(node), "this step does nothing", doing)


def _words_of_steps() -> frozenset[str]:
    return frozenset(word.name for shape, _ in VERBS.values() for word in shape.words)
