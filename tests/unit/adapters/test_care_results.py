"""What the care checks said is kept by content, and never by guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.adapters.care_results import FILE, FOLDER, CareResults
from engine.language.care import read
from engine.language.care.doubt import Doubt, Sample

LOUD = Sample("Hello!", "", "", "So good!")
CALM = Sample("Hello", "", "", "So good.")


def refuses(sample: Sample) -> tuple[Doubt, ...]:
    raise AssertionError("an unchanged draft is not read again")


def test_an_unchanged_draft_costs_nothing(tmp_path: Path) -> None:
    first = CareResults(tmp_path, read)
    said = first.read(LOUD), first.read(CALM)
    first.keep()
    again = CareResults(tmp_path, refuses)
    assert (again.read(LOUD), again.read(CALM)) == said
    assert [doubt.code for doubt in said[0]] == ["T504"]


def test_what_no_mail_says_any_more_is_forgotten(tmp_path: Path) -> None:
    for sample in (LOUD, CALM):
        results = CareResults(tmp_path, read)
        results.read(sample)
        results.keep()
    with pytest.raises(AssertionError):
        CareResults(tmp_path, refuses).read(LOUD)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"rules": "old", "remarks": {}}', "\x00", '{"rules": 1}']
)
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE).write_text(text)
    assert [one.code for one in CareResults(tmp_path, read).read(LOUD)] == ["T504"]


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder would be")
    results = CareResults(tmp_path, read)
    results.read(LOUD)
    results.keep()
    assert (tmp_path / FOLDER).is_file()
