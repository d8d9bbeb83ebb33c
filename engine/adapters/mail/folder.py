"""Delivery into a folder, to look at: an .eml and an .html for each mail."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.adapters.mail.departure import unaddressable
from engine.adapters.mail.mime import write
from engine.domain.message import Message, Receipt

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAIL = re.compile(r"\d{4}-[a-z0-9-]+-[A-Za-z0-9_-]+\.(?:eml|html)")
_NOT_A_SLUG = re.compile(r"[^a-z0-9]+")


class FolderMailer:
    """Writes `<out>/<YYYY-MM-DD>/<HHMM>-<slug>-<send_id>.eml` and `.html`, by the date of the mail, UTC.

    `slug` is the mail's name, else its subject. A send id is written once: where it went is noted in
    `<out>/.sent/` before anything else, so the same mail sent again, even by another process or on
    another day, lands on the same files. `with_pictures` may change the HTML of the .html file so
    that it opens without the web side.
    """

    def __init__(
        self, out: Path, key: bytes = b"", with_pictures: Callable[[str], str] = str
    ) -> None:
        self._out = out
        self._key = key
        self._with_pictures = with_pictures

    def send(self, message: Message, now: datetime) -> Receipt:
        """Write the two files, each at once or not at all. The receipt's id is the .eml's path."""
        against = unaddressable(message)
        if against:
            return Receipt("refused", detail=against)
        try:
            content = write(message, self._key)
            place = self._place(message)
            eml = self._out / f"{place}.eml"
            if not eml.exists():
                html = self._with_pictures(message.html)
                _write_at_once(self._out / f"{place}.html", html.encode("utf-8", "replace"))
                _write_at_once(eml, content)
        except ValueError as unwritable:
            return Receipt("refused", detail=str(unwritable))
        except OSError as failed:
            return Receipt("later", detail=f"{self._out}: {failed.strerror or failed}")
        return Receipt("accepted", provider_id=str(eml))

    def recall(self, send_id: str) -> Receipt:
        """A folder knows: the mail lies there, or it was never written."""
        note = self._note(send_id)
        if note.exists():
            eml = self._out / f"{note.read_text(encoding='utf-8')}.eml"
            if eml.exists():
                return Receipt("accepted", provider_id=str(eml))
        return Receipt("later", detail="its hand-off had begun, and nothing was written")

    def forget(self, send_ids: Sequence[str]) -> int:
        """Delete the files of mails; answers how many mails there were. Their notes stay, so that
        none of them is ever written again."""
        gone = 0
        for send_id in send_ids:
            note = self._note(send_id)
            if not note.exists():
                continue
            place = note.read_text(encoding="utf-8")
            eml = self._out / f"{place}.eml"
            gone += eml.exists()
            eml.unlink(missing_ok=True)
            (self._out / f"{place}.html").unlink(missing_ok=True)
        return gone

    def close(self) -> None:
        """Nothing is held open."""

    def _note(self, send_id: str) -> Path:
        return self._out / ".sent" / send_id[:2] / send_id

    def _place(self, message: Message) -> str:
        note = self._note(message.send_id)
        if note.exists():
            return note.read_text(encoding="utf-8")
        date = message.date.astimezone(UTC)
        slug = _NOT_A_SLUG.sub("-", (message.mail or message.subject).lower())[:40].strip("-")
        place = f"{date:%Y-%m-%d}/{date:%H%M}-{slug or 'mail'}-{message.send_id}"
        _write_at_once(note, place.encode("utf-8"))
        return place


def clear(out: Path, before: datetime) -> int:
    """Remove the mails that `FolderMailer` wrote on days (UTC) before that of `before`; answers how many
    files. Nothing else in the folder is touched, and the notes of what was sent stay."""
    removed = 0
    for day in sorted(out.glob("????-??-??")):
        if _DAY.fullmatch(day.name) and day.name < f"{before.astimezone(UTC):%Y-%m-%d}":
            for file in day.iterdir():
                if _MAIL.fullmatch(file.name):
                    file.unlink(missing_ok=True)
                    removed += 1
            if not any(day.iterdir()):
                day.rmdir()
    return removed


def _write_at_once(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
