"""The reference of the language as Markdown, made of the same tables by which files are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.language.conditions import HEADS
from engine.language.config_file import COMPANY, SENDER, TEAM
from engine.language.delivery_words import BREAKERS, DELIVERY
from engine.language.enter_words import ENTER
from engine.language.form_words import FORM
from engine.language.house_words import KEEP, OPERATOR
from engine.language.inbox_words import MAILBOX
from engine.language.journey_file import REMOVED_WORDS
from engine.language.link_words import LINKS, UTM
from engine.language.page_words import PAGES
from engine.language.policy_words import CATEGORY_WORDS, HOLD, POLICY
from engine.language.reader import Shape
from engine.language.schema import KINDS
from engine.language.stage_words import EMOTION, HALF_LIFE, LEVELS, LIFECYCLE
from engine.language.template_header import HEADER, NEED
from engine.language.test_file import EMAIL, END, EXPECT, GIVEN, TASK, TEST
from engine.language.verbs import VERBS
from engine.language.verbs.branching import ARM, LAST_ARM
from engine.language.verbs.experimenting import VARIANT
from engine.language.web_words import WEB
from engine.language.webhook_words import WEBHOOKS

INSIDE: Mapping[str, tuple[Shape, ...]] = {
    "journey": (ENTER, REMOVED_WORDS),
    "journey-test": (GIVEN, TEST, EXPECT, EMAIL, TASK, END),
    "config": (
        COMPANY, DELIVERY, BREAKERS, MAILBOX, SENDER, TEAM, POLICY, CATEGORY_WORDS, HOLD, LIFECYCLE,
        EMOTION, HALF_LIFE, LEVELS, OPERATOR, LINKS, UTM, PAGES, WEBHOOKS, FORM, KEEP, WEB,
    ),
}  # fmt: skip
"""The blocks inside of each kind of file, in the order in which its words name them."""


def reference() -> str:
    """All words of all files, a table a block."""
    lines = ["# The words of the language", ""]
    for kind, shape in KINDS.items():
        lines += _table(f"## `{kind}`", shape)
        for block in INSIDE.get(kind, ()):
            lines += _table(f"### {block.called[0].upper()}{block.called[1:]}", block)
    lines += _table("## The head of a mail", HEADER) + _table("### A needed value", NEED)
    lines += ["## Steps", ""]
    for verb, (shape, _) in VERBS.items():
        lines += _table(f"### `{verb}`", shape)
    lines += _table("### An arm of `choose`", ARM) + _table("### Its last arm", LAST_ARM)
    lines += _table("### A variant", VARIANT)
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
