"""`segment why`: each condition in the marketer's words, with what was found."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings

from engine.application.evidence import evidence
from engine.domain import condition as c
from engine.domain.answer import holds
from engine.domain.event import Event, History
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Policy
from engine.domain.person import Person
from engine.domain.segment import Segment
from tests.worlds import World, worlds

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
RULES = Rulebook({}, {}, (), Policy(categories={}), {})


@settings(max_examples=100)
@given(world=worlds(people_each=2, conditions_each=2))
def test_the_evidence_of_any_condition_gives_the_answer_that_decides(world: World):
    for facts in world.people:
        for condition in world.conditions:
            found = evidence(condition, facts, world.rules, world.now)
            assert found.holds == holds(condition, facts, world.rules, world.now)
            assert found.words


def test_each_part_says_what_was_found():
    orders = [Event(str(n), "order.placed", NOW - timedelta(days=n)) for n in (1, 2, 40)]
    person = Person("a", attributes={"plan": "trial"})
    facts = Facts(person, history=History(orders))
    often = c.Did("order.placed", times=3, within=timedelta(days=30))
    rules = Rulebook(
        {},
        {"often": Segment("often", often)},
        (),
        Policy(categories={}),
        {},
    )
    plan, seats = (c.Attribute(name, c.IsSet()) for name in ("plan", "seats"))
    found = evidence(c.All((plan, c.Not(seats), c.InSegment("often"))), facts, rules, NOW)
    has_plan, no_seats, segment = found.parts
    assert (has_plan.holds, has_plan.found) == (True, "it is trial")
    assert (no_seats.holds, no_seats.found) == (True, "there is none")
    [inner] = segment.parts
    assert (inner.holds, inner.found) == (False, "2: 2026-03-03 09:00, 2026-03-02 09:00")


def test_a_member_who_stays_for_a_while_is_told_until_when():
    """R1.7."""
    rules = Rulebook(
        {},
        {"lucky": Segment("lucky", c.AnyOf(()), stay_at_least=timedelta(days=2))},
        (),
        Policy(categories={}),
        {},
    )
    facts = Facts(Person("a"), memberships={"lucky": NOW - timedelta(days=1)})
    found = evidence(c.InSegment("lucky"), facts, rules, NOW)
    assert found.holds
    assert found.found == "came in 2026-03-03 09:00 and stays until 2026-03-05 09:00"
