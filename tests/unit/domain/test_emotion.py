"""Readings of moods and how long they count (R6.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.emotion import EmotionConfig, by_hand, reading

AT, WEEK = datetime(2026, 3, 1, tzinfo=UTC), timedelta(days=7)
CONFIG = EmotionConfig(levels={"low": 0.2, "medium": 0.4, "high": 0.8})


def test_a_reading_is_halved_every_half_life() -> None:
    found = reading("angry", AT, 0.8, CONFIG)
    assert found.until == {"high": AT, "medium": AT + WEEK, "low": AT + 2 * WEEK}


def test_a_reading_holds_only_levels_that_it_reached() -> None:
    assert reading("angry", AT, 0.79, CONFIG).until.keys() == {"low", "medium"}
    assert reading("angry", AT, 0.19, CONFIG).until == {}


@pytest.mark.parametrize(("level", "middle"), [("low", 0.3), ("medium", 0.6), ("high", 0.9)])
def test_a_mood_written_by_hand_stands_in_the_middle_of_its_level(
    level: str, middle: float
) -> None:
    assert by_hand(level, CONFIG) == pytest.approx(middle)
    assert level in reading("angry", AT, by_hand(level, CONFIG), CONFIG).until
