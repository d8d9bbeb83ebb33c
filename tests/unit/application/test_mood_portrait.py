"""How somebody feels, explained: by which words, how sure, how old (R5.10, R6.3)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.application.mood_portrait import (
    as_document,
    in_one_line,
    mood_portrait,
    words_for,
)
from engine.domain.arrival import MessageRead
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event, History
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Policy
from engine.domain.message_mood import Evidence
from engine.domain.person import Person
from engine.domain.profile import hand_written
from engine.domain.receiving import receive

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = Rulebook({}, {}, (), Policy(categories={}), {})
TEXT = "This is ridiculous, for the third time"


def person(*messages, agreed=True):
    """Somebody who wrote these (days ago, moods), each with the same words."""
    consent = ConsentEntry("profiling_emotion", "express", NOW - 400 * DAY)
    facts = Facts(Person("ann"), consents=(consent,) if agreed else ())
    for number, (ago, moods) in enumerate(messages):
        at = NOW - ago * DAY
        mood = replace(
            hand_written(f"m{number}", at, moods),
            source="reply",
            evidence=(
                Evidence(28, 38, "angry", 0.1),
                Evidence(8, 18, "angry", 0.5),
                Evidence(0, 4, "grateful", 0.2),
            ),
        )
        facts = receive(facts, MessageRead("ann", mood))
        wrote = Event(f"m{number}", "feedback.received", at, {"text": TEXT})
        facts = replace(facts, history=facts.history.add(wrote))
    return facts


def test_it_names_the_emotion_its_words_its_message_and_until_when():
    portrait = mood_portrait(person((1, {"angry": 0.9})), RULES, NOW)
    [felt] = portrait.felt
    assert (felt.emotion, felt.level, felt.message, felt.source) == ("angry", "high", "m0", "reply")
    assert felt.words == ("ridiculous", "third time")
    assert felt.strength == pytest.approx(0.9 * 0.5 ** (1 / 7))
    assert (felt.at, felt.confidence, felt.quoted) == (NOW - DAY, 1.0, TEXT)
    assert felt.until > NOW
    assert in_one_line(portrait) == "angry (high): “ridiculous”, “third time”"


def test_without_consent_there_is_nothing_but_that():
    """R5.10."""
    portrait = mood_portrait(person((1, {"angry": 0.9}), agreed=False), RULES, NOW)
    assert as_document(portrait) == {
        "profiled": False,
        "because": "no consent to profiling_emotion",
    }
    assert in_one_line(portrait) == ""


def test_the_strongest_comes_first_and_each_emotion_once():
    facts = person((3, {"angry": 0.95}), (1, {"angry": 0.8, "anxious": 0.9}))
    portrait = mood_portrait(facts, RULES, NOW)
    assert [(one.emotion, one.message) for one in portrait.felt] == [
        ("anxious", "m1"),
        ("angry", "m1"),
    ]
    assert portrait.messages == 2


def test_what_has_faded_is_not_told():
    assert mood_portrait(person((30, {"angry": 0.9})), RULES, NOW).felt == ()


def test_once_the_words_are_gone_nothing_is_quoted():
    facts = person((1, {"angry": 0.9}))
    bare = Event("m0", "feedback.received", NOW - DAY)
    [felt] = mood_portrait(replace(facts, history=History([bare])), RULES, NOW).felt
    assert (felt.words, felt.quoted) == ((), "")
    [mood] = facts.moods
    assert words_for(mood, "angry", "This is ridiculous") == ("ridiculous",)


def test_a_disposition_comes_with_its_interval_and_what_is_usual():
    facts = person(*((ago, {"frustrated": 0.95}) for ago in (40, 30, 20, 10, 1)))
    inclined = mood_portrait(facts, RULES, NOW).inclined
    assert inclined is not None
    assert inclined.emotion == "frustrated"
    assert 0 < inclined.usual < inclined.low < inclined.share < inclined.high < 1


@pytest.mark.parametrize(
    ("messages", "trend"),
    [
        ((), "unknown"),
        (((60, {"delighted": 0.9}), (50, {"delighted": 0.9}), (0, {"angry": 0.95})), "worsening"),
        (
            (*((ago, {"angry": 0.9}) for ago in (60, 50, 40, 30)), (1, {"delighted": 0.9})),
            "recovering",
        ),
    ],
)
def test_the_trend_compares_now_with_the_months_before(messages, trend):
    assert mood_portrait(person(*messages), RULES, NOW).trend == trend
