"""The consent ledger and its fold (R5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.consent import (
    ALL_TOPICS,
    ConsentEntry,
    changes_at,
    deciding,
    ends_at,
    may_count,
    standing,
)
from engine.domain.jurisdiction import ANY_YES, CONFIRMED, GROUNDS, Terms

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(state: str, day: int, topic: str = "promotion", **more: object) -> ConsentEntry:
    return ConsentEntry(topic, state, START + day * DAY, **more)  # type: ignore[arg-type]


def worth(
    *ledger: ConsentEntry, day: float = 10, topic: str = "promotion", strict: bool = False
) -> str:
    return standing(ledger, topic, START + day * DAY, CONFIRMED if strict else ANY_YES)


def test_nobody_agreed_to_anything_without_an_entry() -> None:
    """R5.2: unknown may not be sent marketing."""
    assert worth() == "unknown"
    assert worth(entry("express", 0, topic="onboarding")) == "unknown"


def test_the_last_entry_by_then_decides() -> None:
    """R5.1: any past send can be justified."""
    ledger = (entry("express", 1), entry("unsubscribed", 5))
    assert [worth(*ledger, day=day) for day in (0, 1, 4.9, 5, 9)] == [
        "unknown", "given", "given", "unsubscribed", "unsubscribed",
    ]  # fmt: skip


def test_express_without_confirmation_is_pending_where_confirmation_is_needed() -> None:
    """R5.2, scenario 34: a German address without a confirmation record."""
    assert worth(entry("express", 1), strict=True) == "pending"
    assert worth(entry("express", 1, confirmed=True), strict=True) == "given"
    assert worth(entry("implied", 1), strict=True) == "unknown"


def test_implied_consent_ends_at_its_expiry() -> None:
    """R5.7: to the microsecond."""
    implied = entry("implied", 0, expires_at=START + 5 * DAY)
    almost = (START + 5 * DAY - timedelta(microseconds=1) - START) / DAY
    assert worth(implied, day=almost) == "given"
    assert worth(implied, day=5) == "unknown"


def test_an_import_never_leads_back_from_unsubscribed() -> None:
    """R5.5, scenario 33."""
    left, imported = entry("unsubscribed", 1), entry("express", 2, source="import")
    assert worth(left, imported) == "unsubscribed"
    assert not may_count([left], imported)


def test_a_late_unsubscribe_is_not_undone_by_an_import_that_was_stored_first() -> None:
    """R5.5: the fold asks when things happened, not when they arrived."""
    imported, left = entry("express", 2, source="import"), entry("unsubscribed", 1)
    assert worth(imported, left) == "unsubscribed"


def test_the_persons_own_newer_act_leads_back() -> None:
    """R5.5"""
    left, back = entry("unsubscribed", 1), entry("express", 2, own_act=True)
    assert worth(left, back) == "given"
    assert may_count([left], back)
    assert not may_count([left], replace(back, at=left.at)), (
        "an act of the same instant is not newer"
    )
    assert worth(left, replace(back, at=left.at)) == "unsubscribed"


def test_a_confirmation_link_used_after_an_unsubscribe_changes_nothing() -> None:
    """R5.4, scenario 32: following the link is no act that leads back; a new sign-up is."""
    signed_up, left = entry("pending", 0, own_act=True), entry("unsubscribed", 1)
    confirmed = entry("express", 2, confirmed=True)
    assert worth(signed_up, left, confirmed) == "unsubscribed"
    again = entry("pending", 2, own_act=True)
    assert worth(signed_up, left, again) == "pending"
    assert (
        worth(signed_up, left, again, entry("express", 3, confirmed=True), strict=True) == "given"
    )


def test_after_a_sign_up_that_nobody_confirmed_no_file_raises_who_had_left() -> None:
    """R5.5: anybody can type an address into a form; so the way back needs the person's own word, or
    the answer to the mail that asked them (R5.4)."""
    left, typed = entry("unsubscribed", 1), entry("pending", 2, own_act=True)
    imported = entry("express", 3, source="import", confirmed=True)
    assert not may_count([left, typed], imported)
    assert not may_count([left, typed], entry("implied", 3, basis="purchase"))
    assert may_count([left, typed], imported, confirms=True)
    assert may_count([left, entry("express", 2, own_act=True)], imported)
    assert may_count([typed], imported), "who never left may be imported"


def test_lowering_always_counts() -> None:
    """R5.5"""
    assert may_count([entry("express", 1, own_act=True)], entry("unsubscribed", 0))


def test_leaving_one_topic_leaves_the_others() -> None:
    """Scenario 31."""
    ledger = (
        entry("express", 0),
        entry("express", 0, topic="onboarding"),
        entry("unsubscribed", 1),
    )
    assert worth(*ledger) == "unsubscribed"
    assert worth(*ledger, topic="onboarding") == "given"


def test_leaving_all_leaves_every_topic_and_every_purpose() -> None:
    """Scenario 31."""
    ledger = (
        entry("express", 0),
        entry("express", 0, topic="profiling_emotion"),
        entry("unsubscribed", 1, topic=ALL_TOPICS),
    )
    assert worth(*ledger) == worth(*ledger, topic="profiling_emotion") == "unsubscribed"


def test_agreeing_to_all_mail_agrees_to_no_profiling() -> None:
    """R5.10: profiling is a purpose of its own."""
    everything = entry("express", 0, topic=ALL_TOPICS)
    assert worth(everything) == "given"
    assert worth(everything, topic="profiling_emotion") == "unknown"


def test_an_entry_that_does_not_count_is_evidence_only() -> None:
    assert worth(entry("express", 1, counts=False)) == "unknown"


entries = st.builds(
    entry,
    st.sampled_from(("pending", "implied", "express", "unsubscribed")),
    st.integers(0, 3),
    st.sampled_from(("promotion", ALL_TOPICS)),
    basis=st.sampled_from(("", "purchase", "soft opt-in")),
    confirmed=st.booleans(),
    own_act=st.booleans(),
    expires_at=st.sampled_from((None, START + 2 * DAY, START + 4 * DAY)),
)


@given(st.lists(entries, max_size=6).flatmap(lambda e: st.tuples(st.just(e), st.permutations(e))))
def test_the_order_of_arrival_does_not_matter(
    ledgers: tuple[list[ConsentEntry], list[ConsentEntry]],
) -> None:
    one, other = ledgers
    for day in range(5):
        for strict in (False, True):
            assert worth(*one, day=day, strict=strict) == worth(*other, day=day, strict=strict)


@given(st.lists(entries, max_size=6), st.integers(0, 4))
def test_nothing_but_an_own_act_raises_what_was_unsubscribed(
    ledger: list[ConsentEntry], day: int
) -> None:
    """R5.5, for any ledger: without own acts, who has left by a day stays away for good."""
    ledger = [replace(e, own_act=False) for e in ledger]
    if worth(*ledger, day=day) == "unsubscribed":
        assert worth(*ledger, day=100) == "unsubscribed"


CANADA = Terms({"express": None, "purchase": 730 * DAY, "inquiry": 180 * DAY}, 30 * DAY)


def in_canada(*ledger: ConsentEntry, day: float) -> str:
    return standing(ledger, "promotion", START + day * DAY, CANADA)


def test_a_ground_lasts_as_long_as_the_law_says() -> None:
    """R5.2, R5.7: two years after a purchase, six months after an inquiry, to the microsecond."""
    bought, asked = entry("implied", 0, basis="purchase"), entry("implied", 0, basis="inquiry")
    instant = timedelta(microseconds=1) / DAY
    assert [in_canada(bought, day=day) for day in (0, 730 - instant, 730)] == [
        "given", "given", "unknown",
    ]  # fmt: skip
    assert [in_canada(asked, day=day) for day in (179, 180)] == ["given", "unknown"]
    assert in_canada(entry("implied", 0, basis="soft opt-in"), day=1) == "unknown"
    assert in_canada(entry("implied", 0, basis="a hunch"), day=1) == "unknown"


def test_a_new_purchase_renews_what_the_last_one_gave() -> None:
    """CASL s. 10(10): two years from the newest purchase."""
    bought = [entry("implied", day, basis="purchase") for day in (0, 700)]
    assert in_canada(*bought, day=1429) == "given"
    assert in_canada(*bought, day=1430) == "unknown"


def test_a_purchase_takes_nothing_from_somebody_who_agreed_in_words() -> None:
    """R5.2: every line counts for what it is worth; a weaker one later lowers nothing."""
    agreed, bought = entry("express", 0, confirmed=True), entry("implied", 5, basis="purchase")
    assert worth(agreed, bought, day=9, strict=True) == "given"
    assert worth(agreed, entry("pending", 5), day=9, strict=True) == "given"


def test_a_purchase_never_undoes_an_opt_out() -> None:
    """R5.5"""
    left, bought = entry("unsubscribed", 1), entry("implied", 2, basis="purchase")
    assert in_canada(left, bought, day=3) == "unsubscribed"
    assert not may_count([left], bought)


def test_a_sign_up_that_nobody_confirms_is_nothing_after_a_while() -> None:
    """R5.4: to the microsecond."""
    strict = Terms({"double opt-in": None}, 30 * DAY)
    for state in ("pending", "express"):
        signed_up = entry(state, 0)
        words = [standing([signed_up], "promotion", START + d * DAY, strict) for d in (0, 29, 30)]
        assert words == ["pending", "pending", "unknown"]


def test_the_line_that_decides_is_the_one_that_lasts_longest() -> None:
    """R5.1: so that any past send can be justified by the strongest there is."""
    short, long = entry("implied", 1, basis="inquiry"), entry("implied", 0, basis="purchase")
    assert deciding([long, short], "promotion", START + 9 * DAY, CANADA) == ("given", long)
    assert ends_at(long, CANADA) == START + 730 * DAY
    assert ends_at(entry("express", 0), CANADA) is None


lawful = st.dictionaries(
    st.sampled_from(GROUNDS), st.sampled_from((None, DAY, 3 * DAY)), max_size=4
).map(lambda enough: Terms(enough, 2 * DAY))


@given(st.lists(entries, max_size=5), lawful, st.integers(0, 4))
def test_what_one_law_allows_no_looser_one_forbids(
    ledger: list[ConsentEntry], terms: Terms, day: int
) -> None:
    """R5.2: the terms only ever take away."""
    if standing(ledger, "promotion", START + day * DAY, terms) == "given":
        assert worth(*ledger, day=day) == "given"


@given(st.lists(entries, max_size=5), lawful, st.integers(0, 4))
def test_the_line_that_decides_says_what_consent_is_worth(
    ledger: list[ConsentEntry], terms: Terms, day: int
) -> None:
    """R5.1: `why` and the gate tell the same."""
    now = START + day * DAY
    word, entry = deciding(ledger, "promotion", now, terms)
    assert word == standing(ledger, "promotion", now, terms)
    if entry is not None:
        alone = standing([replace(entry, own_act=True)], "promotion", now, terms)
        assert alone == word
        end = ends_at(entry, terms)
        assert word != "given" or end is None or end > now


@given(st.lists(entries, max_size=5), lawful, st.integers(0, 3), st.timedeltas(DAY / 9, 2 * DAY))
def test_between_two_changes_nothing_changes(
    ledger: list[ConsentEntry], terms: Terms, day: int, later: timedelta
) -> None:
    """The instants of `changes_at` are all at which time alone may change an answer."""
    start = START + day * DAY
    edges = [at for at in changes_at(ledger, "promotion", terms) if start < at <= start + later]
    if not edges:
        before, after = (standing(ledger, "promotion", at, terms) for at in (start, start + later))
        assert before == after


@given(st.lists(entries, max_size=5), entries, lawful, st.integers(0, 4))
def test_no_line_but_a_persons_own_leads_back_from_unsubscribed(
    ledger: list[ConsentEntry], more: ConsentEntry, terms: Terms, day: int
) -> None:
    """R5.5: whatever is added to any ledger, imported, forged or dated ahead."""
    more, now = replace(more, own_act=False), START + day * DAY
    if standing(ledger, "promotion", now, terms) == "unsubscribed":
        assert standing([*ledger, more], "promotion", now, terms) == "unsubscribed"


@given(st.lists(entries, max_size=4), st.lists(entries, max_size=4), lawful, st.integers(0, 4))
def test_two_ledgers_in_one_raise_nothing_without_an_own_act(
    one: list[ConsentEntry], other: list[ConsentEntry], terms: Terms, day: int
) -> None:
    """R5.5: a merge keeps or lowers."""
    one, other = ([replace(e, own_act=False) for e in ledger] for ledger in (one, other))
    now = START + day * DAY
    words = {standing(ledger, "promotion", now, terms) for ledger in (one, other)}
    if "unsubscribed" in words:
        assert standing([*one, *other], "promotion", now, terms) == "unsubscribed"
