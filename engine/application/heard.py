"""Where a reply was heard: the words by which it was understood, quoted as long as they are kept."""

from __future__ import annotations

import re

from engine.domain.care import HEARD
from engine.domain.engine_events import FEEDBACK
from engine.domain.event import Event
from engine.domain.facts import Facts

_SPAN = re.compile(r"(\d{1,6})-(\d{1,6})")
_LONGEST = 300


def heard_in(needed: Event, facts: Facts) -> str:
    """By what words an `answer.needed` was understood, by tables or by a model; empty where it does not say
    so, or where they are no longer kept."""
    said = needed.properties
    texts = (
        str(wrote.properties.get("text", ""))
        for wrote in facts.history.named(FEEDBACK)
        if wrote.id == said.get("message")
    )
    text = next(texts, "")
    spans = _SPAN.findall(str(said.get(HEARD, "")))
    words = (" ".join(text[int(start) : int(end)].split()) for start, end in spans)
    quoted = ", ".join(f"\u201c{one[:_LONGEST]}\u201d" for one in words if one)
    by = "A model of replies went by" if said.get("by") == "model" else "Heard in"
    return f"{by} {quoted}" if quoted else ""
