"""The port MoodReader, by the spaCy pipeline."""

from datetime import UTC, datetime

import pytest

from engine.adapters.nlp.pipeline import build
from engine.adapters.nlp.reader import SpacyMoodReader
from engine.application.ports.mood_reader import Written
from engine.domain.emotion import EMOTIONS

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader():
    return SpacyMoodReader(build("linear"))


def read(reader, *texts, names=()):
    return list(
        reader.read(
            Written(str(n), NOW, "email", text, names=names) for n, text in enumerate(texts)
        )
    )


def test_each_message_has_its_reading_in_order(reader):
    first, second = read(
        reader, "Thank you so much, you saved my day!", "Where is my parcel? I am worried."
    )
    assert (first.message, second.message) == ("0", "1")
    assert first.probabilities.keys() == set(EMOTIONS)
    assert first.valence > second.valence
    assert 0 <= first.confidence <= 1
    assert first.thread == "0"
    assert first.model == reader.version


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🐈",
        "Das ist wirklich nicht schön",
        "12345",
        "\x00\x01",
        "\ud800",
        "。。",
        "\x89PNG\r\n\x1a\n\x00ÿ good" * 50,
    ],
)
def test_what_cannot_be_read_is_unknown(reader, text):
    (found,) = read(reader, text)
    assert found.probabilities == {}
    assert found.confidence == 0
    assert not found.sensitive


def test_what_is_sensitive_stores_nothing_else(reader):
    (found,) = read(
        reader, "My father died on Sunday, please cancel his order. I am so angry with you!"
    )
    assert found.sensitive
    assert found.probabilities == {}
    assert found.evidence == ()
    assert (found.words, found.urgency, found.valence, found.arousal, found.confidence) == (
        0,
        0,
        0,
        0,
        0,
    )


def test_evidence_points_into_the_text_as_it_was_written(reader):
    text = "\x00\x00Thaaaanks, Maria!!!"
    (found,) = read(reader, text)
    assert "Thaaaanks" in [text[one.start : one.end] for one in found.evidence]
    assert all(0 < one.weight <= 1 for one in found.evidence)


def test_another_name_changes_nothing(reader):
    said = "{} was told twice, and {} is furious!"
    one, other = (
        read(reader, said.format(name, name), names=[name])[0]
        for name in ("Emily Walsh", "Nguyễn Thị Ánh")
    )
    assert one.probabilities == other.probabilities


def test_words_are_remembered_up_to_a_limit_and_the_readings_are_the_same(monkeypatch):
    """Memory does not grow with every word that anybody ever wrote."""
    nlp = build("linear")
    reader, text = SpacyMoodReader(nlp), "I am so happy about zaffering and zuffering"
    [first] = read(reader, text)
    assert "zaffering" in nlp.vocab
    monkeypatch.setattr("engine.adapters.nlp.reader.REMEMBERED", len(nlp.vocab))
    other, again = read(reader, "Zippering all the zapperings, what a joy", text)
    assert other.probabilities
    assert again.probabilities == first.probabilities
    assert "zaffering" in nlp.vocab
    assert "zapperings" not in nlp.vocab
