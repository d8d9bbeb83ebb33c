"""The real command `serve`, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def serving(*arguments: str, at: str = "") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve the project in the current folder while the block runs, `at` a virtual present where one is
    named; gives the process and its port. In the end it is killed, however it stands."""
    present = ("--at", at) if at else ()
    command = [sys.executable, "-m", "engine", *present, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            yield process, int(line.split("http://127.0.0.1:")[1].split()[0])
        finally:
            process.kill()
