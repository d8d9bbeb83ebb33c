"""What commands open: the config alone, or the database of a project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.language.config_file import Config
    from engine.language.project import Project
    from engine.settings import Settings


def read(settings: Settings) -> Project:
    """The whole project, read and checked; its mistakes are in it.

    Raises:
        MistakeError: if the folder holds no project at all.
    """
    from engine.adapters.files import CONFIGS, read_sources
    from engine.language.project import read_project

    sources = read_sources(settings.project)
    if not sources:
        raise _no_project(settings)
    config = next((name for name in CONFIGS if name in sources), CONFIGS[0])
    return read_project(sources, config_name=config)


def config_of(settings: Settings) -> Config:
    """The project's config alone.

    Raises:
        MistakeError: if there is none, or it has mistakes.
    """
    from engine.adapters.files import read_config
    from engine.language.diagnostics import has_errors
    from engine.language.project import read_config as compile_config

    text = read_config(settings.project)
    if not text:
        raise _no_project(settings)
    config, found = compile_config(text, "config.yaml")
    if has_errors(found):
        raise MistakeError("the config has mistakes", help="run `sincerely check`, it names them")
    return config


def _no_project(settings: Settings) -> MistakeError:
    return MistakeError(
        f"{settings.project} holds no project: there is no config.yaml",
        help="go to the project's folder, name it with `--project DIR`, or run `sincerely init`",
    )


@contextmanager
def database_of(settings: Settings) -> Iterator[Engine]:
    """The project's database, whose schema is the newest.

    Raises:
        SetupError: if it does not answer, or its schema is another.
    """
    from engine.adapters.db.connect import connect
    from engine.adapters.db.schema import require_current

    engine = connect(settings.database_url())
    try:
        require_current(engine)
        yield engine
    finally:
        engine.dispose()
