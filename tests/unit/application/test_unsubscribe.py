"""Leaving: at once, by one's own act, and only once in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.application.ports.intake import Taken
from engine.application.ports.past_mails import PastMail
from engine.application.unsubscribe import unsubscribe
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry, standing
from engine.domain.journey import Class
from engine.domain.jurisdiction import CONFIRMED

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
AGREED = ConsentEntry(
    "promotion", "express", NOW - timedelta(days=30), confirmed=True, own_act=True
)
OTHER = ConsentEntry(
    "onboarding", "express", NOW - timedelta(days=30), confirmed=True, own_act=True
)
MAIL = PastMail(
    "5f" * 16, "p1", "win-back/hello", "promotion", Class.MARKETING, NOW, (AGREED, OTHER)
)


class Kept:
    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        self.arrivals.extend(arrivals)
        return Taken()


def after(mail: PastMail, kept: Kept) -> PastMail:
    entries = [arrival.entry for arrival in kept.arrivals if isinstance(arrival, ConsentArrived)]
    return replace(mail, consents=(*mail.consents, *entries))


def state(mail: PastMail, topic: str, now: datetime = NOW) -> str:
    return standing(mail.consents, topic, now, CONFIRMED)


def test_scenario_31_leaving_one_topic_leaves_the_others() -> None:
    kept = Kept()
    leaving = unsubscribe(MAIL, kept, NOW)
    assert (leaving.topic, leaving.changed, leaving.everything) == ("promotion", True, False)
    assert state(after(MAIL, kept), "promotion") == "unsubscribed"
    assert state(after(MAIL, kept), "onboarding") == "given"


def test_scenario_31_leaving_all_leaves_all() -> None:
    kept = Kept()
    assert unsubscribe(MAIL, kept, NOW, everything=True).everything
    assert state(after(MAIL, kept), "promotion") == "unsubscribed"
    assert state(after(MAIL, kept), "onboarding") == "unsubscribed"


def test_it_is_the_person_s_own_act_with_its_evidence_and_an_event() -> None:
    """R5.1: any past send, and any silence, can be justified."""
    kept = Kept()
    unsubscribe(MAIL, kept, NOW, how="one-click")
    [consent, event] = kept.arrivals
    assert isinstance(consent, ConsentArrived)
    assert isinstance(event, EventArrived)
    assert consent.person_id == event.person_id == "p1"
    assert consent.entry.own_act
    assert consent.entry.basis == "one-click unsubscribe"
    assert MAIL.send_id in consent.entry.source
    assert event.event.name == "consent.withdrawn"
    assert event.event.properties == {"topic": "promotion", "mail": "win-back/hello"}


@pytest.mark.parametrize("everything", [False, True])
def test_R5_6_a_repeat_changes_nothing(everything: bool) -> None:
    kept = Kept()
    unsubscribe(MAIL, kept, NOW, everything=everything)
    again = after(MAIL, kept)
    count = len(kept.arrivals)
    later = NOW + timedelta(hours=1)
    assert not unsubscribe(again, kept, later, everything=everything).changed
    assert len(kept.arrivals) == count


def test_who_left_all_and_came_back_to_one_topic_can_leave_all_again() -> None:
    kept = Kept()
    unsubscribe(MAIL, kept, NOW, everything=True)
    left = after(MAIL, kept)
    back = replace(AGREED, at=NOW + timedelta(days=1))
    returned = replace(left, consents=(*left.consents, back))
    later = NOW + timedelta(days=2)
    assert unsubscribe(returned, kept, later, everything=True).changed
    assert state(after(returned, kept), "promotion", later) == "unsubscribed"


@pytest.mark.parametrize("klass", [Class.SERVICE, Class.TRANSACTIONAL])
def test_a_mail_that_is_no_marketing_has_no_topic_so_its_link_leaves_all(klass: Class) -> None:
    kept = Kept()
    leaving = unsubscribe(replace(MAIL, klass=klass, topic="receipt"), kept, NOW)
    assert leaving.topic == ALL_TOPICS
