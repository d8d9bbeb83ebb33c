"""Looking over the mails that `check` wrote, as a strict postmaster would (R9.4).

What every mail of a layout has in common is the layout's matter, and is told there, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.application.compose import NOWHERE
from engine.application.places import HEAD, find
from engine.application.ports.renderer import Finding
from engine.application.wordings import Wording
from engine.domain.journey import Class, HandTo, Send
from engine.domain.message import Rendered
from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.project import Project
from engine.language.template_header import TemplateFile

REFUSED = "T404"
DOUBTFUL = "T405"


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it was written with its samples: plainly, and in all of its other wordings."""

    file: TemplateFile
    mail: Rendered
    klass: Class
    wordings: tuple[Wording, ...] = ()


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
    """What is wrong with written mails."""
    kinds: dict[tuple[str, Class], list[Written]] = defaultdict(list)
    for one in written:
        kinds[one.file.layout or one.file.path, one.klass].append(one)
    for (layout, _), alike in kinds.items():
        yield from _inspected(alike, inspector, _layout_file(layout, project), project)


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
                text = project.sources.get(one.file.path, "")
                place = find(_quoted(finding), text) or HEAD
                yield _finding(finding, one.file.path, place)


def _quoted(finding: Finding) -> str:
    """The words of the mail that a finding is about."""
    return finding.message.partition("`")[2].partition("`")[0]


def _finding(finding: Finding, path: str, place: Place) -> Diagnostic:
    code = REFUSED if finding.severity == "error" else DOUBTFUL
    return at(place, code, path, finding.message, finding.help, finding.severity)


def _layout_file(layout: str, project: Project) -> str | None:
    start = f"_layouts/{layout}."
    return next((f"templates/{path}" for path in project.layouts if path.startswith(start)), None)
