"""A text rewritten by edits, which knows where each of its characters came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` are read as `put`, because of `why` (a word such as `quotation`)."""

    start: int
    end: int
    put: str
    why: str


@dataclass(frozen=True)
class Rewritten:
    """A text after its edits, which are in order and do not overlap. `before` is the rewriting whose
    text was edited, where there was one: places lead back through it to the first text."""

    text: str
    edits: Sequence[Edit] = ()
    before: Rewritten | None = None

    @cached_property
    def _starts(self) -> list[int]:
        return [edit.start for edit in self.edits]

    @cached_property
    def _landings(self) -> list[int]:
        """Where each edit's `put` begins in the text."""
        landings, shift = [], 0
        for edit in self.edits:
            landings.append(edit.start + shift)
            shift += len(edit.put) - (edit.end - edit.start)
        return landings

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the first text that `start` to `end` of this one were made of."""
        first = self._back(start, at_end=False)
        last = max(first, self._back(end - 1, at_end=True) + 1 if end > start else first)
        return self.before.origin(first, last) if self.before else (first, last)

    def place(self, position: int) -> int:
        """Where a position of the first text lies in this one; what was left out lies where it was."""
        if self.before:
            position = self.before.place(position)
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return position
        edit, landing = self.edits[index], self._landings[index]
        if position < edit.end:
            return landing
        return landing + len(edit.put) + position - edit.end

    def left_out(self) -> list[Edit]:
        """All edits, with places in the first text, in its order."""
        here = [
            Edit(*self.before.origin(edit.start, edit.end), edit.put, edit.why)
            if self.before
            else edit
            for edit in self.edits
        ]
        earlier = self.before.left_out() if self.before else []
        return sorted([*earlier, *here], key=lambda edit: (edit.start, edit.end))

    def _back(self, position: int, *, at_end: bool) -> int:
        index = bisect_right(self._landings, position) - 1
        if index < 0:
            return position
        edit, landing = self.edits[index], self._landings[index]
        if position < landing + len(edit.put):
            return edit.end - 1 if at_end else edit.start
        return edit.end + position - landing - len(edit.put)


def rewrite(text: str, edits: Iterable[Edit], before: Rewritten | None = None) -> Rewritten:
    """The text with its edits made. They have to be in order and must not overlap."""
    kept = tuple(edits)
    if not kept:
        return before or Rewritten(text)
    pieces: list[str] = []
    position = 0
    for edit in kept:
        pieces += text[position : edit.start], edit.put
        position = edit.end
    return Rewritten("".join((*pieces, text[position:])), kept, before)
