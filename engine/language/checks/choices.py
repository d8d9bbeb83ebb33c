"""What customers are offered to choose exists: a theme is a tag of some mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic, Place, at


def check(parts: Parts) -> Iterator[Diagnostic]:
    """Themes that no mail has as a tag: who skips them skips nothing."""
    if not parts.config_is_whole:
        return
    tags = {
        tag for files in parts.templates.values() for file in files.values() for tag in file.tags
    }
    for theme in parts.config.pages.themes:
        if theme not in tags:
            yield at(
                _place(parts.sources.get(parts.config_file, ""), theme),
                "C506",
                parts.config_file,
                f"no mail has the tag `{theme}`, so who skips this theme skips nothing",
                f"write `tags: [{theme}]` at the top of the mails that it is about",
                "warning",
            )


def _place(text: str, theme: str) -> Place:
    """Where the theme stands, behind the word `themes`."""
    begins = re.search(r"\bthemes:", text)
    found = re.compile(rf"(?<![\w-]){re.escape(theme)}(?=\s*:)").search(
        text, begins.end() if begins else 0
    )
    if found is None:
        return Place()
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    return Place(line, column, line, column + len(theme))
