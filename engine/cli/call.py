"""How the command was called: the global options, and what follows from them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.bootstrap import Workshop
    from engine.in_force import InForce
    from engine.settings import Settings

FORMATS = ("text", "json", "jsonl", "github")


@dataclass(slots=True)
class Call:
    """The global options as given. click makes one per call and fills it in; `chosen` names those that
    were not left to their default."""

    project: Path = field(default_factory=Path)
    format: str = "text"
    at: str | None = None
    chosen: set[str] = field(default_factory=set)

    def wants(self, *offered: str) -> str:
        """The output format, if the command offers it.

        Raises:
            UsageError: if it does not.
        """
        if self.format not in offered:
            raise UsageError(
                f"this command does not write `{self.format}`",
                help=f"choose `--format {'`, `'.join(offered)}`",
            )
        return self.format

    def settings(self) -> Settings:
        """The project's settings, with `--at` read in the company's zone."""
        from engine.settings import load

        return load(self.project, os.environ, self.at)

    def now(self) -> datetime:
        """The present: `--at` where given, else the clock; aware, in UTC."""
        from engine.adapters.system_clock import now

        return self.settings().at or now()

    def workshop(self) -> Workshop:
        """The project's folder, for commands that read files."""
        from engine.bootstrap import Workshop

        return Workshop(self.settings())

    def database(self) -> Engine:
        """The project's database, at the newest schema; closed when the command ends.

        Raises:
            SetupError: if it does not answer, its schema is another, or the key of its addresses is.
        """
        from engine.adapters.db.address_key import require_key
        from engine.adapters.db.schema import require_current

        engine = self.connected()
        require_current(engine)
        require_key(engine)
        return engine

    def in_force(self, database: Engine) -> InForce:
        """What was applied last, as it stands at the present of this call.

        Raises:
            MistakeError: D112, before the first `apply`.
        """
        from engine.in_force import Applied

        force = Applied(database).at(self.now())
        if force is None:
            raise MistakeError(
                "no version is in force yet", help="run `sincerely apply` first", code="D112"
            )
        return force

    def connected(self) -> Engine:
        """The project's database as it is, at any schema; closed when the command ends."""
        from engine.adapters.db.address_key import use_secret
        from engine.adapters.db.connect import connect

        settings = self.settings()
        engine = use_secret(connect(settings.database_url()), settings.address_secret())
        click.get_current_context().call_on_close(engine.dispose)
        return engine


pass_call = click.make_pass_decorator(Call, ensure=True)

logs_option = click.option(
    "--logs",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="SINCERELY_LOGS",
    show_envvar=True,
    help="The log on standard error: for people, or one JSON object a line.",
)
"""For commands that run for long."""


def who_is_logged_in() -> str:
    """The name of whoever calls, for the record."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return ""
