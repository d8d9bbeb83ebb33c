"""The reference of the language as Markdown, made of the same tables by which files are read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.conditions import HEADS
from engine.language.reader import Shape
from engine.language.schema import KINDS
from engine.language.template_header import HEADER, NEED
from engine.language.verbs import VERBS
from engine.language.verbs.branching import ARM
from engine.language.verbs.experimenting import VARIANT


def reference() -> str:
    """All words of all files, a table a block."""
    lines = ["# The words of the language", ""]
    for kind, shape in KINDS.items():
        lines += _table(f"## `{kind}`", shape)
    lines += _table("## The head of a mail", HEADER) + _table("### A needed value", NEED)
    lines += ["## Steps", ""]
    for verb, (shape, _) in VERBS.items():
        lines += _table(f"### `{verb}`", shape)
    lines += _table("### An arm of `choose`", ARM) + _table("### A variant", VARIANT)
    lines += ["## Conditions", "", "| word | meaning | example |", "|---|---|---|"]
    lines += [f"| `{h.name}` | {_cell(h.doc)} | `{_cell(h.example)}` |" for h in HEADS.values()]
    return "\n".join(lines) + "\n"


def _table(heading: str, shape: Shape) -> list[str]:
    return [
        heading,
        "",
        "| word | value | meaning | example |",
        "|---|---|---|---|",
        *_rows(shape),
        "",
    ]


def _rows(shape: Shape) -> Iterator[str]:
    for word in shape.words:
        needed = " (needed)" if word.required else ""
        example = f"`{word.name}: {_cell(word.example)}`" if word.example else ""
        yield f"| `{word.name}`{needed} | {_cell(word.kind.called)} | {_cell(word.doc)} | {example} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
