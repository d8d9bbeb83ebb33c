"""Check: the mistakes of the files, and those that show only when a mail is written.

The language reads the head of a mail; whether its body is a template at all, and whether it can be
written with its samples, only the renderer can say. What was written is looked over then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from engine.application.care import Read, look_kindly
from engine.application.look_over import Inspector, Written, classes_of, look_over
from engine.application.places import line_place
from engine.application.ports.renderer import (
    MissingValue,
    RenderContext,
    RenderFailed,
    SkipMail,
)
from engine.application.wordings import Wording, sample_context, ways
from engine.domain.journey import Class
from engine.domain.message import Rendered
from engine.language.care import read as read_carefully
from engine.language.diagnostics import Diagnostic, at
from engine.language.project import Project
from engine.language.template_header import TemplateFile

NO_TEMPLATE = "T401"
NOT_WRITTEN = "T402"
NO_FALLBACK = "T403"


class Writer(Inspector, Protocol):
    """What compiles and writes mails: `adapters.templates.renderer.Templates`."""

    def compiled(self, file: TemplateFile) -> object:
        """Compile one file; `RenderFailed` says what is wrong with it, and where."""

    def render(self, mail: str, values: RenderContext) -> Rendered:
        """Write the mail, as `ports.renderer.Renderer` says."""
        ...


def check(
    project: Project, writer: Writer, now: datetime, read: Read = read_carefully
) -> tuple[Diagnostic, ...]:
    """All mistakes of a project, sorted. Mails are written with their samples, as of `now` (UTC), and
    read as a kind colleague reads them (`read`: the care checks, perhaps out of a memory).

    A mistake in a layout is told once, not once a mail.
    """
    broken = {found.file for found in project.diagnostics if found.severity == "error"}
    files = [
        file
        for by_locale in project.templates.values()
        for file in by_locale.values()
        if file.path not in broken
    ]
    return tuple(sorted({*project.diagnostics, *_bodies(files, writer, project, now, read)}))


def _bodies(
    files: Iterable[TemplateFile], writer: Writer, project: Project, now: datetime, read: Read
) -> Iterator[Diagnostic]:
    classes = classes_of(project)
    written: list[Written] = []
    config_is_whole = all(
        "/" in found.file for found in project.diagnostics if found.severity == "error"
    )
    for file in files:
        try:
            writer.compiled(file)
        except RenderFailed as failed:
            yield _told(
                failed, file, project, NO_TEMPLATE, "mend the line, or look at docs/reference"
            )
            continue
        klass = classes.get(file.mail, Class.SERVICE)
        context = sample_context(file, project, klass or Class.SERVICE, now)
        said: list[Wording] = []
        try:
            for way in ways(file, project, context):
                try:
                    said.append(way.written(writer.render(file.mail, way.context)))
                except MissingValue as missing:
                    unknown = "event.", "steps.", *(() if config_is_whole else ("company.",))
                    if not missing.path.startswith(unknown):
                        yield _no_fallback(missing, file, project)
                except SkipMail:
                    continue  # the mail says itself that it is not for a person like the sample
        except RenderFailed as failed:
            yield _told(
                failed, file, project, NOT_WRITTEN, "look at the samples of `needs`, and the line"
            )
            continue
        if said and klass is not None:
            written.append(Written(file, said[0].mail, klass, tuple(said)))
    if config_is_whole:  # a broken one lacks what mails show
        yield from look_over(written, writer, project)
        yield from look_kindly(written, writer, project, now, read)


def _told(
    failed: RenderFailed, file: TemplateFile, project: Project, code: str, help: str
) -> Diagnostic:
    path = failed.file or file.path
    if path not in project.sources and f"templates/{path}" in project.sources:
        path = f"templates/{path}"
    text = project.sources.get(path, "")
    line = failed.line
    if line == 1 and path == file.path:  # somewhere in the head, of which no line is known
        name = failed.message.partition("`")[2].partition("`")[0]
        line = text.count("\n", 0, max(0, text.find(name))) + 1
    return at(line_place(text, line), code, path, failed.message, help)


def _no_fallback(missing: MissingValue, file: TemplateFile, project: Project) -> Diagnostic:
    """Where a value is printed that a person may lack: at its first mention."""
    text = project.sources.get(file.path, "")
    name = missing.path
    line = text.count("\n", 0, text.find(name)) + 1 if name in text else 1
    owner, _, short = name.rpartition(".")
    help = f"name `{short}` under `needs`, with a sample and `if_missing`"
    if owner == "company":
        help = f"write `{short}` under `company` in the config"
    return at(
        line_place(text, line),
        NO_FALLBACK,
        file.path,
        f"`{name}` is printed, and for people who lack it the mail would be held",
        help,
        "warning",
    )
