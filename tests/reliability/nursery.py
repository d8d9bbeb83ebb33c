"""Where daemons are born and die: `python -m tests.reliability.nursery FOLDER`.

Starting Python and loading the engine takes longer than a whole walk, so this process does it once and
forks a daemon whenever it is told to. What runs in the fork is the command itself (`sincerely run`),
with marks around its statements, commits and words to the mail server (`tests.reliability.marks`).

It reads one JSON document a line and answers with one:

    {"do": "warm", "command": [...]}      run it here, without marks: forks then have all it loaded
    {"do": "reset", "kills": [7, 30]}    count marks from 0; whoever comes to a named one is killed there
    {"do": "start", "commands": [...]}   fork one process a command -> {"pids": [...]}
    {"do": "wait"}                       until they have ended -> {"codes": [...]}, -9 for a killed one
    {"do": "jump", "to": "2027-…"}       whoever is started with `"present": true` lives then
    {"do": "look"}                       start the killed again
                                         -> {"ended": [-9], "pids": [all], "now": "2027-…"}
    {"do": "count"}                      -> {"marks": 412, "killed_at": ["before COMMIT", ...], "pids": [...]}
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.reliability.marks import Marks, set_marks
from tests.reliability.present import Present


def main(folder: Path) -> None:
    marks, present = Marks(folder), Present()
    born: dict[int, Callable[[], int]] = {}
    for line in sys.stdin:
        told = json.loads(line)
        answer: dict[str, Any] = {}
        if told["do"] == "warm":
            answer["code"] = _aside(folder, told["command"])
        elif told["do"] == "reset":
            marks.reset(told["kills"])
        elif told["do"] == "jump":
            present.jump(datetime.fromisoformat(told["to"]))
        elif told["do"] == "start":
            lives_in = present if told.get("present") else None
            for command in told["commands"]:
                fork = partial(_fork, command, folder, marks, lives_in)
                born[fork()] = fork
            answer["pids"] = list(born)
        elif told["do"] == "look":
            answer["ended"] = _started_again(born)
            answer |= {"pids": list(born), "now": present.now().isoformat()}
        elif told["do"] == "wait":
            answer["codes"] = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in born]
            born.clear()
        else:
            answer = {"marks": marks.count(), "killed_at": marks.killed_at(), "pids": list(born)}
        print(json.dumps(answer), flush=True)


def _started_again(born: dict[int, Callable[[], int]]) -> list[int]:
    """Start those anew that were killed; answer the codes of all that have ended."""
    codes = []
    for pid in list(born):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            fork = born.pop(pid)
            codes.append(os.waitstatus_to_exitcode(status))
            if codes[-1] == -signal.SIGKILL:
                born[fork()] = fork
    return codes


def _fork(command: Sequence[str], folder: Path, marks: Marks, present: Present | None) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        said = os.open(folder / "said.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(said, 1)
        os.dup2(said, 2)
        set_marks(marks)
        if present is not None:
            present.put_in()
        code = _sincerely(command)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _aside(folder: Path, command: Sequence[str]) -> int:
    with (folder / "said.log").open("a") as said, redirect_stdout(said), redirect_stderr(said):
        code = _sincerely(command)
    gc.collect()
    gc.freeze()
    return code


def _sincerely(command: Sequence[str]) -> int:
    """What `python -m engine COMMAND` does."""
    from engine.cli.main import main as sincerely

    sys.argv = ["sincerely", *command]
    try:
        sincerely()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
