"""Double opt-in while it waits: the question, one reminder, and nothing else (R5.4, scenario 32)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.journey import Again, Category, Class, Enter, Wait, WhenEvent

DAY = timedelta(days=1)
ASKING = {
    "news": Category("news", Class.MARKETING, consent="double opt-in"),
    "please-confirm": Category("please-confirm", Class.TRANSACTIONAL, confirms=("news",)),
}


def sign_up(at: Any, **more: Any) -> ConsentEntry:
    return ConsentEntry("news", "pending", at, own_act=True, **more)


def asking(theatre: Any, *waits: int) -> Any:
    """A journey that asks on each sign-up, and again after each of these numbers of days."""
    steps = [theatre.send("ask")]
    for number, days in enumerate(waits):
        steps += [Wait(id=f"w{number}", length=Duration(days=days)), theatre.send(f"again{number}")]
    return theatre.journey("asking", *steps, when="signed.up", category="please-confirm")


def welcome(theatre: Any) -> Any:
    return theatre.journey(
        "welcome", theatre.send("welcome"), enter=Enter(WhenEvent("consent.confirmed"))
    )


def signed_up(theatre: Any, *waits: int, **more: Any) -> Any:
    return theatre.play(
        asking(theatre, *waits), welcome(theatre), consents=(sign_up(theatre.noon),),
        categories=ASKING, **more,
    ).event(theatre.noon, "signed.up")  # fmt: skip


def mails(play: Any) -> list[str]:
    return [mail for _, mail in play.mails]


def test_the_question_and_one_reminder_go_and_no_third(theatre: Any) -> None:
    """R5.4"""
    play = signed_up(theatre, 2, 2).until(theatre.noon + 9 * DAY)
    assert mails(play) == ["mails/ask", "mails/again0"]
    [stopped] = play.traced("dropped")
    assert stopped.reason == "asked_twice"


def test_a_reminder_after_seven_days_is_none(theatre: Any) -> None:
    """R5.4: it comes within the first days, or not at all."""
    assert mails(signed_up(theatre, 7).until(theatre.noon + 9 * DAY))[1:] == ["mails/again0"]
    assert mails(signed_up(theatre, 8).until(theatre.noon + 9 * DAY))[1:] == []


def test_who_signs_up_again_and_again_is_asked_no_oftener(theatre: Any) -> None:
    """R5.4: nobody fills a stranger's mailbox by typing its address into a form."""
    always = Enter(WhenEvent("signed.up"), again=Again(allowed=True))
    play = theatre.play(
        theatre.journey("j", theatre.send("ask"), enter=always, category="please-confirm"),
        consents=(sign_up(theatre.noon),),
        categories=ASKING,
    )
    for day in range(6):
        at = theatre.noon + day * DAY
        play.facts(at, consents=(*play.life.facts.consents, sign_up(at)))
        play.event(at + timedelta(hours=1), "signed.up")
    assert [at - theatre.noon for at, _ in play.mails] == [
        timedelta(hours=1), DAY + timedelta(hours=1),
    ]  # fmt: skip
    assert [t.reason for t in play.traced("dropped")] == ["asked_twice"] * 4


def test_nothing_else_goes_while_the_sign_up_waits(theatre: Any) -> None:
    """R5.4: other mail of the topic is refused with its reason."""
    other = theatre.journey("other", theatre.send("offer"), when="signed.up")
    play = theatre.play(
        asking(theatre), other, consents=(sign_up(theatre.noon),), categories=ASKING
    ).event(theatre.noon, "signed.up")
    assert mails(play) == ["mails/ask"]
    assert [t.reason for t in play.traced("dropped")] == ["consent_pending"]


def test_the_welcome_starts_with_the_confirmation_and_once(theatre: Any) -> None:
    """Scenario 32."""
    play = signed_up(theatre)
    yes = ConsentEntry("news", "express", theatre.noon + DAY, confirmed=True)
    play.facts(theatre.noon + DAY, consents=(*play.life.facts.consents, yes))
    for _ in range(2):
        play.event(theatre.noon + DAY, "consent.confirmed", id="the-link", topic="news")
    assert mails(play) == ["mails/ask", "mails/welcome"]


@pytest.mark.parametrize(
    ("says", "reason"),
    [("express", "confirmed"), ("unsubscribed", "unsubscribed"), (None, "consent_unknown")],
)
def test_nobody_is_asked_to_confirm_what_does_not_wait(
    theatre: Any, says: Any, reason: str
) -> None:
    """R5.4: agreed already, left, or never signed up."""
    known = (ConsentEntry("news", says, theatre.noon - DAY, confirmed=True),) if says else ()
    play = theatre.play(asking(theatre), consents=known, categories=ASKING)
    play.event(theatre.noon, "signed.up")
    assert mails(play) == []
    assert [t.reason for t in play.traced("dropped")] == [reason]


def test_who_left_by_a_clock_that_runs_ahead_is_not_asked(theatre: Any) -> None:
    """R5.4: they left, whatever the time of it."""
    left = ConsentEntry("news", "unsubscribed", theatre.noon + timedelta(hours=1))
    known = (sign_up(theatre.noon - DAY), left)
    play = theatre.play(asking(theatre), consents=known, categories=ASKING)
    play.event(theatre.noon, "signed.up")
    assert [t.reason for t in play.traced("dropped")] == ["unsubscribed"]


def test_a_sign_up_that_has_run_out_is_not_asked_about(theatre: Any) -> None:
    """R5.4: after `confirm_within` it is as if nothing had been said."""
    old = (sign_up(theatre.noon - 30 * DAY),)
    play = theatre.play(asking(theatre), consents=old, categories=ASKING)
    play.event(theatre.noon, "signed.up")
    assert [t.reason for t in play.traced("dropped")] == ["consent_unknown"]
