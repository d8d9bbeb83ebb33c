"""R6.6: what an event of the engine's own says of somebody's mood or stage is never printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.domain.engine_events import CARE_NEEDED, MOOD_CHANGED
from engine.domain.journey import Journey, Send, WaitFor, WhenEvent
from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.template_header import TemplateFile

_TELLS: Mapping[str, str] = {
    MOOD_CHANGED: "from|to|level|because",
    "stage.changed": "from|to|because",
    CARE_NEEDED: "why|urgency",
}
"""The properties of each that say what we think of a person."""
_EXPRESSION = re.compile(r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*\}\}")


def check(parts: Parts) -> Iterator[Diagnostic]:
    """Each mail of a journey that such an event starts, or that waits for one."""
    told: set[tuple[str, str]] = set()
    for file in parts.journeys.values():
        for place in _places(file.journey):
            mails = (n.mail for n in file.journey.nodes.values() if isinstance(n, Send))
            told |= {(mail, place) for mail in mails}
    for mail, place in sorted(told):
        for template in parts.templates.get(mail, {}).values():
            yield from _printed(template, parts.sources[template.path], place)


def _places(journey: Journey) -> Iterator[str]:
    """Where its mails find the properties of such events, as a pattern."""
    trigger = journey.enter.trigger
    if isinstance(trigger, WhenEvent) and trigger.event in _TELLS:
        yield rf"event\.(?:{_TELLS[trigger.event]})\b"
    for node in journey.nodes.values():
        tells = _TELLS.get(node.event or "") if isinstance(node, WaitFor) else None
        if tells is not None:
            step = node.id.replace("-", "[-_]")
            yield rf"steps(?:\.|\[[\"']){step}(?:[\"']\])?\.event\.(?:{tells})\b"


def _printed(template: TemplateFile, text: str, place: str) -> Iterator[Diagnostic]:
    pattern = re.compile(rf"(?<!if )(?<!and )(?<!or )(?<!not )\b{place}(?!\s*(?:==|!=|in\b|is\b))")
    for expression in _EXPRESSION.finditer(text):
        found = pattern.search(expression.group())
        if found:
            start = expression.start() + found.start()
            line = text.count("\n", 0, start) + 1
            column = start - text.rfind("\n", 0, start)
            yield at(
                Place(line, column, line, column + len(found[0])),
                "T503",
                template.path,
                f"`{found[0]}` prints what we think of somebody",
                "let the words follow the mood with `{% tone %}`, and say nothing of it",
            )
