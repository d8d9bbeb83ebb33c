"""How the command was called: the global options, and what follows from them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.domain.errors import UsageError

if TYPE_CHECKING:
    from engine.settings import Settings

FORMATS = ("text", "json", "jsonl", "github")


@dataclass(slots=True)
class Call:
    """The global options as given. click makes one per call and fills it in."""

    project: Path = field(default_factory=Path)
    format: str = "text"
    at: str | None = None

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


pass_call = click.make_pass_decorator(Call, ensure=True)
