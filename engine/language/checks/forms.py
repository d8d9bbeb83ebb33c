"""A form whose sign-ups nobody would ever be asked to confirm (R5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.engine_events import SUBMITTED
from engine.domain.journey import WhenEvent
from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic, at


def check(parts: Parts) -> Iterator[Diagnostic]:
    """Each topic of a form has a category that `confirms` it, and a journey in it that begins with a
    sign-up."""
    if not parts.config_is_whole or not parts.config.forms:
        return
    categories = parts.config.policy.categories
    asking = {
        topic
        for file in parts.journeys.values()
        if file.journey.enter.trigger == WhenEvent(SUBMITTED)
        for topic in _confirms(categories.get(file.journey.category))
    }
    for name, form in parts.config.forms.items():
        for topic in form.topics:
            if topic in categories and topic not in asking:
                yield at(
                    parts.in_config("forms", name),
                    "C505",
                    parts.config_file,
                    f"nobody would ask who signs up by `{name}` to confirm `{topic}`",
                    f"write a journey with `enter: {{ when: {SUBMITTED}, again: always }}` in a "
                    f"category with `confirms: {topic}`",
                    "warning",
                )


def _confirms(category: object) -> tuple[str, ...]:
    return getattr(category, "confirms", ())
