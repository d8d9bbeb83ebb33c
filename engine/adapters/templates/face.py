"""One compiled part of a mail (subject, preheader, HTML, text), and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Template

from engine.adapters.templates import budget
from engine.adapters.templates.tags import Tag


@dataclass(frozen=True, slots=True)
class Face:
    """One compiled part of a mail and, per line of its Jinja source, the tag the author wrote.

    A part without any tag, as many a subject, is `fixed` and has no template."""

    template: Template | None
    lines: Mapping[int, Tag]
    file: str
    fixed: str = ""

    def write(self, values: dict[str, Any]) -> str:
        """Rendered with these values, which must hold every name; within the present budget."""
        if self.template is None:
            return self.fixed
        out: list[str] = []
        room = budget.LIMIT
        context = self.template.new_context(values, shared=True)
        for piece in self.template.root_render_func(context):
            room -= len(piece)
            if room < 0:
                raise budget.TooMuch("this mail is longer than any mail box takes")
            out.append(piece)
        return "".join(out)

    def place(self, error: BaseException) -> tuple[str, int]:
        """File and line, as the author knows them, of an error while writing; line 0 if unknown."""
        line = 0
        trace = error.__traceback__
        while trace is not None:
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            if isinstance(template, Template) and template is self.template:
                line = template.get_corresponding_lineno(trace.tb_lineno)
            trace = trace.tb_next
        return place(self.lines, line, self.file)


def place(lines: Mapping[int, Tag], line: int, file: str) -> tuple[str, int]:
    """The author's file and line for a line of a released source."""
    before = [known for known in lines if known <= line]
    tag = lines[max(before)] if before else None
    return (tag.file, tag.line) if tag else (file, 0)
