"""Mails that ask for a confirmation hold the link to it, and no other mail does (R5.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.domain.journey import Send
from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.template_header import TemplateFile

_LINK = re.compile(r"\blinks\s*(?:\.\s*confirm\b|\[\s*[\"']confirm[\"']\s*\])")


def check(parts: Parts) -> Iterator[Diagnostic]:
    """Each mail with the categories of the journeys that send it."""
    if not parts.config_is_whole:
        return
    categories = parts.rulebook.policy.categories
    asking: dict[str, bool] = {}
    for file in parts.journeys.values():
        category = categories.get(file.journey.category)
        for node in file.journey.nodes.values():
            if isinstance(node, Send) and category is not None:
                asking[node.mail] = asking.get(node.mail, True) and bool(category.confirms)
    for mail, asks in asking.items():
        for template in parts.templates.get(mail, {}).values():
            yield from _link(template, asks)


def _link(template: TemplateFile, asks: bool) -> Iterator[Diagnostic]:
    found = _LINK.search(template.body)
    if asks and not found:
        yield at(
            Place(1, 1, 1, 4),
            "T521",
            template.path,
            "this mail asks for a confirmation, and there is no link to confirm with",
            "write `{{ links.confirm }}` where the button goes",
        )
    if found and not asks:
        line = template.body_line + template.body.count("\n", 0, found.start())
        column = found.start() - (template.body.rfind("\n", 0, found.start()) + 1) + 1
        yield at(
            Place(line, column, line, column + len(found[0])),
            "T522",
            template.path,
            "this link confirms a sign-up, and the mail goes out in a category that confirms none",
            "send it in a transactional category with `confirms`, or use `links.preferences`",
        )
