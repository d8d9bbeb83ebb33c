"""What commands open: the config alone, or the database of a project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.language.config_file import Config
    from engine.settings import Settings


def config_of(settings: Settings) -> Config:
    """The project's config.

    Raises:
        MistakeError: if there is none, or it has mistakes.
    """
    from engine.adapters.files import read_config
    from engine.language.config_file import read_config_file
    from engine.language.pen import Pen

    text = read_config(settings.project)
    if not text:
        raise MistakeError(
            f"{settings.project} holds no project: there is no config.yaml",
            help="go to the project's folder, name it with `--project DIR`, or run `sincerely init`",
        )
    config, is_whole = read_config_file(text, Pen("config.yaml", "C"))
    if not is_whole:
        raise MistakeError("the config has mistakes", help="run `sincerely check`, it names them")
    return config


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
