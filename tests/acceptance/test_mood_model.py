"""The committed mood model, judged on what it has not learned from. Floors are a little below what its
card says, so that a worse model cannot come in unseen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pytest

from engine.adapters.nlp.classifier import ARTEFACT, Backend, Classifier
from engine.adapters.nlp.training.evaluate import judged_sets
from engine.domain.emotion import EMOTIONS

FLOORS = {
    "hybrid": {"goemotions": 0.51, "ekman": 0.63, "sentiment": 0.70, "mood": 0.61},
    "linear": {"goemotions": 0.46, "ekman": 0.57, "sentiment": 0.65, "mood": 0.53},
}
OWN_FLOORS = {
    "hybrid": {"macro_F1": 0.70, "top_label_exact": 0.70, "top_label_accepted": 0.75},
    "linear": {"macro_F1": 0.60, "top_label_exact": 0.60, "top_label_accepted": 0.68},
}
OTHERS_FLOORS = {
    "hybrid": {"top_label_exact": 0.80, "top_label_accepted": 0.85, "sarcasm_accepted": 0.25},
    "linear": {"top_label_exact": 0.70, "top_label_accepted": 0.75, "sarcasm_accepted": 0.20},
}
MOST_FLIPS = {"hybrid": 0.08, "linear": 0.10}
BACKENDS: tuple[Backend, ...] = ("hybrid", "linear")


@pytest.fixture(scope="module", params=BACKENDS)
def judgement(request: pytest.FixtureRequest) -> tuple[str, list[dict[str, Any]]]:
    classifier = Classifier.load(backend=request.param)
    return request.param, [one.document() for one in judged_sets(classifier)]


def test_comments_are_read_as_well_as_promised(judgement: tuple[str, list[dict[str, Any]]]) -> None:
    backend, (comments, *_) = judgement
    for head, floor in FLOORS[backend].items():
        assert comments[head]["macro_f1"]["value"] >= floor, head


def test_probabilities_mean_what_they_say(judgement: tuple[str, list[dict[str, Any]]]) -> None:
    _, (comments, *_) = judgement
    error = comments["mood"]["calibration_error"]
    assert error["mean"] <= 0.015
    assert error["worst"] <= 0.04


def test_customers_are_read_as_well_as_promised(
    judgement: tuple[str, list[dict[str, Any]]],
) -> None:
    backend, (_, held_out, *_) = judgement
    for name, floor in OWN_FLOORS[backend].items():
        assert held_out[name]["value"] >= floor, name


def test_customers_of_another_author_are_read_as_well_as_promised(
    judgement: tuple[str, list[dict[str, Any]]],
) -> None:
    backend, (*_, mailbox) = judgement
    assert "(J)" in mailbox["set"]
    for name, floor in OTHERS_FLOORS[backend].items():
        assert mailbox[name]["value"] >= floor, name
    assert mailbox["polarity_flips"]["value"] <= MOST_FLIPS[backend]


def test_the_back_ends_mostly_agree_where_both_are_sure() -> None:
    hybrid, linear = (Classifier.load(backend=one) for one in BACKENDS)
    assert hybrid.labels == linear.labels == EMOTIONS
    assert hybrid.version.endswith("-hybrid")
    texts = [
        "Thank you so much, you saved my day!",
        "Can you tell me which of the two prices is right? I don't understand the invoice.",
        "I am so excited, I love it, it is wonderful!",
        "You are thieves and I will report you.",
    ]
    tops = [[EMOTIONS[place] for place in one.predict(texts).argmax(1)] for one in (hybrid, linear)]
    assert tops[0] == ["grateful", "confused", "delighted", "angry"]
    assert sum(a == b for a, b in zip(*tops, strict=True)) >= 3


def test_neighbours_never_move_a_score_of_the_encoder() -> None:
    hybrid = Classifier.load(backend="hybrid")
    texts = ["Thanks", "word " * 3000, "", "😭", "\x00\ufffd", "Where is my order? " * 5]
    alone = np.concatenate([hybrid.predict([text]) for text in texts])
    assert np.abs(hybrid.predict(texts) - alone).max() < 1e-6


def test_the_files_are_those_that_were_trained_and_small_enough() -> None:
    hashes = json.loads((ARTEFACT / "meta.json").read_text())["sha256"]
    for name, known in hashes.items():
        assert hashlib.sha256((ARTEFACT / name).read_bytes()).hexdigest() == known, name
    assert sum(file.stat().st_size for file in ARTEFACT.iterdir()) < 30_000_000


def test_the_card_names_every_source_and_licence() -> None:
    card = (ARTEFACT / "MODEL_CARD.md").read_text()
    for word in ("GoEmotions", "Demszky", "CC BY 4.0", "MiniLM", "Apache", "customer-feedback"):
        assert word in card
