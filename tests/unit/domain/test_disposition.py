"""The slow clock: order of arrival is nothing to it, and what comes in decides when it ends (R6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.disposition import (
    NOBODY,
    Profile,
    at,
    fold,
    profile_of,
    shares,
    usual,
)
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood

START, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(days=1)
CONFIG = EmotionConfig(usual=(0.1,) * 10)


def wrote(
    day: float, emotion: str = "angry", p: float = 0.9, *, thread: str = "", words: int = 9
) -> MessageMood:
    """A ticket that is about one emotion and a little of each other."""
    every = dict.fromkeys(EMOTIONS, 0.03) | {emotion: p}
    return MessageMood(f"{day}{emotion}", START + day * DAY, "ticket", every, 0.9, words, thread)


def lift(profile: Profile, emotion: str, now: datetime) -> float:
    later = at(profile, now, CONFIG)
    place = EMOTIONS.index(emotion)
    return shares(later, CONFIG)[place] / usual(later.seen, CONFIG)[place]


messages = st.lists(
    st.builds(
        lambda hours, emotion, p, confidence, source, words, thread, number: MessageMood(
            f"m{number}", START + hours * timedelta(hours=1), source,
            dict.fromkeys(EMOTIONS, 0.05) | {emotion: p}, confidence, words, thread,
        ),
        hours=st.integers(0, 2000) | st.integers(0, 30),
        emotion=st.sampled_from(EMOTIONS),
        p=st.floats(0, 1),
        confidence=st.floats(0, 1),
        source=st.sampled_from(["ticket", "review", "forward", "survey"]),
        words=st.integers(0, 20),
        thread=st.sampled_from(["", "t1", "t2"]),
        number=st.integers(0, 10**6),
    ),
    max_size=12,
    unique_by=lambda mood: mood.message,
)  # fmt: skip


@given(messages, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_profile(found: list[MessageMood], chance) -> None:
    """R6.3: message by message, where each that is late is worked in among the others."""
    known: list[MessageMood] = []
    profile = NOBODY
    for mood in chance.sample(found, len(found)):
        known.append(mood)
        new = profile.is_before(mood)
        profile = fold(profile, mood, CONFIG) if new else profile_of(known, CONFIG)
    assert profile == profile_of(found, CONFIG)


@given(messages, st.data())
def test_a_message_that_is_erased_might_never_have_been(
    found: list[MessageMood], data: st.DataObject
) -> None:
    """R6.3, R5.9: what was in between is gone, too, whatever it had decided."""
    erased = data.draw(st.sampled_from(found)) if found else None
    left = [mood for mood in found if mood is not erased]
    gone = profile_of([mood for mood in reversed(found) if mood is not erased], CONFIG)
    assert gone == profile_of(left, CONFIG)


@given(messages)
def test_the_sums_are_those_of_the_definition(found: list[MessageMood]) -> None:
    """mood.md 5.4: N = sum w 2^(-age / h) and S_k = sum w p_k 2^(-age / h), at most 3 a thread and day."""
    from engine.domain.profile import weight

    profile = profile_of(found, CONFIG)
    if profile.at is None:
        return
    groups: dict[object, float] = {}

    def place(mood: MessageMood) -> object:
        return (mood.source, mood.thread, mood.at.date()) if mood.thread else mood.message

    for mood in found:
        groups[place(mood)] = groups.get(place(mood), 0) + weight(mood, CONFIG)
    seen, sums = 0.0, dict.fromkeys(EMOTIONS, 0.0)
    for mood in found:
        age = (profile.at - mood.at) / CONFIG.disposition_half_life
        counts = weight(mood, CONFIG) * min(1, 3 / (groups[place(mood)] or 1)) * 2**-age
        seen += counts
        for emotion in EMOTIONS:
            sums[emotion] += counts * mood.probabilities[emotion]
    assert sum(profile.seen.values()) == pytest.approx(seen, abs=1e-9)
    assert profile.sums == pytest.approx(tuple(sums.values()), abs=1e-9)


def test_one_message_is_no_disposition_and_two_are() -> None:
    assert profile_of([wrote(0)], CONFIG).disposition is None
    found = profile_of([wrote(0), wrote(10)], CONFIG).disposition
    assert found is not None
    assert (found.emotion, found.since) == ("angry", START + 10 * DAY)


def test_it_ends_at_the_instant_at_which_its_lift_falls_below_the_bound() -> None:
    profile = profile_of([wrote(0), wrote(10)], CONFIG)
    held = profile.disposition
    assert held is not None
    assert held.until > START + 100 * DAY
    assert lift(profile, "angry", held.until - DAY) > CONFIG.hysteresis.leaves_at
    assert lift(profile, "angry", held.until) == pytest.approx(CONFIG.hysteresis.leaves_at)
    assert held.holds(held.until - DAY)
    assert not held.holds(held.until)


def test_it_lasts_three_days_whatever_comes() -> None:
    calm = [wrote(10 + n / 10, "satisfied", 0.97) for n in range(1, 25)]
    angry = [wrote(0), wrote(10)]
    held = profile_of([*angry, *calm], CONFIG).disposition
    assert held is not None
    assert (held.emotion, held.until) == ("angry", START + 13 * DAY)
    later = profile_of([*angry, *calm, wrote(13.5, "satisfied", 0.97)], CONFIG).disposition
    assert later is not None
    assert later.emotion == "satisfied"


def test_it_gives_way_only_to_what_is_much_stronger() -> None:
    held = [wrote(0), wrote(10)]
    one_other = profile_of([*held, wrote(20, "anxious")], CONFIG).disposition
    assert one_other is not None
    assert one_other.emotion == "angry"
    others = [wrote(day, "anxious", 0.95) for day in (20, 30, 40, 50, 60)]
    much = profile_of([*held, *others], CONFIG).disposition
    assert much is not None
    assert much.emotion == "anxious"


def test_one_angry_thread_is_not_ten_angry_customers() -> None:
    thread = [replace(wrote(n / 100, thread="t"), message=f"m{n}") for n in range(20)]
    profile = profile_of(thread, CONFIG)
    assert sum(profile.seen.values()) == pytest.approx(3, abs=0.01)


def test_what_is_usual_of_a_source_is_what_is_usual_there() -> None:
    """A review is often angry; then a little anger in reviews says nothing."""
    there = (0.8, *(0.1,) * 9)
    config = replace(CONFIG, base_rates={"ticket": there})
    assert usual(profile_of([wrote(0)], config).seen, config) == pytest.approx(there)
    assert profile_of([wrote(0), wrote(10)], config).disposition is None
