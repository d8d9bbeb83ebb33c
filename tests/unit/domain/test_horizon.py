"""An answer stands until its horizon (R1.1): what makes segments and goals incremental."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given, settings

from engine.domain import condition as c
from engine.domain.answer import holds
from engine.domain.calendar import midnight
from engine.domain.event import Event, History
from engine.domain.facts import Facts, Rulebook
from engine.domain.horizon import horizon
from engine.domain.lifecycle import next_stage_change
from engine.domain.person import Person
from engine.domain.values import moment_of
from engine.domain.zones import zone_of
from tests.questions import DAY, LENGTHS, MICROSECOND, NONE, NOWS
from tests.worlds import POLICY, World, worlds

FAR = datetime(2200, 1, 1, tzinfo=UTC)


@settings(max_examples=max(500, settings().max_examples))
@given(worlds(people_each=1, conditions_each=10, in_run=True))
def test_no_answer_changes_before_its_horizon(world: World) -> None:
    """R1.1, asked wherever something that the facts hold comes into a window or leaves it."""
    (facts,), rules, now, scope = world.people, world.rules, world.now, world.scope
    turns = turning_points(world, facts)
    for condition in world.conditions:
        answer = holds(condition, facts, rules, now, scope)
        until = horizon(condition, facts, rules, now, scope) or FAR
        assert until > now
        for instant in (now + MICROSECOND, until - MICROSECOND, *turns):
            if now < instant < until:
                assert holds(condition, facts, rules, instant, scope) is answer, instant


def turning_points(world: World, facts: Facts) -> set[datetime]:
    """Instants after the present at which an answer may turn, found without asking any condition."""
    windows = product(instants_of(facts), (NONE, *LENGTHS), (NONE, MICROSECOND))
    points = {at + length + nudge for at, length, nudge in windows}
    zone, _ = zone_of(facts.person, world.rules)
    points |= {midnight((world.now + days * DAY).date(), zone) for days in (1, 2, 7, 8, 31)}
    stage_at: datetime | None = world.now
    while stage_at is not None:
        points.add(stage_at)
        stage_at = next_stage_change(
            facts.standing, world.rules.thresholds, world.rules.lifecycle, stage_at
        )
    return {point for point in points if point > world.now}


def instants_of(facts: Facts) -> Iterator[datetime]:
    for event in facts.history:
        yield event.at
    for reading in facts.readings:
        yield reading.at
        yield from reading.until.values()
    for entry in facts.consents:
        yield entry.at
        if entry.expires_at is not None:
            yield entry.expires_at
    yield from facts.memberships.values()
    own = facts.standing
    if own.last_order_at is not None and own.own_gap is not None:
        for thousandths in (0, 500, 1000, 2000, 2333):
            yield own.last_order_at + own.own_gap * thousandths // 1000
    for value in facts.person.attributes.values():
        moment = moment_of(value) if isinstance(value, str) else None
        if isinstance(moment, datetime):
            yield moment
            for length in LENGTHS:
                yield moment - length - MICROSECOND


def test_the_horizon_is_the_very_instant_where_that_is_cheap() -> None:
    """R1.1: a person is asked again when the answer may change, not every night until then."""
    now = NOWS[0]
    rules = Rulebook({}, {}, (), POLICY, {}, company_zone="Europe/Berlin")
    orders = [Event(str(n), "order.placed", now - days * DAY) for n, days in enumerate((9, 5, 2))]
    facts = Facts(Person("1", attributes={"birthday": "1984-12-24"}), History(orders))
    two_in_a_month = c.Did("order.placed", times=2, within=30 * DAY)
    quiet = c.Did("order.placed", c.Op.AT_MOST, 0, within=30 * DAY)
    birthday = c.Attribute("birthday", c.WithinNext(7 * DAY, yearly=True))
    berlin = timedelta(hours=1)
    for condition, until in (
        (two_in_a_month, now + 25 * DAY),
        (quiet, now + 28 * DAY),
        (c.Did("order.placed"), None),
        (c.Did("app.opened", within=DAY), None),
        (birthday, datetime(2026, 12, 17, tzinfo=UTC) - berlin),
        (c.All((two_in_a_month, c.AnyOf(()))), None),
        (c.AnyOf((birthday, c.Not(c.InSegment("unheard-of")))), None),
    ):
        assert horizon(condition, facts, rules, now) == until
