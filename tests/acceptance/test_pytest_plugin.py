"""pytest collects journey tests, in any project, and tells their differences by their place."""

import os
import subprocess
import sys

import pytest

from engine.language.codes import project_of


@pytest.fixture
def project(tmp_path):
    for name, text in project_of({}).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(project, *arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly"]
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(
        [*command, *arguments], cwd=project, env=own, capture_output=True, text=True
    )


def test_a_passing_and_a_failing_test_are_told_apart(project):
    assert "1 passed" in run(project, "-q").stdout
    tests = project / "journeys/welcome.test.yaml"
    tests.write_text(tests.read_text().replace("day 0 10:00, email", "day 1 10:00, email"))
    done = run(project, "-q")
    assert done.returncode == 1
    assert "journeys/welcome.test.yaml:6" in done.stdout
    assert "welcome/hello" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_project_with_mistakes_collects_nothing_and_says_so(project):
    journey = project / "journeys/welcome.yaml"
    journey.write_text(journey.read_text().replace("up_to", "upto"))
    done = run(project, "-q")
    assert done.returncode == 2
    assert "J104 `upto` is not a word" in done.stdout
    assert "run `sincerely check`" in done.stdout
