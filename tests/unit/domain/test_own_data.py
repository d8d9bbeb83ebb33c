"""From when on a mailbox opens what is known of its person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.care import WAITS
from engine.domain.own_data import (
    NEWCOMER,
    SETTLES,
    Profile,
    asks_a_person,
    opens,
    with_address,
    with_profile,
)

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=300)
TICK = timedelta(microseconds=1)


def profile(
    mailbox: str | None = None,
    known_since: datetime | None = LONG_AGO,
    address_since: datetime | None = None,
    person_id: str = "ann",
) -> Profile:
    return Profile(person_id, mailbox, known_since, address_since)


@pytest.mark.parametrize(
    ("before", "since"),
    [
        (profile("ann@x.org"), NOW),
        (profile("ann@x.org", NOW), NOW),
        (profile(""), NOW),
        (profile(), NOW),
        (profile(known_since=None), NOW),
        (profile(known_since=NOW - NEWCOMER - TICK), NOW),
        (profile(known_since=NOW - NEWCOMER), None),
        (profile(known_since=NOW, address_since=LONG_AGO), NOW),
        (profile(person_id="anonymous:v"), None),
        (profile("v@x.org", person_id="anonymous:v"), NOW),
    ],
)
def test_an_address_has_to_settle_where_there_was_somebody_before(
    before: Profile, since: datetime | None
) -> None:
    """A newcomer's first one does not: an event may overtake the row that says whose it is. Nor does that
    of a visitor, whose id only their own device knows."""
    assert with_address(before, NOW) == since


VISITOR = profile(person_id="anonymous:v")


@pytest.mark.parametrize(
    ("keep", "other", "since"),
    [
        (profile("ann@x.org"), profile("bob@x.org"), NOW),
        (profile("ann@x.org"), profile(), NOW),
        (profile(), profile("ann@x.org"), NOW),
        (profile("ann@x.org"), profile("ann@x.org"), None),
        (profile("ann@x.org", address_since=LONG_AGO), profile("ann@x.org"), LONG_AGO),
        (profile("ann@x.org"), profile("ann@x.org", address_since=LONG_AGO), LONG_AGO),
        (profile("ann@x.org"), profile(known_since=NOW), None),
        (profile("ann@x.org"), VISITOR, None),
        (profile("ann@x.org", address_since=LONG_AGO), VISITOR, LONG_AGO),
        (profile(), VISITOR, NOW),
        (profile(known_since=NOW), VISITOR, None),
        (profile(), profile("v@x.org", person_id="anonymous:v"), NOW),
        (profile(known_since=NOW), profile("v@x.org", person_id="anonymous:v"), None),
        (profile(), profile(), NOW),
        (VISITOR, VISITOR, None),
    ],
)
def test_a_merge_opens_the_past_of_the_one_to_the_mailbox_of_the_other(
    keep: Profile, other: Profile, since: datetime | None
) -> None:
    assert with_profile(keep, other, NOW) == since


def test_it_opens_after_thirty_days_and_only_to_whom_asked_since() -> None:
    assert opens(None, NOW)
    assert opens(NOW - SETTLES, NOW)
    assert not opens(NOW - SETTLES + TICK, NOW)
    assert not opens(NOW, NOW - timedelta(days=90))


def test_who_may_not_see_it_yet_is_answered_by_a_person() -> None:
    """GDPR 12(3) and 12(6)."""
    asked = asks_a_person("n1", NOW)
    assert (asked.name, asked.at, asked.source) == ("answer.needed", NOW, "engine")
    said = {"why": "data", "urgency": "this week", "message": "n1"}
    assert asked.properties == {**said, "until": "2026-04-04T11:00:00+00:00"}
    assert "within a month" in WAITS["data"]
