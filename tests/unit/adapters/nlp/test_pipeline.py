"""The pipeline as a spaCy user meets it."""

import json
import subprocess
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from engine.adapters.nlp.pipeline import build
from engine.domain.emotion import EMOTIONS

TEXTS = [
    "Thanks Maria!! You saved my day. But the coffee was cold :(",
    "<p>Great.</p><p>Terrible service, I am furious!</p>",
    "Where is it?\n\nRegards\nAnna",
    "",
    "Das ist schrecklich",
    "😡😡",
    "My father died.",
]
WRITTEN = [
    "emotions", "emotion_labels", "emotion_top", "emotions_raw", "valence", "arousal", "urgency",
    "confidence", "mixed", "sarcasm_suspected", "sensitive", "language", "emotion_evidence", "emotion_model",
]  # fmt: skip


@pytest.fixture(scope="module")
def nlp():
    return build("linear")


def told(doc):
    return {name: doc._.get(name) for name in WRITTEN}


def test_one_by_one_and_in_batches_texts_are_read_alike(nlp):
    alone = [told(nlp(text)) for text in TEXTS]
    assert [told(doc) for doc in nlp.pipe(TEXTS, batch_size=3)] == alone
    assert [told(doc) for doc in nlp.pipe(reversed(TEXTS), batch_size=50)] == alone[::-1]


def test_the_text_of_a_document_stays_as_it_was_written(nlp):
    assert [nlp(text).text for text in TEXTS] == TEXTS


def test_sentences_have_their_own_emotions(nlp):
    doc = nlp("Thank you so much! Where is my refund?")
    first, second = doc.sents
    assert first._.emotions.keys() == second._.emotions.keys() == set(EMOTIONS)
    assert first._.emotions["grateful"] > second._.emotions["grateful"]
    assert first._.valence > second._.valence


def test_what_is_left_out_is_told(nlp):
    doc = nlp("Thanks Maria, see https://a.example\n> old")
    assert [(doc.text[start:end], why) for start, end, why in doc._.left_out] == [
        ("Maria", "name"), ("https://a.example", "link"), ("> old", "quotation"),
    ]  # fmt: skip
    assert doc._.own_text == "Thanks [NAME], see link\n"


def test_a_document_can_be_stored_with_what_was_read(nlp):
    doc = nlp(TEXTS[0])
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.emotions == doc._.emotions
    assert again._.valence == doc._.valence


def test_a_pipeline_comes_back_from_a_folder_in_a_process_that_imports_nothing_of_ours(
    nlp, tmp_path
):
    nlp.to_disk(tmp_path / "moods")
    program = (
        "import json, sys, spacy\n"
        "nlp = spacy.load(sys.argv[1])\n"
        "ours = ('sqlalchemy', 'sqlmodel', 'alembic', 'starlette', 'engine.cli', 'engine.application')\n"
        "print(json.dumps([nlp(sys.argv[2])._.emotions, [name for name in ours if name in sys.modules]]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "moods"), TEXTS[0]],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    emotions, loaded = json.loads(run.stdout)
    assert emotions == pytest.approx(nlp(TEXTS[0])._.emotions)
    assert loaded == []


def test_a_pipeline_comes_back_from_bytes(nlp):
    again = spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert told(again(TEXTS[0])) == told(nlp(TEXTS[0]))


def test_it_works_beside_other_components_and_without_its_own(nlp):
    other = spacy.blank("en")
    other.add_pipe("emotion", config={"backend": "linear"})
    assert (
        other("Thank you so much!")._.emotion_labels == nlp("Thank you so much!")._.emotion_labels
    )


@settings(max_examples=60)
@given(st.text(max_size=80) | st.text("aT ().!?:<>p/😡\n>'\ud800\x00", max_size=60))
def test_no_text_stops_it_and_all_evidence_lies_in_the_text(nlp, text):
    doc = nlp(text)
    for start, end, emotion, weight in doc._.emotion_evidence or ():
        assert 0 <= start < end <= len(text)
        assert emotion in EMOTIONS
        assert 0 < weight <= 1
    assert 0 <= doc._.confidence <= 1
    assert -1 <= doc._.valence <= 1
    assert not doc._.emotions or set(doc._.emotion_labels) <= set(doc._.emotions)


@pytest.mark.parametrize("much", ["(", "😡", "<p>", "a b ", "!", "\ud800", "Bad. "])
def test_a_very_long_text_is_read_in_time_in_proportion(nlp, much):
    doc = nlp(much * (200_000 // len(much)))
    assert len(doc.text) >= 199_990
