"""Reading small pieces of the language in tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.domain.condition import Condition
from engine.domain.journey import Journey
from engine.language.codes import project_of
from engine.language.conditions import CONDITION
from engine.language.nodes import compose
from engine.language.pen import Pen
from engine.language.project import decode, read_project

ROOT = Path(__file__).parents[3]


def _read_files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): decode(path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def samples() -> dict[str, str]:
    """The sources of the sample files of the language's design."""
    return _read_files(ROOT / "tests" / "data" / "language_samples")


@pytest.fixture
def condition() -> Callable[[str], Condition]:
    """Reads one condition, as in a journey; fails where it has a mistake."""

    def read(text: str) -> Condition:
        pen = Pen("journeys/x.yaml", "J")
        node = compose(text, pen)
        assert node is not None, pen.found
        answer = CONDITION.read(node, pen)
        assert not pen.found
        return answer

    return read


@pytest.fixture
def journey_of() -> Callable[[str], Journey]:
    """Compiles a journey of these steps (indented by two); fails where they have a mistake."""

    def read(steps: str, more: str = "enter: { when: order.placed }\n") -> Journey:
        text = f"journey: x\nstatus: live\ncategory: news\n{more}steps:\n{steps}"
        project = read_project(project_of({"journeys/x.yaml": text}))
        assert project.diagnostics == ()
        return project.rulebook.journeys["x"]

    return read


@pytest.fixture
def codes_of() -> Callable[..., list[str]]:
    """The codes that a project with these files in it gets, in order."""

    def read(files: dict[str, str | None]) -> list[str]:
        return [found.code for found in read_project(project_of(files)).diagnostics]

    return read
