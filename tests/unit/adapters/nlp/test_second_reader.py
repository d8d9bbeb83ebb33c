"""The model behind the tables of words: what it reads, and that it comes from the committed data."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.adapters.nlp.second_reader import hunch_of
from engine.adapters.nlp.training.fit_replies import examples, fit_replies
from engine.domain.reply_meaning import LIKELY

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    "words",
    ["bitte lasst das mit den mails", "if there is some way of not getting them I'd be glad"],
)
def test_a_wish_in_words_of_its_own_is_seen_with_the_words_that_say_so(words):
    hunch = hunch_of(words)
    assert hunch.leaving >= LIKELY
    assert hunch.leaving_by
    assert all(word in words for word in hunch.leaving_by)


@pytest.mark.parametrize(
    "words", ["Lovely coffee, thanks!", "Bis Samstag!", "", "\U0001f44d", "?!"]
)
def test_small_talk_is_none(words):
    assert hunch_of(words).leaving < LIKELY


def test_the_same_data_make_the_same_model():
    """No chance in it; the committed sets teach it, and nothing else does."""
    rows = [row for row in examples(ROOT / "tests/data/replies", ROOT / "tests/data") if row[0]]
    some = rows[::8]
    one, two = (fit_replies(some, rounds=12) for _ in range(2))
    assert one.vocabulary.features == two.vocabulary.features
    assert (one.coefficients == two.coefficients).all()
    leaves = [text for text, leaving, _, _ in some if leaving][:5]
    others = [text for text, leaving, _, _ in some if not leaving][:5]
    assert one.logits(leaves)[:, 0].mean() > one.logits(others)[:, 0].mean()
