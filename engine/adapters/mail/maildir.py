"""A Maildir: every mail a file, new ones in `new`. Once a mail is stored it goes to `cur`, as read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from engine.adapters.mail.incoming.parts import ENOUGH
from engine.application.ports.collected import Collected, Read
from engine.domain.errors import MistakeError

_STORED = Read(0, 1)
_SEEN = ":2,S"


def collect(folder: Path, collected: Collected, now: datetime) -> int:
    """Store all new mail of a Maildir, each once, also where an earlier call died between storing and
    moving. Several may do so at once. Answers how many were stored.

    Raises:
        MistakeError: if the folder is no Maildir, or mail in it cannot be read or moved.
    """
    new, cur = folder / "new", folder / "cur"
    if not new.is_dir() or not cur.is_dir():
        raise MistakeError(
            f"{folder} is no Maildir: it has no folders `new` and `cur`",
            help="name the folder that holds `new`, `cur` and `tmp`",
        )
    stored = 0
    for file in sorted(new.iterdir()):
        if file.name.startswith(".") or not file.is_file():
            continue
        try:
            stored += _one(file, cur, collected, now)
        except FileNotFoundError:  # somebody else has moved it
            continue
        except OSError as error:
            raise MistakeError(
                f"{file}: {error.strerror}", help="whoever runs this must own the Maildir"
            ) from None
    return stored


def _one(file: Path, cur: Path, collected: Collected, now: datetime) -> int:
    name = str(file.resolve())
    with file.open("rb") as stream:
        octets = stream.read(ENOUGH)
    is_new = collected.store(name, None, _STORED, [octets], now, by=str(cur.parent.resolve()))
    unique = file.name.partition(":")[0]
    file.rename(cur / f"{unique}{_SEEN}")
    collected.forget(name)
    return int(is_new)
