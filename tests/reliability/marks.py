"""Marks in a daemon that knows nothing of them: points at which it may be killed.

They stand before each statement that changes something, before and after each commit, and around each
word to the mail server: before the connection, in the middle and at the end of what is said (the final
dot among it), and after each answer. All daemons of a walk count on one counter, so "the 217th mark"
names a point of the walk.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import signal
import smtplib
import struct
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

_HEAD = struct.Struct("<qq")
_KILL = struct.Struct("<q")
_MOST = 500
_CHANGING = {"INSERT", "UPDATE", "DELETE", "WITH"}


class Marks:
    """The counter that a nursery shares with its daemons, and where they are to be killed.

    It lies in shared memory, and is guarded by a lock on a file: the kernel frees it when whoever holds
    it is killed.
    """

    def __init__(self, folder: Path) -> None:
        self._memory = mmap.mmap(-1, _HEAD.size + _MOST * _KILL.size)
        self._folder = folder
        self._lock = folder / "marks.lock"
        self._log = folder / "killed.log"
        self._lock.touch()
        self._log.touch()

    def reset(self, kills: Sequence[int]) -> None:
        """Count from 0; `kills` are the marks, from 1 on, at which somebody dies."""
        self._memory[:] = bytes(len(self._memory))
        for place, mark in enumerate(sorted(kills)):
            _KILL.pack_into(self._memory, _HEAD.size + place * _KILL.size, mark)
        _HEAD.pack_into(self._memory, 0, 0, 0)
        self._log.write_text("")

    def count(self) -> int:
        """How many marks were passed."""
        return int(_HEAD.unpack_from(self._memory)[0])

    def killed_at(self) -> list[str]:
        """The names of the marks at which somebody died."""
        return self._log.read_text().splitlines()

    def open(self) -> None:
        """In a daemon: a lock of its own, for those of a parent are shared."""
        self._guard = threading.Lock()
        self._held = self._lock.open("w")
        self._said = os.open(self._log, os.O_WRONLY | os.O_APPEND)

    def dies_here(self) -> bool:
        """Count a mark, and say whether this process dies at it."""
        with self._guard:
            fcntl.flock(self._held, fcntl.LOCK_EX)
            try:
                count, done = _HEAD.unpack_from(self._memory)
                count += 1
                (wanted,) = _KILL.unpack_from(self._memory, _HEAD.size + done * _KILL.size)
                dies = count == wanted
                _HEAD.pack_into(self._memory, 0, count, done + dies)
                return dies
            finally:
                fcntl.flock(self._held, fcntl.LOCK_UN)

    def die(self, name: str) -> None:
        """SIGKILL: nothing is finished, flushed or rolled back."""
        os.write(self._said, f"{name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)

    def pass_by(self, name: str) -> None:
        """A mark, unless this is where the process dies."""
        if self.dies_here():
            self.die(name)


def set_marks(marks: Marks) -> None:
    """Put the marks into this process."""
    marks.open()
    _around_statements(marks)
    _around_words(marks)


def _around_statements(marks: Marks) -> None:
    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        word = statement.split(None, 1)[0]
        if word in _CHANGING:
            marks.pass_by(f"before {word}")

    event.listen(Engine, "before_cursor_execute", before)
    # A dialect's own method is the last thing before the driver, and the first after it.
    for name in ("sqlite.pysqlite", "postgresql.psycopg"):
        dialect = _dialect(name)
        commit = dialect.do_commit

        def committing(self: Any, connection: Any, commit: Any = commit) -> None:
            marks.pass_by("before COMMIT")
            commit(self, connection)
            marks.pass_by("after COMMIT")

        dialect.do_commit = committing


def _dialect(name: str) -> Any:
    from sqlalchemy.dialects import registry

    return registry.load(name)


def _around_words(marks: Marks) -> None:
    connect, send, getreply = smtplib.SMTP.connect, smtplib.SMTP.send, smtplib.SMTP.getreply

    def connecting(self: Any, *arguments: Any, **named: Any) -> Any:
        marks.pass_by("before connect")
        return connect(self, *arguments, **named)

    def sending(self: Any, said: Any) -> None:
        octets = said if isinstance(said, bytes) else said.encode(self.command_encoding)
        mail = octets.endswith(b"\r\n.\r\n")
        name = "the mail" if mail else octets.split(None, 1)[0].decode("ascii", "replace")
        marks.pass_by(f"before {name}")
        if marks.dies_here():
            send(self, octets[: len(octets) // 2])
            marks.die(f"in the middle of {name}")
        send(self, said)
        marks.pass_by(f"after {name}, before its answer")

    def replied(self: Any) -> Any:
        answer = getreply(self)
        marks.pass_by("after an answer")
        return answer

    smtplib.SMTP.connect = connecting  # type: ignore[method-assign]
    smtplib.SMTP.send = sending  # type: ignore[method-assign]
    smtplib.SMTP.getreply = replied  # type: ignore[method-assign]
