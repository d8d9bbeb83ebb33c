"""What a mail may say of one person at one instant: from facts to a `RenderContext`.

Hand-off, preview, tests and simulation all compose here, so a preview cannot say anything else than
the mail that leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.application.ports.renderer import RenderContext
from engine.domain.answer import holds, persona_of
from engine.domain.condition import Condition, Feels
from engine.domain.emotion import GROUPS
from engine.domain.event import Event
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Journey
from engine.domain.mood import mood_of
from engine.domain.segment import Persona
from engine.domain.zones import zone_of

NOWHERE: Mapping[str, str] = {
    name: f"#{name}" for name in ("unsubscribe", "preferences", "why", "confirm")
}
"""Links for mails that nobody gets: in checks and tests."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Which mail to write, and what of the run it may read.

    `tone` overrides the person's mood, in the voice too, unless the mail has a tone of its own;
    `persona` overrides the one that fits; `links` are the ways out of this one mail, `samples` fills
    gaps in previews and tests.
    """

    mail: str
    journey: Journey | None = None
    entry: Event | None = None
    answers: Mapping[str, Event] = field(default_factory=dict)
    tone: str | None = None
    persona: str | None = None
    locale: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    samples: bool = False


def compose(
    letter: Letter, facts: Facts, rules: Rulebook, company_voice: Mapping[str, str], now: datetime
) -> RenderContext:
    """The context in which `letter.mail` is rendered for the person at `now`."""
    named = (one for one in rules.personas if one.name == letter.persona)
    persona = next(named, None) or persona_of(facts, rules, now)
    header = rules.mails.get(letter.mail)
    said = (header.tone if header else None) or letter.tone
    voice = dict(persona.voice if persona else company_voice)
    for condition, lines in persona.voice_when if persona else ():
        if holds(condition, facts, rules, now) if said is None else speaks_of(condition, said):
            voice.update(lines)
    journey = letter.journey
    category = rules.policy.categories.get(journey.category) if journey else None
    context = RenderContext(
        person=facts.person,
        now=now,
        zone=zone_of(facts.person, rules)[0],
        event=letter.entry,
        steps=letter.answers,
        journey=journey.name if journey else "",
        journey_title=journey.title if journey else "",
        persona=persona.name if persona else "",
        persona_title=persona.title if persona else "",
        voice=voice,
        tone=said or mood_of(facts, rules, now),
        links=letter.links,
        locale=letter.locale,
        samples=letter.samples,
        **({"klass": category.klass} if category else {}),
    )
    return context


def voice_in(persona: Persona, tone: str | None) -> dict[str, str]:
    """A persona's voice as it speaks in one tone; None where no mood is known."""
    voice = dict(persona.voice)
    for condition, lines in persona.voice_when:
        if tone is not None and speaks_of(condition, tone):
            voice.update(lines)
    return voice


def speaks_of(condition: Condition, tone: str) -> bool:
    """Whether a mood of `voice_when` is the tone; a group (`upset`) is it with all of its emotions."""
    emotions = set(GROUPS.get(tone, (tone,)))
    return isinstance(condition, Feels) and emotions.issubset(condition.emotions)
