"""The models of mood: what they read, how they add up, and what they say when something is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.adapters.nlp.classifier import ARTEFACT, Classifier
from engine.adapters.nlp.labels import EKMAN, GOEMOTIONS, HEADS, MOOD, SENTIMENT, WIDTH, columns
from engine.adapters.nlp.linear import Linear, Vocabulary, letters, tokens
from engine.adapters.nlp.plain import plain
from engine.domain.emotion import EMOTIONS
from engine.domain.errors import SetupError

TEXTS = (
    "Third time I've called about my order and nobody answers!",
    "Thank you so much 😭 you saved my day",
    "Where is the settings page?",
    "",
    "😀",
    "word " * 5000,
)


@pytest.fixture(scope="module")
def linear() -> Classifier:
    return Classifier.load(backend="linear")


@pytest.mark.parametrize("group", [EKMAN, SENTIMENT, MOOD])
def test_every_group_is_made_of_labels_of_goemotions_and_none_twice(
    group: dict[str, tuple[str, ...]],
) -> None:
    inner = [name for names in group.values() for name in names]
    assert set(inner) <= set(GOEMOTIONS)
    assert len(inner) == len(set(inner))


def test_the_ten_are_those_of_the_domain() -> None:
    assert tuple(MOOD) == EMOTIONS == HEADS["mood"]
    assert columns("mood").stop - columns("mood").start == 10
    assert columns("sensitive").stop == WIDTH


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It’s “fine”…", 'It\'s "fine"...'),
        ("so happy 😭", "so happy crying"),
        ("thumbs 👍🏽!", "thumbs good !"),
        ("soooooo   good\n\nreally", "sooo good really"),
        ("paid 1000000", "paid 1000000"),
        ("café 東京", "café 東京"),
    ],
)
def test_a_text_is_read_in_plain_words(written: str, read: str) -> None:
    assert plain(written) == read
    assert plain(read) == read


def test_words_and_letters_are_the_features_of_the_linear_model() -> None:
    assert tokens("I've waited, WHY?!") == ["i've", "waited", ",", "why", "?!"]
    assert list(letters("no")) == ["# no", "#no ", "# no "]
    assert list(letters("?!")) == []


def test_values_have_length_one_in_each_text() -> None:
    vocabulary = Vocabulary(["a", "b", "a b"], np.array([1, 2, 3], np.float32))
    counted = vocabulary.count(["a b a", "", "nothing known", "b"])
    squares = np.bincount(counted.rows, counted.values**2, 4)
    assert squares == pytest.approx([1, 0, 0, 1])


def test_each_text_has_probabilities_of_the_ten(linear: Classifier) -> None:
    found = linear.predict(TEXTS)
    assert found.shape == (len(TEXTS), 10)
    assert found.dtype == np.float32
    assert ((found > 0) & (found < 1)).all()
    assert linear.raw(TEXTS).shape == (len(TEXTS), 28)
    assert linear.sensitive(TEXTS).shape == (len(TEXTS),)
    assert linear.predict([]).shape == (0, 10)


def test_neighbours_never_move_a_score(linear: Classifier) -> None:
    alone = np.concatenate([linear.predict([text]) for text in TEXTS])
    assert np.abs(linear.predict(TEXTS) - alone).max() < 1e-6


def test_thanks_read_as_grateful(linear: Classifier) -> None:
    found = linear.predict(["Thank you so much, you saved my day"])[0]
    assert linear.labels[found.argmax()] == "grateful"
    assert found.max() > linear.thresholds["grateful"]


def test_the_version_says_which_back_end_reads(linear: Classifier) -> None:
    assert linear.version.endswith("-linear")
    assert set(linear.thresholds) == {*EMOTIONS, "sensitive"}


def test_the_parts_of_an_explanation_add_up_to_the_score() -> None:
    model = Linear.load(ARTEFACT / "linear.npz")
    for text in TEXTS[:5]:
        whole = model.logits([plain(text)])[0]
        parts = sum((part.weights for part in model.explain(text)), np.zeros(WIDTH))
        assert np.abs(whole - model.bias - parts).max() < 1e-4


def test_a_word_at_the_end_of_a_long_text_is_explained_as_well() -> None:
    """Words and marks that stand together are counted apart, and are longer than what was read then."""
    model = Linear.load(ARTEFACT / "linear.npz")
    text = "no! " * 980 + "thank you"
    parts = model.explain(text)
    assert text[parts[-1].start : parts[-1].end] == "you"


def test_an_explanation_names_places_of_the_text_as_it_was_written(linear: Classifier) -> None:
    text = "Well 😭😭  thank you"
    parts = linear.explain_linear(text)
    assert {text[part.start : part.end] for part in parts} <= {"Well", "😭😭", "thank", "you"}
    strongest = max(parts, key=lambda part: float(part.weights[EMOTIONS.index("grateful")]))
    assert text[strongest.start : strongest.end] == "thank"


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    model = Linear.load(ARTEFACT / "linear.npz")
    model.save(tmp_path / "linear.npz")
    again = Linear.load(tmp_path / "linear.npz")
    assert np.array_equal(model.logits(TEXTS), again.logits(TEXTS))


def test_a_folder_without_a_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no mood model") as caught:
        Classifier.load(tmp_path)
    assert "mood train" in caught.value.help


def test_hybrid_without_an_encoder_is_refused_and_auto_goes_on_with_the_linear_model(
    tmp_path: Path,
) -> None:
    for name in ("meta.json", "linear.npz"):
        shutil.copy(ARTEFACT / name, tmp_path)
    with pytest.raises(SetupError, match="no encoder"):
        Classifier.load(tmp_path, backend="hybrid")
    assert Classifier.load(tmp_path).backend == "linear"


def test_a_model_for_other_labels_is_refused(tmp_path: Path) -> None:
    shutil.copy(ARTEFACT / "linear.npz", tmp_path)
    meta = json.loads((ARTEFACT / "meta.json").read_text())
    meta["heads"]["mood"] = ["fine"]
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(SetupError, match="other labels"):
        Classifier.load(tmp_path)
