"""From one person's facts to the names that a template may say (R9.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.adapters.templates.sandbox import Absent, View, blank
from engine.application.ports.renderer import MissingValue, RenderContext, SkipMail
from engine.domain.event import Event
from engine.language.template_header import Need

NAMES = frozenset({
    "customer", "event", "steps", "persona", "tone", "journey", "company", "links", "subject",
    "preheader", "klass", "lang", "dir",
})  # fmt: skip
"""What a mail may say beside its needs and its blocks."""

Used = list[tuple[str, str, str]]

_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def needed(needs: tuple[Need, ...], context: RenderContext, used: Used) -> dict[str, object]:
    """The needed values under their bare names.

    Raises:
        SkipMail, MissingValue: one is missing, and its need says so.
    """
    values: dict[str, object] = {}
    for need in needs:
        value, source = _find(need, context)
        values[need.name] = value
        used.append((need.name, _spelled(value), source))
    return values


def _find(need: Need, context: RenderContext) -> tuple[object, str]:
    value: object = context.person.attribute(need.name)
    if not blank(value):
        return value, "customer"
    if context.event is not None:
        value = context.event.properties.get(need.name)
        if not blank(value):
            return value, "event"
    if context.samples and not blank(need.sample):
        sample = need.sample
        return View(need.name, sample) if isinstance(sample, Mapping) else sample, "sample"
    if need.on_missing == "word" and need.if_missing is not None:
        return need.if_missing, "fallback"
    if need.on_missing == "skip":
        raise SkipMail(f"`{need.name}` is missing")
    raise MissingValue(need.name)


def spoken(
    context: RenderContext, needs: Mapping[str, object], used: Used, tone: str | None
) -> dict[str, object]:
    """Everything else that a template may name, as read-only views."""
    person = context.person
    customer: dict[str, object] = {**person.attributes, "id": person.id, "email": person.email}
    voice = {
        name: _filled(line, needs, customer, used) if "{" in line else line
        for name, line in context.voice.items()
    }
    return {
        "customer": View("customer", customer),
        "event": View("event", _event(context.event)),
        "steps": View("steps", {
            step: View(f"steps.{step}", {"event": View(f"steps.{step}.event", _event(event))})
            for step, event in context.steps.items()
        }),
        "persona": View("persona", {
            "name": context.persona,
            "title": context.persona_title,
            "voice": View("persona.voice", voice),
        }),
        "journey": View("journey", {"name": context.journey, "title": context.journey_title}),
        "links": View("links", context.links),
        "tone": tone,
        "klass": context.klass.value,
    }  # fmt: skip


def _event(event: Event | None) -> dict[str, object]:
    if event is None:
        return {}
    return {"name": event.name, "at": event.at, **event.properties}


def _filled(
    line: str, needs: Mapping[str, object], customer: Mapping[str, object], used: Used
) -> object:
    """A voice line with its `{attribute}` places filled; absent if one of them is missing, so that
    only a mail that speaks the line is held."""
    said: dict[str, str] = {}
    for name in _PLACE.findall(line):
        value = needs.get(name)
        if blank(value):
            value = customer.get(name)
            if blank(value):
                return Absent(f"customer.{name}")
            used.append((f"customer.{name}", _spelled(value), "customer"))
        said[name] = _spelled(value)
    return _PLACE.sub(lambda found: said[found.group(1)], line)


def _spelled(value: object) -> str:
    if isinstance(value, View):
        return ", ".join(f"{name}: {part}" for name, part in value.values.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
