"""Looking over the mails that `check` wrote: as a strict postmaster (R9.4) and as a kind colleague.

What every mail of a layout has in common is the layout's matter, and is told there, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.application.compose import NOWHERE
from engine.application.ports.renderer import Finding
from engine.domain.journey import Class, HandTo, Send
from engine.domain.message import Rendered
from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.draft import Doubt, doubts
from engine.language.project import Project
from engine.language.template_header import TemplateFile

REFUSED = "T404"
DOUBTFUL = "T405"


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it was written with its samples."""

    file: TemplateFile
    mail: Rendered
    klass: Class


class Inspector(Protocol):
    """What looks at a written mail: `ports.renderer.Renderer`."""

    def inspect(self, mail: Rendered, klass: Class, links: Mapping[str, str]) -> list[Finding]:
        """Everything wrong with it."""
        ...


def classes_of(project: Project) -> dict[str, Class | None]:
    """The class in which each mail is sent, the strictest of several (marketing has the most duties);
    None for briefings that no customer gets. What no journey uses is not in it."""
    classes: dict[str, Class | None] = {}
    categories = project.rulebook.policy.categories
    for journey in project.rulebook.journeys.values():
        if journey.category not in categories:
            continue
        klass = categories[journey.category].klass
        for node in journey.nodes.values():
            if isinstance(node, HandTo) and node.briefing:
                classes.setdefault(node.briefing, None)
            elif isinstance(node, Send) and classes.get(node.mail) is not Class.MARKETING:
                classes[node.mail] = klass
    return classes


def look_over(
    written: Sequence[Written], inspector: Inspector, project: Project
) -> Iterator[Diagnostic]:
    """What is wrong with written mails, and what is doubtful about their words."""
    kinds: dict[tuple[str, Class], list[Written]] = defaultdict(list)
    for one in written:
        kinds[one.file.layout or one.file.path, one.klass].append(one)
    for (layout, _), alike in kinds.items():
        yield from _inspected(alike, inspector, _layout_file(layout, project), project)
    for one in written:
        mail, serves = one.mail, one.klass is Class.SERVICE
        for doubt in doubts(mail.subject, mail.preheader, mail.html, mail.text, serves=serves):
            yield _doubt(doubt, one.file, project)


def _inspected(
    alike: Sequence[Written], inspector: Inspector, layout: str | None, project: Project
) -> Iterator[Diagnostic]:
    """Mails of one layout and class: a finding in all of them is one about the layout."""
    found: dict[tuple[str, str], tuple[Finding, list[Written]]] = {}
    for one in alike:
        told: set[tuple[str, str]] = set()  # the text and the HTML part lack the same things
        for finding in inspector.inspect(one.mail, one.klass, NOWHERE):
            mistake = finding.help, _quoted(finding)
            if mistake not in told:
                told.add(mistake)
                found.setdefault(mistake, (finding, []))[1].append(one)
    for finding, mails in found.values():
        if layout is not None and len(mails) == len(alike) > 1:
            yield _finding(finding, layout, Place(1, 1, 1, 2))
        else:
            for one in mails:
                place = _where(_quoted(finding), one.file, project)
                yield _finding(finding, one.file.path, place)


def _quoted(finding: Finding) -> str:
    """The words of the mail that a finding is about."""
    return finding.message.partition("`")[2].partition("`")[0]


def _finding(finding: Finding, path: str, place: Place) -> Diagnostic:
    code = REFUSED if finding.severity == "error" else DOUBTFUL
    return at(place, code, path, finding.message, finding.help, finding.severity)


def _doubt(doubt: Doubt, file: TemplateFile, project: Project) -> Diagnostic:
    place = _where(doubt.quote, file, project)
    return at(place, doubt.code, file.path, doubt.message, doubt.help, "warning")


def _layout_file(layout: str, project: Project) -> str | None:
    start = f"_layouts/{layout}."
    return next((f"templates/{path}" for path in project.layouts if path.startswith(start)), None)


def _where(quote: str, file: TemplateFile, project: Project) -> Place:
    """Where the words stand in the file; its first line where they come from somewhere else."""
    text = project.sources.get(file.path, "")
    start = text.find(quote) if quote else -1
    if start < 0:
        return Place(1, 1, 1, 4)
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return Place(line, column, line, column + len(quote.split("\n")[0]))
