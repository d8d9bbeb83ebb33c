"""From sentences to the message they make."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.adapters.nlp import measures
from engine.adapters.nlp.combine import combined, weights
from engine.adapters.nlp.pipeline import build
from engine.domain.emotion import EMOTIONS
from tests.standins.lexicon import Lexicon

THRESHOLDS = np.full(10, 0.3, np.float32)


@pytest.fixture(scope="module")
def nlp():
    return build(classifier=Lexicon())


def row(**emotions):
    return np.array([emotions.get(emotion, 0.02) for emotion in EMOTIONS], np.float32)


def together(*rows):
    return combined(np.array(rows), weights(["x"] * len(rows)), THRESHOLDS)


def test_one_sentence_is_the_message():
    assert together(row(angry=0.7)).tolist() == row(angry=0.7).tolist()


def test_an_emotion_of_any_sentence_is_in_the_message():
    found = together(row(indifferent=0.9), row(angry=0.8), row(indifferent=0.9))
    assert found[EMOTIONS.index("angry")] > 0.7
    assert found[EMOTIONS.index("indifferent")] <= 0.3


def test_a_long_calm_message_does_not_gather_every_emotion():
    """A plain noisy-or over 40 sentences of .05 would say .87."""
    found = together(*[row(indifferent=0.9, angry=0.05)] * 40)
    assert found[EMOTIONS.index("angry")] < 0.1
    assert found[EMOTIONS.index("indifferent")] > 0.8


def test_what_a_later_sentence_turns_against_counts_less(nlp):
    turned = nlp("Lovely room. But nobody cleaned it.")._.emotions
    not_turned = nlp("Lovely room. Also nobody cleaned it.")._.emotions
    assert turned["delighted"] < not_turned["delighted"]
    assert turned["frustrated"] == pytest.approx(not_turned["frustrated"], abs=0.01)


def test_pleasant_and_unpleasant_together_are_mixed(nlp):
    assert nlp("Lovely cake! I am furious about the bill.")._.mixed
    assert not nlp("Lovely cake! Thanks.")._.mixed


def test_suspected_sarcasm_holds_praise_down_and_halves_the_confidence(nlp):
    meant, sincere = nlp("Great, it crashed twice."), nlp("Great, it was fixed twice.")
    assert meant._.sarcasm_suspected and not sincere._.sarcasm_suspected
    assert sincere._.emotion_labels == ["satisfied"] and meant._.emotion_labels == []
    assert meant._.confidence < sincere._.confidence


@settings(max_examples=50)
@given(arrays.arrays(np.float32, (10,), elements=st.floats(0, 1, width=32)))
def test_measures_stay_in_their_bounds(probabilities):
    emotions = dict(zip(EMOTIONS, probabilities.tolist(), strict=True))
    assert 0 <= measures.confidence(emotions) <= 1
    assert -1 <= measures.valence(emotions) <= 1
    assert 0 <= measures.arousal(emotions) <= 1


def test_who_sees_nothing_is_not_sure_and_who_sees_one_thing_is():
    nothing, one = dict.fromkeys(EMOTIONS, 0.01), dict.fromkeys(EMOTIONS, 0.001) | {"angry": 0.99}
    assert measures.confidence(nothing) < 0.01
    assert measures.confidence(one) > 0.9
