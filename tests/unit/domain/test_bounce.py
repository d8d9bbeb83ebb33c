"""What a provider says of a mail that it took (R5.8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.bounce import BOUNCE_CLAIMED, too_many, word_of
from engine.domain.event import Event, Value

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("properties", "word"),
    [
        ({"status": "5.1.1"}, "hard"),
        ({"status": "5.1.10"}, "hard"),
        ({"text": "550 5.1.1 <ann@x.org>: user unknown"}, "hard"),
        ({"text": "550 No such user here"}, "hard"),
        ({"text": "The recipient does not exist"}, "hard"),
        ({"kind": "hard"}, "hard"),
        ({"status": "5.0.0", "text": "mailbox not found"}, "hard"),
        ({"status": "5.0.0"}, "soft"),
        ({"status": "5.0.0", "kind": "hard"}, "soft"),
        ({"status": "5.2.2", "text": "mailbox full"}, "soft"),
        ({"status": "5.7.1", "text": "blocked by policy"}, "blocked"),
        ({"status": "5.1.8"}, "soft"),
        ({"status": "4.1.1", "text": "user unknown, try later"}, "soft"),
        ({"kind": "soft"}, "soft"),
        ({}, "soft"),
    ],
)
def test_a_bounce_is_hard_only_if_the_address_itself_is_bad(
    properties: dict[str, str], word: str
) -> None:
    """R5.8: never 5.x.x alone."""
    assert word_of(Event("1", "mail.bounced", NOW, properties, "provider")) == word


def test_only_the_provider_speaks_of_bounces() -> None:
    """A shop that imports whatever it likes suppresses nobody."""
    assert word_of(Event("1", "mail.complained", NOW, {}, "shop")) is None
    assert word_of(Event("1", "mail.complained", NOW, {}, "provider")) == "complaint"
    assert word_of(Event("1", "mail.delivered", NOW, {}, "provider")) == "delivered"


def test_what_anybody_could_have_written_is_soft_whatever_it_says() -> None:
    """R5.8 asks for a bad address, not for somebody's word."""
    said: dict[str, Value] = {"status": "5.1.1", "text": "no such user", "verdict": "hard"}
    assert word_of(Event("1", BOUNCE_CLAIMED, NOW, said, "provider")) == "soft"
    assert word_of(Event("1", BOUNCE_CLAIMED, NOW, said, "shop")) is None
    assert word_of(Event("1", "mail.opened", NOW, {}, "provider")) is None


def test_seven_soft_bounces_over_seven_days_are_too_many() -> None:
    """R5.8"""
    assert too_many([NOW + day * DAY * 7 / 6 for day in range(7)])
    assert not too_many([NOW + day * DAY for day in range(7)]), "six days are too short"
    assert not too_many([NOW + 2 * day * DAY for day in range(6)]), "six bounces are too few"
