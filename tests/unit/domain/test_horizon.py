"""An answer stands until its horizon (R1.1): what makes segments and goals incremental."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings

from engine.domain.answer import holds
from engine.domain.horizon import horizon
from tests.worlds import World, worlds

MICROSECOND = timedelta(microseconds=1)
FAR = datetime(2200, 1, 1, tzinfo=UTC)


@settings(max_examples=max(500, settings().max_examples))
@given(worlds(people_each=1, conditions_each=3, in_run=True))
def test_no_answer_changes_before_its_horizon(world: World) -> None:
    """R1.1, asked at the last moment before the horizon and at edges on the way there."""
    (facts,), rules, now, scope = world.people, world.rules, world.now, world.scope
    for condition in world.conditions:
        answer = holds(condition, facts, rules, now, scope)
        until = horizon(condition, facts, rules, now, scope) or FAR
        assert until > now
        for instant in (now + MICROSECOND, until - MICROSECOND, *world.later):
            if now < instant < until:
                assert holds(condition, facts, rules, instant, scope) is answer, instant
