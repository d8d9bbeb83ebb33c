"""Reads a project's folder: the texts for the language, the pictures for the templates.

Nothing outside the project is ever read, whatever a link says. A file that is too large is cut one
byte behind the language's limit, and bytes that are no text become NUL, which no text may hold: both
end as errors with a place, told by the language.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDERS = ("journeys", "segments", "templates")
CONFIGS = ("config.yaml", "config.example.yaml")
TEXTS = (".yaml", ".yml", ".j2")
LIMIT = 1_000_000
"""Bytes of one text file; the language's limit. One byte more is read, so that it can tell."""
ASSETS = "templates/_assets"
ASSET_LIMIT = 10_000_000


def read_sources(project: Path) -> Mapping[str, str]:
    """All text files of a project: path from the project's folder, with `/`, to text.

    The config comes under the name it has: `config.yaml`, or `config.example.yaml` where that is
    missing, as in a fresh checkout.
    """
    root = project.resolve()
    sources: dict[str, str] = {}
    for name in CONFIGS:
        if (root / name).is_file() and _inside(root / name, root):
            sources[name] = _text(root / name)
            break
    for folder in FOLDERS:
        for path in _files(root / folder, root):
            name = path.relative_to(root).as_posix()
            if path.suffix in TEXTS and not name.startswith(f"{ASSETS}/"):
                sources[name] = _text(path)
    return sources


def read_assets(project: Path) -> Mapping[str, bytes]:
    """The pictures of `templates/_assets`, by their path inside it. Those over 10 MB are left out."""
    root = project.resolve()
    folder = root / ASSETS
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in _files(folder, root)
        if path.stat().st_size <= ASSET_LIMIT
    }


def _files(folder: Path, root: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file() and _inside(path, root):
                yield path


def _inside(path: Path, root: Path) -> bool:
    return not path.is_symlink() or path.resolve().is_relative_to(root)


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(LIMIT + 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) > LIMIT and error.start >= LIMIT - 3:
            return data.decode("utf-8", "ignore") + " " * 4
        return "\x00"
