"""Mistakes in files, and what is said of them: `x.yaml` (or the folder `x/`) and `x.out`.

A single file stands in the sound little project of the catalogue; a folder is laid over it. Adding a
test is adding two files; `pytest tests/golden --accept` writes the second.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.language.codes import project_of
from engine.language.frame import as_text
from engine.language.project import decode, read_project

CASES = Path(__file__).parent / "language"
_PLACES = {
    "journey": "journeys/{}.yaml",
    "test_journey": "journeys/{}.test.yaml",
    "segment": "segments/{}.yaml",
    "grid": "segments/{}.grid.yaml",
    "persona": "segments/{}.persona.yaml",
}


def _cases() -> list[Path]:
    return sorted(path for path in CASES.iterdir() if path.is_dir() or path.suffix != ".out")


def _sources(case: Path) -> dict[str, str]:
    if case.is_dir():
        files = {
            path.relative_to(case).as_posix(): decode(path.read_bytes())
            for path in sorted(case.rglob("*"))
            if path.is_file()
        }
        return project_of(files)
    text = decode(case.read_bytes())
    if case.name.endswith(".j2"):
        return project_of({f"templates/case/{case.name}": text})
    for line in text.splitlines():
        word, _, name = line.partition(":")
        if word == "company":
            return project_of({"config.yaml": text})
        if word in _PLACES:
            return project_of({_PLACES[word].format(name.strip()): text})
    return project_of({f"segments/{case.stem}.yaml": text})


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_what_is_said_of_a_file_is_what_was_accepted(
    case: Path, golden: Callable[[Path, str], None]
) -> None:
    sources = _sources(case)
    said = as_text(read_project(sources).diagnostics, sources) + "\n"
    golden(CASES / (case.name.split(".")[0] + ".out"), said)


def test_no_expectation_is_left_without_its_file() -> None:
    cases = {case.name.split(".")[0] for case in _cases()}
    assert {path.stem for path in CASES.glob("*.out")} == cases
