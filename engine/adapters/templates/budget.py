"""How much work one mail may cause, counted instead of timed.

The sandbox of Jinja stops neither endless loops nor memory bombs. Everything that can grow is charged
here before or while it grows: turns of loops, calls, filters, products, formats, output. The unit is
about one character written. The limit lies far above any mail (102 KB is where Gmail clips) and far
below a second of work, and the same mail always gets the same answer, which a clock would not give.
"""

from __future__ import annotations

from contextvars import ContextVar

LIMIT = 4_000_000
LONGEST_TEXT = 300_000
LARGEST_NUMBER_BITS = 256


class TooMuch(Exception):
    """The template does more than any mail needs."""


class Budget:
    """What is left for one rendering."""

    __slots__ = ("left",)

    def __init__(self, left: int = LIMIT) -> None:
        self.left = left

    def charge(self, cost: int) -> None:
        """Take `cost` off.

        Raises:
            TooMuch: nothing is left.
        """
        self.left -= cost
        if self.left < 0:
            raise TooMuch("this template loops, calls or writes more than any mail needs")


_current: ContextVar[Budget] = ContextVar("budget")


def begin() -> None:
    """Start counting anew."""
    _current.set(Budget())


def charge(cost: int) -> None:
    """Take `cost` off what is left for the present rendering.

    Raises:
        TooMuch: nothing is left.
    """
    _current.get().charge(cost)


def charge_text(length: int) -> None:
    """Charge for a text of this length that is about to be made.

    Raises:
        TooMuch: it is longer than any text in a mail, or nothing is left.
    """
    if length > LONGEST_TEXT:
        raise TooMuch(f"a text or list of {length:,} is longer than any mail")
    _current.get().charge(length)


def left() -> int:
    """What is left for the present rendering, or was for the last one."""
    return _current.get().left
