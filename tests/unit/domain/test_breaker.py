"""When a journey stops by itself (sending facts: SendGrid's ceiling, Gmail's line)."""

from __future__ import annotations

import pytest

from engine.domain.breaker import Breakers, Returned, is_blocked, trips


@pytest.mark.parametrize(
    "returned, stops",
    [
        (Returned(sent=1000, hard=50), False),
        (Returned(sent=1000, hard=51), True),
        (Returned(sent=99, hard=99), False),
        (Returned(sent=1000, complaints=2), False),
        (Returned(sent=2999, complaints=3), True),
        (Returned(sent=3000, complaints=3), False),
        (Returned(sent=1000, blocked=900), False),
    ],
)
def test_a_journey_stops_at_its_rates_and_not_before_they_mean_anything(
    returned: Returned, stops: bool
) -> None:
    assert (trips(returned, Breakers()) is not None) is stops


def test_a_shop_sets_its_own_rates() -> None:
    assert trips(Returned(sent=1000, hard=20), Breakers(hard_bounces=100)) is not None


def test_a_provider_that_turns_a_tenth_away_is_left_alone_for_a_while() -> None:
    assert is_blocked(Returned(sent=40, blocked=5))
    assert not is_blocked(Returned(sent=50, blocked=5))
    assert not is_blocked(Returned(sent=10, blocked=4))
