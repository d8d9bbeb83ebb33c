"""A persona, YAML to domain: who, how to speak to them, and a sample person for previews."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.condition import Condition
from engine.domain.event import Value
from engine.domain.segment import Persona
from engine.language.conditions import CONDITION
from engine.language.nodes import Entries, Node, Text, is_empty, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Kind,
    Shape,
    Word,
    as_entries,
    block_of,
    one_or_more,
    read_block,
    short,
)
from engine.language.suggest import did_you_mean, listed
from engine.language.values import ATTRIBUTE, CAP, MOODS, NAME, WHOLE, read_attribute

VoiceWhen = tuple[tuple[Condition, Mapping[str, str]], ...]


_VOICE = block_of(TEXT, "`voice`", ATTRIBUTE)
_WEAKEST = "medium"
"""What a bare mood in `voice_when` asks for."""


def _read_voice_when(node: Node, pen: Pen) -> VoiceWhen:
    """A mood word (its level is medium or higher) with the lines of the voice that it changes."""
    changes: list[tuple[Condition, Mapping[str, str]]] = []
    broken = False
    for key, value in as_entries(node, pen, "`voice_when`").entries:
        try:
            level = Text(key.start, key.end, _WEAKEST, False)
            mood = Entries(key.start, key.end, [(key, level)])
            if key.text not in MOODS:
                raise pen.error(
                    "P111",
                    place_of(key),
                    f"`{short(key.text)}` is not a mood",
                    did_you_mean(key.text, MOODS) or f"write {listed(MOODS)}",
                )
            changes.append((CONDITION.read(mood, pen), _VOICE.read(value, pen)))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return tuple(changes)


def _read_sample(node: Node, pen: Pen) -> Mapping[str, Value]:
    values: dict[str, Value] = {}
    broken = False
    for key, value in as_entries(node, pen, "`sample`").entries:
        try:
            name = ATTRIBUTE.read(key, pen)
            if is_empty(value):
                raise pen.error(
                    "103",
                    place_of(key),
                    f"nothing stands behind `{short(name)}`",
                    "write a value, or delete it",
                )
            values[name] = read_attribute(name, value, pen)
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return values


_VALUES_SCHEMA = {"type": "object"}
PERSONA_NAME = Word(
    "persona", NAME, "Its name, the same as the file's.", "team-lead", required=True
)
TITLE = Word("title", TEXT, "Who this is, in words.", "Tara leads a team of ten and has no time")
RANK = Word(
    "rank", WHOLE, "The lowest rank that fits wins: one persona per person.", "10", required=True
)
WHO = Word("who", CONDITION, "Whom it fits.", "{ role: lead }", required=True)
VOICE = Word(
    "voice",
    _VOICE,
    "How to speak to them; `{attribute}` is filled in.",
    '{ greeting: "Hello {first_name}," }',
)
VOICE_WHEN = Word(
    "voice_when",
    Kind(
        "moods with voice lines",
        _read_voice_when,
        {"type": "object", "additionalProperties": _VOICE.schema},
    ),
    "What a mood changes in the voice.",
    "{ upset: { offers: never } }",
)
P_CAP = Word(
    "cap", one_or_more(CAP), "Stricter than the general cap, never looser.", "6 per calendar month"
)
SAMPLE = Word(
    "sample",
    Kind("a sample person", _read_sample, _VALUES_SCHEMA),
    "A person for previews and tests.",
    "{ first_name: Tara }",
)
PERSONA_SHAPE = Shape(
    "a persona", (PERSONA_NAME, TITLE, RANK, WHO, VOICE, VOICE_WHEN, P_CAP, SAMPLE)
)


def read_persona(node: Node, pen: Pen) -> Persona | None:
    """The persona of a file, or None where something in it is unreadable."""
    try:
        got = read_block(PERSONA_SHAPE, node, pen)
        if not got.is_whole(PERSONA_SHAPE.words):
            return None
        return Persona(
            name=got.need(PERSONA_NAME),
            rank=got.need(RANK),
            who=got.need(WHO),
            title=got.get(TITLE) or "",
            voice=got.get(VOICE) or {},
            voice_when=got.get(VOICE_WHEN) or (),
            caps=got.get(P_CAP) or (),
            sample=got.get(SAMPLE) or {},
        )
    except Unreadable:
        return None
