"""Conditions on who somebody is and how they feel: stage, mood, persona, consent …"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.domain.condition import (
    AnyOf,
    Attribute,
    Condition,
    ConsentIs,
    Disposition,
    Feels,
    InSegment,
    InStage,
    IsPersona,
    MoodUnknown,
    Not,
    OneOf,
    OpenTicket,
    QuietFor,
)
from engine.domain.emotion import EMOTIONS, GROUPS, LEVELS
from engine.domain.lifecycle import STAGES
from engine.language import leaf
from engine.language.condition_parts import (
    Builder,
    Head,
    Sides,
    all_of,
)
from engine.language.nodes import Node, Text, place_of
from engine.language.pen import Pen
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
)
from engine.language.values import (
    LEVEL,
    LOOKING_BACK,
    PERSONA,
    SEGMENT,
    TOPIC,
)


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
        f"write `{text}: medium`" if known else "write `mood: unknown`, or `angry: medium`",
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
    return all_of([ConsentIs(topic, states) for topic, states in asked.items()])


def _open_ticket(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    return OpenTicket() if YES_NO.read(value, pen) else Not(OpenTicket())


def _not_yet(key: Text, value: Node, _: Sides, pen: Pen) -> Condition:
    raise pen.error(
        "Y199", place_of(key), f"`{key.text}` is not available yet",
        "use `lifecycle: at-risk` or `quiet_for: 2 times their usual gap`",
    )  # fmt: skip


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

_PERSONAS = one_or_more(PERSONA)
_SEGMENTS = one_or_more(SEGMENT)

PEOPLE_HEADS = (
    Head(
        "lifecycle",
        _named(_STAGE_LIST, InStage),
        "The stage of the customer.",
        "lifecycle: at-risk",
        (),
        _STAGE_LIST.schema,
    ),
    Head(
        "churn_risk",
        _not_yet,
        "A prediction; not available yet.",
        "churn_risk: high",
        (),
        LEVEL.schema,
    ),
    Head(
        "quiet_for",
        _quiet_for,
        "Quiet for longer than is usual for this person.",
        "quiet_for: 2 times their usual gap",
        (),
        _QUIET.schema,
    ),
    *(
        Head(
            name,
            _feels,
            f"How {name} the person has been lately.",
            f"{name}: high",
            (),
            _LEVEL_SCHEMA,
        )
        for name in (*EMOTIONS, *GROUPS)
    ),
    Head(
        "mood", _mood, "Nothing is known of the mood.", "mood: unknown", (), {"enum": ["unknown"]}
    ),
    Head(
        "disposition",
        _named(_MOODS, _disposition),
        "The slow, lasting mood.",
        "disposition: frustrated",
        (),
        _MOODS.schema,
    ),
    Head(
        "persona",
        _named(_PERSONAS, IsPersona),
        "The persona that fits.",
        "persona: team-lead",
        (),
        _PERSONAS.schema,
    ),
    Head(
        "segment",
        _named(_SEGMENTS, _segments),
        "In this segment, or one of these.",
        "segment: employees",
        (),
        _SEGMENTS.schema,
    ),
    Head(
        "locale",
        _named(_LOCALES, _text_attribute("locale")),
        "The language.",
        "locale: [de, de-AT]",
        (),
        _LOCALES.schema,
    ),
    Head(
        "country",
        _named(_LOCALES, _text_attribute("country")),
        "The country, two letters.",
        "country: DE",
        (),
        _LOCALES.schema,
    ),
    Head(
        "consent",
        _consent,
        "What the person agreed to.",
        "consent: { promotion: given }",
        (),
        _CONSENTS.schema,
    ),
    Head(
        "open_ticket",
        _open_ticket,
        "A complaint is not solved yet.",
        "open_ticket: yes",
        (),
        YES_NO.schema,
    ),
)
