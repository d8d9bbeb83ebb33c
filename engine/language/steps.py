"""The steps of a journey, YAML to a tree: one shape a verb. `graph` makes nodes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.condition import Condition
from engine.domain.emotion import EMOTIONS, GROUPS
from engine.domain.event import Value
from engine.domain.journey import (
    Choose,
    Experiment,
    GoTo,
    HandTo,
    Leave,
    Send,
    StartJourney,
    Update,
    Wait,
    WaitFor,
    WaitUntil,
)
from engine.domain.journey import (
    Node as GraphNode,
)
from engine.language import leaf
from engine.language.conditions import CONDITION, GOAL
from engine.language.nodes import Entries, Node, Text, is_empty, place_of
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
    ATTRIBUTE,
    DURATION,
    EVENT,
    JOURNEY,
    MAIL,
    NAME,
    NUMBER,
    OVERFLOW,
    SENDER,
    SHARE,
    TEAM,
    TIME,
    TOPIC,
    read_attribute,
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
            "J401", place_of(node), f"steps are nested more than {DEEPEST} deep",
            "move the inner steps into a journey of their own and `start` it",
        )  # fmt: skip
    pen.depth += 1
    try:
        return _read_steps(node, pen)
    finally:
        pen.depth -= 1


STEPS: Kind[tuple[Step, ...]] = Kind("a list of steps", _read_steps, {"$ref": "#/$defs/steps"})
_NESTED: Kind[tuple[Step, ...]] = Kind("a list of steps", _nested, {"$ref": "#/$defs/steps"})
_STEP_NAME = phrase("the id of a step", leaf.kebab, "welcome")

ID = Word(
    "id", NAME, "The name of the step; people stand on it, so it stays.", "welcome", required=True
)
WAS = Word(
    "was",
    one_or_more(_STEP_NAME),
    "What the step was called before; people keep their place.",
    "old-name",
)
NOTE = Word("note", TEXT, "For colleagues.", "agreed with the care team")
THEN = Word("then", _NESTED, "What comes next on the good way.")
OTHERWISE = Word("otherwise", _NESTED, "What comes next on the other way.")
UP_TO = Word("up_to", DURATION, "How long at most.", "2 days")
APPROVAL = Word(
    "approval",
    one_of("first_send", "every_send"),
    "Whether somebody looks at the mail before it leaves.",
    "first_send",
)
IF = Word("if", CONDITION, "The condition.", "{ lifecycle: loyal }", required=True)
_COMMON = (ID, WAS, NOTE)

# ── send ──────────────────────────────────────────────────────────────────────────────────────

SEND = Word("send", MAIL, "The mail to send.", "onboarding/welcome", required=True)
FROM = Word("from", SENDER, "A sender of the config, if not the mail's own.", "lena")
EXPIRES_AFTER = Word(
    "expires_after", DURATION, "After that it is no longer worth sending.", "20 hours"
)
OVER_THE_CAP = Word("over_the_cap", OVERFLOW, "What happens over a cap.", "skip")
TONE = Word(
    "tone",
    one_of(*EMOTIONS, *GROUPS, "neutral"),
    "The tone, where the mood should not decide.",
    "neutral",
)
IF_MISSING = Word(
    "if_missing",
    TEXT,
    "A word for missing values, `skip the mail` or `hold the mail`.",
    "skip the mail",
)

Common = dict[str, Any]


def _send(got: Got, common: Common, pen: Pen) -> Step:
    node = Send(
        **common,
        mail=got.need(SEND),
        sender=got.get(FROM),
        expires_after=got.get(EXPIRES_AFTER),
        over_the_cap=got.get(OVER_THE_CAP),
        tone=got.get(TONE),
        approval=got.get(APPROVAL),
        if_missing=got.get(IF_MISSING),
    )
    return Step(node, "send", got)


# ── waiting ───────────────────────────────────────────────────────────────────────────────────

WAIT = Word("wait", DURATION, "How long to wait.", "3 days", required=True)
WAIT_AT = Word("at", TIME, "The time of day at which the wait ends.", '"15:00"')
MOMENT = phrase(
    "a moment", leaf.moment, "2 days before renews_at, 10:00", "Tuesday 09:00", "2026-12-24 18:00"
)
WAIT_UNTIL = Word("wait_until", MOMENT, "The moment to wait for.", "Tuesday 09:00", required=True)
IF_PAST = Word(
    "if_past",
    one_of("go_on", "skip_next", "leave"),
    "What happens if the moment is past (R2.2).",
    "skip_next",
)
SAME_DAY_AFTER = Word(
    "same_day_after",
    one_of("go_on", "next_week"),
    "What happens on that weekday after that time (R2.2).",
    "next_week",
)


def _wait(got: Got, common: Common, pen: Pen) -> Step:
    return Step(Wait(**common, length=got.need(WAIT), at=got.get(WAIT_AT)), "wait", got)


def _wait_until(got: Got, common: Common, pen: Pen) -> Step:
    node = WaitUntil(
        **common,
        moment=got.need(WAIT_UNTIL),
        if_past=got.get(IF_PAST),
        same_day_after=got.get(SAME_DAY_AFTER),
    )
    return Step(node, "wait_until", got)


def _event_or_condition(node: Node, pen: Pen) -> str | Condition:
    return EVENT.read(node, pen) if isinstance(node, Text) else CONDITION.read(node, pen)


_AWAITED: Kind[str | Condition] = Kind("an event or a condition", _event_or_condition, {"anyOf": [EVENT.schema, CONDITION.schema]})  # fmt: skip
WAIT_FOR = Word("wait_for", _AWAITED, "An event, or a condition.", "order.placed", required=True)
SAME = Word(
    "same", ATTRIBUTE, "A property that equals that of the event that started the run.", "order_id"
)
WAIT_UP_TO = Word("up_to", DURATION, "How long at most (R2.3).", "2 days", required=True)


def _wait_for(got: Got, common: Common, pen: Pen) -> Step:
    awaited = got.need(WAIT_FOR)
    event = awaited if isinstance(awaited, str) else None
    same = got.get(SAME)
    if same is not None and event is None:
        pen.error(
            "J110",
            got.key(SAME),
            "`same` goes with an event, not with a condition",
            "write it inside the condition, beside `did`",
        )
    node = WaitFor(
        **common,
        event=event,
        condition=None if isinstance(awaited, str) else awaited,
        same=same,
        up_to=got.need(WAIT_UP_TO),
    )
    return Step(node, "wait_for", got, _then_and_otherwise(got))


def _then_and_otherwise(got: Got) -> tuple[Branch, ...]:
    return Branch("then", got.get(THEN) or ()), Branch("otherwise", got.get(OTHERWISE) or ())


# ── choosing ──────────────────────────────────────────────────────────────────────────────────


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


ARM_THEN = Word("then", _NESTED, "What happens then.", required=True)
ARM = Shape("an arm of `choose`", (IF, ARM_THEN))
LAST_ARM = Shape(
    "the last arm of `choose`",
    (Word("otherwise", _NESTED, "What happens to everyone else.", required=True),),
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


# ── experiments ───────────────────────────────────────────────────────────────────────────────

V_NAME = Word("name", NAME, "The name of the variant.", "story", required=True)
V_SHARE = Word(
    "share", SHARE, "How many people get it; all shares make 100%.", "45%", required=True
)
V_THEN = Word("then", _NESTED, "What happens to them; `[]` is nothing.", "[]", required=True)
VARIANT = Shape("a variant", (V_NAME, V_SHARE, V_THEN))


def _read_variants(node: Node, pen: Pen) -> tuple[Branch, ...]:
    variants: list[Branch] = []
    broken = False
    for item in as_items(node, pen, "`variants`").items:
        try:
            got = read_block(VARIANT, item, pen)
            name = got.need(V_NAME)
            if any(other.name == name for other in variants):
                raise pen.error(
                    "J206",
                    got.value(V_NAME),
                    f"another variant is called `{name}`",
                    "give each its own name",
                )
            variants.append(Branch(name, got.need(V_THEN), None, got.need(V_SHARE)))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
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
    return tuple(variants)


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
    phrase("a time to decide", leaf.after, "after 28 days"),
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


# ── humans, data, other journeys ──────────────────────────────────────────────────────────────

HAND_TO = Word("hand_to", TEAM, "The team that takes over.", "customer-care", required=True)
BECAUSE = Word("because", TEXT, "Why, for the team.", "Very angry about the delay", required=True)
URGENCY = Word("urgency", one_of("now", "today", "this week"), "How soon.", "today")
BRIEFING = Word(
    "briefing", MAIL, "A template with what the team should know.", "service/briefing-for-care"
)


def _hand_to(got: Got, common: Common, pen: Pen) -> Step:
    for word in (THEN, OTHERWISE):
        if got.has(word) and not got.has(UP_TO):
            pen.error(
                "J406",
                got.key(word),
                f"without `up_to` nobody waits for the team, so `{word.name}` makes no difference",
                "add `up_to: 2 days`, or move the steps below this one",
            )
            break
    node = HandTo(
        **common,
        team=got.need(HAND_TO),
        because=got.need(BECAUSE),
        urgency=got.get(URGENCY) or "today",
        briefing=got.get(BRIEFING),
        up_to=got.get(UP_TO),
    )
    return Step(node, "hand_to", got, _then_and_otherwise(got))


@dataclass(frozen=True, slots=True)
class Changes:
    """What an `update` changes."""

    set: Mapping[str, Value]
    tags: tuple[str, ...]
    increase: Mapping[str, float]
    lower: tuple[str, ...]


_TAGS = one_or_more(phrase("a tag", leaf.kebab))


def _read_changes(node: Node, pen: Pen) -> Changes:
    values: dict[str, Value] = {}
    tags: tuple[str, ...] = ()
    increase: dict[str, float] = {}
    lower: list[str] = []
    broken = False
    entries = as_entries(node, pen, "`update`").entries
    if not entries:
        raise pen.error(
            "103",
            place_of(node),
            "this `update` changes nothing",
            "write for example `update: { plan: team }`",
        )
    for key, value in entries:
        try:
            if is_empty(value):
                raise pen.error(
                    "103",
                    place_of(key),
                    f"nothing stands behind `{short(key.text)}`",
                    "write a value, or delete it",
                )
            if key.text == "add" and isinstance(value, Entries):
                tags = _one_word(value, "tag", pen, _TAGS)
            elif key.text == "increase" and isinstance(value, Entries):
                for name, amount in value.entries:
                    increase[ATTRIBUTE.read(name, pen)] = NUMBER.read(amount, pen)
            elif key.text.startswith("consent.") or key.text == "consent":
                lower.append(_lowered(key, value, pen))
            else:
                values[ATTRIBUTE.read(key, pen)] = read_attribute(key.text, value, pen)
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return Changes(values, tags, increase, tuple(lower))


def _one_word(node: Entries, word: str, pen: Pen, kind: Kind[tuple[str, ...]]) -> tuple[str, ...]:
    if len(node.entries) != 1 or node.entries[0][0].text != word:
        raise pen.error(
            "103",
            place_of(node),
            f"`add` takes `{word}` and nothing else",
            f"write `add: {{ {word}: name }}`",
        )
    return kind.read(node.entries[0][1], pen)


def _lowered(key: Text, value: Node, pen: Pen) -> str:
    if "." not in key.text:
        raise pen.error(
            "J501",
            place_of(key),
            "`consent` is changed topic by topic",
            "write `consent.promotion: unsubscribed`",
        )
    topic = TOPIC.read(Text(key.start, key.end, key.text.removeprefix("consent."), key.quoted), pen)
    if not isinstance(value, Text) or value.text != "unsubscribed":
        raise pen.error(
            "J501",
            place_of(value),
            "a journey can lower consent, never raise it (R5.5)",
            "write `unsubscribed`, or ask the person",
        )
    return topic


UPDATE = Word(
    "update",
    Kind("a block of changes", _read_changes, {"type": "object", "minProperties": 1}),
    "Attributes to set, `add: { tag }`, `increase: { points: 5 }`, consent to lower.",
    "{ plan: team }",
    required=True,
)


def _update(got: Got, common: Common, pen: Pen) -> Step:
    changes = got.need(UPDATE)
    node = Update(
        **common,
        set=changes.set,
        add_tags=changes.tags,
        increase=changes.increase,
        lower_consent=changes.lower,
    )
    return Step(node, "update", got)


CALL = Word("call", TEXT, "A webhook; not available yet.", "crm", required=True)
START = Word("start", JOURNEY, "Another journey, by its own rules.", "win-back", required=True)
GO_TO = Word("go_to", _STEP_NAME, "A step further down.", "goodbye", required=True)
LEAVE = Word("leave", TEXT, "Why the journey ends here.", "Nothing more to say", required=True)


def _call(got: Got, common: Common, pen: Pen) -> Step:
    raise pen.error(
        "J199",
        got.key(CALL),
        "`call` is not available yet",
        "use `hand_to` to reach a team, or `update` to change an attribute",
    )


def _start(got: Got, common: Common, pen: Pen) -> Step:
    return Step(StartJourney(**common, journey=got.need(START)), "start", got)


def _go_to(got: Got, common: Common, pen: Pen) -> Step:
    return Step(GoTo(**common), "go_to", got, target=got.need(GO_TO))


def _leave(got: Got, common: Common, pen: Pen) -> Step:
    return Step(Leave(**common, why=got.need(LEAVE)), "leave", got)


# ── one shape a verb ──────────────────────────────────────────────────────────────────────────

_Build = Callable[[Got, Common, Pen], Step]


def _verb(build: _Build, verb: Word[Any], *words: Word[Any]) -> tuple[Shape, _Build]:
    article = "an" if verb.name[0] in "aeiou" else "a"
    return Shape(f"{article} `{verb.name}` step", (verb, *words, *_COMMON)), build


VERBS: Mapping[str, tuple[Shape, _Build]] = {
    shape.words[0].name: (shape, build)
    for shape, build in (
        _verb(_send, SEND, FROM, EXPIRES_AFTER, OVER_THE_CAP, TONE, APPROVAL, IF_MISSING),
        _verb(_wait, WAIT, WAIT_AT),
        _verb(_wait_until, WAIT_UNTIL, IF_PAST, SAME_DAY_AFTER),
        _verb(_wait_for, WAIT_FOR, SAME, WAIT_UP_TO, THEN, OTHERWISE),
        _verb(_if, IF, THEN, OTHERWISE),
        _verb(_choose, CHOOSE),
        _verb(_experiment, EXPERIMENT, VARIANTS, MEASURE, AT_LEAST, DECIDE, WINNER),
        _verb(_hand_to, HAND_TO, BECAUSE, URGENCY, BRIEFING, UP_TO, THEN, OTHERWISE),
        _verb(_update, UPDATE),
        _verb(_call, CALL, OTHERWISE),
        _verb(_start, START),
        _verb(_go_to, GO_TO),
        _verb(_leave, LEAVE),
    )
}


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
        return pen.error(
            "107", place_of(verbs[1]), f"this step does two things: {' and '.join(f'`{v.text}`' for v in verbs[:2])}",
            "make two steps of it, each with its own `- id:`",
        )  # fmt: skip
    for key, _ in entries:
        meant = nearest(key.text, VERBS)
        if meant is not None and key.text not in _STEP_WORDS:
            return pen.error(
                "104",
                place_of(key),
                f"`{short(key.text)}` is not a word for a step",
                f"did you mean `{meant}`?",
            )
    return pen.error(
        "J111", place_of(node), "this step does nothing", f"say what it does with {listed(VERBS)}"
    )


_STEP_WORDS = frozenset(word.name for shape, _ in VERBS.values() for word in shape.words)
