"""How well replies are understood, on the sets of `tests/data/replies`: what `meaning_of` makes of each.

python benchmarks/replies.py [SET …]        the sets by name; `fifth` without any
"""

from __future__ import annotations

import sys
from collections import Counter
from math import sqrt
from pathlib import Path

from engine.adapters.nlp.cleaning.own_words import own_words
from engine.adapters.nlp.second_reader import hunch_of
from engine.domain.reply_meaning import meaning_of

SETS = Path(__file__).parent.parent / "tests" / "data" / "replies"
LEAVES = ("leave", "erase")
Told = Counter[tuple[str, str, bool]]
"""How often replies of a label were taken for `leaving`, and for asking something."""


def told(name: str) -> Told:
    """What the replies of a set are taken for."""
    found: Told = Counter()
    for line in (SETS / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        label, _, text = line.split("\t")
        meaning = meaning_of(own_words(text.replace("\\n", "\n")).text.strip(), second=hunch_of)
        found[label, meaning.leaving, meaning.asks] += 1
    return found


def wilson(right: int, of: int) -> str:
    """A share with its 95 % interval (Wilson 1927)."""
    if not of:
        return "none"
    z, share = 1.96, right / of
    middle = share + z * z / (2 * of)
    width = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * width) / (1 + z * z / of) for sign in (-1, 1))
    return f"{right} of {of}, {share:.1%} ({low:.1%} to {high:.1%})"


def report(name: str) -> None:
    """Print what a set measures."""
    found = told(name)

    def count(labels: tuple[str, ...], leaving: tuple[str, ...], asks: tuple[bool, ...]) -> int:
        return sum(
            n for (label, left, ask), n in found.items()
            if label in labels and left in leaving and ask in asks
        )  # fmt: skip

    everybody, every, either = (
        ("leave", "erase", "unsure", "ask", "none"),
        ("yes", "unclear", "no"),
        (True, False),
    )
    leave, ask = count(LEAVES, every, either), count(("ask",), every, either)
    ordinary, unsure = count(("none",), every, either), count(("unsure",), every, either)
    print(f"{name}: {sum(found.values())} replies")
    print(
        "  taken off at once, rightly      ",
        wilson(count(LEAVES, ("yes",), either), count(everybody, ("yes",), either)),
    )
    print("  opt-outs taken off at once      ", wilson(count(LEAVES, ("yes",), either), leave))
    print(
        "  opt-outs at once or by a person ",
        wilson(count(LEAVES, ("yes", "unclear"), either), leave),
    )
    print(
        "  half wishes that a person reads ",
        wilson(count(("unsure",), ("unclear",), either), unsure),
    )
    print("  questions found                 ", wilson(count(("ask",), every, (True,)), ask))
    print(
        "  questions that open a task      ",
        wilson(ask - count(("ask",), ("no",), (False,)) - count(("ask",), ("yes",), (False,)), ask),
    )
    print("  ordinary replies taken for one  ", wilson(count(("none",), every, (True,)), ordinary))
    print(
        "  ordinary replies with any task  ",
        wilson(ordinary - count(("none",), ("no",), (False,)), ordinary),
    )


if __name__ == "__main__":
    for one in sys.argv[1:] or ["fifth"]:
        report(one)
