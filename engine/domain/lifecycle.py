"""Lifecycle stages from orders, with thresholds from the shop's own gaps (R6.1, R6.2).

All lengths are whole microseconds and all divisions are whole too, so that Python and SQL agree to
the last one. An order counts unless its `total` is a number of zero or below, or an event
`order.refunded` or `order.cancelled` with the same `order_id` is known (the word before the dot is
that of the config's `order_event`). Orders at one and the same instant have no gap between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from engine.domain.event import Event, History, Value
from engine.domain.values import MICROSECOND

STAGES = ("lead", "new", "active", "loyal", "at-risk", "lapsed", "won-back")

RHYTHM_FROM = 4
"""Orders from which a person has a rhythm of their own (R6.2)."""

LEARN_FROM = 100
"""People who bought twice, from which the shop's own gaps count (R6.2)."""


@dataclass(frozen=True, slots=True)
class LifecycleConfig:
    """`lifecycle:` of the config. `fixed` is (at risk, lapsed) where they are not learned."""

    order_event: str = "order.placed"
    fixed: tuple[timedelta, timedelta] | None = None
    new_for: timedelta = timedelta(days=30)
    won_back_for: timedelta = timedelta(days=60)
    loyal_from: int = 4


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What holds from `holds_from` on, until the next ones. `because` is printed with them."""

    at_risk: timedelta = timedelta(days=182)
    lapsed: timedelta = timedelta(days=385)
    shop_gap: timedelta | None = None
    holds_from: datetime | None = None
    because: str = "defaults until 100 people have bought twice"


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's orders in brief, kept up to date with every order; the stage follows from it.

    `own_gap` is the median gap between orders, from four orders on. `won_back_at` is the last order
    that ended `lapsed`, by the thresholds of that day.
    """

    orders: int = 0
    first_order_at: datetime | None = None
    last_order_at: datetime | None = None
    own_gap: timedelta | None = None
    won_back_at: datetime | None = None


# ── the stage of one person ───────────────────────────────────────────────────────────────────


def stage(
    standing: Standing, thresholds: Thresholds, config: LifecycleConfig, now: datetime
) -> str:
    """The stage at `now` (R6.1), one of `STAGES`.

    Who has ordered is lapsed or at risk once the last order lies further back than the threshold;
    else won back, loyal, new or active, the first that fits.
    """
    last = standing.last_order_at
    if last is None:
        return "lead"
    at_risk, lapsed = own_thresholds(standing, thresholds, config)
    age = now - last
    if age > lapsed:
        return "lapsed"
    if age > at_risk:
        return "at-risk"
    if standing.won_back_at is not None and now - standing.won_back_at < config.won_back_for:
        return "won-back"
    if standing.orders >= config.loyal_from:
        return "loyal"
    if standing.first_order_at is not None and now - standing.first_order_at < config.new_for:
        return "new"
    return "active"


def next_stage_change(
    standing: Standing, thresholds: Thresholds, config: LifecycleConfig, now: datetime
) -> datetime | None:
    """The earliest instant after `now` at which time alone may change the stage, or None."""
    last, first = standing.last_order_at, standing.first_order_at
    if last is None:
        return None
    at_risk, lapsed = own_thresholds(standing, thresholds, config)
    edges = [last + at_risk + MICROSECOND, last + lapsed + MICROSECOND]
    if standing.won_back_at is not None:
        edges.append(standing.won_back_at + config.won_back_for)
    if first is not None:
        edges.append(first + config.new_for)
    return min((edge for edge in edges if edge > now), default=None)


def own_thresholds(
    standing: Standing, thresholds: Thresholds, config: LifecycleConfig
) -> tuple[timedelta, timedelta]:
    """(at risk, lapsed) for one person: the shop's, bent to their own rhythm (R6.2).

    The bend is own median gap over shop median gap in whole thousandths, within a half and double;
    it needs a rhythm (four orders) and a shop that has learned. Fixed thresholds do not bend.
    """
    if config.fixed is not None:
        return config.fixed
    if standing.own_gap is None or not thresholds.shop_gap:
        return thresholds.at_risk, thresholds.lapsed
    bend = min(max(standing.own_gap * 1000 // thresholds.shop_gap, 500), 2000)
    return thresholds.at_risk * bend // 1000, thresholds.lapsed * bend // 1000


# ── orders in brief ───────────────────────────────────────────────────────────────────────────


def with_order(
    standing: Standing,
    orders_so_far: Sequence[datetime],
    order: Event,
    thresholds: Thresholds,
    config: LifecycleConfig,
) -> Standing:
    """The standing after one more order, not older than the last; others need `standing_of`.

    `orders_so_far` are the instants of the orders that counted before, oldest first. An order of
    zero or below changes nothing.
    """
    if not _is_worth_something(order):
        return standing
    won_back = stage(standing, thresholds, config, order.at) == "lapsed"
    orders = standing.orders + 1
    rhythm = orders >= RHYTHM_FROM
    return Standing(
        orders=orders,
        first_order_at=standing.first_order_at or order.at,
        last_order_at=order.at,
        own_gap=median(gaps([*orders_so_far, order.at])) if rhythm else None,
        won_back_at=order.at if won_back else standing.won_back_at,
    )


def standing_of(
    history: History,
    config: LifecycleConfig,
    thresholds_history: Sequence[Thresholds],
    at: datetime | None = None,
) -> Standing:
    """The standing recomputed from all that was known at `at` (everything, where it is None).

    `thresholds_history` is in order of `holds_from`; each order is judged by those of its day.
    """
    standing = Standing()
    before: list[datetime] = []
    for order in counting_orders(history, config, at):
        thresholds = thresholds_at(thresholds_history, order.at)
        standing = with_order(standing, before, order, thresholds, config)
        before.append(order.at)
    return standing


def counting_orders(
    history: History, config: LifecycleConfig, at: datetime | None = None
) -> tuple[Event, ...]:
    """The orders that count (see the top of this file) as known at `at`, oldest first."""
    undone = {
        _key(event.properties["order_id"])
        for name in undoing(config.order_event)
        for event in history.named(name)
        if "order_id" in event.properties and (at is None or event.at <= at)
    }
    return tuple(
        order
        for order in history.named(config.order_event)
        if (at is None or order.at <= at)
        and _is_worth_something(order)
        and _key(order.properties.get("order_id")) not in undone
    )


def undoing(order_event: str) -> tuple[str, str]:
    """The events that take an order back."""
    noun = order_event.partition(".")[0]
    return f"{noun}.refunded", f"{noun}.cancelled"


def thresholds_at(thresholds_history: Sequence[Thresholds], at: datetime) -> Thresholds:
    """The thresholds that held at an instant: the last that began by then, else the defaults."""
    held = Thresholds()
    for thresholds in thresholds_history:
        if thresholds.holds_from is None or thresholds.holds_from <= at:
            held = thresholds
    return held


def _is_worth_something(order: Event) -> bool:
    total = order.properties.get("total")
    return isinstance(total, (str, bool, tuple)) or total is None or total > 0


def _key(value: Value | None) -> tuple[type, Value] | None:
    """7 and 7.0 are one order number, 1 and true are not."""
    if value is None:
        return None
    return (float, value) if type(value) is int else (type(value), value)


# ── learning from the shop ────────────────────────────────────────────────────────────────────


def gaps(orders: Sequence[datetime]) -> list[timedelta]:
    """The gaps between orders that are in order of time; none between those of one instant."""
    return [later - earlier for earlier, later in pairwise(orders) if later > earlier]


def median(lengths: Sequence[timedelta]) -> timedelta | None:
    """The middle length, or the mean of the two in the middle; None of none."""
    if not lengths:
        return None
    ranked = sorted(lengths)
    half = len(ranked) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) // 2


def learn(gaps_by_person: Iterable[Sequence[timedelta]], at: datetime) -> Thresholds:
    """The shop's own thresholds from `at` on (R6.2).

    `gaps_by_person` has one sequence a person (see `gaps`), empty ones included. At risk is past the
    80th percentile of all gaps and lapsed past the 95th (nearest rank); the defaults stay until 100
    people have bought twice.
    """
    people = 0
    ranked: list[timedelta] = []
    for own in gaps_by_person:
        people += bool(own)
        ranked.extend(own)
    if people < LEARN_FROM:
        return Thresholds(holds_from=at)
    ranked.sort()
    return Thresholds(
        at_risk=_percentile(ranked, 80),
        lapsed=_percentile(ranked, 95),
        shop_gap=median(ranked),
        holds_from=at,
        because=f"80 and 95 of 100 of the {len(ranked)} gaps between orders of {people} people"
        " who bought again are no longer",
    )


def _percentile(ranked: Sequence[timedelta], per_cent: int) -> timedelta:
    return ranked[-(-len(ranked) * per_cent // 100) - 1]
