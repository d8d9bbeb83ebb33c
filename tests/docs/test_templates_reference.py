"""The reference of templates says what is there: every block, every filter, every context word."""

from __future__ import annotations

import re
from pathlib import Path

from engine.adapters.templates import filters, guards, values

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "templates.md").read_text()


def test_every_block_is_in_the_reference() -> None:
    blocks = {path.name.partition(".")[0] for path in (ROOT / "templates" / "_blocks").glob("*.j2")}
    assert blocks == set(re.findall(r"^\| `\{\{ (\w+)\(", TEXT, re.MULTILINE))


def test_every_filter_is_in_the_reference() -> None:
    table = set(re.findall(r"^\| `[\w.]+ \\\| (\w+)", TEXT, re.MULTILINE))
    assert table == set(filters.FILTERS) - {"href"}
    listed = re.search(r"From Jinja: `([^`]+)`", TEXT)
    assert listed is not None
    short_names = {"d", "e", "escape", "safe"}
    assert set(listed.group(1).split()) == set(guards.FROM_JINJA) - short_names


def test_every_word_is_in_the_reference() -> None:
    inside = {"klass", "lang", "dir"}
    for word in values.NAMES - inside:
        assert re.search(rf"`{word}[`.]", TEXT), word
