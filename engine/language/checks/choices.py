"""What customers are offered to choose exists: a theme is a tag of some mail."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic, at


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
                parts.in_config("themes", theme),
                "C506",
                parts.config_file,
                f"no mail has the tag `{theme}`, so who skips this theme skips nothing",
                f"write `tags: [{theme}]` at the top of the mails that it is about",
                "warning",
            )
