"""`check`, `explain` and `init`: what a marketer sees of mistakes."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import engine.bootstrap
from engine.application.check import check
from engine.bootstrap import compile_project, templates_of
from engine.cli.explain import all_entries, gives
from engine.cli.main import group
from engine.language.catalogue import bodies
from engine.language.catalogue.trouble import TROUBLES
from engine.language.codes import project_of


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A sound small project with two mistakes in its journey."""
    monkeypatch.chdir(tmp_path)
    for name, text in project_of({}).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(group, arguments)


def break_journey(project):
    path = project / "journeys/welcome.yaml"
    path.write_text(path.read_text().replace("up_to:", "upto:").replace("news", "nws"))


def test_a_sound_project_says_what_it_holds(project):
    result = run("check")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("No mistakes: 1 journey, ")


def test_every_mistake_is_told_with_its_place_and_a_next_action(project):
    break_journey(project)
    result = run("check")
    assert result.exit_code == 1
    assert (
        "journeys/welcome.yaml:10:5: J104 `upto` is not a word for a `wait_for` step"
        in result.stdout
    )
    assert "    upto: 7 days\n   |     ^^^^\n" in result.stdout
    assert result.stdout.endswith("in 1 file.\n")


def test_json_has_the_fields_that_scripts_read(project):
    break_journey(project)
    found = json.loads(run("check", "--format", "json").stdout)
    assert {one["code"] for one in found} >= {"J104"}
    assert set(found[0]) == {
        "code", "severity", "file", "line", "column", "end_line", "end_column", "message", "help",
    }  # fmt: skip


def test_github_gets_annotations(project):
    break_journey(project)
    lines = run("check", "--format", "github").stdout.splitlines()
    assert all(line.startswith("::error file=journeys/welcome.yaml,line=") for line in lines)


def test_paths_limit_the_report(project):
    break_journey(project)
    assert run("check", "segments").exit_code == 0
    assert run("check", "journeys/welcome.yaml").exit_code == 1
    assert run("check", ".").exit_code == 1
    wrong = run("check", "README.md")
    assert wrong.exit_code == 2
    assert "README.md is no file or folder of the project" in wrong.stderr


@pytest.mark.parametrize(
    "path",
    ["journeys/welcome.test.yaml", "journeys/welcome.yaml", "journeys/welcome", "journeys", "."],
)
def test_tests_are_found_by_their_file_their_journey_or_their_folder(project, path):
    result = run("test", path)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 test passed.")


@pytest.mark.parametrize("path", ["journeys/wellcome.test.yaml", "welcome"])
def test_a_file_of_tests_that_is_not_there_is_told_also_beside_one_that_is(project, path):
    result = run("test", "journeys/welcome.test.yaml", path)
    assert result.exit_code == 2
    assert f"there are no tests in {path}" in result.stderr
    assert "did you mean `journeys/welcome.test.yaml`?" in result.stderr


def test_a_name_unknown_in_a_subject_is_shown_where_it_stands(project):
    mail = project / "templates/welcome/hello.md.j2"
    mail.write_text(re.sub("subject: .*", "subject: Hello {{ frist_nam }}", mail.read_text()))
    said = run("check").stdout
    line = mail.read_text().splitlines().index("subject: Hello {{ frist_nam }}") + 1
    assert f"templates/welcome/hello.md.j2:{line}:1: T401 `frist_nam` is not known here" in said


def test_a_folder_without_a_project_is_told_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("check")
    assert result.exit_code == 1
    assert "this project has no config" in result.stdout


def test_explain_shows_wrong_output_and_right():
    said = run("explain", "j104").stdout
    assert said.startswith("J104  ")
    for heading in ("Wrong:", "gives", "Right:"):
        assert f"\n{heading}\n" in said
    assert "is not a word for" in said


def test_the_examples_of_every_code_are_wrong_and_right():
    for code, entry in all_entries().items():
        assert code in gives(entry), code


@pytest.mark.parametrize("entry", bodies.ENTRIES, ids=lambda entry: entry.code)
def test_what_a_body_does_wrong_is_told_by_one_code_and_the_right_one_by_none(entry):
    for example, codes in ((entry.wrong, [entry.code]), (entry.right, [])):
        project = compile_project(project_of(example))
        found = check(project, templates_of(project, {}), datetime(2026, 3, 4, tzinfo=UTC))
        assert [one.code for one in found] == codes, found
        assert all(one.file.startswith("templates/welcome/hello.") for one in found)


def test_every_code_of_the_engines_set_up_can_be_explained():
    package = Path(engine.bootstrap.__file__).parents[1]
    used = {
        code
        for file in package.rglob("*.py")
        for code in re.findall(r'"(D\d{3})[":]', file.read_text())
    }
    assert used == {trouble.code for trouble in TROUBLES}
    assert "sincerely db upgrade" in run("explain", "D101").stdout


def test_a_code_that_is_none_gets_a_suggestion():
    result = run("explain", "J1044")
    assert result.exit_code == 1
    assert "did you mean J104?" in result.stderr


def test_init_makes_a_project_and_never_overwrites(tmp_path):
    folder = tmp_path / "new/shop"
    assert run("init", str(folder)).exit_code == 0
    assert (folder / "config.yaml").read_text().startswith("# yaml-language-server")
    assert list((folder / "journeys").glob("*.yaml"))
    assert (folder / "templates").is_dir()
    (folder / "config.yaml").write_text("mine")
    again = run("init", str(folder))
    assert again.exit_code == 2
    assert "nothing was written" in again.stderr
    assert (folder / "config.yaml").read_text() == "mine"


def test_schema_writes_a_file_for_every_kind(project):
    assert run("schema").exit_code == 0
    journey = json.loads((project / ".schema/journey.json").read_text())
    assert journey["$schema"].endswith("2020-12/schema")
    assert json.loads(run("--format", "json", "schema", "--out", "x").stdout)
    assert (project / "x/config.json").is_file()


def test_a_journey_is_drawn_or_a_near_name_suggested(project):
    assert run("diagram", "welcome").stdout.startswith("flowchart TD\n")
    run("diagram", "welcome", "--out", "welcome.mmd")
    assert (project / "welcome.mmd").read_text().startswith("flowchart TD\n")
    assert "did you mean `welcome`?" in run("diagram", "welcom").stderr
