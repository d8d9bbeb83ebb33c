"""Where the project is, and what the environment says: typed, resolved late, with clear errors.

Two values of the config are needed before the project is compiled, or even if it has mistakes: where
the database lies, and the company's zone. `load` takes a glance at them and leaves the rest alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.adapters.files import read_config
from engine.domain.errors import SetupError, UsageError
from engine.domain.zones import named_zone
from engine.language.nodes import Entries, Text, compose
from engine.language.pen import Pen

DATABASE_VARIABLE = "SINCERELY_DATABASE"
DEFAULT_DATABASE = "sqlite:///sincerely.db"
SHORTEST_KEY = 16
_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's folder (absolute), the environment, and what commands start from.

    `zone` is the company's (UTC where the config names none that exists), `database` the URL as
    configured, `addresses` the variable that holds the key of the addresses (None: the database
    has it), `at` the present as given by `--at`, in UTC.
    """

    project: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    database: str = field(default=DEFAULT_DATABASE, repr=False)
    addresses: str | None = None
    at: datetime | None = None

    def database_url(self) -> str:
        """The database's URL: `SINCERELY_DATABASE` if set, else the config's.

        A relative SQLite file lies in the project's folder, wherever the command was called.

        Raises:
            SetupError: if the config names a variable that is not set.
        """
        url = self.environment.get(DATABASE_VARIABLE) or self.resolve("database", self.database)
        scheme, separator, path = url.partition(":///")
        if not separator or not scheme.startswith("sqlite") or path in ("", ":memory:"):
            return url
        return f"{scheme}:///{self.project / path}"

    def address_secret(self) -> str | None:
        """The key that addresses are hashed with, where `secrets.addresses` names one.

        Raises:
            SetupError: D201 if the variable is not set, D104 if its value is too short to be a key.
        """
        if self.addresses is None:
            return None
        secret = self.resolve("secrets.addresses", self.addresses)
        if len(secret) < SHORTEST_KEY:
            raise SetupError(
                f"the key of `secrets.addresses` is shorter than {SHORTEST_KEY} characters",
                help="set the key that `sincerely db key --take-out` printed",
                code="D104",
            )
        return secret

    def secret(self, name: str, references: Mapping[str, str]) -> str:
        """The secret that the config's `secrets:` calls `name`.

        Raises:
            SetupError: D201, if the config does not name it, or the environment does not have it.
        """
        if name not in references:
            raise SetupError(
                f"`secrets` in config.yaml has no `{name}`",
                help=f"add `{name}: $SOME_VARIABLE` there and set that variable",
                code="D201",
            )
        return self.resolve(f"secrets.{name}", references[name])

    def resolve(self, place: str, value: str) -> str:
        """A value of the config, where `$NAME` stands for a variable of the environment.

        Raises:
            SetupError: D201, if that variable is not set; `place` says where it is asked for.
        """
        if not value.startswith("$"):
            return value
        variable = value[1:]
        found = self.environment.get(variable, "")
        if not found:
            raise SetupError(
                f"`{place}` in config.yaml reads the variable {variable}, which is not set",
                help=f"set it first: export {variable}=…",
                code="D201",
            )
        return found


def load(project: Path, environment: Mapping[str, str], at: str | None = None) -> Settings:
    """The settings of a project folder. `at` is read in the company's zone if it names none.

    Raises:
        UsageError: if the folder is none, or `at` is no time.
    """
    if not project.is_dir():
        raise UsageError(
            f"there is no folder {project}", help="name the project's folder with `--project DIR`"
        )
    values = _glance(read_config(project))
    zone = named_zone(values.get("company.time_zone", "UTC")) or ZoneInfo("UTC")
    return Settings(
        project=project.resolve(),
        environment=dict(environment),
        zone=zone,
        database=values.get("database", DEFAULT_DATABASE),
        addresses=values.get("secrets.addresses"),
        at=None if at is None else read_time(at, zone),
    )


def _glance(config: str) -> dict[str, str]:
    """The single values of the config's first two levels, by dotted name; empty if it is unreadable."""
    tree = compose(config, Pen("config.yaml", "C")) if config else None
    values: dict[str, str] = {}
    for key, node in tree.entries if isinstance(tree, Entries) else ():
        if isinstance(node, Text):
            values[key.text] = node.text
        elif isinstance(node, Entries):
            inner = ((name, value) for name, value in node.entries if isinstance(value, Text))
            values |= {f"{key.text}.{name.text}": value.text for name, value in inner}
    return values


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """`2026-03-04`, `2026-03-04 10:00` (both in `zone`) or ISO with a zone, as an instant in UTC.

    Raises:
        UsageError: if it is none of these, or lies outside the years 1900 to 2200, as in imports.
    """
    try:
        if not re.match(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"`{text}` is not a time",
            help="write 2026-03-04, '2026-03-04 10:00' or 2026-03-04T10:00:00Z",
        ) from None
    if instant.year not in _YEARS:
        raise UsageError(
            f"`{text}` lies outside the years 1900 to 2200", help="look at the year again"
        )
    return instant
