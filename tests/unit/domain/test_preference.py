"""What people choose for themselves: a ledger, folded; and what may touch it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.arrival import PersonArrived, PreferenceArrived
from engine.domain.facts import Facts
from engine.domain.person import Person
from engine.domain.preference import Preference, Wishes, language, strictest, wishes
from engine.domain.receiving import receive

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MAY = NOW + 60 * DAY

lines = st.one_of(
    st.builds(
        Preference,
        what=st.just("pause"),
        at=st.integers(0, 4).map(lambda day: NOW - day * DAY),
        active=st.booleans(),
        until=st.sampled_from((NOW - DAY, NOW + DAY, MAY)),
    ),
    st.builds(
        Preference,
        what=st.sampled_from(("pace", "theme")),
        at=st.integers(0, 4).map(lambda day: NOW - day * DAY),
        active=st.booleans(),
        value=st.sampled_from(("spring", "mothers-day")),
    ),
)
ledgers = st.lists(lines, max_size=5).map(tuple)


def test_nothing_said_is_nothing_asked_for() -> None:
    assert wishes(()) == Wishes()
    assert language(()) is None


def test_of_each_thing_the_newest_word_counts() -> None:
    spring, mothers = (
        Preference("theme", NOW - DAY, value=theme) for theme in ("spring", "mothers-day")
    )
    back = Preference("theme", NOW, active=False, value="spring")
    pause = Preference("pause", NOW, until=MAY)
    pace = Preference("pace", NOW - 9 * DAY)
    asked = wishes((back, spring, mothers, pause, pace))
    assert asked == Wishes(True, MAY, frozenset({"mothers-day"}))
    assert wishes((pause, Preference("pause", NOW + DAY, active=False))).paused_until is None


@given(ledger=st.lists(lines, max_size=4))
def test_the_order_in_which_lines_arrive_decides_nothing(ledger: list[Preference]) -> None:
    """As with consent (R5.1): also where two were said at one instant."""
    assert len({repr_of(wishes(order)) for order in permutations(ledger)}) == 1


def repr_of(asked: Wishes) -> str:
    return f"{asked.less_often} {asked.paused_until} {sorted(asked.skipped)}"


def test_of_two_words_of_one_instant_the_one_that_asks_for_less_counts() -> None:
    both = (Preference("pace", NOW), Preference("pace", NOW, active=False))
    assert wishes(both).less_often
    assert wishes(
        (Preference("pause", NOW, until=NOW + DAY), Preference("pause", NOW, until=MAY))
    ).paused_until == MAY  # fmt: skip


@given(one=ledgers, other=ledgers)
def test_where_two_profiles_become_one_nothing_that_either_asked_for_is_lifted(
    one: tuple[Preference, ...], other: tuple[Preference, ...]
) -> None:
    """R5.5, for what is no consent."""
    both = wishes((*one, *other, *strictest(one, other, NOW + DAY, "merged")))
    for alone in (wishes(one), wishes(other)):
        assert both.less_often or not alone.less_often
        assert both.skipped >= alone.skipped
        if alone.paused_until is not None and alone.paused_until > NOW + DAY:
            assert both.paused_until is not None and both.paused_until >= alone.paused_until
    assert strictest(one, (), NOW + DAY, "merged") == ()


def test_an_import_does_not_take_back_the_language_that_somebody_chose() -> None:
    facts = Facts(Person("ann", attributes={"locale": "en"}))
    facts = receive(facts, PreferenceArrived("ann", Preference("language", NOW, value="de")))
    assert facts.person.attributes["locale"] == "de"
    for values in ({"locale": "fr"}, {"locale": None}, {"first_name": "Ann"}):
        facts = receive(facts, PersonArrived("ann", None, None, values, NOW + DAY))
        assert facts.person.attributes["locale"] == "de"
    newer = Preference("language", NOW + DAY, value="nl")
    assert receive(facts, PreferenceArrived("ann", newer)).person.attributes["locale"] == "nl"


def test_the_same_choice_twice_is_one() -> None:
    """R1.4."""
    line = PreferenceArrived("ann", Preference("pace", NOW))
    once = receive(Facts(Person("ann")), line)
    assert receive(once, line) == once
    assert once.wishes().less_often
