"""`sincerely test`: journey tests in simulated time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, say
from engine.domain.errors import UsageError

if TYPE_CHECKING:
    from engine.application.run_tests import TestResult
    from engine.language.test_file import JourneyTests


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("-k", "text", metavar="TEXT", help="Only tests with these words in their name.")
@pass_call
def test(call: Call, paths: tuple[Path, ...], text: str | None) -> int:
    """Run the tests in journeys/*.test.yaml, in memory and in simulated time.

    With PATHs, only those files, or those of these journeys. Exit code 1 if a test fails.
    """
    from engine.application.run_tests import run_tests

    output = call.wants("text", "json", "jsonl")
    workshop = call.workshop()
    project = workshop.sound()
    files = _chosen(project.tests, paths, workshop.settings.project, text)
    results = list(run_tests(project, workshop.templates(), files))
    if output == "text":
        _tell(results)
    else:
        failed = sum(not result.passed for result in results)
        document(
            {
                "passed": len(results) - failed,
                "failed": failed,
                "tests": [_as_json(result) for result in results],
            }
        )
    return 0 if all(result.passed for result in results) else 1


def _chosen(
    tests: Sequence[JourneyTests], paths: Sequence[Path], project: Path, text: str | None
) -> list[JourneyTests]:
    from dataclasses import replace

    if paths:
        meant = {one.file for path in paths for one in _below(path, tests, project)}
        tests = [one for one in tests if one.file in meant]
    if text is None:
        return list(tests)
    wanted_words = text.casefold()
    return [
        replace(file, tests=tuple(t for t in file.tests if wanted_words in t.name.casefold()))
        for file in tests
    ]


def _below(path: Path, tests: Sequence[JourneyTests], project: Path) -> list[JourneyTests]:
    """The test files that a path names: itself, those of its journey, or all below it.

    Raises:
        UsageError: if there are none, with the nearest file.
    """
    from difflib import get_close_matches

    wanted = {one.resolve() for base in (path, project / path) for one in (base, *_tests_of(base))}
    found = []
    for one in tests:
        place = (project / one.file).resolve()
        if wanted & {place, *place.parents}:
            found.append(one)
    if found:
        return found
    files = {one.file: one.file for one in tests} | {one.journey: one.file for one in tests}
    near = get_close_matches(str(path), files, n=1)
    raise UsageError(
        f"there are no tests in {path}",
        help=f"did you mean `{files[near[0]]}`?"
        if near
        else "name files such as journeys/onboarding.test.yaml, or none for all",
    )


def _tests_of(journey: Path) -> tuple[Path, ...]:
    """`journeys/birthday.yaml` and `journeys/birthday` name the tests beside them, too."""
    if not journey.name or journey.suffix not in ("", ".yaml", ".yml"):
        return ()
    return (journey.with_suffix(".test.yaml"),)


def _tell(results: Sequence[TestResult]) -> None:
    journey = ""
    for result in results:
        if result.journey != journey:
            journey = result.journey
            say(journey)
        say(f"  {'ok ' if result.passed else 'NO '} {result.name}")
        if not result.passed:
            say(f"      {result.file}:{result.line}")
            for difference in result.differences:
                say(f"      {difference}")
    failed = sum(not result.passed for result in results)
    noun = "test" if len(results) == 1 else "tests"
    if not results:
        say("There are no tests yet. A test is a file journeys/NAME.test.yaml.")
    elif failed:
        say(f"{failed} of {len(results)} {noun} failed.")
    else:
        say(f"{len(results)} {noun} passed.")


def _as_json(result: TestResult) -> dict[str, object]:
    return {
        "name": result.name,
        "file": result.file,
        "line": result.line,
        "outcome": "passed" if result.passed else "failed",
        "differences": list(result.differences),
    }
