"""The wordings of a mail: as it reads in each tone that it tells apart, and in each persona's voice.

`check` writes all of them with the sample people of the personas; what only one reader would have seen
go wrong is seen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from engine.application.compose import NOWHERE, voice_in
from engine.application.ports.renderer import RenderContext
from engine.domain.condition import Feels
from engine.domain.emotion import EMOTIONS, GROUPS
from engine.domain.journey import Class
from engine.domain.message import Rendered
from engine.domain.person import Person
from engine.domain.segment import Persona
from engine.language.project import Project
from engine.language.template_header import TemplateFile

TONE_TAG = re.compile(r"\{%[-+]?\s*(?P<tag>tone|elsetone|endtone)\b(?P<words>[^%]*)%\}")
_OTHER_TAG = re.compile(r"\{[{%][^{}%]*\btone\b[^{}%]*[}%]\}")
_QUOTED = re.compile(r"[\"'](\w+)[\"']")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which a mail reads. `tone` is None where no mood speaks; `tones` are all emotions
    that read these words, `persona` the one in whose voice it speaks ("": the company's)."""

    mail: Rendered
    tone: str | None = None
    tones: tuple[str | None, ...] = (None,)
    persona: str = ""


class Writes(Protocol):
    """What writes mails: `ports.renderer.Renderer`."""

    def render(self, mail: str, values: RenderContext) -> Rendered:
        """Write the mail, as `ports.renderer.Renderer` says."""
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """Everything that a mail's wordings vary with."""

    tones: tuple[tuple[str | None, ...], ...]
    personas: tuple[Persona | None, ...]


def ways_of(file: TemplateFile, project: Project) -> Ways:
    """In which ways a mail can be written: groups of tones that read the same, and the personas.

    A mail with a `tone` of its own is never written in another.
    """
    personas = project.rulebook.personas
    if file.tone is not None:
        return Ways(((file.tone,),), (None, *personas))
    shared = (text for path, text in project.layouts.items())
    told_apart = [
        *_told_apart(file.body),
        *_told_apart(file.subject),
        *_told_apart(file.preheader),
        *(words for text in shared for words in _told_apart(text)),
        *_voices(personas),
    ]
    groups: dict[tuple[bool, ...], list[str | None]] = {}
    for tone in (None, *EMOTIONS):
        groups.setdefault(tuple(tone in words for words in told_apart), []).append(tone)
    return Ways(tuple(tuple(group) for group in groups.values()), (None, *personas))


def _told_apart(text: str) -> Iterator[frozenset[str | None]]:
    """Each set of tones that the tags of a text ask for."""
    for tag in TONE_TAG.finditer(text):
        words = frozenset(_basic(re.findall(r"\w+", tag["words"])))
        if words:
            yield words
    for other in _OTHER_TAG.finditer(text):
        yield frozenset(_basic(_QUOTED.findall(other.group())))


def _voices(personas: Sequence[Persona]) -> Iterator[frozenset[str | None]]:
    for persona in personas:
        for condition, _ in persona.voice_when:
            if isinstance(condition, Feels):
                yield frozenset(condition.emotions)


def _basic(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield from GROUPS.get(word, (word,))


def sample_context(
    file: TemplateFile, project: Project, klass: Class, now: datetime
) -> RenderContext:
    """The mail for somebody of whom nothing is known, in the company's voice."""
    return RenderContext(
        person=Person("sample"),
        now=now,
        zone=project.rulebook.company_zone,
        voice=project.config.company.voice,
        klass=klass,
        links=NOWHERE,
        locale=file.locale or None,
        samples=True,
    )


def in_tone(
    context: RenderContext, persona: Persona | None, tone: str | None, *, sample: bool = True
) -> RenderContext:
    """The context in one tone and voice; with `sample`, for the persona's sample person."""
    if persona is None:
        return replace(context, tone=tone)
    attributes: Mapping[str, object] = persona.sample if sample else context.person.attributes
    known = {name: value for name, value in attributes.items() if name != "locale"}
    return replace(
        context,
        tone=tone,
        voice=voice_in(persona, tone),
        person=Person("sample", attributes=known),  # type: ignore[arg-type]
        persona=persona.name if sample else "",
        persona_title=persona.title if sample else "",
    )


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write a mail: in which context, and what a `Wording` says of itself."""

    context: RenderContext
    tones: tuple[str | None, ...]
    persona: str

    def written(self, mail: Rendered) -> Wording:
        """The wording that came of it."""
        return Wording(mail, self.tones[0], self.tones, self.persona)


def ways(file: TemplateFile, project: Project, context: RenderContext) -> Iterator[Way]:
    """Every way to write a mail, plainly in the company's voice first; some may read alike."""
    told_apart = ways_of(file, project)
    for persona in told_apart.personas:
        for tones in told_apart.tones:
            name = persona.name if persona else ""
            yield Way(in_tone(context, persona, tones[0]), tones, name)
