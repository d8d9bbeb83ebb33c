"""The witness: what this machine knows of a database's age, in a small file beside the project."""

from __future__ import annotations

import json
import os
from datetime import datetime
from hashlib import sha256
from pathlib import Path

FOLDER = ".sincerely"


class Witness:
    """One file a database; `url` names it and is not written down."""

    def __init__(self, project: Path, url: str) -> None:
        name = sha256(url.encode()).hexdigest()[:16]
        self._file = project / FOLDER / f"heartbeat-{name}.json"

    def read(self) -> datetime | None:
        """The last time noted; None where there is none, or it cannot be read."""
        try:
            found = datetime.fromisoformat(json.loads(self._file.read_text("utf-8"))["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.tzinfo else None

    def write(self, at: datetime) -> bool:
        """Note the time, at once or not at all; answers whether that was possible."""
        unfinished = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(exist_ok=True)
            unfinished.write_text(json.dumps({"at": at.isoformat()}), "utf-8")
            unfinished.replace(self._file)
        except OSError:
            return False
        return True
