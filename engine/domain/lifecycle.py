"""Lifecycle stages from orders, with thresholds from the shop's own gaps (R6.1, R6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

STAGES = ("lead", "new", "active", "loyal", "at-risk", "lapsed", "won-back")


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
    that ended `lapsed`, by the thresholds of that day. `disposition` is the slow emotional estimate.
    """

    orders: int = 0
    first_order_at: datetime | None = None
    last_order_at: datetime | None = None
    own_gap: timedelta | None = None
    won_back_at: datetime | None = None
