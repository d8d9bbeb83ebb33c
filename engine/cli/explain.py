"""`sincerely explain CODE`: what a code means, a wrong example with its output, and the right one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, say
from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from engine.language.catalogue.entry import Entry, Files

_LINES_SHOWN = 40


@click.command()
@click.argument("code")
@pass_call
def explain(call: Call, code: str) -> None:
    """Say what CODE means, with a wrong example, what it gives, and the right one."""
    from engine.language.codes import catalogue

    output = call.wants("text", "json")
    entries = catalogue()
    entry = entries.get(code.upper())
    if entry is None:
        near = get_close_matches(code.upper(), entries, n=1)
        raise MistakeError(
            f"there is no code {code}",
            help=f"did you mean {near[0]}?" if near else "codes look like J104",
        )
    if output == "json":
        document(
            {
                "code": entry.code,
                "severity": entry.severity,
                "title": entry.title,
                "why": entry.why,
                "wrong": dict(entry.wrong),
                "gives": _output(entry),
                "right": dict(entry.right),
            }
        )
        return
    doubt = " (a warning: it never blocks)" if entry.severity == "warning" else ""
    say(f"{entry.code}  {entry.title}{doubt}\n\n{entry.why}\n")
    say("Wrong:\n")
    _show(entry.wrong)
    say(f"gives\n\n{_indented(_output(entry))}\n")
    say("Right:\n")
    _show(entry.right)


def _output(entry: Entry) -> str:
    """What the wrong example gives, produced now."""
    from engine.language.codes import project_of
    from engine.language.frame import as_text
    from engine.language.project import read_project

    sources = project_of(entry.wrong)
    return as_text(read_project(sources).diagnostics, sources)


def _show(example: Files) -> None:
    for path, text in example.items():
        if text is None:
            say(f"    {path} does not exist\n")
            continue
        lines = text.rstrip("\n").split("\n")
        shown = "\n".join(line[:160] for line in lines[:_LINES_SHOWN])
        more = f"\n… and {len(lines) - _LINES_SHOWN:,} more lines" * (len(lines) > _LINES_SHOWN)
        say(f"    {path}\n\n{_indented(shown + more)}\n")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
