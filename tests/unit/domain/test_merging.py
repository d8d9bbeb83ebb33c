"""Two profiles of one human: whose run goes on, and what they have agreed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.consent import ConsentEntry
from engine.domain.journey import (
    Enter,
    Journey,
    Priority,
    Send,
    Status,
    WhenEvent,
)
from engine.domain.merging import ended, going_on, left, rivals
from engine.domain.reasons import Reason
from engine.domain.run import Postponed, Run

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_run_that_has_sent_the_most_goes_on() -> None:
    """R1.5, R2.10: so that nobody begins again."""
    further = _run("o", "1", sent={"a": NOW, "b": NOW})
    older = replace(_run("k", "2", sent={"a": NOW}), entered_at=NOW - 9 * DAY)
    assert rivals([older, further], {}, "k") == [(further, (older,))]


def test_of_two_that_are_equally_far_the_older_one_goes_on_and_else_the_keepers() -> None:
    one, two = _run("k", "2"), _run("o", "1")
    assert rivals([two, one], {}, "k") == [(one, (two,))]
    older = replace(two, entered_at=NOW - DAY)
    assert rivals([one, older], {}, "k") == [(older, (one,))]


def test_runs_that_have_ended_and_other_journeys_are_no_rivals() -> None:
    over = replace(_run("o", "1"), ended_at=NOW)
    other = replace(_run("o", "3"), journey="another")
    assert rivals([_run("k", "2"), over, other], {}, "k") == []


def test_a_journey_with_one_run_per_order_keeps_a_run_of_each_order() -> None:
    """R1.5: `one_run_per`"""
    enter = Enter(WhenEvent("order.placed"), one_run_per="event.order_id")
    journeys = {"weekly": replace(_JOURNEY, enter=enter)}
    one, two, same = _run("k", "order-1"), _run("o", "order-2"), _run("o", "order-1")
    assert rivals([one, two], journeys, "k") == []
    assert rivals([one, same], journeys, "k") == [(one, (same,))]


def test_what_the_other_run_has_sent_is_not_sent_again() -> None:
    """R2.10: also a mail that waits at the gate; one that was stopped on its way may still be sent."""
    waits = Postponed(NOW, (Reason.QUIET_HOURS,), NOW)
    run = replace(_run("k", "1", sent={"a": NOW}), step="b", postponed=waits, wake_at=NOW + DAY)
    other = _run("o", "2", sent={"a": NOW - DAY, "b": NOW, "c": NOW})
    goes_on = going_on(run, [other], {(other.id, "c")})
    assert goes_on.sent == {"a": NOW, "b": NOW}
    assert (goes_on.postponed, goes_on.wake_at) == (None, None)
    assert going_on(run, [other], {(other.id, "b"), (other.id, "c")}).postponed == waits


def test_a_run_that_ends_says_why() -> None:
    run = ended(_run("o", "1"), NOW)
    assert (run.live, run.because, run.step, run.ended_at) == (False, "merged", None, NOW)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("news", "express"), ("news", "unsubscribed"), ["news"]),
        (("news", "unsubscribed"), ("news", "express"), ["news"]),
        (("news", "express"), ("*", "unsubscribed"), ["*", "news"]),
        (("news", "express"), ("news", "pending"), []),
        (("news", "express"), ("other", "unsubscribed"), []),
        (("profiling_emotion", "express"), ("profiling_emotion", "unsubscribed"), ["profiling_emotion"]),
    ],
)  # fmt: skip
def test_whoever_had_left_on_either_side_has_left(
    one: tuple[str, str], other: tuple[str, str], expected: list[str]
) -> None:
    """R5.5: merges keep or lower, never raise, whichever act is the newer one."""
    newer = ConsentEntry(one[0], one[1], NOW, own_act=True)  # type: ignore[arg-type]
    older = ConsentEntry(other[0], other[1], NOW - DAY, own_act=True)  # type: ignore[arg-type]
    for first, second in (([newer], [older]), ([older], [newer])):
        lines = left(first, second, NOW)
        assert {line.topic for line in lines} <= set(expected)
        assert all(line.state == "unsubscribed" and line.at == NOW for line in lines)
        united = [*first, *second, *lines]
        for topic in expected:
            assert not left(united, [older], NOW + DAY), topic


_JOURNEY = Journey(
    "weekly",
    "v1",
    Status.LIVE,
    "news",
    Priority.NORMAL,
    Enter(WhenEvent("order.placed")),
    {"a": Send(id="a", mail="weekly/a")},
    "a",
)


def _run(person: str, key: str, sent: dict[str, datetime] | None = None) -> Run:
    return Run(
        f"run-{key}", "weekly", person, key, NOW, "v1", "a", NOW, sent={} if sent is None else sent
    )
