"""What the preferences page shows as chosen, and what saving it writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.application.ports.intake import Taken
from engine.application.ports.past_mails import PastMail
from engine.application.preferences import Choice, choose, chosen_now
from engine.domain.arrival import Arrival, ConsentArrived
from engine.domain.consent import ConsentEntry, State
from engine.domain.journey import Class
from engine.domain.jurisdiction import CONFIRMED, Terms
from tests.laws import LAW

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)
BOUGHT = ConsentEntry("news", "implied", BEFORE, basis="purchase")
SAID = ConsentEntry("news", "express", BEFORE)
WAITS = ConsentEntry("news", "pending", BEFORE)
AMERICAN = {"news": LAW.of("US").terms}
GERMAN = {"news": LAW.of("DE").terms}


class Kept:
    def __init__(self) -> None:
        self.written: list[ConsentEntry] = []

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        self.written += [one.entry for one in arrivals if isinstance(one, ConsentArrived)]
        return Taken()


def mail(*ledger: ConsentEntry) -> PastMail:
    return PastMail("5f" * 16, "p1", "a/b", "news", Class.MARKETING, NOW, ledger)


def saved(
    known: PastMail, topics: Sequence[str], offered: dict[str, Terms]
) -> list[tuple[State, bool]]:
    kept = Kept()
    choose(known, offered, Choice(topics), kept, NOW)
    return [(entry.state, entry.confirmed) for entry in kept.written]


@pytest.mark.parametrize(
    ("ledger", "offered", "ticked"),
    [
        ([BOUGHT], AMERICAN, True),
        ([SAID], AMERICAN, True),
        ([SAID], GERMAN, False),
        ([SAID], {"news": CONFIRMED}, False),
        ([WAITS], AMERICAN, False),
        ([], AMERICAN, False),
    ],
)
def test_a_box_is_ticked_where_the_gate_would_let_such_mail_go(
    ledger: list[ConsentEntry], offered: dict[str, Terms], ticked: bool
) -> None:
    assert chosen_now(mail(*ledger), offered, NOW) == [("news", ticked)]


@pytest.mark.parametrize("line", [BOUGHT, SAID])
def test_R5_1_a_box_that_was_ticked_and_stays_so_is_no_yes(line: ConsentEntry) -> None:
    """Who only changes the language has not agreed in words to what a purchase implied."""
    assert saved(mail(line), ["news"], AMERICAN) == []


@pytest.mark.parametrize("line", [BOUGHT, SAID, WAITS])
def test_a_tick_where_none_was_is_a_confirmed_yes(line: ConsentEntry) -> None:
    assert saved(mail(line), ["news"], GERMAN) == [("express", True)]


@pytest.mark.parametrize("line", [BOUGHT, SAID, WAITS])
@pytest.mark.parametrize("offered", [AMERICAN, GERMAN])
def test_no_tick_ends_every_yes_also_one_that_was_not_enough(
    line: ConsentEntry, offered: dict[str, Terms]
) -> None:
    assert saved(mail(line), [], offered) == [("unsubscribed", False)]


def test_R3_5_no_tick_ends_a_yes_that_another_profile_of_the_mailbox_gave() -> None:
    theirs = replace(SAID, own_act=True, confirmed=True)
    known = replace(mail(), mailbox_consents=(theirs,))
    assert chosen_now(known, GERMAN, NOW) == [("news", True)]
    assert saved(known, [], GERMAN) == [("unsubscribed", False)]


@pytest.mark.parametrize("purpose", ["profiling_emotion", "tracking_opens", "news"])
def test_R5_10_whoever_reads_an_old_mailbox_of_theirs_agrees_to_nothing_for_them(
    purpose: str,
) -> None:
    """And may end it, as everywhere."""
    for agreed, wanted, went_here, written in (
        (False, True, True, ["express"]),
        (False, True, False, []),
        (True, False, False, ["unsubscribed"]),
    ):
        lines = [ConsentEntry(purpose, "express", BEFORE)] if agreed else []
        if purpose == "news":
            choice = Choice(["news"] if wanted else [])
        elif purpose == "profiling_emotion":
            choice = Choice([], moods=wanted)
        else:
            choice = Choice([], tracking={purpose: wanted})
        kept = Kept()
        choose(replace(mail(*lines), went_here=went_here), GERMAN, choice, kept, NOW)
        assert [entry.state for entry in kept.written if entry.topic == purpose] == written
