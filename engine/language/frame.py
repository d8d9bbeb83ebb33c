"""How mistakes are shown: as text with the line in question, as JSON, as GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from engine.language.diagnostics import Diagnostic

SHOWN_AS_TEXT = 20
_LONGEST_LINE = 160


def frame(found: Diagnostic, sources: Mapping[str, str]) -> str:
    """One diagnostic in the anatomy of language.md, without a newline at the end."""
    doubt = "warning: " if found.severity == "warning" else ""
    lines = [f"{found.file}:{found.line}:{found.column}: {found.code} {doubt}{found.message}"]
    gutter = " " * len(str(found.line))
    source = _line_of(sources.get(found.file, ""), found.line)
    if source.strip():
        before, marked = _carets(found, source)
        lines += [f"{gutter} |", f"{found.line} | {before}", f"{gutter} | {marked}"]
    if found.help:
        lines.append(f"{gutter} = help: {found.help}")
    return "\n".join(lines)


def as_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """At most twenty frames, sorted, and how many more there are; empty where there is none."""
    everything = sorted(diagnostics)
    frames = [frame(found, sources) for found in everything[:SHOWN_AS_TEXT]]
    more = len(everything) - len(frames)
    if more > 0:
        frames.append(f"… and {more} more; mend these first")
    return "\n\n".join(frames)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """One JSON document: a list of `{code, severity, file, line, column, …, message, help}`."""
    return json.dumps(
        [asdict(found) for found in sorted(diagnostics)], ensure_ascii=False, indent=2
    )


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """GitHub workflow commands, one a line, that annotate the files of a pull request."""
    return "\n".join(
        f"::{found.severity} file={_property(found.file)},line={found.line},col={found.column},"
        f"endLine={found.end_line},endColumn={found.end_column},title={found.code}"
        f"::{_data(_sentence(found))}"
        for found in sorted(diagnostics)
    )


def _sentence(found: Diagnostic) -> str:
    return f"{found.message}\nhelp: {found.help}" if found.help else found.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _line_of(source: str, number: int) -> str:
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n", number)
    return lines[number - 1] if number <= len(lines) else ""


def _carets(found: Diagnostic, source: str) -> tuple[str, str]:
    """The line and the carets below it, cut where it is too long; tabs stay below tabs."""
    first = found.column - 1
    last = found.end_column - 1 if found.end_line == found.line else len(source.rstrip())
    start = max(0, first - _LONGEST_LINE // 2)
    shown = "".join(c if c.isprintable() or c == "\t" else "�" for c in source)
    shown = shown[start : start + _LONGEST_LINE]
    before = "".join("\t" if c == "\t" else " " for c in shown[: first - start])
    width = max(1, min(last, start + _LONGEST_LINE) - first)
    return shown, before + "^" * width
