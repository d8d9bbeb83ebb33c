"""Mood beside disposition: who gets better, who gets worse, and of whom nothing was heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood
from engine.domain.trend import feelings

NOW, DAY = datetime(2026, 6, 1, 12, tzinfo=UTC), timedelta(days=1)
CONFIG = EmotionConfig(usual=(0.1,) * 10)


def wrote(days_ago: float, emotion: str) -> MessageMood:
    every = dict.fromkeys(EMOTIONS, 0.02) | {emotion: 0.9}
    return MessageMood(f"{days_ago}", NOW - days_ago * DAY, "ticket", every, 0.9, 12)


BAD_SPRING = [wrote(day, "frustrated") for day in (60, 50, 40)]
GOOD_SPRING = [wrote(day, "satisfied") for day in (60, 50, 40)]


@pytest.mark.parametrize(
    ("moods", "trend"),
    [
        ([*BAD_SPRING, wrote(2, "grateful"), wrote(1, "satisfied")], "recovering"),
        ([*GOOD_SPRING, wrote(1, "angry")], "worsening"),
        ([*GOOD_SPRING, wrote(1, "satisfied")], "steady"),
        (BAD_SPRING, "unknown"),
        ([], "unknown"),
        ([*GOOD_SPRING, wrote(-1, "angry")], "unknown"),
    ],
)
def test_a_trend_is_mood_minus_disposition(moods: list[MessageMood], trend: str) -> None:
    """R6.3: what lies ahead is not known yet, and silence says nothing."""
    assert feelings(moods, CONFIG, NOW).trend == trend


def test_of_somebody_who_wrote_nothing_the_usual_is_known() -> None:
    nobody = feelings([], CONFIG, NOW)
    for one in nobody.each:
        assert (one.mood, one.disposition, one.usual) == pytest.approx((0.1, 0.1, 0.1))
    assert (nobody.heard, nobody.seen) == (0, 0)


def test_an_old_message_is_in_the_disposition_and_no_more_in_the_mood() -> None:
    found = {one.emotion: one for one in feelings(BAD_SPRING, CONFIG, NOW).each}["frustrated"]
    assert found.mood == pytest.approx(0.1, abs=0.02)
    assert found.disposition > 0.3
    assert found.change < -0.2
