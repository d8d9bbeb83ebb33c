"""JSON Schema for editors, made of the same tables by which files are read.

A schema is a help while writing, not the judge: it lets through what only `check` can know (names,
phrases, what goes with what), and refuses nothing that `check` accepts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.language.conditions import condition_schema
from engine.language.config_file import CONFIG
from engine.language.journey_file import JOURNEY_SHAPE
from engine.language.jurisdiction_file import JURISDICTION_SHAPE
from engine.language.persona_file import PERSONA_SHAPE
from engine.language.reader import Schema, Shape, object_schema
from engine.language.segment_file import EVERYONE_ELSE, GRID_SHAPE, SEGMENT_SHAPE
from engine.language.template_header import needs_schema
from engine.language.test_file import TEST_FILE
from engine.language.verbs import VERBS
from engine.language.verbs.branching import ARM, LAST_ARM
from engine.language.verbs.experimenting import VARIANT

KINDS: Mapping[str, Shape] = {
    "journey": JOURNEY_SHAPE,
    "journey-test": TEST_FILE,
    "segment": SEGMENT_SHAPE,
    "segment-grid": GRID_SHAPE,
    "persona": PERSONA_SHAPE,
    "jurisdiction": JURISDICTION_SHAPE,
    "config": CONFIG,
}
"""The kinds of files, by the name of their schema (`.schema/NAME.json`)."""


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one of `KINDS`.

    Raises:
        KeyError: if there is no such kind.
    """
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": KINDS[kind].called,
        **object_schema(KINDS[kind]),
    }
    definitions = _definitions()
    needed = _needed(schema, definitions)
    if needed:
        schema["$defs"] = {name: definitions[name] for name in sorted(needed)}
    return schema


def schema_text(kind: str) -> str:
    """The same as the text of a file."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


def _definitions() -> dict[str, Schema]:
    """The shapes that hold each other, by name."""
    steps = [object_schema(shape) for shape, _ in VERBS.values()]
    return {
        "condition": condition_schema(),
        "step": {"oneOf": steps},
        "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
        "arms": {
            "type": "array",
            "minItems": 2,
            "items": {"oneOf": [object_schema(ARM), object_schema(LAST_ARM)]},
        },
        "variants": {"type": "array", "minItems": 2, "items": object_schema(VARIANT)},
        "axis": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "anyOf": [
                    {"$ref": "#/$defs/condition"},
                    {"const": EVERYONE_ELSE},
                    {"type": "array", "items": {"type": "string"}, "minItems": 1},
                ]
            },
        },
        "needs": needs_schema(),
    }


def _needed(schema: object, definitions: Mapping[str, Schema]) -> set[str]:
    """The definitions that a schema refers to, directly or not."""
    needed: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            name = str(part.get("$ref", "")).removeprefix("#/$defs/")
            if name and name not in needed:
                needed.add(name)
                waiting.append(definitions[name])
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return needed
