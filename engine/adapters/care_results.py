"""What the care checks said, kept by content in `.sincerely/care.json`: an unchanged draft costs nothing.

The file holds nothing but remarks on samples. Whoever deletes it waits a second longer, once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import engine.language.care
from engine.language.care.doubt import Doubt, Sample

FOLDER = ".sincerely"
FILE = "care.json"

Read = Callable[[Sample], tuple[Doubt, ...]]


class CareResults:
    """The remarks on the mails of one project; `read` is asked only of what is not known yet."""

    def __init__(self, project: Path, read: Read) -> None:
        self._place = project / FOLDER / FILE
        self._ask = read
        self._rules = _rules()
        self._known = self._load()
        self._used: dict[str, tuple[Doubt, ...]] = {}

    def read(self, sample: Sample) -> tuple[Doubt, ...]:
        """The doubts about a mail, as `language.care.read` says them."""
        key = hashlib.sha256(repr(sample).encode("utf-8", "surrogatepass")).hexdigest()
        if key not in self._used:
            known = self._known.get(key)
            self._used[key] = self._ask(sample) if known is None else known
        return self._used[key]

    def keep(self) -> None:
        """Write down what was asked for since; what no mail asked for any more is forgotten. Where
        nothing can be written, nothing is kept."""
        if self._used == self._known:
            return
        remarks = {key: [asdict(one) for one in found] for key, found in self._used.items()}
        text = json.dumps({"rules": self._rules, "remarks": remarks})
        draft = self._place.with_suffix(".tmp")
        try:
            self._place.parent.mkdir(exist_ok=True)
            draft.write_text(text, "utf-8")
            draft.replace(self._place)
        except OSError:
            return

    def _load(self) -> dict[str, tuple[Doubt, ...]]:
        """What was kept under the same rules; nothing where the file is missing or damaged."""
        try:
            kept = json.loads(self._place.read_text("utf-8"))
            if kept["rules"] != self._rules:
                return {}
            remarks = kept["remarks"]
            return {key: tuple(Doubt(**one) for one in found) for key, found in remarks.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}


def _rules() -> str:
    """The hash of the rules themselves: with another rule, every mail is read anew."""
    folder = Path(engine.language.care.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()
