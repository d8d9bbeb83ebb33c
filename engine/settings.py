"""Where the project is, and what the environment says: typed, resolved late, with clear errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.domain.errors import SetupError, UsageError

DATABASE_VARIABLE = "SINCERELY_DATABASE"


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's folder (absolute), the environment, and the present as given by `--at` (UTC)."""

    project: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    at: datetime | None = None

    def database_url(self, configured: str) -> str:
        """The database's URL: `SINCERELY_DATABASE` if set, else the config's.

        A relative SQLite file lies in the project's folder, wherever the command was called.
        """
        url = self.environment.get(DATABASE_VARIABLE) or self.resolve("database", configured)
        scheme, separator, path = url.partition(":///")
        if not separator or not scheme.startswith("sqlite") or path in ("", ":memory:"):
            return url
        return f"{scheme}:///{self.project / path}"

    def secret(self, name: str, references: Mapping[str, str]) -> str:
        """The secret that the config's `secrets:` calls `name`.

        Raises:
            SetupError: if the config does not name it, or the environment does not have it.
        """
        if name not in references:
            raise SetupError(
                f"`secrets` in config.yaml has no `{name}`",
                help=f"add `{name}: $SOME_VARIABLE` there and set that variable",
            )
        return self.resolve(f"secrets.{name}", references[name])

    def resolve(self, place: str, value: str) -> str:
        """A value of the config, where `$NAME` stands for a variable of the environment.

        Raises:
            SetupError: if that variable is not set; `place` says where it is asked for.
        """
        if not value.startswith("$"):
            return value
        variable = value[1:]
        found = self.environment.get(variable, "")
        if not found:
            raise SetupError(
                f"`{place}` in config.yaml reads the variable {variable}, which is not set",
                help=f"set it first: export {variable}=…",
            )
        return found


def load(
    project: Path, environment: Mapping[str, str], at: str | None = None, zone: str = "UTC"
) -> Settings:
    """The settings of a project folder. `at` is read in the IANA zone `zone` if it names none.

    Raises:
        UsageError: if the folder is none, or `at` is no time.
    """
    if not project.is_dir():
        raise UsageError(
            f"there is no folder {project}", help="name the project's folder with `--project DIR`"
        )
    present = None if at is None else read_time(at, ZoneInfo(zone))
    return Settings(project.resolve(), dict(environment), present)


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """`2026-03-04`, `2026-03-04 10:00` (both in `zone`) or ISO with a zone, as an instant in UTC.

    Raises:
        UsageError: if it is none of these.
    """
    try:
        if not re.match(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"`{text}` is not a time",
            help="write 2026-03-04, '2026-03-04 10:00' or 2026-03-04T10:00:00Z",
        ) from None
