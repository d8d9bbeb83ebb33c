"""Comparing how people were treated: the groups, the intervals, and what may be said of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.application.audit import DECISIONS, MOST, NOT_SAID, Tally, audit, beyond_chance
from engine.domain.rate import Rate, between, chance_of


def tally(value: object, people: int, held: int = 0, handed: int = 0, offered: int = 0) -> Tally:
    return Tally(value, people, {"held": held, "handed_off": handed, "offered": offered})


def test_wilson_and_newcombe_give_the_figures_of_the_paper() -> None:
    """R. G. Newcombe (1998), table II: 56/70 less 48/80, method 10, is 0.0524 to 0.3339."""
    low, high = between(Rate(70, 56), Rate(80, 48))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert tuple(round(end, 4) for end in Rate(20, 0).interval) == (0.0, 0.1611)


def test_a_difference_beyond_chance_is_told_once_and_with_its_interval() -> None:
    found = audit("gender", [tally("f", 1000, held=200), tally("m", 1000, held=100)], None, None)
    [(group, decision, compared)] = beyond_chance(found)
    assert (group.name, decision, compared.says) == ("f", "held", "a difference")
    assert compared.low is not None and compared.low > 0
    assert found.groups[1].decisions["held"].says == "a difference", "the mirror image"


def test_so_few_people_that_nothing_can_be_said_are_said_to_be_few() -> None:
    found = audit("gender", [tally("f", 6, held=6), tally("m", 2000, held=10)], None, None)
    assert all(group.decisions["held"].says == "not enough data" for group in found.groups)
    assert beyond_chance(found) == []


def test_many_comparisons_need_more_than_one_of_twenty_by_chance() -> None:
    """Holm: what would pass alone (p about 0.03) does not pass among thirty."""
    odd = tally("odd", 1000, held=128)
    even = [tally(f"town {number}", 1000, held=100) for number in range(9)]
    assert chance_of(Rate(1000, 128), Rate(9000, 900)) < 0.05
    assert beyond_chance(audit("town", [odd, *even], None, None)) == []


def test_those_of_whom_nothing_is_known_are_a_group_of_their_own_and_come_last() -> None:
    found = audit("town", [tally(None, 500), tally("Bonn", 3), tally(True, 2)], None, None)
    assert [group.name for group in found.groups] == ["Bonn", "yes", NOT_SAID]


def test_many_numbers_become_four_bands_and_many_dates_become_decades() -> None:
    ages = audit("age", [tally(age, 1) for age in range(18, 98)], None, None)
    assert [group.name for group in ages.groups] == ["18 to 37", "38 to 57", "58 to 77", "78 to 97"]
    born = [tally(f"19{year}-05-17", 1) for year in range(60, 90)]
    assert {group.name for group in audit("birthday", born, None, None).groups} == {
        "1960s", "1970s", "1980s"
    }  # fmt: skip


def test_who_has_several_values_belongs_to_each_of_them() -> None:
    found = audit("tags", [tally(["vip", "vegan"], 3), tally(["vip"], 4)], None, None)
    assert {group.name: group.people for group in found.groups} == {"vip": 7, "vegan": 3}
    assert found.people == 7


def test_the_smallest_of_very_many_values_are_put_together() -> None:
    found = audit("town", [tally(f"t{number}", 100 - number) for number in range(40)], None, None)
    assert len(found.groups) == MOST
    assert any(group.name == "29 other values" for group in found.groups)


@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()
            ),
            st.integers(1, 500),
            st.integers(0, 500),
        ),
        max_size=30,
    )
)
def test_groups_of_single_values_hold_everybody_once(
    parts: list[tuple[object, int, int]],
) -> None:
    tallies = [tally(value, people, held=min(held, people)) for value, people, held in parts]
    found = audit("any", tallies, None, None)
    assert sum(group.people for group in found.groups) == found.people
    for group in found.groups:
        for decision in DECISIONS:
            compared = group.decisions[decision]
            low, high = compared.rate.interval
            assert (
                0 <= low <= compared.rate.share + 1e-12 and compared.rate.share - 1e-12 <= high <= 1
            )
            assert compared.rate.people + compared.others.people == found.people
