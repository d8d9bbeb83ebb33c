"""The pytest plug-in of Sincerely: it collects `journeys/NAME.test.yaml`, as `sincerely test` does.

Heavy imports stay inside the functions: pytest loads this file everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr
    from _pytest._code.code import TracebackStyle as _TracebackStyle

    from engine.bootstrap import Workshop
    from engine.language.test_file import JourneyTests

_WORKSHOPS = pytest.StashKey[dict[Path, "Workshop"]]()
_ENDING = ".test.yaml"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the tests of a journey, where they stand in a project."""
    if not file_path.name.endswith(_ENDING) or "journeys" not in file_path.parts[:-1]:
        return None
    from engine.adapters.files import CONFIGS

    if any((_project(file_path) / config).is_file() for config in CONFIGS):
        return JourneyTestFile.from_parent(parent, path=file_path)
    return None


class JourneyTestFile(pytest.File):
    """One `journeys/NAME.test.yaml`. Its project is the folder that holds `journeys`."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its tests; the project has to be without mistakes."""
        from engine.domain.errors import SincerelyError

        workshop = _workshop(self)
        name = self.path.relative_to(workshop.settings.project).as_posix()
        try:
            files = [file for file in workshop.sound().tests if file.file == name]
        except SincerelyError as error:
            raise self.CollectError(f"{error.message}: {error.help}") from error
        for file in files:
            for number, test in enumerate(file.tests):
                only = replace(file, tests=(test,))
                yield JourneyTestItem.from_parent(self, name=test.name, test=only, number=number)


class JourneyTestItem(pytest.Item):
    """One test, run in memory and in simulated time."""

    def __init__(self, name: str, parent: JourneyTestFile, test: JourneyTests, number: int) -> None:
        super().__init__(name, parent, nodeid=f"{parent.nodeid}::{number + 1}. {name}")
        self._test = test

    def runtest(self) -> None:
        """Run it."""
        from engine.application.run_tests import run_tests

        workshop = _workshop(self)
        for result in run_tests(workshop.sound(), workshop.templates(), [self._test]):
            if not result.passed:
                raise Different("\n".join([f"{result.file}:{result.line}", *result.differences]))

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: _TracebackStyle | None = None,
    ) -> str | TerminalRepr:
        """The differences, without a traceback through the engine."""
        if isinstance(excinfo.value, Different):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the test stands."""
        return self.path, self._test.tests[0].line - 1, self.name


class Different(Exception):
    """What happened is not what was expected."""


def _project(file: Path) -> Path:
    """The folder that holds the `journeys` in which a file stands."""
    folder = file.parent
    while folder.name != "journeys":
        folder = folder.parent
    return folder.parent.resolve()


def _workshop(node: pytest.Collector | pytest.Item) -> Workshop:
    """The project around a file, read once a session."""
    from engine.bootstrap import Workshop
    from engine.settings import load

    project = _project(node.path)
    workshops = node.config.stash.setdefault(_WORKSHOPS, {})
    if project not in workshops:
        workshops[project] = Workshop(load(project, os.environ))
    return workshops[project]
