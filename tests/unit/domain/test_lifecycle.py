"""Lifecycle stages and their thresholds (R6.1, R6.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.event import Event, History
from engine.domain.lifecycle import (
    LifecycleConfig,
    Standing,
    Thresholds,
    counting_orders,
    gaps,
    learn,
    median,
    next_stage_change,
    own_thresholds,
    stage,
    standing_of,
    thresholds_at,
    with_order,
)

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
START = datetime(2026, 1, 1, 9, tzinfo=UTC)
CONFIG, DEFAULTS = LifecycleConfig(), Thresholds()


def order(day: float, number: str = "", **properties: object) -> Event:
    return Event(number or f"o{day}", "order.placed", START + day * DAY, properties)  # type: ignore[arg-type]


def standing(*days: float) -> Standing:
    return standing_of(History(order(day) for day in days), CONFIG, [])


def stage_on(day: float, own: Standing, thresholds: Thresholds = DEFAULTS) -> str:
    return stage(own, thresholds, CONFIG, START + day * DAY)


def test_a_life_from_lead_to_won_back() -> None:
    """R6.1, to the microsecond."""
    assert stage_on(0, Standing()) == "lead"
    own, soon = standing(0), MICROSECOND / DAY
    at = [(0, "new"), (30 - soon, "new"), (30, "active"), (182, "active"), (182 + soon, "at-risk"),
          (385, "at-risk"), (385 + soon, "lapsed")]  # fmt: skip
    assert [(day, stage_on(day, own)) for day, _ in at] == at
    back = standing(0, 400)
    assert [stage_on(day, back) for day in (400, 459, 460)] == ["won-back", "won-back", "active"]


def test_four_orders_are_loyal_and_at_risk_goes_before() -> None:
    """R6.1"""
    own = standing(0, 10, 20, 29)
    assert stage_on(29, standing(0, 10, 20)) == "new"
    assert stage_on(29, own) == "loyal"
    assert stage_on(29 + 183, own) == "at-risk"


def test_what_was_refunded_cancelled_or_free_does_not_count() -> None:
    """R6.2"""
    history = History(
        [
            order(0, order_id="a", total=20),
            order(1, order_id="b", total=20),
            order(2, order_id=7, total=20),
            order(3, total=0),
            order(4, total=-5),
            order(5, total=20.5),
            order(6),
            Event("r", "order.refunded", START + 9 * DAY, {"order_id": "b"}),
            Event("c", "order.cancelled", START + 9 * DAY, {"order_id": 7.0}),
            Event("x", "order.cancelled", START + 9 * DAY, {}),
        ]
    )
    days = [(event.at - START) // DAY for event in counting_orders(history, CONFIG)]
    assert days == [0, 5, 6]
    assert standing_of(history, CONFIG, []).orders == 3
    assert standing_of(history, CONFIG, [], at=START + 8 * DAY).orders == 5, "not refunded by then"


def test_the_word_before_the_dot_names_what_undoes_an_order() -> None:
    config = LifecycleConfig(order_event="booking.made")
    history = History(
        [
            Event("1", "booking.made", START, {"order_id": "a"}),
            Event("2", "booking.made", START, {"order_id": "b"}),
            Event("3", "booking.cancelled", START, {"order_id": "b"}),
        ]
    )
    assert [event.id for event in counting_orders(history, config)] == ["1"]


def test_a_rhythm_of_their_own_bends_the_thresholds() -> None:
    """R6.2: from four orders on, own median gap over shop median gap, within a half and double."""
    shop = Thresholds(at_risk=100 * DAY, lapsed=200 * DAY, shop_gap=30 * DAY)
    for gap, at_risk, lapsed in ((45, 150, 300), (30, 100, 200), (3, 50, 100), (300, 200, 400)):
        own = standing(*(gap * number for number in range(4)))
        assert own_thresholds(own, shop, CONFIG) == (at_risk * DAY, lapsed * DAY)
        assert own_thresholds(own, DEFAULTS, CONFIG) == (DEFAULTS.at_risk, DEFAULTS.lapsed)
        fixed = LifecycleConfig(fixed=(10 * DAY, 20 * DAY))
        assert own_thresholds(own, shop, fixed) == (10 * DAY, 20 * DAY)
    assert standing(0, 45, 90).own_gap is None


def test_orders_of_one_instant_have_no_gap_between_them() -> None:
    assert gaps([START, START, START + DAY]) == [DAY]
    assert standing(0, 0, 0, 0).own_gap is None


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    assert median([]) is None
    assert median([4 * DAY, DAY, 2 * DAY]) == 2 * DAY
    assert median([4 * DAY, DAY, 2 * DAY, 3 * DAY]) == 2.5 * DAY


def test_the_shop_learns_once_a_hundred_people_bought_twice() -> None:
    """R6.2: the 80th and the 95th of 100 gaps."""
    people = [[number * DAY] for number in range(1, 101)]
    learned = learn([*people, [], []], START)
    assert (learned.at_risk, learned.lapsed) == (80 * DAY, 95 * DAY)
    assert learned.shop_gap == 50.5 * DAY
    assert learned.holds_from == START
    assert "100 gaps between orders of 100 people" in learned.because
    too_few = learn([*people[:99], []], START)
    assert (too_few.at_risk, too_few.lapsed, too_few.shop_gap) == (182 * DAY, 385 * DAY, None)


def test_thresholds_hold_from_their_day_on() -> None:
    """R6.2: recomputable for any past day."""
    first, second = (
        Thresholds(at_risk=days * DAY, holds_from=START + days * DAY) for days in (10, 20)
    )
    found = [
        thresholds_at([first, second], START + day * DAY).at_risk // DAY for day in (9, 10, 20)
    ]
    assert found == [182, 10, 20]


def test_who_won_back_is_judged_by_the_thresholds_of_that_day() -> None:
    """R6.1: a later edit does not rewrite the past."""
    later = Thresholds(at_risk=5 * DAY, lapsed=10 * DAY, holds_from=START + 100 * DAY)
    history = History([order(0), order(50), order(120)])
    own = standing_of(history, CONFIG, [later])
    assert own.won_back_at == START + 120 * DAY
    assert standing_of(History([order(0), order(50)]), CONFIG, [later]).won_back_at is None


days = st.lists(st.integers(0, 900), max_size=8).map(sorted)
learned = st.builds(
    lambda at_risk, more, gap: Thresholds(at_risk * DAY, (at_risk + more) * DAY, gap and gap * DAY),
    st.integers(1, 300), st.integers(0, 300), st.one_of(st.none(), st.integers(1, 100)),
)  # fmt: skip


@given(days, learned)
def test_order_by_order_is_the_same_as_all_at_once(
    bought: list[int], thresholds: Thresholds
) -> None:
    """R6.1: kept up to date, and recomputable."""
    orders = [order(day, f"{number:03}") for number, day in enumerate(bought)]
    own = Standing()
    for number, one in enumerate(orders):
        own = with_order(own, [o.at for o in orders[:number]], one, thresholds, CONFIG)
    assert own == standing_of(History(orders), CONFIG, [replace(thresholds, holds_from=START)])


@given(days, learned, st.integers(0, 2000), st.floats(0, 1, exclude_max=True))
def test_the_stage_stands_until_its_next_change(
    bought: list[int], thresholds: Thresholds, day: int, way: float
) -> None:
    """R1.1: segments on stages are incremental."""
    own = standing_of(
        History(order(d, f"{n:03}") for n, d in enumerate(bought)), CONFIG, [thresholds]
    )
    now = START + day * DAY
    until = next_stage_change(own, thresholds, CONFIG, now)
    end = until - MICROSECOND if until is not None else now + 5000 * DAY
    for instant in (now + (end - now) * way, end):
        assert stage(own, thresholds, CONFIG, instant) == stage(own, thresholds, CONFIG, now)


@pytest.mark.parametrize("total", ["0", True, None])
def test_a_total_that_is_no_number_does_not_make_an_order_worthless(total: object) -> None:
    properties = {} if total is None else {"total": total}
    assert standing_of(History([order(0, **properties)]), CONFIG, []).orders == 1
