"""`hand_to`, `update`, `call`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.event import Value
from engine.domain.journey import (
    HandTo,
    Update,
)
from engine.language import leaf
from engine.language.nodes import Entries, Node, Text, is_empty, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Got,
    Kind,
    Word,
    as_entries,
    one_of,
    one_or_more,
    phrase,
    short,
)
from engine.language.values import (
    ATTRIBUTE,
    MAIL,
    NUMBER,
    TEAM,
    TOPIC,
    read_attribute,
)
from engine.language.verbs.tree import (
    OTHERWISE,
    THEN,
    UP_TO,
    Common,
    Step,
    add_verb,
    then_and_otherwise,
)

HAND_TO = Word("hand_to", TEAM, "The team that takes over.", "customer-care", required=True)
BECAUSE = Word("because", TEXT, "Why, for the team.", "Very angry about the delay")
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
        because=got.get(BECAUSE) or "",
        urgency=got.get(URGENCY) or "today",
        briefing=got.get(BRIEFING),
        up_to=got.get(UP_TO),
    )
    return Step(node, "hand_to", got, then_and_otherwise(got))


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


def _call(got: Got, common: Common, pen: Pen) -> Step:
    raise pen.error(
        "J199",
        got.key(CALL),
        "`call` is not available yet",
        "use `hand_to` to reach a team, or `update` to change an attribute",
    )


add_verb(_hand_to, HAND_TO, BECAUSE, URGENCY, BRIEFING, UP_TO, THEN, OTHERWISE)
add_verb(_update, UPDATE)
add_verb(_call, CALL, OTHERWISE)
