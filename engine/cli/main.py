"""The command `sincerely`: global options, and a table of commands that are imported when called.

Start reading at `COMMANDS`. A command is a click command in a file of its own; it takes the `Call`
and returns its exit code (0 where it returns nothing). Mistakes are raised as `SincerelyError`.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from engine.cli.call import FORMATS, Call
from engine.domain.errors import SincerelyError, UsageError

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("engine.cli.init:init", "Make a new project with a sample business in it."),
    "demo": ("engine.cli.demo:demo", "The sample business, lived through its real past."),
    "check": ("engine.cli.check:check", "Find every mistake in the project's files."),
    "explain": ("engine.cli.explain:explain", "Say what a code means, wrong and right."),
    "schema": ("engine.cli.schema:schema", "Write JSON Schema, so that editors help."),
    "diagram": ("engine.cli.diagram:diagram", "Draw a journey as a Mermaid flowchart."),
    "preview": ("engine.cli.preview:preview", "Any draft, as any customer would get it."),
    "test": ("engine.cli.test:test", "Run the journey tests in simulated time."),
    "plan": ("engine.cli.plan:plan", "Say what an edit does to the people in flight."),
    "apply": ("engine.cli.plan:apply", "Put the project's files in force."),
    "run": ("engine.cli.run:run", "The daemon: walk people through journeys and send mail."),
    "worker": ("engine.cli.worker:worker", "One of several processes that share the work."),
    "pause": ("engine.cli.run:pause", "Stop hand-off at once, without an edit."),
    "resume": ("engine.cli.run:resume", "Go on after `pause`."),
    "simulate": ("engine.cli.simulate:simulate", "What would be sent, with a virtual clock."),
    "why": ("engine.cli.why:why", "Why someone did or did not get something."),
    "status": ("engine.cli.status:status", "The engine at a glance, and what needs somebody."),
    "doctor": ("engine.cli.doctor:doctor", "What is misconfigured, and what to do about it."),
    "report": ("engine.cli.report:report", "What became of a journey, and what its mail adds."),
    "audit": ("engine.cli.audit:audit", "Were people treated alike? Compared by an attribute."),
    "import": (
        "engine.cli.importing:import_",
        "Take in people, events, feedback and consent from CSV or JSON Lines.",
    ),
    "receive": (
        "engine.cli.receive:receive",
        "Take in bounces, complaints and replies that come as mail.",
    ),
    "person": ("engine.cli.person:person", "The people: a list, or everything about one of them."),
    "drafts": ("engine.cli.drafts:drafts", "Mails that wait for approval: show, approve, reject."),
    "tasks": ("engine.cli.tasks:tasks", "What people of a team have to do: list, show, done."),
    "segment": ("engine.cli.segment:segment", "Segments: a list, sizes, members, and why."),
    "suppression": ("engine.cli.suppression:suppression", "Who is never written to, and why."),
    "key": ("engine.cli.key:key", "Write keys: who may send data in by HTTP."),
    "inbox": ("engine.cli.inbox:inbox", "What came in and could not be understood."),
    "form": ("engine.cli.form:form", "Sign-up forms: a list, the HTML for a page, the words."),
    "serve": (
        "engine.cli.serve:serve",
        "Serve the pages that links in mails lead to, and the API.",
    ),
    "mood": ("engine.cli.mood:mood", "The model that reads how people feel: train it, judge it."),
    "db": ("engine.cli.db:db", "The database: its schema, a backup, the key of its addresses."),
}
"""Name: (module and function, one line of help). In the order in which `--help` shows them."""

COLLECTIONS = (50_000, 20, 20)
"""Loading makes objects by the hundred thousand and next to no garbage: Python looks for it less often."""

INTERRUPTED = 130
BROKEN_PIPE = 141


class Sincerely(click.Group):
    """The group of all commands. None is imported before it is called, so that help is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the table."""
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant.

        Raises:
            UsageError: if there is none of that name, with the nearest one.
        """
        name = args[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = get_close_matches(name, COMMANDS, n=1)
        raise UsageError(
            f"there is no command `{name}`",
            help=f"did you mean `{near[0]}`?" if near else "`sincerely --help` shows them all",
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now, with the global options added to its own."""
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), function)
        assert isinstance(command, click.Command)
        _add_global_options(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run one command and leave with its exit code (0, 1, 2 or 3 as in `domain.errors`)."""
        extra.pop("standalone_mode", None)
        extra["prog_name"] = "sincerely"
        try:
            code = super().main(args, standalone_mode=False, **extra)
            sys.stdout.flush()
        except SincerelyError as error:
            _complain(error)
            code = error.exit_code
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except click.Abort:
            code = INTERRUPTED
        except BrokenPipeError:
            code = BROKEN_PIPE
        except OSError as error:
            code = _complain_of_file(error)
        except Exception:
            _confess()
            code = 3
        if code == BROKEN_PIPE:
            _mute()
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> object:
        """Call the command; a reader who closed the pipe is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return BROKEN_PIPE


def _complain(error: SincerelyError) -> None:
    place = f"{error.code} " if error.code else ""
    click.echo(f"{place}{error.message}", err=True)
    if error.help:
        click.echo(f"   = help: {error.help}", err=True)


def _complain_of_file(error: OSError) -> int:
    """A folder that is missing, a full disk. What names no file is ours to explain."""
    if error.filename is None:
        _confess()
        return 3
    click.echo(f"{error.filename}: {(error.strerror or 'unusable').lower()}", err=True)
    click.echo("   = help: look at the path, its folder and its permissions", err=True)
    return 1


def _confess() -> None:
    """The traceback, without keys, passwords and addresses, for people paste it elsewhere."""
    import traceback

    from engine.logs import redact

    click.echo(redact(traceback.format_exc()), err=True, nl=False)
    click.echo(
        "This is our fault, not yours: please report the lines above and what you did.", err=True
    )


def _mute() -> None:
    """Point stdout at nothing, so that the interpreter's last flush finds nobody to complain to."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ── global options, before the command or after it ────────────────────────────────────────────


def _keep(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    call = ctx.ensure_object(Call)
    if value is not None and parameter.name:
        setattr(call, parameter.name, value)
        call.chosen.add(parameter.name)


def _global_options(*, hidden: bool) -> list[click.Option]:
    return [
        click.Option(
            ["--project"],
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="The project's folder; the current one if not given.",
            expose_value=False,
            callback=_keep,
            hidden=hidden,
        ),
        click.Option(
            ["--format"],
            type=click.Choice(FORMATS),
            help="text for people, json or jsonl for programs.",
            expose_value=False,
            callback=_keep,
            hidden=hidden,
        ),
        click.Option(
            ["--at"],
            metavar="TIME",
            help="The present, for commands that read it: 2026-03-04, '2026-03-04 10:00' or ISO.",
            expose_value=False,
            callback=_keep,
            hidden=hidden,
        ),
    ]


def _add_global_options(command: click.Command) -> None:
    taken = {name for parameter in command.params for name in parameter.opts}
    command.params = [
        *command.params,
        *(o for o in _global_options(hidden=True) if not taken & set(o.opts)),
    ]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _add_global_options(inner)


@click.group(
    cls=Sincerely,
    params=[*_global_options(hidden=False)],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="sincerely", prog_name="sincerely")
def group() -> None:
    """Considerate mail for small businesses: journeys, segments and mails as files.

    Exit codes: 0 fine, 1 the files or data have mistakes, 2 wrong usage, 3 our fault.
    """


def main() -> NoReturn:
    """The entry point of the command `sincerely`."""
    gc.set_threshold(*COLLECTIONS)
    group.main()
