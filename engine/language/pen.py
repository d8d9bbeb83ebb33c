"""Who reads a file writes down what is wrong with it, which names it uses, and where things stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.language.diagnostics import Diagnostic, Place, Severity, at

MOST_MISTAKES = 200
"""After that many in one file no more are looked for: something else is wrong with it."""


class Unreadable(Exception):
    """A value could not be read, and the pen has said why. Never leaves the language."""


@dataclass(frozen=True, slots=True)
class Use:
    """A name of another thing, used at a place: `kind` is mail, segment, persona, journey, sender,
    team, category, topic, layout or event."""

    kind: str
    name: str
    file: str
    place: Place


class Pen:
    """The notes on one file.

    `letter` begins the codes of this kind of file. `looks_back` is what a mood without `within`
    means, `zone` the company's zone, in which bare instants are read. `in_run` says whether the
    present condition can see the event that started a run, `in_goal` whether it decides about an end;
    `depth` is how deep the present steps are nested.
    """

    def __init__(
        self,
        file: str,
        letter: str,
        *,
        looks_back: timedelta = timedelta(days=7),
        zone: ZoneInfo | None = None,
        lines_before: int = 0,
    ) -> None:
        self.file = file
        self.letter = letter
        self.looks_back = looks_back
        self.zone = zone or ZoneInfo("UTC")
        self.in_run = letter == "J"
        self.in_goal = False
        self.found: list[Diagnostic] = []
        self.uses: list[Use] = []
        self.places: dict[str, Place] = {}
        self.depth = 0
        self._lines_before = lines_before

    @property
    def is_full(self) -> bool:
        """Whether enough is wrong with the file already."""
        return len(self.found) >= MOST_MISTAKES

    @property
    def suggests(self) -> bool:
        """Whether it is worth looking for what was meant; after twenty mistakes it is not."""
        return len(self.found) < 20

    @property
    def has_errors(self) -> bool:
        """Whether something blocks; doubts do not."""
        return any(found.severity == "error" for found in self.found)

    def place(self, place: Place) -> Place:
        """A place of the part that is read, as a place of the file."""
        before = self._lines_before
        if not before:
            return place
        return Place(place.line + before, place.column, place.end_line + before, place.end_column)

    def error(self, code: str, place: Place, message: str, help: str = "") -> Unreadable:
        """Write down an error; raise the answer where reading cannot go on. A code that is only a
        number (`104`) gets the letter of the file."""
        return self._note(code, place, message, help, "error")

    def warn(self, code: str, place: Place, message: str, help: str = "") -> None:
        """Write down a doubt."""
        self._note(code, place, message, help, "warning")

    def use(self, kind: str, name: str, place: Place) -> None:
        """Remember that a name of another thing is used here."""
        self.uses.append(Use(kind, name, self.file, self.place(place)))

    def remember(self, path: str, place: Place) -> None:
        """Remember where a part of the file stands, for checks that come later."""
        self.places.setdefault(path, self.place(place))

    def _note(
        self, code: str, place: Place, message: str, help: str, severity: Severity
    ) -> Unreadable:
        if not self.is_full:
            code = self.letter + code if code.isdigit() else code
            self.found.append(at(self.place(place), code, self.file, message, help, severity))
        return Unreadable()
