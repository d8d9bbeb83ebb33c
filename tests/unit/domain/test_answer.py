"""What each condition means, by example (`language.md`, Conditions)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.domain import condition as c
from engine.domain.answer import consent_of, holds, persona_of, same_value, stage_of
from engine.domain.condition import Op
from engine.domain.consent import ConsentEntry
from engine.domain.disposition import Disposition
from engine.domain.emotion import EmotionConfig, reading
from engine.domain.event import Event, History, Value
from engine.domain.facts import Facts, Rulebook, Scope
from engine.domain.journey import Category, Class, Policy
from engine.domain.lifecycle import Standing
from engine.domain.person import Person
from engine.domain.segment import Persona, Segment
from tests.laws import LAW

DAY, HOUR, MICROSECOND = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
NOW = datetime(2027, 3, 20, 12, tzinfo=UTC)
RULES = Rulebook({}, {}, (), Policy({}), {}, company_zone="America/New_York")
AGREED = (ConsentEntry("profiling_emotion", "express", NOW - 100 * DAY),)


def person(**attributes: Value) -> Facts:
    return Facts(Person("1", "Ann@Cozy.example", "ann@cozy.example", attributes))


def happened(*events: Event) -> Facts:
    return Facts(Person("1"), History(events))


def event(name: str, ago: timedelta, number: str = "1", **properties: Value) -> Event:
    return Event(number, name, NOW - ago, properties)


def asks(name: str, test: c.Test, **attributes: Value) -> bool:
    return holds(c.Attribute(name, test), person(**attributes), RULES, NOW)


# ── values ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "literal", "equal"),
    [
        ("trial", "trial", True), ("trial", "Trial", False), ("3", "3", True), ("3", "3.0", False),
        (3, "3", True), (3.0, "3", True), (3, "3.0", True), (-0.5, "-0.5", True), (7, "007", False),
        (1000, "1e3", False), (1000, "1_000", False), (2**53 + 1, str(2**53), False),
        (True, "yes", True), (True, "true", True), (True, "1", False), (True, "Yes", False),
        (False, "no", True), (False, "false", True), (0, "no", False), (1, "yes", False),
        (("a", "b"), "b", True), (("a", "b"), "c", False), ((), "", False),
    ],
)  # fmt: skip
def test_a_value_equals_a_literal_as_written(value: Value, literal: str, equal: bool) -> None:
    assert same_value(value, literal) is equal
    assert asks("plan", c.OneOf(("other", literal)), plan=value) is equal


def test_a_missing_value_answers_no_and_not_turns_it_round() -> None:
    for test in (c.OneOf(("",)), c.Compare(Op.LESS_THAN, 5), c.IsSet(), c.TextTest("contains", "")):
        assert not asks("plan", test)
        assert holds(c.Not(c.Attribute("plan", test)), person(), RULES, NOW)


@pytest.mark.parametrize(
    ("value", "is_set"), [("", False), ((), False), (0, True), (False, True), ("x", True)]
)
def test_an_empty_text_and_an_empty_list_are_not_set(value: Value, is_set: bool) -> None:
    assert asks("plan", c.IsSet(), plan=value) is is_set


def test_numbers_are_compared_and_nothing_else() -> None:
    assert asks("seats", c.Compare(Op.AT_LEAST, 3), seats=3)
    assert not asks("seats", c.Compare(Op.MORE_THAN, 3), seats=3)
    assert asks("seats", c.Between(1, 3), seats=1)
    for value in ("3", True, ("3",), float("nan"), float("inf")):
        assert not asks("seats", c.Compare(Op.AT_LEAST, 0), seats=value)


def test_text_is_compared_exactly_case_included() -> None:
    assert asks("plan", c.TextTest("starts_with", "tri"), plan="trial")
    assert not asks("plan", c.TextTest("starts_with", "Tri"), plan="trial")
    assert asks("tags", c.TextTest("ends_with", "b"), tags=("a", "ab"))
    assert not asks("plan", c.TextTest("contains", "%"), plan="trial")


def test_addresses_are_compared_in_their_normal_form() -> None:
    assert asks("email", c.TextTest("ends_with", "@cozy.example"))
    assert not holds(c.Attribute("email", c.IsSet()), Facts(Person("1")), RULES, NOW)


# ── dates ─────────────────────────────────────────────────────────────────────────────────────


def test_within_is_open_in_the_past_and_closed_now() -> None:
    """`within: W` is `(now - W, now]`."""
    for ago, inside in (
        (DAY, False),
        (DAY - MICROSECOND, True),
        (0 * DAY, True),
        (-MICROSECOND, False),
    ):
        at = (NOW - ago).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        assert asks("signed_up_at", c.Within(DAY), signed_up_at=at) is inside


def test_a_bare_date_is_its_midnight_where_the_person_lives() -> None:
    """20 March begins at 04:00 UTC in New York and at 23:00 UTC the day before in Berlin."""
    four, eleven = NOW.replace(hour=4), NOW.replace(day=19, hour=23)
    for zone, midnight in (("America/New_York", four), ("Europe/Berlin", eleven)):
        facts = person(signed_up_at="2027-03-20", time_zone=zone)
        condition = c.Attribute("signed_up_at", c.Within(DAY))
        assert holds(condition, facts, RULES, midnight)
        assert not holds(condition, facts, RULES, midnight - MICROSECOND)


def test_before_and_after_a_date_leave_out_the_whole_day() -> None:
    for at, before, after in (
        ("2027-03-20T03:59:59.999999Z", True, False), ("2027-03-20T04:00:00.000000Z", False, False),
        ("2027-03-21T03:59:59.999999Z", False, False), ("2027-03-21T04:00:00.000000Z", False, True),
        ("2027-03-19", True, False), ("2027-03-20", False, False), ("2027-03-21", False, True),
    ):  # fmt: skip
        assert asks("d", c.Before(date(2027, 3, 20)), d=at) is before, at
        assert asks("d", c.After(date(2027, 3, 20)), d=at) is after, at


def test_after_an_instant_means_from_it_on_and_a_naive_one_is_a_wall_time() -> None:
    for moment in (NOW, datetime(2027, 3, 20, 8)):
        assert asks("d", c.After(moment), d="2027-03-20T12:00:00.000000Z")
        assert not asks("d", c.Before(moment), d="2027-03-20T12:00:00.000000Z")
        assert asks("d", c.Before(moment), d="2027-03-20")


@pytest.mark.parametrize(
    "text", ["2027-02-30", "2027-3-20", "20270320", "tomorrow", "2027-03-20T12:00Z"]
)
def test_what_is_no_date_is_in_no_window(text: str) -> None:
    for test in (
        c.Within(99 * DAY),
        c.Before(date(9999, 1, 1)),
        c.After(date(1, 1, 1)),
        c.WithinNext(366 * DAY, True),
    ):
        assert not asks("d", test, d=text)


def test_a_birthday_within_the_next_week_counts_today_and_the_last_day() -> None:
    for born, near in (
        ("1990-03-19", False),
        ("1990-03-20", True),
        ("2030-03-27", True),
        ("1990-03-28", False),
    ):
        assert asks("birthday", c.WithinNext(7 * DAY, yearly=True), birthday=born) is near


def test_born_on_29_february_is_celebrated_on_the_28th_in_other_years() -> None:
    """R4.6"""
    soon = c.Attribute("birthday", c.WithinNext(0 * DAY, yearly=True))
    facts = person(birthday="1984-02-29")
    asked = {
        day: holds(soon, facts, RULES, day.replace(hour=12))
        for day in (datetime(2027, 2, 28, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC),
                    datetime(2028, 2, 28, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC))
    }  # fmt: skip
    assert list(asked.values()) == [True, False, False, True]


# ── events ────────────────────────────────────────────────────────────────────────────────────


def test_a_count_looks_back_over_its_window_and_never_ahead() -> None:
    facts = happened(*(event("a", ago * DAY, str(ago)) for ago in (-1, 0, 1, 7)))
    for within, count in ((None, 3), (7 * DAY, 2), (7 * DAY + MICROSECOND, 3), (DAY, 1)):
        for op, times in ((Op.EXACTLY, count), (Op.AT_LEAST, count), (Op.AT_MOST, count)):
            assert holds(c.Did("a", op, times, within), facts, RULES, NOW)
        assert not holds(c.Did("a", Op.MORE_THAN, count, within), facts, RULES, NOW)
    assert holds(c.Did("never", Op.AT_MOST, 0), facts, RULES, NOW)


def test_sums_are_exact() -> None:
    facts = happened(
        *(event("a", DAY, str(n), total=0.1) for n in range(3)), event("a", DAY, "x", total="9")
    )
    assert holds(c.TotalOf("a", "total", Op.AT_LEAST, 0.3), facts, RULES, NOW)
    assert not holds(c.TotalOf("a", "total", Op.MORE_THAN, 0.3), facts, RULES, NOW)


def test_where_asks_every_property_and_negated_ones_like_missing_values() -> None:
    facts = happened(event("a", DAY, plan="trial", total=50))
    at_least_50 = c.PropertyTest("total", c.Compare(Op.AT_LEAST, 50))
    no_coupon = c.PropertyTest("coupon", c.OneOf(("XMAS",)), negated=True)
    no_total = c.PropertyTest("total", c.IsSet(), negated=True)
    assert holds(c.Did("a", where=(at_least_50, no_coupon)), facts, RULES, NOW)
    assert not holds(c.Did("a", where=(at_least_50, no_total)), facts, RULES, NOW)


ENTRY = event("incident.affected", 2 * DAY, "entry", incident_id="i1")


@pytest.mark.parametrize(("incident", "same"), [("i1", True), ("i2", False), (None, False)])
def test_same_compares_with_the_entry_event(incident: str | None, same: bool) -> None:
    """R1.6, scenario 22."""
    properties: dict[str, Any] = {} if incident is None else {"incident_id": incident}
    facts = happened(ENTRY, event("incident.resolved", DAY, **properties))
    resolved = c.Did("incident.resolved", same="incident_id")
    assert holds(resolved, facts, RULES, NOW, Scope(ENTRY, ENTRY.at)) is same
    assert not holds(resolved, facts, RULES, NOW), "outside a run there is no entry event"


def test_in_goals_only_events_since_the_entry_count_and_the_entry_event_does_not() -> None:
    """R1.6, R1.8: at the very instant of the entry another event counts."""
    before, same_instant = event("a", 2 * DAY + MICROSECOND, "0"), event("a", 2 * DAY, "1")
    entry = event("a", 2 * DAY, "entry")
    scope = Scope(entry, entry.at, since_entry=True)
    for events, done in (((before, entry), False), ((entry, same_instant), True)):
        assert holds(c.Did("a"), happened(*events), RULES, NOW, scope) is done


def test_in_goals_within_runs_from_the_entry() -> None:
    """R1.8: day 3 after an entry 10 days ago is within 3 days, and stays so."""
    scope = Scope(entered_at=NOW - 10 * DAY, since_entry=True, from_entry=True)
    for ago, done in (
        (7 * DAY, True),
        (7 * DAY - MICROSECOND, False),
        (10 * DAY, True),
        (11 * DAY, False),
    ):
        assert (
            holds(c.Did("a", within=3 * DAY), happened(event("a", ago)), RULES, NOW, scope) is done
        )


def test_event_properties_are_read_from_the_entry_event_alone() -> None:
    condition = c.Attribute("incident_id", c.OneOf(("i1",)), of="entry")
    assert holds(condition, person(), RULES, NOW, Scope(ENTRY))
    assert not holds(condition, person(incident_id="i1"), RULES, NOW)


def test_a_ticket_is_open_until_it_is_solved() -> None:
    opened = event("ticket.opened", 2 * DAY, ticket="t1")
    for solved, is_open in (
        (None, True), (event("ticket.solved", DAY, ticket="t2"), True),
        (event("ticket.solved", 3 * DAY, ticket="t1"), True),
        (event("ticket.solved", DAY, ticket="t1"), False),
        (event("ticket.solved", -DAY, ticket="t1"), True),
    ):  # fmt: skip
        events = (opened,) if solved is None else (opened, solved)
        assert holds(c.OpenTicket(), happened(*events), RULES, NOW) is is_open


# ── moods, stages, personas, segments, consent ────────────────────────────────────────────────


def mood(*consents: ConsentEntry) -> Facts:
    config = EmotionConfig(levels={"low": 0.2, "medium": 0.4, "high": 0.8})
    angry = reading("angry", NOW - 10 * DAY, 0.8, config)  # medium for 7 days, low for 14
    held = Disposition("angry", NOW - 10 * DAY, NOW + 20 * DAY)
    return Facts(Person("1"), readings=(angry,), disposition=held, consents=consents)


def test_a_mood_counts_if_the_level_was_reached_at_some_moment_of_the_window() -> None:
    """R6.3"""
    for level, within, felt in (("medium", 3 * DAY, False), ("medium", 3 * DAY + MICROSECOND, True),
                                ("low", DAY, True), ("high", 11 * DAY, True)):  # fmt: skip
        assert holds(c.Feels(("sad", "angry"), level, within), mood(*AGREED), RULES, NOW) is felt
    assert not holds(c.MoodUnknown(7 * DAY), mood(*AGREED), RULES, NOW)
    assert holds(c.MoodUnknown(7 * DAY), mood(*AGREED), RULES, NOW + 30 * DAY)


def test_a_disposition_holds_from_its_first_instant_to_before_its_last() -> None:
    """R6.3"""
    facts, asked = mood(*AGREED), c.Disposition(("sad", "angry"))
    for moment, is_so in ((-10 * DAY, True), (-10 * DAY - MICROSECOND, False),
                          (20 * DAY - MICROSECOND, True), (20 * DAY, False)):  # fmt: skip
        assert holds(asked, facts, RULES, NOW + moment) is is_so
    assert not holds(c.Disposition(("sad",)), facts, RULES, NOW)


def test_without_consent_to_profiling_the_mood_is_unknown() -> None:
    """R5.10, scenario 36."""
    left = ConsentEntry("profiling_emotion", "unsubscribed", NOW)
    for consents, known in ((AGREED, True), ((), False), ((*AGREED, left), False)):
        facts = mood(*consents)
        assert holds(c.Feels(("angry",), "low", 30 * DAY), facts, RULES, NOW) is known
        assert holds(c.Disposition(("angry",)), facts, RULES, NOW) is known
        assert holds(c.MoodUnknown(30 * DAY), facts, RULES, NOW) is not known


def test_quiet_is_more_than_so_many_of_their_own_gaps() -> None:
    own = Standing(4, NOW - 9 * DAY, NOW - 4 * DAY, own_gap=2 * DAY)
    facts = replace(person(), standing=own)
    assert not holds(c.QuietFor(2000), facts, RULES, NOW)
    assert holds(c.QuietFor(2000), facts, RULES, NOW + MICROSECOND)
    assert not holds(c.QuietFor(0), replace(facts, standing=replace(own, own_gap=None)), RULES, NOW)
    assert stage_of(facts, RULES, NOW) == "loyal"


def test_the_lowest_rank_that_fits_is_the_persona() -> None:
    trial, anybody = c.Attribute("plan", c.OneOf(("trial",))), c.ALWAYS
    rules = replace(RULES, personas=(Persona("one", 1, trial), Persona("two", 2, anybody)))
    one, two = persona_of(person(plan="trial"), rules, NOW), persona_of(person(), rules, NOW)
    assert (one and one.name, two and two.name) == ("one", "two")
    assert not holds(c.IsPersona(("two",)), person(plan="trial"), rules, NOW)
    assert persona_of(person(), RULES, NOW) is None


def test_who_came_into_a_segment_stays_at_least_so_long() -> None:
    """R1.7: to the microsecond, and nobody waits to come in."""
    who = c.Attribute("plan", c.OneOf(("trial",)))
    rules = replace(RULES, segments={"s": Segment("s", who, stay_at_least=DAY)})
    assert holds(c.InSegment("s"), person(plan="trial"), rules, NOW)
    for since, inside in (
        (NOW - DAY, False), (NOW - DAY + MICROSECOND, True), (NOW, True), (NOW + MICROSECOND, False)
    ):  # fmt: skip
        facts = replace(person(), memberships={"s": since})
        assert holds(c.InSegment("s"), facts, rules, NOW) is inside
    assert not holds(c.InSegment("unheard-of"), person(), rules, NOW)


def test_a_segment_is_asked_from_outside_the_run() -> None:
    """`Scope`: a window in a goal runs from the entry, in a segment back from now."""
    rules = replace(RULES, segments={"s": Segment("s", c.Did("a", within=DAY))})
    scope = Scope(entered_at=NOW - 10 * DAY, since_entry=True, from_entry=True)
    facts = happened(event("a", 9.5 * DAY))
    assert holds(c.Did("a", within=DAY), facts, rules, NOW, scope)
    assert not holds(c.InSegment("s"), facts, rules, NOW, scope)


def test_a_circle_of_segments_or_personas_ends() -> None:
    circle = {"a": Segment("a", c.InSegment("b")), "b": Segment("b", c.Not(c.InSegment("a")))}
    rules = replace(RULES, segments=circle, personas=(Persona("p", 1, c.IsPersona(("p",))),))
    assert holds(c.InSegment("a"), person(), rules, NOW)
    assert persona_of(person(), rules, NOW) is None


def test_consent_is_asked_with_the_word_of_the_category_and_the_country() -> None:
    """R5.2, R5.3"""
    topics = {name: Category(name, Class.MARKETING, consent=word)
              for name, word in (("single", "opt-in"), ("double", "double opt-in"))}  # fmt: skip
    rules = replace(RULES, policy=Policy(topics), law=LAW)
    ledger = tuple(ConsentEntry(topic, "express", NOW) for topic in topics)
    for country, single in (("US", "given"), ("DE", "pending"), (None, "pending"), (7, "pending")):
        attributes: dict[str, Any] = {} if country is None else {"country": country}
        facts = replace(person(**attributes), consents=ledger)
        assert consent_of("single", facts, rules, NOW) == single
        assert consent_of("double", facts, rules, NOW) == "pending"
        assert holds(c.ConsentIs("single", (single, "unknown")), facts, rules, NOW)


def test_empty_all_holds_and_empty_any_does_not() -> None:
    assert holds(c.All(()), person(), RULES, NOW)
    assert not holds(c.AnyOf(()), person(), RULES, NOW)
