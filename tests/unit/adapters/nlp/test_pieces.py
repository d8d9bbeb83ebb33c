"""What a pattern needs is in every text that it matches, so that looking for it first hides nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.nlp.phrases import Phrases, phrases
from engine.adapters.nlp.pieces import pieces_of

GROUPS = [
    pytest.param(group, id=f"{name}-{head}")
    for name in ("sensitive", "urgency", "sarcasm")
    for head, group in phrases(name).items()
]


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("food bank", {"food bank"}),
        (r"food\s+bank", {"food"}),
        ("(?:his|her) funeral", {" funeral"}),
        ("laid off|evicted", {"laid off", "evicted"}),
        (r"(\w+ )?IVF", {"ivf"}),
        (r"suicid(?:e|al)(?! squad)", {"suicid"}),
        (r"\w+", None),
        (r"dead|\d", None),
    ],
)
def test_the_pieces_are_of_the_part_that_tells_most(pattern: str, pieces: set[str] | None) -> None:
    assert pieces_of(re.compile(pattern, re.IGNORECASE)) == pieces


@pytest.mark.parametrize("group", GROUPS)
def test_looking_for_pieces_first_hides_no_match(group: Phrases) -> None:
    """Texts made from the patterns themselves, in any case, among other words."""

    @given(
        st.from_regex(group.whole),
        st.sampled_from([str, str.upper, str.lower, str.title]),
    )
    def look(text: str, cased) -> None:
        found = cased(text)
        assert group.search(found) == (group.whole.search(found) is not None)

    look()


@pytest.mark.parametrize("group", GROUPS)
def test_every_pattern_names_a_piece(group: Phrases) -> None:
    """One that names none is asked of every text, and costs what all the others save."""
    assert all(piece for piece, _ in group.pieces)


def test_letters_that_are_another_in_another_case_hide_nothing() -> None:
    """The long s and the sign for kelvin are an s and a k in any case."""
    group = Phrases(["sunk costs"])
    assert group.search("all those ſun\u212a costs")
    assert not group.search("all those costs")
