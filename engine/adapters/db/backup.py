"""A backup of the whole database into one file, while everything runs on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine

from engine.adapters.db.marks import COPIED
from engine.adapters.db.stored import micros
from engine.domain.errors import MistakeError, SetupError

_PAGES = 2_000
"""So many pages are copied before writers get their turn."""


def back_up(engine: Engine, file: Path, now: datetime) -> int:
    """Copy the database into `file`, which must not exist; answers its size in bytes.

    Of SQLite it is a database file like the original, looked through for damage; of PostgreSQL an
    archive for `pg_restore`. Only its owner may read it. Nothing is left behind where it fails.

    Raises:
        MistakeError: if the file is there already, its folder is not, or the copy is damaged.
        SetupError: D131 if `pg_dump` is missing or fails, with the line to run.
    """
    if file.exists():
        raise MistakeError(f"{file} is there already", help="name a file that is not")
    if not file.parent.is_dir():
        raise MistakeError(f"there is no folder {file.parent}", help="make it first")
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if engine.dialect.name == "sqlite":
            _copy(str(engine.url.database), unfinished, now)
        else:
            _dump(engine, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def _copy(source: str, target: Path, now: datetime) -> None:
    """The copy says that it is one, so that whoever starts on it is asked (`application.restoring`)."""
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy, pages=_PAGES, sleep=0.01)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        copy.execute("INSERT OR REPLACE INTO mark (name, at) VALUES (?, ?)", (COPIED, micros(now)))
        copy.commit()
        [said] = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise MistakeError(
            f"the copy is damaged: {said}",
            help="the disk or the database is at fault; look at both",
        )


def _dump(engine: Engine, target: Path) -> None:
    url = engine.url
    named = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )  # without the password, which other users of the machine could read on the command line
    shown = named.render_as_string(hide_password=False)
    line = f"pg_dump --format=custom --file=FILE '{shown}'"
    program = shutil.which("pg_dump")
    if program is None:
        raise SetupError(
            "`pg_dump` is not on this machine", help=f"where it is, run: {line}", code="D131"
        )
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    ran = subprocess.run(
        [program, "--format=custom", f"--file={target}", shown],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
    )
    if ran.returncode != 0:
        why = ran.stderr.strip().splitlines()
        raise SetupError(
            f"`pg_dump` failed: {why[-1] if why else ran.returncode}",
            help=f"it has to be as new as the server; elsewhere, run: {line}",
            code="D131",
        )
