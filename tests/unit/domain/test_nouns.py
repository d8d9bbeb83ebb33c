"""The small nouns: lengths, histories, reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.duration import Duration
from engine.domain.event import Event, History
from engine.domain.reasons import Reason

NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)


def test_a_length_looks_back_in_days_of_24_hours() -> None:
    """R2.1."""
    assert Duration(days=2, elapsed=timedelta(hours=1)).look_back == timedelta(hours=49)
    with pytest.raises(ValueError, match="no fixed length"):
        _ = Duration(months=1).look_back


def test_a_history_is_in_order_of_time_and_takes_an_event_once() -> None:
    """R1.4."""
    late, early = Event("2", "a", NOON), Event("1", "b", NOON - timedelta(hours=1))
    twin = Event("0", "a", NOON)
    history = History([late, early])
    assert history.add(late) is history
    longer = history.add(twin)
    assert list(longer) == [early, twin, late]
    assert longer.named("a") == (twin, late)
    assert len(longer) == 3
    assert len(history) == 2, "a history never changes"
    assert longer == History([twin, late, early])
    assert longer != history
    assert "Event(id='1'" in repr(history)
    other_source = Event("2", "a", NOON, source="import")
    assert len(history.add(other_source)) == 3


def test_every_reason_is_explained() -> None:
    """R3.10: a closed list; each is tried again, final, or needs attention."""
    kinds = {reason.kind for reason in Reason}
    assert kinds == {"try again", "final", "needs attention"}
    assert all(reason.meaning.endswith(".") for reason in Reason)
