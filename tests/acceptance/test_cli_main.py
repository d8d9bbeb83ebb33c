"""The command itself: help, global options, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.cli.call import pass_call
from engine.cli.output import lines, table
from engine.domain.errors import SetupError, UsageError


@click.command("probe")
@click.argument("what", default="")
@pass_call
def probe(call, what):
    """Shows what a command is given."""
    if what == "setup":
        raise SetupError("the key is missing", help="set it", code="D205")
    if what == "usage":
        raise UsageError("not so")
    if what == "fault":
        raise ZeroDivisionError("ours")
    if what == "file":
        Path("/nowhere/at/all.txt").read_bytes()
    if what == "lost":
        raise OSError("no name")
    if what == "secret":
        raise ValueError("zoe@example.com by SG.abc.def at postgresql://bob:hunter2@host/name")
    if what == "stop":
        raise KeyboardInterrupt
    if what == "pipe":
        raise BrokenPipeError
    if what == "no":
        return 1
    click.echo(f"{call.project} {call.wants('text', 'json')} {call.now().isoformat()}")
    return None


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setitem(main.COMMANDS, "probe", (f"{__name__}:probe", "A probe."))
    return lambda *arguments: CliRunner().invoke(main.group, arguments)


def test_global_options_stand_before_or_after_the_command(run, tmp_path):
    options = ("--project", str(tmp_path), "--format", "json", "--at", "2026-03-04 10:00")
    before, after = run(*options, "probe"), run("probe", *options)
    assert before.output == after.output == f"{tmp_path} json 2026-03-04T10:00:00+00:00\n"
    assert before.exit_code == 0


def test_the_present_is_read_in_the_companys_zone(run, tmp_path):
    (tmp_path / "config.yaml").write_text("company:\n  time_zone: Europe/Berlin\n")
    shown = run("--project", str(tmp_path), "--at", "2026-03-04", "probe").output
    assert "2026-03-03T23:00:00+00:00" in shown
    shown = run("--project", str(tmp_path), "--at", "2026-03-04T10:00:00-05:00", "probe").output
    assert "2026-03-04T15:00:00+00:00" in shown


def test_a_traceback_names_no_person_and_no_key(run):
    """It is pasted into reports."""
    told = run("probe", "secret")
    assert told.exit_code == 3
    assert "ValueError: [redacted] by [redacted] at postgresql://[redacted]" in told.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["probe", "no"], 1, ""),
        (["probe", "setup"], 1, "D205 the key is missing\n   = help: set it\n"),
        (["probe", "usage"], 2, "not so\n"),
        (["probe", "--at", "tomorrow"], 2, "`tomorrow` is not a time"),
        (["probe", "--project", "/nowhere/at/all"], 2, "there is no folder /nowhere/at/all"),
        (["probe", "--format", "github"], 2, "does not write `github`"),
        (["probe", "--format", "xml"], 2, "Invalid value for '--format'"),
        (["prob"], 2, "there is no command `prob`\n   = help: did you mean `probe`?"),
        (["?"], 2, "there is no command `?`\n   = help: `sincerely --help` shows them all"),
        (["probe", "stop"], 130, ""),
        (["probe", "fault"], 3, "ZeroDivisionError: ours\nThis is our fault"),
        (["probe", "file"], 1, "/nowhere/at/all.txt: no such file or directory\n   = help: "),
        (["probe", "lost"], 3, "OSError: no name\nThis is our fault"),
    ],
)
def test_the_exit_code_says_whose_mistake_it_is(run, arguments, code, said):
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert ("Traceback" in result.stderr) == (code == 3)


def test_help_loads_no_command_and_nothing_heavy():
    program = (
        "import sys\n"
        "from engine.cli.main import group\n"
        "try: group.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'rich', 'yaml', 'jinja2', 'sqlalchemy', 'alembic', 'spacy', 'sendgrid'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "Commands:" in done.stdout
    assert done.stderr == "[]\n"


def test_every_command_of_the_table_exists_and_helps():
    for name in main.COMMANDS:
        result = CliRunner().invoke(main.group, [name, "--help"])
        assert result.exit_code == 0, (name, result.output)


def test_a_reader_who_closes_the_pipe_is_no_error():
    program = (
        "import sys, types, click\n"
        "from engine.cli import main\n"
        "talk = click.Command('talk', callback=lambda: [click.echo('x' * 999) for _ in range(9999)])\n"
        "sys.modules['big'] = types.SimpleNamespace(talk=talk)\n"
        "main.COMMANDS['talk'] = ('big:talk', '')\n"
        "main.group.main(['talk'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == main.BROKEN_PIPE


def test_a_table_is_aligned_and_data_cannot_drive_the_terminal(capsys):
    table(["name", "mails"], [["Ann\x1b[2J", 1200], ["Bob", 3]])
    assert capsys.readouterr().out == "name     mails\nAnn\ufffd[2J  1,200\nBob          3\n"


def test_json_lines_keep_text_as_it_is(capsys):
    lines([{"name": "Zoë"}, {"name": "a\nb"}])
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == [
        "Zoë",
        "a\nb",
    ]
