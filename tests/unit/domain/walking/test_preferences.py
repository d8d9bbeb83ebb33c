"""The gate knows what people chose for themselves: fewer mails, a pause, themes to skip."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.application.why_gate import answers
from engine.domain.caps import GapCap
from engine.domain.duration import Duration
from engine.domain.event import Event
from engine.domain.facts import MailHeader, Sent
from engine.domain.journey import Class, Overflow
from engine.domain.preference import Preference
from engine.domain.reasons import Reason

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
A_WEEK = Overflow(up_to=Duration(days=9))


def sent(at: datetime, klass: Class = Class.MARKETING) -> Sent:
    return Sent("p1", "other/mail", "other", klass, at)


def test_less_often_is_one_marketing_mail_in_seven_days(theatre: Any) -> None:
    """R3.2: exactly seven days later is free again; whatever the category was."""
    play = theatre.play(
        theatre.journey("j", theatre.send(over_the_cap=A_WEEK)),
        facts={
            "preferences": (Preference("pace", theatre.noon - 30 * DAY),),
            "sent": (sent(theatre.noon - DAY), sent(theatre.noon - HOUR, Class.SERVICE)),
        },
    )
    play.event(theatre.noon)
    [line] = play.traced("postponed")
    assert line.reason is Reason.LESS_OFTEN
    assert "1 per 7 days" in line.because
    play.until(theatre.noon + 6 * DAY - MICROSECOND)
    assert play.mails == []
    play.until(theatre.noon + 6 * DAY)
    assert play.mails == [(theatre.noon + 6 * DAY, "mails/mail")]


def test_all_broken_caps_are_recorded_the_personal_one_beside_the_others(theatre: Any) -> None:
    """R3.1."""
    play = theatre.play(
        theatre.journey("j", theatre.send(over_the_cap=A_WEEK)),
        caps=(GapCap(16 * HOUR),),
        facts={
            "preferences": (Preference("pace", theatre.noon - DAY),),
            "sent": (sent(theatre.noon - HOUR),),
        },
    )
    play.event(theatre.noon)
    [line] = play.traced("postponed")
    assert {finding.partition(":")[0] for finding in line.detail["findings"]} == {
        "over_the_cap",
        "less_often",
    }


@pytest.mark.parametrize("category", ["service", "receipt"])
def test_mail_that_somebody_needs_knows_no_preference(theatre: Any, category: str) -> None:
    now = theatre.noon
    play = theatre.play(
        theatre.journey("j", theatre.send(), category=category),
        facts={
            "preferences": (
                Preference("pace", now - DAY),
                Preference("pause", now - DAY, until=now + 30 * DAY),
                Preference("theme", now - DAY, value="spring"),
            ),
            "sent": (sent(now - HOUR),),
        },
        mails={"mails/mail": MailHeader("mails/mail", tags=("spring",))},
    )
    play.event(now)
    assert play.mails == [(now, "mails/mail")]


def test_a_pause_holds_a_mail_until_it_ends_and_no_longer(theatre: Any) -> None:
    ends = theatre.noon + 2 * DAY
    play = theatre.play(
        theatre.journey("j", theatre.send(over_the_cap=A_WEEK)),
        facts={"preferences": (Preference("pause", theatre.noon - DAY, until=ends),)},
    )
    play.event(theatre.noon)
    assert play.traced("postponed")[0].reason is Reason.PAUSE_ASKED
    play.until(ends)
    assert play.mails == [(ends, "mails/mail")]


def test_a_mail_that_a_pause_outlasts_expires_with_its_reason(theatre: Any) -> None:
    """R3.6, R3.10."""
    pause = Preference("pause", theatre.noon - DAY, until=theatre.noon + 30 * DAY)
    play = theatre.play(
        theatre.journey("j", theatre.send(over_the_cap=A_WEEK)), facts={"preferences": (pause,)}
    )
    play.event(theatre.noon).until(theatre.noon + 10 * DAY)
    assert play.mails == []
    [dropped] = play.traced("dropped")
    assert dropped.reason is Reason.EXPIRED
    assert any(found.startswith("pause_asked") for found in dropped.detail["findings"])


def test_who_ends_a_pause_early_gets_what_waits_at_once(theatre: Any) -> None:
    noon = theatre.noon
    pause = Preference("pause", noon - DAY, until=noon + 30 * DAY)
    play = theatre.play(
        theatre.journey("j", theatre.send(over_the_cap=A_WEEK)), facts={"preferences": (pause,)}
    )
    play.event(noon)
    back = Preference("pause", noon + DAY, active=False)
    play.facts(noon + DAY, preferences=(pause, back))
    assert play.mails == [(noon + DAY, "mails/mail")]


def test_a_theme_is_a_tag_of_the_mail_and_only_of_that(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send("mother"), theatre.send("tea")),
        facts={"preferences": (Preference("theme", theatre.noon - DAY, value="mothers-day"),)},
        mails={
            "mails/mother": MailHeader("mails/mother", tags=("mothers-day",)),
            "mails/tea": MailHeader("mails/tea", tags=("spring",)),
        },
    )
    play.event(theatre.noon)
    assert [mail for _, mail in play.mails] == ["mails/tea"]
    [dropped] = play.traced("dropped")
    assert dropped.reason is Reason.THEME_SKIPPED
    assert "mothers-day" in dropped.because


def test_what_another_profile_of_the_mailbox_chose_holds_too(theatre: Any) -> None:
    """R3.5: two profiles with one mailbox are one mailbox; the newest word is the human's."""
    pause = Preference("pause", theatre.noon - DAY, until=theatre.noon + 30 * DAY)
    back = Preference("pause", theatre.noon - HOUR, active=False)
    for own, mails in (((), 0), ((back,), 1)):
        play = theatre.play(
            theatre.journey("j", theatre.send()),
            facts={"preferences": own, "mailbox_preferences": (pause,)},
        )
        play.event(theatre.noon)
        assert len(play.mails) == mails


def test_why_says_that_the_person_asked_for_it(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send(over_the_cap=A_WEEK)),
        facts={
            "preferences": (Preference("pace", theatre.noon - DAY),),
            "sent": (sent(theatre.noon - HOUR),),
        },
    )
    [asked] = play.turn(Event("e", "go", play.now)).asked
    told = {one.question: one for one in answers(asked, play.rules, play.now)}
    assert told["caps"].reason == "less_often"
    assert "the person asked for 1 per 7 days at most" in told["caps"].sentence
    assert told["preferences"].passed
