"""Lifecycle thresholds over time, so that a stage can be worked out for any past day (R6.2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db.stored import instant, length, length_micros, micros
from engine.domain.lifecycle import Thresholds


def record_thresholds(connection: Connection, thresholds: Thresholds, now: datetime) -> None:
    """Keep thresholds from `holds_from` (else `now`) on; the same day again replaces them."""
    connection.execute(
        sql(
            "INSERT INTO threshold (holds_from, at_risk, lapsed, shop_gap, because)"
            " VALUES (:holds_from, :at_risk, :lapsed, :shop_gap, :because)"
            " ON CONFLICT (holds_from) DO UPDATE SET at_risk = excluded.at_risk,"
            " lapsed = excluded.lapsed, shop_gap = excluded.shop_gap, because = excluded.because"
        ),
        {
            "holds_from": micros(thresholds.holds_from or now),
            "at_risk": length_micros(thresholds.at_risk),
            "lapsed": length_micros(thresholds.lapsed),
            "shop_gap": length_micros(thresholds.shop_gap),
            "because": thresholds.because,
        },
    )


def thresholds_at(connection: Connection, at: datetime) -> Thresholds:
    """The thresholds in use at an instant; the defaults before any were learned."""
    found = connection.execute(
        sql(
            "SELECT holds_from, at_risk, lapsed, shop_gap, because FROM threshold"
            " WHERE holds_from <= :at ORDER BY holds_from DESC LIMIT 1"
        ),
        {"at": micros(at)},
    ).first()
    if found is None:
        return Thresholds()
    holds_from, at_risk, lapsed, shop_gap, because = found
    return Thresholds(
        at_risk=length(at_risk),
        lapsed=length(lapsed),
        shop_gap=length(shop_gap),
        holds_from=instant(holds_from),
        because=because,
    )
