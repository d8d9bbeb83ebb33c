"""docs/reference/commands.md holds the help of every command, word for word.

`pytest tests/docs/test_commands.py --accept` writes it anew.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from engine.cli.main import COMMANDS, group

PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"
OPENING = """\
# Commands

What `--help` says. The options of the first block can also stand behind any command. Exit codes: 0
fine, 1 the files or the data have mistakes or a test fails, 2 wrong usage, 3 our fault.
"""


def helps() -> Iterator[tuple[str, str]]:
    """The full name of every command, and its help."""
    with click.Context(
        group,
        info_name="sincerely",
        max_content_width=80,
        terminal_width=80,
        help_option_names=["-h", "--help"],
    ) as top:
        yield "sincerely", group.get_help(top)
        for name in COMMANDS:
            command = group.get_command(top, name)
            yield from help_of(command, top, name)


def help_of(command: click.Command, parent: click.Context, name: str) -> Iterator[tuple[str, str]]:
    with click.Context(command, parent, name, max_content_width=80, terminal_width=80) as context:
        yield context.command_path, command.get_help(context)
        for inner in command.commands.values() if isinstance(command, click.Group) else ():
            yield from help_of(inner, context, inner.name)


def test_the_page_says_what_help_says(golden):
    blocks = (f"\n## `{path}`\n\n```\n{text}\n```\n" for path, text in helps())
    golden(PAGE, OPENING + "".join(blocks))


def test_every_command_says_what_it_does():
    for path, text in helps():
        usage, _, rest = text.partition("\n\n")
        assert usage.startswith(f"Usage: {path}")
        assert not rest.startswith(("Options:", "Commands:")), f"{path} has no sentence"
