"""`experiment`."""

from __future__ import annotations

from engine.domain.journey import (
    Experiment,
)
from engine.language import leaf, leaf_time
from engine.language.conditions import GOAL
from engine.language.nodes import Node, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Got,
    Kind,
    Shape,
    Word,
    as_items,
    one_of,
    phrase,
    read_block,
)
from engine.language.values import (
    NAME,
    SHARE,
)
from engine.language.verbs.tree import (
    NESTED,
    Branch,
    Common,
    Step,
    add_verb,
)

V_NAME = Word("name", NAME, "The name of the variant.", "story", required=True)
V_SHARE = Word(
    "share", SHARE, "How many people get it; all shares make 100%.", "45%", required=True
)
V_THEN = Word("then", NESTED, "What happens to them; `[]` is nothing.", "[]", required=True)
VARIANT = Shape("a variant", (V_NAME, V_SHARE, V_THEN))


def _read_variants(node: Node, pen: Pen) -> tuple[Branch, ...]:
    named: dict[str, Branch] = {}
    broken = False
    for item in as_items(node, pen, "`variants`").items:
        try:
            got = read_block(VARIANT, item, pen)
            name = got.need(V_NAME)
            if name in named:
                raise pen.error(
                    "J206",
                    got.value(V_NAME),
                    f"another variant is called `{name}`",
                    "give each its own name",
                )
            named[name] = Branch(name, got.need(V_THEN), None, got.need(V_SHARE))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    variants = tuple(named.values())
    total = sum(variant.share for variant in variants)
    if len(variants) < 2 or total != 10_000:
        share = f"{total / 100:g}%"
        message = (
            f"the shares make {share}, not 100%"
            if len(variants) > 1
            else "an experiment compares at least two variants"
        )
        raise pen.error(
            "J405",
            place_of(node),
            message,
            "change the shares"
            if len(variants) > 1
            else "add one, for example one that does nothing: `then: []`",
        )
    return variants


EXPERIMENT = Word(
    "experiment",
    TEXT,
    "The question that it answers.",
    "Does a story win back more people?",
    required=True,
)
VARIANTS = Word(
    "variants",
    Kind("a list of variants", _read_variants, {"$ref": "#/$defs/variants"}),
    "What is compared.",
    required=True,
)
MEASURE = Word(
    "measure",
    GOAL,
    "What counts as a success.",
    "{ did: order.placed, within: 14 days }",
    required=True,
)
AT_LEAST = Word(
    "at_least",
    phrase("a number of people", leaf.people, "400 people"),
    "Per variant; with fewer there is no winner.",
    "400 people",
    required=True,
)
DECIDE = Word(
    "decide",
    phrase("a time to decide", leaf_time.after, "after 28 days"),
    "When the result is read, once (R8.2).",
    "after 28 days",
    required=True,
)
WINNER = Word(
    "winner", one_of("suggest", "use"), "Whether the winner is suggested or used.", "suggest"
)


def _experiment(got: Got, common: Common, pen: Pen) -> Step:
    node = Experiment(
        **common,
        question=got.need(EXPERIMENT),
        variants=(),
        measure=got.need(MEASURE),
        at_least=got.need(AT_LEAST),
        decide=got.need(DECIDE),
        winner=got.get(WINNER) or "suggest",
    )
    return Step(node, "experiment", got, got.need(VARIANTS))


add_verb(_experiment, EXPERIMENT, VARIANTS, MEASURE, AT_LEAST, DECIDE, WINNER)
