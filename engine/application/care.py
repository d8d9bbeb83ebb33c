"""Reading the mails that `check` wrote as a kind, experienced colleague would: in each tone, in each
persona's voice, and with an eye on what the tones state.

A doubt is told at the line that its words come from, once, however many wordings share it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from engine.application.look_over import Written
from engine.application.places import place_of
from engine.application.ports.renderer import NotRendered
from engine.application.same_facts import same_facts
from engine.application.wordings import Wording, Writes, in_tone, sample_context, ways_of
from engine.domain.emotion import GROUPS
from engine.domain.journey import Class
from engine.domain.message import Rendered
from engine.domain.person import Person
from engine.language.care.doubt import Doubt, Sample
from engine.language.diagnostics import Diagnostic, at
from engine.language.project import Project
from engine.language.reach import SPARED, reaches_spared
from engine.language.template_header import TemplateFile

Read = Callable[[Sample], Sequence[Doubt]]
"""The care checks: `language.care.read`, or a memory of what it said."""


def look_kindly(
    written: Sequence[Written], writer: Writes, project: Project, now: datetime, read: Read
) -> Iterator[Diagnostic]:
    """The doubts about written mails, and the facts in which their wordings differ."""
    colleague = Colleague(project, read)
    for one in written:
        yield from colleague.doubts(one.file, one.klass, one.wordings)
        yield from same_facts(one.file, _families(one, writer, project, now), project)


def _families(
    one: Written, writer: Writes, project: Project, now: datetime
) -> Iterator[list[Wording]]:
    """Wordings that have to state the same: for each persona those of its moods, and for one and the
    same person those of all voices."""
    ways = ways_of(one.file, project)
    for persona in ways.personas:
        name = persona.name if persona else ""
        yield [wording for wording in one.wordings if wording.persona == name]
    everybody = {k: v for persona in project.rulebook.personas for k, v in persona.sample.items()}
    context = sample_context(one.file, project, one.klass, now)
    context = replace(context, person=Person("sample", attributes=everybody))
    voices: list[Wording] = []
    for persona in ways.personas:
        voiced = in_tone(context, persona, one.file.tone, sample=False)
        try:
            mail = writer.render(one.file.mail, voiced)
        except NotRendered:  # told already, for the persona's own sample person
            continue
        voices.append(Wording(mail, one.file.tone, persona=persona.name if persona else ""))
    yield voices


_LANGUAGE = re.compile(r"<html\b[^<>]*?\blang\s*=\s*[\"']?([a-zA-Z]+)")


def doubts_of(
    mail: str, rendered: Rendered, klass: Class, tone: str | None, project: Project, read: Read
) -> Sequence[Doubt]:
    """The doubts about one mail as somebody gets it in one tone: for a preview."""
    files = project.templates[mail]
    file = files.get("") or next(iter(files.values()))
    groups = (group for group in ways_of(file, project).tones if tone in group)
    tones = next(groups, (*GROUPS.get(tone or "", (tone,)),))
    wording = Wording(rendered, tone, tones)
    return read(Colleague(project, read).sample(file, klass, wording))


class Colleague:
    """Reads the mails of one project."""

    def __init__(self, project: Project, read: Read) -> None:
        self._project = project
        self._read = read
        self._reached = reaches_spared(project.rulebook)

    def doubts(
        self, file: TemplateFile, klass: Class, wordings: Sequence[Wording]
    ) -> Iterator[Diagnostic]:
        """What is doubtful about a mail, at its lines."""
        told: set[tuple[object, ...]] = set()
        samples: dict[Sample, Wording] = {}
        for wording in wordings:
            samples.setdefault(self.sample(file, klass, wording), wording)
        for sample, wording in samples.items():
            for doubt in self._read(sample):
                path, place = place_of(
                    doubt.quote, doubt.where, file, self._project, wording.persona
                )
                key = (doubt.code,) if doubt.whole else (doubt.code, path, place.line)
                if key not in told:
                    told.add(key)
                    yield at(place, doubt.code, path, doubt.message, doubt.help, doubt.severity)

    def sample(self, file: TemplateFile, klass: Class, wording: Wording) -> Sample:
        """A wording as the care checks read it."""
        company, mail = self._project.config.company, wording.mail
        lang = _LANGUAGE.search(mail.html)
        return Sample(
            mail.subject,
            mail.preheader,
            mail.html,
            mail.text,
            mail.used,
            klass,
            english=lang is not None and lang[1].lower() == "en",
            sells=file.promotion_blocks,
            to_upset=file.mail in self._reached and bool(set(wording.tones) & set(SPARED)),
            company=company.name,
            address=company.address,
        )
