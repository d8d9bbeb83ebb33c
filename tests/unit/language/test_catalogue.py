"""Every code has its entry, and every example proves it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine.language
from engine.language.catalogue import bodies
from engine.language.codes import catalogue, project_of
from engine.language.project import read_project

LANGUAGE = Path(engine.language.__file__).parent


@pytest.mark.parametrize("code", catalogue())
def test_the_wrong_example_gives_this_one_code_and_the_right_one_none(code: str) -> None:
    entry = catalogue()[code]
    wrong = read_project(project_of(entry.wrong)).diagnostics
    assert [(found.code, found.severity) for found in wrong] == [(code, entry.severity)]
    assert read_project(project_of(entry.right)).diagnostics == ()


@pytest.mark.parametrize("code", catalogue())
def test_a_code_is_a_letter_and_three_digits(code: str) -> None:
    assert re.fullmatch(r"[YJSPTXDCL][1-5]\d\d", code)


def test_every_code_in_the_source_has_its_entry() -> None:
    written: set[str] = set()
    for path in LANGUAGE.rglob("*.py"):
        if "catalogue" not in path.parts:
            written |= set(re.findall(r'"([YJSPTXDCL]\d{3})"', path.read_text(encoding="utf-8")))
    assert written <= set(catalogue()) | {entry.code for entry in bodies.ENTRIES}


def test_every_help_and_message_is_one_line_without_python() -> None:
    for entry in catalogue().values():
        for found in read_project(project_of(entry.wrong)).diagnostics:
            for text in (found.message, found.help):
                assert "\n" not in text
                assert not re.search(
                    r"\bNone\b|Error\b|object at|<class|\bdict\b|\btuple\b|NoneType", text
                )
            assert found.help, f"{found.code} has no next action"
