"""`sincerely explain CODE`: what a code means, a wrong example with its output, and the right one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import clean, document, say
from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from engine.language.catalogue.entry import Entry, Files

_LINES_SHOWN = 40
_WIDTH = 160
_EXAMPLES_AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


@click.command()
@click.argument("code")
@pass_call
def explain(call: Call, code: str) -> None:
    """Say what CODE means, with a wrong example, what it gives, and the right one."""
    from engine.language.catalogue.trouble import TROUBLES

    output = call.wants("text", "json")
    entries = all_entries()
    troubles = {trouble.code: trouble for trouble in TROUBLES}
    wanted = code.upper()
    if wanted in troubles:
        trouble = troubles[wanted]
        if output == "json":
            document(asdict(trouble))
        else:
            say(f"{trouble.code}  {trouble.title}\n\n{trouble.why}\n\nTo mend it:\n")
            say(_indented(trouble.mend))
    elif wanted in entries:
        entry = entries[wanted]
        if output == "json":
            document({**asdict(entry), "gives": gives(entry)})
        else:
            _tell(entry)
    else:
        near = get_close_matches(wanted, [*entries, *troubles], n=1)
        raise MistakeError(
            f"there is no code {code}",
            help=f"did you mean {near[0]}?" if near else "codes look like J104",
        )


def all_entries() -> dict[str, Entry]:
    """Every code that has an example: those of the language, and those of the bodies of mails."""
    from engine.language.catalogue import bodies
    from engine.language.codes import catalogue

    return {**catalogue(), **{entry.code: entry for entry in bodies.ENTRIES}}


def gives(entry: Entry) -> str:
    """What the wrong example gives, produced now."""
    from engine.application.check import check
    from engine.bootstrap import compile_project, templates_of
    from engine.language.catalogue import bodies
    from engine.language.codes import project_of
    from engine.language.frame import as_text

    sources = project_of(entry.wrong)
    project = compile_project(sources)
    found = project.diagnostics
    if entry in bodies.ENTRIES:
        found = check(project, templates_of(project, {}), _EXAMPLES_AT)
    return as_text(found, sources)


def _tell(entry: Entry) -> None:
    doubt = " (a warning: it never blocks)" if entry.severity == "warning" else ""
    say(f"{entry.code}  {entry.title}{doubt}\n\n{entry.why}\n")
    say("Wrong:\n")
    _show(entry.wrong)
    say(f"gives\n\n{_indented(gives(entry))}\n")
    say("Right:\n")
    _show(entry.right)


def _show(example: Files) -> None:
    for path, text in example.items():
        if text is None:
            say(f"    {path} does not exist\n")
        else:
            say(f"    {path}\n\n{_indented(shortened(text))}\n")


def shortened(text: str) -> str:
    """An example as it can be shown: its first lines, none too long, nothing invisible."""
    lines = text.rstrip("\n").split("\n")
    shown = [line if len(line) <= _WIDTH else line[:_WIDTH] + "…" for line in lines[:_LINES_SHOWN]]
    if len(lines) > _LINES_SHOWN:
        shown.append(f"… and {len(lines) - _LINES_SHOWN:,} more lines")
    return clean("\n".join(shown))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
