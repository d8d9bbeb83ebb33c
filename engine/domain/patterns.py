"""Tables of words: regular expressions, one a line, in which a name stands for what is often the same."""

from __future__ import annotations

import re


def spelled_out(lines: str, **parts: str) -> str:
    """The lines as one expression, with `{NAME}` standing for a part, which may name those after it. A line
    that begins with a bar goes on with the one before."""
    found = "|".join(line.strip() for line in lines.splitlines() if line.strip()).replace("||", "|")
    for name, part in parts.items():
        found = found.replace("{" + name + "}", f"(?:{part})")
    return found


def any_of(lines: str, **parts: str) -> re.Pattern[str]:
    """One pattern of many: a line each, with `{NAME}` standing for a part."""
    return re.compile(spelled_out(lines, **parts))
