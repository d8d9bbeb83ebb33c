"""`mood.changed`: another emotion sets the tone, or none any more (R6.3, R5.10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.arrival import ConsentArrived, MessageRead
from engine.domain.changes import ConsentLowered, Life, Noted
from engine.domain.condition import Attribute, Feels, OneOf
from engine.domain.consent import ConsentEntry
from engine.domain.engine_events import MOOD_CHANGED
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.journey import Enter, Joins, Update, WhenEvent
from engine.domain.mood import heard_for, mood_of, next_mood_change
from engine.domain.person import Person
from engine.domain.profile import hand_written, readings_of
from engine.domain.receiving import receive
from engine.domain.segment import Segment
from tests.unit.domain.walking import conftest as theatre

NOON = theatre.NOON
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
ANN = Person("ann", "ann@example.com", "ann@example.com")


def felt(at=NOON, key="m1", **moods):
    rules = theatre.rulebook()
    return readings_of(hand_written(key, at, moods), rules.emotion)


def play(*journeys, consents=("profiling_emotion",), **facts):
    rules = theatre.rulebook(*journeys)
    return theatre.Play(rules, Life(Facts(ANN, consents=theatre.agreed(*consents), **facts)))


def wrote(at=NOON, key="m1", starts=True):
    return Event(key, "feedback.received", at, {"text": "…"}, starts=starts)


def hear(scene, *readings):
    facts = scene.life.facts
    scene.life = replace(scene.life, facts=replace(facts, readings=(*facts.readings, *readings)))
    return scene


def told(scene):
    return [
        (change.event.at, change.event.properties["from"], change.event.properties["to"])
        for _, change in scene.changes
        if isinstance(change, Noted) and change.event.name == MOOD_CHANGED
    ]


def test_a_message_changes_the_mood_and_time_takes_it_back():
    scene = hear(play(), *felt(angry=0.9))
    scene.turn(wrote())
    until = scene.life.facts.readings[0].until["medium"]
    scene.until(NOON + 30 * DAY)
    assert told(scene) == [
        (NOON, "unknown", "angry"),
        (until + MICROSECOND, "angry", "unknown"),
    ]
    assert until + MICROSECOND - NOON < heard_for(scene.rules.emotion)


def test_it_says_how_loud_and_which_message():
    scene = hear(play(), *felt(angry=0.9))
    scene.turn(wrote())
    [event] = scene.life.facts.history.named(MOOD_CHANGED)
    assert event.properties == {
        "from": "unknown", "to": "angry", "level": "high", "because": "a message", "message": "m1",
    }  # fmt: skip
    scene.until(NOON + 30 * DAY)
    faded = scene.life.facts.history.named(MOOD_CHANGED)[1]
    assert faded.properties == {"from": "angry", "to": "unknown", "because": "time"}


def test_a_mood_that_is_not_audible_is_none():
    scene = hear(play(), *felt(angry=0.4))
    scene.turn(wrote())
    assert told(scene) == []


def test_the_stronger_emotion_sets_the_tone_and_the_weaker_one_changes_nothing():
    scene = hear(play(), *felt(frustrated=0.8))
    scene.turn(wrote())
    later = NOON + DAY
    scene.until(later)
    hear(scene, *felt(later, "m2", disappointed=0.5)).turn(wrote(later, "m2"))
    assert told(scene) == [(NOON, "unknown", "frustrated")]
    hear(scene, *felt(later, "m3", delighted=0.95)).turn(wrote(later, "m3"))
    assert told(scene)[1:] == [(later, "frustrated", "delighted")]


def test_a_journey_is_entered_by_it():
    event_to = Attribute("to", OneOf(("angry",)), of="event")
    care = theatre.journey(
        "care",
        theatre.send("mail"),
        enter=Enter(WhenEvent(MOOD_CHANGED), condition=event_to),
        category="service",
    )
    calm = hear(play(care), *felt(disappointed=0.9))
    calm.turn(wrote())
    assert not calm.life.entries
    angry = hear(play(care), *felt(angry=0.9))
    angry.turn(wrote())
    assert list(angry.life.entries) == ["care"]
    angry.until(NOON + 30 * DAY)
    assert len(angry.life.entries["care"]) == 1, "that it faded lets nobody in again"


def test_without_consent_nothing_is_said_of_a_mood():
    """R5.10."""
    scene = hear(play(consents=()), *felt(angry=0.9))
    scene.turn(wrote())
    scene.until(NOON + 30 * DAY)
    assert told(scene) == []
    assert mood_of(scene.life.facts, scene.rules, NOON) is None


def test_withdrawn_consent_takes_the_events_along_and_says_nothing():
    """R5.10: scores and what was told of them."""
    scene = hear(play(), *felt(angry=0.9))
    scene.turn(wrote())
    left = ConsentEntry("profiling_emotion", "unsubscribed", NOON + DAY, own_act=True)
    scene.life = replace(scene.life, facts=receive(scene.life.facts, ConsentArrived("ann", left)))
    assert not scene.life.facts.readings
    assert not scene.life.facts.history.named(MOOD_CHANGED)
    assert scene.life.facts.history.named("feedback.received")
    scene.until(NOON + 30 * DAY)
    assert told(scene) == [(NOON, "unknown", "angry")]


def test_a_journey_that_lowers_the_consent_clears_the_moods_too():
    """R5.10: however it was withdrawn."""
    stop = theatre.journey("stop", Update(id="stop", lower_consent=("profiling_emotion",)))
    scene = hear(play(stop), *felt(angry=0.9))
    scene.turn(wrote())
    scene.turn(Event("go", "go", NOON))
    assert any(isinstance(change, ConsentLowered) for _, change in scene.changes)
    assert not scene.life.facts.readings
    assert not scene.life.facts.history.named(MOOD_CHANGED)


@pytest.mark.parametrize("age, starts", [(4 * DAY, False), (2 * DAY, True)])
def test_a_message_too_old_to_start_anything_tells_of_a_mood_that_starts_nothing(age, starts):
    """R1.3."""
    care = theatre.journey("care", theatre.send("mail"), when=MOOD_CHANGED, category="service")
    scene = play(care)
    scene.turn()
    hear(scene, *felt(NOON - age, angry=0.95)).turn(wrote(NOON - age, starts=starts))
    assert [one[2] for one in told(scene)] == ["angry"]
    assert bool(scene.life.entries) is starts


def test_a_turn_that_comes_late_tells_of_it_when_it_was():
    """One turn a day later says the same as one at each instant."""
    at_once = hear(play(), *felt(angry=0.9))
    at_once.turn(wrote())
    at_once.until(NOON + 20 * DAY)
    late = hear(play(), *felt(angry=0.9))
    late.now = NOON + 20 * DAY
    late.turn(wrote())
    assert told(late) == told(at_once)


def test_the_next_change_is_never_missed():
    facts = Facts(ANN, readings=(*felt(angry=0.9), *felt(NOON + DAY, "m2", anxious=0.95)))
    assert next_mood_change(facts, NOON) == NOON + DAY
    last = facts.readings[1].until["medium"] + MICROSECOND
    assert next_mood_change(facts, NOON + DAY) == last
    assert next_mood_change(facts, last) is None
    assert next_mood_change(Facts(ANN), NOON) is None


def test_a_mood_read_later_by_the_runner_is_the_same():
    """`receive` and the turn together, as every runner takes them."""
    scene = play()
    mood = MessageRead("ann", hand_written("m1", NOON, {"angry": 0.9}))
    scene.life = replace(scene.life, facts=receive(scene.life.facts, mood))
    scene.turn(wrote())
    assert [one[2] for one in told(scene)] == ["angry"]


@pytest.mark.parametrize("age, enters", [(4 * DAY, False), (2 * DAY, True)])
def test_a_message_too_old_starts_nothing_by_way_of_a_segment_either(age, enters):
    """R1.3."""
    upset = Segment("upset", Feels(("angry",), "medium", 14 * DAY))
    care = theatre.journey(
        "care", theatre.send("mail"), enter=Enter(Joins("upset")), category="service"
    )
    rules = theatre.rulebook(care, segments=(upset,))
    scene = theatre.Play(rules, Life(Facts(ANN, consents=theatre.agreed("profiling_emotion"))))
    scene.turn()
    scene.until(NOON + MICROSECOND)
    scene.now = NOON + MICROSECOND
    hear(scene, *felt(NOON - age, angry=0.95)).turn(wrote(NOON - age, starts=enters))
    assert "upset" in scene.life.facts.memberships
    assert bool(scene.life.entries) is enters
