"""Reads a project's folder: the texts for the language, the pictures for the templates.

Nothing outside the project is ever read, whatever a link says. A file that is too large is cut one
character behind the language's limit, and a byte that is no text becomes a lone surrogate (PEP 383):
both end as errors with a place, told by the language.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import engine.language
from engine.language.nodes import MOST_CHARACTERS
from engine.language.project import JURISDICTIONS

FOLDERS = ("journeys", "segments", "templates", "jurisdictions")
CONFIGS = ("config.yaml", "config.example.yaml")
TEXTS = (".yaml", ".yml", ".j2")
LIMIT = MOST_CHARACTERS + 1
ASSETS = "templates/_assets"
ASSET_LIMIT = 10_000_000


def read_sources(project: Path) -> Mapping[str, str]:
    """All text files of a project: path from the project's folder, with `/`, to text.

    The config comes under the name it has: `config.yaml`, or `config.example.yaml` where that is
    missing, as in a fresh checkout.
    """
    root = project.resolve()
    config = _config(root)
    sources = {} if config is None else {config.name: _text(config)}
    for folder in FOLDERS:
        for path in _files(root / folder, root):
            name = path.relative_to(root).as_posix()
            if path.suffix in TEXTS and not name.startswith(f"{ASSETS}/"):
                sources[name] = _text(path)
    return sources


def shipped_jurisdictions() -> Mapping[str, str]:
    """The jurisdictions that come with the engine, under the paths that they would have in a project."""
    folder = Path(engine.language.__file__).parent / "jurisdictions"
    return {f"{JURISDICTIONS}{path.name}": _text(path) for path in sorted(folder.glob("*.yaml"))}


def read_config(project: Path) -> str:
    """The text of the config alone; empty where there is none."""
    config = _config(project.resolve())
    return "" if config is None else _text(config)


def read_assets(project: Path) -> Mapping[str, bytes]:
    """The pictures of `templates/_assets`, by their path inside it. Those over 10 MB are left out."""
    root = project.resolve()
    folder = root / ASSETS
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in _files(folder, root)
        if path.stat().st_size <= ASSET_LIMIT
    }


def _config(root: Path) -> Path | None:
    paths = (root / name for name in CONFIGS)
    return next((path for path in paths if path.is_file() and _inside(path, root)), None)


def _files(folder: Path, root: Path) -> Iterator[Path]:
    if not _inside(folder, root):
        return
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file() and _inside(path, root):
                yield path


def _inside(path: Path, root: Path) -> bool:
    return not path.is_symlink() or path.resolve().is_relative_to(root)


def _text(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        return file.read(LIMIT)
