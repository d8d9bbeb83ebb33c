"""Who somebody is does not reach the models: words for it are read as neutral ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.nlp.neutral import neutral
from engine.adapters.nlp.plain import plain


def test_people_who_differ_only_in_gender_age_faith_or_origin_are_read_alike() -> None:
    for one, other in (
        ("My mother is waiting for her parcel.", "My father is waiting for his parcel."),
        ("She's angry, and you keep calling him", "He's angry, and you keep calling her"),
        ("My 19-year-old neighbour is happy", "My elderly neighbour is happy"),
        ("An Indian friend loved it", "A Turkish friend loved it"),
        ("A Hindu told me", "An atheist told me"),
        ("As a blind customer I can't use it", "As a customer I can't use it"),
        ("MY WIFE IS FURIOUS", "MY HUSBAND IS FURIOUS"),
        ("the boy's shoes", "the girl's shoes"),
    ):
        assert plain(one) == plain(other)


def test_words_that_only_look_like_them_are_left_alone() -> None:
    for text in (
        "black coffee, white bread",
        "every single morning",
        "Turkey soup",
        "Manhattan",
        "it",
    ):
        assert neutral(text) == text


@given(st.text())
def test_a_text_made_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
