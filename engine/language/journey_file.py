"""A journey, YAML to the compiled graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from engine.domain.journey import (
    Enter,
    Joins,
    Journey,
    Priority,
    Removed,
    Status,
)
from engine.domain.journey import Node as GraphNode
from engine.language.conditions import GOAL
from engine.language.diagnostics import Place
from engine.language.enter_words import ENTER, read_enter
from engine.language.graph import compile_steps
from engine.language.nodes import Entries, Node, Text, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Got,
    Shape,
    Word,
    block_of,
    in_shape,
    one_of,
    one_or_more,
    read_block,
)
from engine.language.suggest import or_one_of
from engine.language.values import (
    CATEGORY,
    NAME,
    SHARE,
    WINDOW,
)
from engine.language.verbs import STEPS
from engine.language.verbs.tree import APPROVAL


@dataclass(frozen=True, slots=True)
class JourneyFile:
    """A journey and where its parts stand: `places` by path (`goal`, `enter.when`, `steps.welcome`,
    `steps.welcome.send` …), each the value of the word, or the word where the value is a block."""

    journey: Journey
    file: str
    places: Mapping[str, Place]

    def place(self, path: str) -> Place:
        """Where a part stands, or where its nearest whole does."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return Place()


# ── the journey ───────────────────────────────────────────────────────────────────────────────

R_GO_TO = Word("go_to", NAME, "Where its people go.", "goodbye")
R_LEAVE = Word("leave", TEXT, "Why they leave.", "The step is gone")
REMOVED_WORDS = Shape("a removed step", (R_GO_TO, R_LEAVE))


def _removed(got: Got, pen: Pen) -> Removed:
    if got.has(R_GO_TO) == got.has(R_LEAVE):
        raise pen.error(
            "107",
            got.place,
            "a removed step says either `go_to` or `leave`",
            "write `{ go_to: STEP }` or `{ leave: why }`",
        )
    return Removed(got.get(R_GO_TO), got.get(R_LEAVE))


NAME_OF = Word(
    "journey",
    NAME,
    "Its name, the same as the file's; it never changes.",
    "win-back",
    required=True,
)
TITLE = Word("title", TEXT, "What it is for.", "Win back people who stopped ordering")
OWNER = Word("owner", TEXT, "Whom to ask.", "lena@cozy.example")
STATUS = Word(
    "status",
    one_of(*Status),
    "Draft (the default), shadow, live, paused or ending (R2.11).",
    "live",
)
JOURNEY_CATEGORY = Word(
    "category", CATEGORY, "Decides consent and caps.", "promotion", required=True
)
PRIORITY = Word(
    "priority", one_of(*Priority), "Who goes first when mails compete (R3.7).", "normal"
)
ENTER_WORD = Word(
    "enter",
    in_shape(ENTER, read_enter),
    "How people come in.",
    "{ when: order.placed }",
    required=True,
)
GOAL_WORD = Word(
    "goal",
    GOAL,
    "Reached: the person leaves at once, as a success.",
    "{ did: order.placed, within: 30 days }",
)
LEAVE_WHEN = Word(
    "leave_when", GOAL, "The person leaves at once, not as a success.", "{ segment: any-upset }"
)
STAY = Word(
    "stay",
    one_of("always", "while_matching"),
    "Whether who no longer fits the segment leaves (R1.7).",
    "always",
)
SEND_WINDOW = Word(
    "send_window", WINDOW, "When its mail may leave, in the customer's zone.", "Mon-Fri 09:00-18:00"
)
HOLD_OTHER_MAIL = Word(
    "hold_other_mail",
    one_or_more(CATEGORY),
    "Mail that waits while somebody is in this journey.",
    "[promotion]",
)
HOLDOUT = Word(
    "holdout", SHARE, "The share of people held out, to see what mail adds (R8.1).", "10%"
)
REMOVED = Word(
    "removed",
    block_of(in_shape(REMOVED_WORDS, _removed), "`removed`", NAME),
    "Where people go who stand on steps that are gone (R2.8).",
    "{ old-step: { go_to: goodbye } }",
)
STEPS_WORD = Word("steps", STEPS, "What happens, from top to bottom.", required=True)
JOURNEY_SHAPE = Shape(
    "a journey",
    (
        NAME_OF,
        TITLE,
        OWNER,
        STATUS,
        JOURNEY_CATEGORY,
        PRIORITY,
        ENTER_WORD,
        GOAL_WORD,
        LEAVE_WHEN,
        STAY,
        SEND_WINDOW,
        HOLD_OTHER_MAIL,
        HOLDOUT,
        APPROVAL,
        REMOVED,
        STEPS_WORD,
    ),
)


Nodes = Mapping[str, GraphNode]


def read_journey(node: Node, text: str, pen: Pen) -> JourneyFile | None:
    """The journey of a file, or None where something in it is unreadable."""
    try:
        got = read_block(JOURNEY_SHAPE, node, pen)
    except Unreadable:
        return None
    _remember_places(node, pen)
    steps = got.get(STEPS_WORD)
    if steps is None:
        return None
    if not steps and not pen.has_errors:
        pen.error(
            "J111",
            got.key(STEPS_WORD),
            "this journey has no steps",
            "add one, like `- id: welcome` with `send: …`",
        )
    first, nodes = compile_steps(steps, pen)
    enter = got.get(ENTER_WORD)
    if enter is not None:
        _check_stay(got, enter, pen)
    _check_removed(got, nodes, pen)
    if enter is None or pen.has_errors:
        return None
    return JourneyFile(_journey(got, enter, first, nodes, text), pen.file, dict(pen.places))


def _journey(got: Got, enter: Enter, first: str | None, nodes: Nodes, text: str) -> Journey:
    joins = isinstance(enter.trigger, Joins)
    stay: Literal["always", "while_matching"] = "while_matching" if joins else "always"
    return Journey(
        name=got.need(NAME_OF),
        version=version_of(text),
        status=Status(got.get(STATUS) or "draft"),
        category=got.need(JOURNEY_CATEGORY),
        priority=Priority(got.get(PRIORITY) or "normal"),
        enter=enter,
        nodes=nodes,
        first=first,
        title=got.get(TITLE) or "",
        owner=got.get(OWNER) or "",
        goal=got.get(GOAL_WORD),
        leave_when=got.get(LEAVE_WHEN),
        stay=got.get(STAY) or stay,
        send_window=got.get(SEND_WINDOW),
        hold_other_mail=got.get(HOLD_OTHER_MAIL) or (),
        holdout=got.get(HOLDOUT) or 0,
        approval=got.get(APPROVAL),
        removed=got.get(REMOVED) or {},
    )


def version_of(text: str) -> str:
    """The hash that names a version of a file."""
    return sha256(text.encode()).hexdigest()[:16]


def _check_stay(got: Got, enter: Enter, pen: Pen) -> None:
    if got.get(STAY) == "while_matching" and not isinstance(enter.trigger, Joins):
        pen.error(
            "J110",
            got.value(STAY),
            "`while_matching` needs a segment to match",
            "enter with `joins:`, or write `leave_when:`",
        )


def _check_removed(got: Got, nodes: Nodes, pen: Pen) -> None:
    for name, removed in (got.get(REMOVED) or {}).items():
        if name in nodes:
            pen.error(
                "J205",
                got.value(REMOVED),
                f"`{name}` is still a step of this journey",
                "delete the step, or what `removed` says of it",
            )
        if removed.go_to is not None and removed.go_to not in nodes:
            pen.error(
                "J204",
                got.value(REMOVED),
                f"there is no step called `{removed.go_to}`",
                or_one_of(removed.go_to, nodes),
            )


def _remember_places(node: Node, pen: Pen) -> None:
    if not isinstance(node, Entries):
        return
    for key, value in node.entries:
        pen.remember(key.text, place_of(value if isinstance(value, Text) else key))
        if key.text == "enter" and isinstance(value, Entries):
            for inner, behind in value.entries:
                pen.remember(
                    f"enter.{inner.text}", place_of(behind if isinstance(behind, Text) else inner)
                )
