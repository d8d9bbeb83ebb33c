"""`sincerely check`: every mistake in the project's files, with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, say
from engine.domain.errors import UsageError

if TYPE_CHECKING:
    from engine.language.diagnostics import Diagnostic
    from engine.language.project import Project


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@pass_call
def check(call: Call, paths: tuple[Path, ...]) -> int:
    """Find every mistake in journeys, segments, templates and the config.

    With PATHs, only what is wrong in those files and folders is reported. Warnings never block.
    """
    from engine.adapters.care_results import CareResults
    from engine.application.check import check as check_all
    from engine.language import frame
    from engine.language.care import read

    output = call.wants("text", "json", "github")
    workshop = call.workshop()
    project = workshop.project
    wanted = _relative(paths, workshop.settings.project, project.sources)
    remembered = CareResults(workshop.settings.project, read)
    everything = check_all(project, workshop.templates(), call.now(), remembered.read)
    remembered.keep()
    found = among(everything, wanted)
    if output == "json":
        click.echo(frame.as_json(found))
    elif output == "github":
        if found:
            click.echo(frame.as_github(found))
    else:
        if found:
            click.echo(frame.as_text(found, project.sources) + "\n")
        say(verdict(found, project))
    return 1 if any(one.severity == "error" for one in found) else 0


def among(found: Iterable[Diagnostic], paths: Sequence[str] | None) -> list[Diagnostic]:
    """The diagnostics of these files and folders; all of them for None."""
    if paths is None:
        return list(found)
    return [
        one
        for one in found
        if any(path in ("", one.file) or one.file.startswith(f"{path}/") for path in paths)
    ]


def verdict(found: Sequence[Diagnostic], project: Project) -> str:
    """One sentence on the whole."""
    errors = sum(one.severity == "error" for one in found)
    warnings = len(found) - errors
    if errors:
        files = len({one.file for one in found if one.severity == "error"})
        doubts = f" and {counted(warnings, 'warning')}" if warnings else ""
        return f"{counted(errors, 'mistake')}{doubts} in {counted(files, 'file')}."
    rules = project.rulebook
    counts = (
        counted(len(rules.journeys), "journey"),
        counted(len(rules.segments), "segment"),
        counted(len(rules.personas), "persona"),
        counted(len(rules.mails), "mail"),
    )
    doubts = f" {counted(warnings, 'warning')}." if warnings else ""
    return f"No mistakes: {', '.join(counts)}.{doubts}"


def _relative(paths: Sequence[Path], project: Path, sources: Iterable[str]) -> list[str] | None:
    """The paths as the project names its files.

    Raises:
        UsageError: if one is no file or folder of the project.
    """
    if not paths:
        return None
    known = list(sources)
    relative: list[str] = []
    for path in paths:
        place = path.resolve()
        name = place.relative_to(project).as_posix() if place.is_relative_to(project) else None
        if name == ".":
            return None
        if name is None or not any(one == name or one.startswith(f"{name}/") for one in known):
            raise UsageError(
                f"{path} is no file or folder of the project",
                help="name a file in journeys/, segments/ or templates/, or the config",
            )
        relative.append(name)
    return relative
