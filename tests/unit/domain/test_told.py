"""What becomes of a mail is the same in any order; and which drops speak of the address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.event import Event
from engine.domain.told import Fate, Told, dropped_because, event_of, fate

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOLD = st.builds(
    lambda what, minutes: Event(f"{what} {minutes}", f"mail.{what}", NOW + minutes * MINUTE, {}, "provider"),
    st.sampled_from(
        "accepted deferred delivered bounced dropped opened clicked complained resubscribed news".split()
    ),
    st.integers(0, 9),
)  # fmt: skip


@given(
    st.lists(TOLD, max_size=8).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told)))
)
def test_any_order_and_any_repetition_come_to_the_same(
    told: tuple[list[Event], list[Event]],
) -> None:
    once, shuffled = told
    assert fate(once) == fate(shuffled) == fate([*shuffled, *once])


def test_a_mail_moves_on_and_never_back() -> None:
    def at(what: str, minutes: int) -> Event:
        return Event(f"{what} {minutes}", f"mail.{what}", NOW + minutes * MINUTE, {}, "provider")

    assert fate([]) == Fate()
    told = [at("delivered", 3), at("deferred", 1), at("deferred", 2), at("accepted", 0)]
    assert fate(told) == Fate("delivered", NOW + 3 * MINUTE)
    late = [*told, at("bounced", 9), at("complained", 5), at("opened", 4)]
    assert fate(late) == Fate("bounced", NOW + 9 * MINUTE, NOW + 5 * MINUTE, NOW + 4 * MINUTE)


def test_only_the_provider_s_word_counts() -> None:
    assert fate([Event("1", "mail.bounced", NOW, {}, "shop")]) == Fate()


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        ("Bounced Address", "provider"),
        ("Unsubscribed Address", "provider"),
        ("Spam Reporting Address", "complaint"),
        ("Invalid", "provider"),
        ("Invalid SMTPAPI header", None),
        ("Spam Content (if spam checker app enabled)", None),
        ("Recipient List over Package Quota", None),
        ("", None),
    ],
)
def test_a_drop_copies_what_the_provider_knows_of_the_address(
    reason: str, because: str | None
) -> None:
    """R5.8: a provider's list of bounces is no proof that an address is bad, but nothing gets through."""
    assert dropped_because(reason) == because


def test_an_event_says_which_mail_and_leaves_out_what_is_empty() -> None:
    told = Told("bounced", NOW, "k", address="a@x.org", status="5.1.1", text="no" * 2_000)
    event = event_of(told, {"send_id": "m", "mail": "a/b"})
    assert (event.id, event.name, event.source) == ("k", "mail.bounced", "provider")
    assert set(event.properties) == {"send_id", "mail", "address", "status", "text"}
    assert len(str(event.properties["text"])) == 1_000
