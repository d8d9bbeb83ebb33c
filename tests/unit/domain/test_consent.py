"""The consent ledger and its fold (R5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.consent import (
    ALL_TOPICS,
    STRICT_COUNTRIES,
    ConsentEntry,
    may_count,
    needs_confirmation,
    standing,
)

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(state: str, day: int, topic: str = "promotion", **more: object) -> ConsentEntry:
    return ConsentEntry(topic, state, START + day * DAY, **more)  # type: ignore[arg-type]


def worth(
    *ledger: ConsentEntry, day: float = 10, topic: str = "promotion", strict: bool = False
) -> str:
    return standing(ledger, topic, START + day * DAY, needs_confirmation=strict)


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


@pytest.mark.parametrize("country", [None, "", "XX", "Germany", "uſ", *STRICT_COUNTRIES, "de"])
def test_no_country_that_we_know_means_the_strictest(country: str | None) -> None:
    """R5.2"""
    assert needs_confirmation(False, country)


@pytest.mark.parametrize("country", ["US", "fr", "GB", "AU"])
def test_elsewhere_only_double_opt_in_asks_for_confirmation(country: str) -> None:
    """R5.2"""
    assert not needs_confirmation(False, country)
    assert needs_confirmation(True, country)
