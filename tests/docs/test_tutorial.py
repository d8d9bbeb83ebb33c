"""The tutorial does what it says: every edit is made, every command run, every output compared.

`<!-- edit FILE: A => B -->` and `<!-- file FILE -->` (before a code block) are invisible to readers
and say in a program's words what the sentence next to them says in a marketer's. In an expected
output `…` stands for anything in a line, and a line of `…` alone for any lines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
TUTORIALS = [*sorted((DOCS / "tutorial").glob("*.md")), DOCS / "how-to/why-did-she-get-this.md"]
PARTS = re.compile(
    r"<!-- edit (?P<edited>\S+): (?P<old>.+?) => (?P<new>.+?) -->"
    r"|<!-- file (?P<file>\S+) -->\n+```\w*\n(?P<content>.*?)\n```"
    r"|```console\n(?P<session>.*?)\n```",
    re.DOTALL,
)


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_does_what_it_says(tutorial, tmp_path):
    done = 0
    place = tmp_path
    for part in PARTS.finditer(tutorial.read_text(encoding="utf-8")):
        if part["edited"]:
            _edit(place / part["edited"], part["old"], part["new"])
        elif part["file"]:
            (place / part["file"]).write_text(part["content"] + "\n", encoding="utf-8")
        else:
            for command, expected in _session(part["session"]):
                if command.startswith("cd "):
                    place = place / command.removeprefix("cd ")
                    continue
                output = _run(command, place)
                done += 1
                assert _matches(expected, output), f"$ {command}\n{output}"
    assert done > 6


def test_dots_stand_for_anything():
    assert _matches("a … c\n…\nend", "a b c\nx\ny\nend\n")
    assert not _matches("a … c", "a b d")
    assert not _matches("a", "a\nb")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
    assert text.count(old) == 1, f"{path.name} has {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _session(text: str):
    """The commands of a console block with the output that follows each."""
    command, lines = "", []
    for line in text.split("\n"):
        if line.startswith("$ "):
            if command:
                yield command, "\n".join(lines)
            command, lines = line[2:], []
        else:
            lines.append(line)
    yield command, "\n".join(lines)


def _run(command: str, place: Path) -> str:
    folder = Path(sys.executable).parent
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SINCERELY_")}
    done = subprocess.run(
        [shutil.which("bash") or "sh", "-c", command],
        cwd=place,
        env={**environment, "PATH": path, "PYTHONWARNINGS": "error", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    return done.stdout


def _matches(expected: str, output: str) -> bool:
    lines = [line.rstrip() for line in expected.strip("\n").split("\n")]
    pattern = "".join(
        r"(?:.*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\s*\n"
        for line in lines
    )
    return re.fullmatch(pattern, output.strip("\n") + "\n") is not None
