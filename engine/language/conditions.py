"""Conditions, YAML to tree: one language for segments, entries, goals, branches and holds.

Words side by side in one block mean all of them. A word that is no word of the language is an
attribute of the customer, or with `event.` in front a property of the event that started the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.domain.condition import (
    All,
    AnyOf,
    Attribute,
    Condition,
    ConsentIs,
    Did,
    Disposition,
    Feels,
    InSegment,
    InStage,
    IsPersona,
    MoodUnknown,
    Not,
    OneOf,
    Op,
    OpenTicket,
    PropertyTest,
    QuietFor,
    TotalOf,
)
from engine.domain.emotion import EMOTIONS, GROUPS, LEVELS
from engine.domain.lifecycle import STAGES
from engine.language import leaf
from engine.language.nodes import Items, Node, Text, is_empty, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    YES_NO,
    Kind,
    as_entries,
    as_text,
    block_of,
    one_of,
    one_or_more,
    phrase,
    short,
    wrong_shape,
)
from engine.language.suggest import listed, nearest
from engine.language.value_tests import TESTS, read_tests
from engine.language.values import (
    ATTRIBUTE,
    EVENT,
    LEVEL,
    LOOKING_BACK,
    MAIL,
    NUMBER,
    PERSONA,
    SEGMENT,
    TOPIC,
)

Builder = Callable[[Text, Node, "Sides", Pen], Condition]

COUNTS = ("at_least", "at_most", "more_than", "less_than", "exactly")
SIDE_WORDS = (*COUNTS, "within", "where", "same")
"""Words that say more about an event word beside them."""


@dataclass(frozen=True, slots=True)
class Head:
    """A word that begins a condition: what it means, an example, which words may stand beside it."""

    name: str
    build: Builder
    doc: str
    example: str
    beside: tuple[str, ...] = ()
    schema: Mapping[str, object] | None = None


class Sides:
    """The side words of a block, each taken by the head that they belong to."""

    def __init__(self, nodes: Mapping[str, tuple[Text, Node]]) -> None:
        self.nodes = nodes

    def read(self, name: str, kind: Kind[object], pen: Pen) -> object | None:
        """The value of a side word, None where it is absent."""
        found = self.nodes.get(name)
        return kind.read(found[1], pen) if found else None


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
    parts: list[Condition] = []
    broken = False
    for key, value in heads:
        try:
            if is_empty(value):
                raise pen.error(
                    "103", place_of(key), f"nothing stands behind `{short(key.text)}`",
                    "write a value, or delete the line",
                )  # fmt: skip
            mine = sides if key is owner else _NOTHING_BESIDE
            parts.append(_head(key, value, mine, pen))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return parts[0] if len(parts) == 1 else All(tuple(parts))


_NOTHING_BESIDE = Sides({})


def _owner_of(sides: Sides, heads: list[tuple[Text, Node]], node: Node, pen: Pen) -> Text | None:
    """The head that the side words belong to; there has to be exactly one, and it has to take them."""
    if not sides.nodes:
        return None
    takers = [key for key, _ in heads if key.text in HEADS and HEADS[key.text].beside]
    first = next(iter(sides.nodes.values()))[0]
    if len(takers) > 1:
        raise pen.error(
            "Y132", place_of(first),
            f"`{first.text}` could belong to {listed(key.text for key in takers)}",
            "put each with its own words into a list below `all:`",
        )  # fmt: skip
    if not takers:
        names = [key.text for key, _ in heads]
        if not names:
            message = f"`{first.text}` stands here alone"
            help = "put it beside the event it belongs to, for example `did: order.placed`"
        else:
            message = f"`{first.text}` does not go with {listed(names)}"
            help = f"write it inside: `{names[0]}: {{ {first.text}: … }}`"
        raise pen.error("Y133", place_of(first), message, help)
    taker = takers[0]
    for name, (key, _) in sides.nodes.items():
        if name not in HEADS[taker.text].beside:
            raise pen.error(
                "Y133", place_of(key), f"`{name}` does not go with `{taker.text}`",
                f"beside `{taker.text}` may stand {listed(HEADS[taker.text].beside)}",
            )  # fmt: skip
    return taker


def _head(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
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
                "Y134", place_of(key), f"`{short(name)}` is known only inside a journey",
                "use it in a journey's own conditions, or test an attribute of the customer",
            )  # fmt: skip
        bare = phrase("a property", leaf.snake).read(
            Text(key.start, key.end, name.removeprefix("event."), key.quoted), pen
        )
        return _all(
            [_negated(Attribute(bare, t, "entry"), no) for t, no in read_tests(bare, value, pen)]
        )
    _doubt(key, pen)
    ATTRIBUTE.read(key, pen)
    return _all([_negated(Attribute(name, t), no) for t, no in read_tests(name, value, pen)])


def _doubt(key: Text, pen: Pen) -> None:
    """An attribute that looks like a misspelt word of the language is worth a question."""
    if len(key.text) < 5 or pen.is_full:
        return
    meant = nearest(key.text, HEADS)
    if meant is not None and len(meant) >= 5 and abs(len(meant) - len(key.text)) < 2:
        pen.warn(
            "Y135", place_of(key), f"`{short(key.text)}` is read as an attribute of the customer",
            f"did you mean `{meant}`?",
        )  # fmt: skip


def _all(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _negated(part: Condition, no: bool) -> Condition:
    return Not(part) if no else part


def _logic(make: Callable[[tuple[Condition, ...]], Condition]) -> Builder:
    def build(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
        if not isinstance(value, Items):
            raise wrong_shape(value, f"`{key.text}` is a list", pen)
        parts: list[Condition] = []
        broken = False
        for item in value.items:
            try:
                parts.append(_read(item, pen))
            except Unreadable:
                broken = True
        if broken:
            raise Unreadable
        if not parts:
            raise pen.error(
                "Y131",
                place_of(key),
                f"`{key.text}` holds no condition",
                "write at least one, with `- ` in front",
            )
        return make(tuple(parts))

    return build


def _not(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    return Not(_read(value, pen))


_TIMES = phrase("a number of times", leaf.times, "3 times")


def _counts(sides: Sides, kind: Kind[object], pen: Pen) -> list[tuple[Op, object]]:
    found: list[tuple[Op, object]] = []
    for name in COUNTS:
        value = sides.read(name, kind, pen)
        if value is not None:
            found.append((Op(name), value))
    return found


def _where(sides: Sides, pen: Pen) -> tuple[PropertyTest, ...]:
    found = sides.nodes.get("where")
    if found is None:
        return ()
    tests: list[PropertyTest] = []
    for key, value in as_entries(found[1], pen, "`where`").entries:
        name = ATTRIBUTE.read(key, pen)
        tests += [PropertyTest(name, test, no) for test, no in read_tests(name, value, pen)]
    return tuple(tests)


def _same(sides: Sides, pen: Pen) -> str | None:
    found = sides.nodes.get("same")
    if found is None:
        return None
    if not pen.in_run:
        raise pen.error(
            "Y134", place_of(found[0]), "`same` compares with the event that started a journey, and here is none",
            "use it in a journey's own conditions",
        )  # fmt: skip
    return ATTRIBUTE.read(found[1], pen)


def _counted(event: str, sides: Sides, pen: Pen, where: tuple[PropertyTest, ...] = ()) -> Condition:
    within = LOOKING_BACK.read(sides.nodes["within"][1], pen) if "within" in sides.nodes else None
    where += _where(sides, pen)
    same = _same(sides, pen)
    counts = _counts(sides, _TIMES, pen) or [(Op.AT_LEAST, 1)]
    return _all([Did(event, op, int(str(times)), within, where, same) for op, times in counts])


def _did(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
    happened = _counted(EVENT.read(value, pen), sides, pen)
    return Not(happened) if key.text == "did_not" else happened


def _mail_event(event: str) -> Builder:
    def build(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
        if event == "mail.opened" and pen.in_goal:
            raise pen.error(
                "Y501", place_of(key), "an open decides nothing: machines open mails too",
                "use `clicked`, or better what the person did, like `did: order.placed`",
            )  # fmt: skip
        mails = _MAILS.read(value, pen)
        return _counted(event, sides, pen, (PropertyTest("mail", OneOf(mails)),))

    return build


_MAILS = one_or_more(MAIL)


def _total_of(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
    text = as_text(value, pen, "`total_of`").text
    event, _, name = text.rpartition(".")
    if "." not in event:
        raise pen.error(
            "Y136", place_of(value), f"`{short(text)}` does not name an event and its property",
            "write for example `total_of: order.placed.total`",
        )  # fmt: skip
    event = EVENT.read(Text(value.start, value.end, event, False), pen)
    within = LOOKING_BACK.read(sides.nodes["within"][1], pen) if "within" in sides.nodes else None
    where = _where(sides, pen)
    counts = _counts(sides, NUMBER, pen)
    if not counts:
        raise pen.error(
            "Y136",
            place_of(key),
            "`total_of` needs a number to compare with",
            "add for example `at_least: 500`",
        )
    return _all([TotalOf(event, name, op, float(str(n)), within, where) for op, n in counts])


def _named(kind: Kind[tuple[str, ...]], make: Callable[[tuple[str, ...]], Condition]) -> Builder:
    def build(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
        return make(kind.read(value, pen))

    return build


def _segments(names: tuple[str, ...]) -> Condition:
    parts = tuple(InSegment(name) for name in names)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _text_attribute(name: str) -> Callable[[tuple[str, ...]], Condition]:
    return lambda values: Attribute(name, OneOf(values))


def _feels(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    emotions = GROUPS.get(key.text, (key.text,))
    if isinstance(value, Text):
        return Feels(emotions, LEVEL.read(value, pen), pen.looks_back)
    level: str | None = None
    within = pen.looks_back
    for word, inner in as_entries(value, pen, f"`{key.text}`").entries:
        if word.text == "at_least":
            level = LEVEL.read(inner, pen)
        elif word.text == "within":
            within = LOOKING_BACK.read(inner, pen)
        else:
            raise pen.error(
                "Y137", place_of(word), f"`{short(word.text)}` is not a word for a mood",
                f"write `{key.text}: {{ at_least: medium, within: 7 days }}`",
            )  # fmt: skip
    if level is None:
        raise pen.error(
            "Y137",
            place_of(key),
            f"`{key.text}` does not say how strongly",
            "add `at_least: low`, `medium` or `high`",
        )
    return Feels(emotions, level, within)


def _mood(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    text = as_text(value, pen, "`mood`").text
    if text == "unknown":
        return MoodUnknown(pen.looks_back)
    known = text in EMOTIONS or text in GROUPS
    raise pen.error(
        "Y137", place_of(value), f"`mood` is asked only whether it is `unknown`, not `{short(text)}`",
        f"write `{text}: medium`" if known else "write `mood: unknown`, or a mood with its level, like `angry: medium`",
    )  # fmt: skip


def _disposition(names: tuple[str, ...]) -> Condition:
    spelled = [emotion for name in names for emotion in GROUPS.get(name, (name,))]
    return Disposition(tuple(dict.fromkeys(spelled)))


_QUIET = phrase("how quiet", leaf.usual_gaps, "2 times their usual gap")


def _quiet_for(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    return QuietFor(_QUIET.read(value, pen))


_STATES = one_or_more(one_of("given", "pending", "unsubscribed", "unknown"))
_CONSENTS = block_of(_STATES, "`consent`", TOPIC)


def _consent(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    asked = _CONSENTS.read(value, pen)
    if not asked:
        raise pen.error(
            "Y131",
            place_of(key),
            "`consent` names no topic",
            "write for example `consent: { promotion: given }`",
        )
    return _all([ConsentIs(topic, states) for topic, states in asked.items()])


def _open_ticket(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    return OpenTicket() if YES_NO.read(value, pen) else Not(OpenTicket())


def _not_yet(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    raise pen.error(
        "Y199", place_of(key), f"`{key.text}` is not available yet",
        "use `lifecycle: at-risk` or `quiet_for: 2 times their usual gap`",
    )  # fmt: skip


_CONDITIONS = {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1}
_EVENT_SIDES = SIDE_WORDS
_MAIL_SIDES = (*COUNTS, "within")
_STAGE_LIST = one_or_more(one_of(*STAGES))
_LOCALES = one_or_more(TEXT)
_MOODS = one_or_more(one_of(*EMOTIONS, *GROUPS))

_LEVEL_SCHEMA: Mapping[str, object] = {
    "anyOf": [
        {"enum": list(LEVELS)},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["at_least"],
            "properties": {"at_least": {"enum": list(LEVELS)}, "within": LOOKING_BACK.schema},
        },
    ]
}

_HEADS = (
    Head("all", _logic(All), "Every one of these holds.", "all: [ { plan: team }, { lifecycle: loyal } ]", (), _CONDITIONS),
    Head("any", _logic(AnyOf), "At least one of these holds.", "any: [ { plan: team }, { lifecycle: loyal } ]", (), _CONDITIONS),
    Head("not", _not, "This does not hold.", "not: { segment: employees }", (), {"$ref": "#/$defs/condition"}),
    Head("did", _did, "It happened, as often as is said.", "did: order.placed", _EVENT_SIDES, EVENT.schema),
    Head("did_not", _did, "It did not happen.", "did_not: order.placed", _EVENT_SIDES, EVENT.schema),
    Head("total_of", _total_of, "The sum of a property over events.", "total_of: order.placed.total", (*COUNTS, "within", "where"), {"type": "string"}),
    Head("lifecycle", _named(_STAGE_LIST, InStage), "The stage of the customer.", "lifecycle: at-risk", (), _STAGE_LIST.schema),
    Head("churn_risk", _not_yet, "A prediction; not available yet.", "churn_risk: high", (), LEVEL.schema),
    Head("quiet_for", _quiet_for, "Quiet for longer than is usual for this person.", "quiet_for: 2 times their usual gap", (), _QUIET.schema),
    *(Head(name, _feels, f"How {name} the person has been lately.", f"{name}: high", (), _LEVEL_SCHEMA) for name in (*EMOTIONS, *GROUPS)),
    Head("mood", _mood, "Nothing is known of the mood.", "mood: unknown", (), {"enum": ["unknown"]}),
    Head("disposition", _named(_MOODS, _disposition), "The slow, lasting mood.", "disposition: frustrated", (), _MOODS.schema),
    Head("persona", _named(one_or_more(PERSONA), IsPersona), "The persona that fits.", "persona: team-lead", (), one_or_more(PERSONA).schema),
    Head("segment", _named(one_or_more(SEGMENT), _segments), "In this segment, or one of these.", "segment: employees", (), one_or_more(SEGMENT).schema),
    Head("locale", _named(_LOCALES, _text_attribute("locale")), "The language.", "locale: [de, de-AT]", (), _LOCALES.schema),
    Head("country", _named(_LOCALES, _text_attribute("country")), "The country, two letters.", "country: DE", (), _LOCALES.schema),
    Head("received", _mail_event("mail.sent"), "Got this mail, or one of these.", "received: onboarding/welcome", _MAIL_SIDES, _MAILS.schema),
    Head("opened", _mail_event("mail.opened"), "Opened this mail; known only of people who allow it.", "opened: onboarding/welcome", _MAIL_SIDES, _MAILS.schema),
    Head("clicked", _mail_event("mail.clicked"), "Clicked in this mail.", "clicked: onboarding/welcome", _MAIL_SIDES, _MAILS.schema),
    Head("consent", _consent, "What the person agreed to.", "consent: { promotion: given }", (), _CONSENTS.schema),
    Head("open_ticket", _open_ticket, "A complaint is not solved yet.", "open_ticket: yes", (), YES_NO.schema),
)  # fmt: skip
HEADS: Mapping[str, Head] = {head.name: head for head in _HEADS}

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
        for head in _HEADS
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
