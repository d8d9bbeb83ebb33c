"""`if` and `choose`."""

from __future__ import annotations

from engine.domain.journey import (
    Choose,
)
from engine.language.nodes import Node, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    Got,
    Kind,
    Shape,
    Word,
    as_entries,
    as_items,
    read_block,
)
from engine.language.verbs.tree import (
    IF,
    NESTED,
    OTHERWISE,
    THEN,
    Branch,
    Common,
    Step,
    add_verb,
)


def _if(got: Got, common: Common, pen: Pen) -> Step:
    if not got.has(THEN) and not got.has(OTHERWISE):
        pen.error(
            "J402",
            got.key(IF),
            "this `if` leads nowhere",
            "add `then:` with the steps for people of whom it holds",
        )
    yes = Branch("then", got.get(THEN) or (), got.need(IF))
    return Step(
        Choose(**common, arms=()), "if", got, (yes, Branch("otherwise", got.get(OTHERWISE) or ()))
    )


ARM_THEN = Word("then", NESTED, "What happens then.", required=True)
ARM = Shape("an arm of `choose`", (IF, ARM_THEN))
LAST_ARM = Shape(
    "the last arm of `choose`",
    (Word("otherwise", NESTED, "What happens to everyone else.", required=True),),
)


def _read_arms(node: Node, pen: Pen) -> tuple[Branch, ...]:
    arms: list[Branch] = []
    items = as_items(node, pen, "`choose`").items
    broken = False
    for number, item in enumerate(items, 1):
        words = {key.text for key, _ in as_entries(item, pen, ARM.called).entries}
        is_last = "otherwise" in words and "if" not in words
        try:
            got = read_block(LAST_ARM if is_last else ARM, item, pen)
            if is_last and number < len(items):
                raise pen.error(
                    "J403",
                    got.place,
                    "`otherwise` takes everyone, so nobody comes to the arms below",
                    "move it to the end",
                )
            if is_last:
                arms.append(Branch("otherwise", got.need(LAST_ARM.words[0])))
            else:
                arms.append(Branch(f"arm {number}", got.need(ARM_THEN), got.need(IF)))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    if not arms or arms[-1].condition is not None:
        raise pen.error(
            "J404",
            place_of(node),
            "`choose` does not say what happens to everyone else (R2.4)",
            "close it with `- otherwise:` and steps, or `- otherwise: []`",
        )
    if len(arms) == 1:
        raise pen.error(
            "J404",
            place_of(node),
            "`choose` has nothing to choose from",
            "add an arm: `- if: { … }` with `then:`",
        )
    return tuple(arms)


CHOOSE = Word(
    "choose",
    Kind("a list of arms", _read_arms, {"$ref": "#/$defs/arms"}),
    "The first arm that holds is taken.",
    required=True,
)


def _choose(got: Got, common: Common, pen: Pen) -> Step:
    return Step(Choose(**common, arms=()), "choose", got, got.need(CHOOSE))


add_verb(_if, IF, THEN, OTHERWISE)
add_verb(_choose, CHOOSE)
