"""Scenarios 1 to 14 of docs/reference/rules.md: time, caps and the gate."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from engine.domain.caps import CalendarCap, GapCap, RollingCap
from engine.domain.condition import ALWAYS, Did
from engine.domain.duration import Duration
from engine.domain.facts import Sent
from engine.domain.journey import (
    Again,
    Class,
    Enter,
    Every,
    Overflow,
    Priority,
    Wait,
    Window,
)
from engine.domain.reasons import Reason

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS_AGAIN = Again(allowed=True)


def sent(at: datetime, category: str = "news", mail: str = "old/mail", **more: Any) -> Sent:
    return Sent("p1", mail, category, Class.MARKETING, at, **more)


def test_scenario_1_a_cap_day_ends_at_local_midnight(theatre: Any) -> None:
    late, next_day = theatre.ny("2027-03-03 23:00"), theatre.ny("2027-03-04 00:05")
    play = theatre.play(
        theatre.journey("j", theatre.send()),
        caps=(theatre.cap_day,),
        facts={"sent": (sent(late),)},
        start=late,
    )
    play.event(next_day)
    assert play.mails == [(next_day, "mails/mail")]


def test_scenario_1_a_gap_postpones_over_midnight(theatre: Any) -> None:
    late, next_day = theatre.ny("2027-03-03 23:00"), theatre.ny("2027-03-04 00:05")
    play = theatre.play(
        theatre.journey("j", theatre.send()),
        caps=(theatre.cap_day, GapCap(16 * HOUR)),
        facts={"sent": (sent(late),)},
        start=late,
    )
    play.event(next_day).until(next_day + DAY)
    assert play.mails == [(theatre.ny("2027-03-04 15:00"), "mails/mail")]


def test_scenarios_2_and_3_a_daily_trigger_fires_once_on_odd_days(theatre: Any) -> None:
    daily = Enter(Every(None, time(2, 30), ALWAYS), again=ALWAYS_AGAIN)
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=daily), start=theatre.utc("2027-03-13T12:00")
    )
    play.until(theatre.utc("2027-03-15T12:00"))
    assert [at for at, _ in play.mails] == [
        theatre.utc("2027-03-14T07:30"),
        theatre.utc("2027-03-15T06:30"),
    ]

    half_past_one = Enter(Every(None, time(1, 30), ALWAYS), again=ALWAYS_AGAIN)
    autumn = theatre.play(
        theatre.journey("j", theatre.send(), enter=half_past_one),
        start=theatre.utc("2027-11-06T12:00"),
    )
    autumn.until(theatre.utc("2027-11-07T12:00"))
    assert [at for at, _ in autumn.mails] == [theatre.utc("2027-11-07T05:30")]


def test_scenario_4_a_day_is_a_date_and_24_hours_are_hours(theatre: Any) -> None:
    entered = theatre.ny("2027-03-13 10:00")
    for length, wall in (
        (Duration(days=1), "2027-03-14 10:00"),
        (Duration(elapsed=24 * HOUR), "2027-03-14 11:00"),
    ):
        play = theatre.play(
            theatre.journey("j", Wait(id="w", length=length), theatre.send()), start=entered
        )
        play.event(entered).until(entered + 3 * DAY)
        assert [at for at, _ in play.mails] == [theatre.ny(wall)]


def test_scenario_5_exactly_seven_days_ago_is_free(theatre: Any) -> None:
    for ago, goes in ((7 * DAY, True), (7 * DAY - timedelta(microseconds=1), False)):
        play = theatre.play(
            theatre.journey("j", theatre.send()),
            caps=(RollingCap(1, 7 * DAY),),
            facts={"sent": (sent(theatre.noon - ago),)},
        )
        play.event(theatre.noon)
        assert bool(play.mails) is goes


def test_scenario_6_the_category_is_frozen_at_the_send(theatre: Any) -> None:
    """R3.5: a mail that was a promotion when it left counts as one, whatever it is today."""
    promo = sent(theatre.noon - DAY, "promotion", mail="mails/mail")
    capped = theatre.rulebook().policy.categories["promotion"]
    play = theatre.play(
        theatre.journey("j", theatre.send("other"), category="promotion"),
        categories={"promotion": type(capped)("promotion", Class.MARKETING, caps=(RollingCap(1, 7 * DAY),))},
        facts={"sent": (promo,)},
    )  # fmt: skip
    play.event(theatre.noon)
    assert play.mails == []


def test_scenario_7_a_cap_that_frees_too_late_drops_at_once(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey(
            "j",
            theatre.send(over_the_cap=Overflow(up_to=Duration(elapsed=48 * HOUR))),
            theatre.send("next", mail="mails/next"),
            category="promotion",
        ),
        caps=(RollingCap(1, 60 * HOUR),),
        facts={"sent": (sent(theatre.noon - 10 * HOUR),)},
    )
    play.event(theatre.noon)
    dropped = play.traced("dropped")
    assert [(one.step, one.reason) for one in dropped][:1] == [("mail", Reason.EXPIRED)]
    assert dropped[0].at == theatre.noon
    play.until(theatre.noon + 3 * DAY)
    assert [mail for _, mail in play.mails] == ["mails/next"], "the journey goes on"


def test_scenario_8_a_postponed_message_asks_everything_again(theatre: Any) -> None:
    def postponed() -> Any:
        play = theatre.play(
            theatre.journey("j", theatre.send(), leave_when=Did("bye")),
            caps=(GapCap(16 * HOUR),),
            facts={"sent": (sent(theatre.noon - HOUR),)},
        )
        return play.event(theatre.noon)

    wakes = theatre.noon + 15 * HOUR
    gone = postponed().until(wakes)
    assert gone.mails == [(wakes, "mails/mail")]
    without = postponed().facts(theatre.noon + HOUR, consents=())
    without.until(wakes)
    assert without.mails == []
    assert without.traced("dropped")[-1].reason is Reason.CONSENT_UNKNOWN
    left = postponed().event(theatre.noon + HOUR, "bye").until(wakes)
    assert left.mails == []
    assert left.runs[0].because == "leave_when"
    fuller = postponed()
    more = (*fuller.life.facts.sent, sent(theatre.noon + 2 * HOUR))
    fuller.facts(theatre.noon + 2 * HOUR, sent=more).until(theatre.noon + DAY)
    assert fuller.mails == [(theatre.noon + 18 * HOUR, "mails/mail")]


def test_scenario_9_later_waits_run_from_the_real_send(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey(
            "j", theatre.send("one"), Wait(id="w", length=Duration(days=2)), theatre.send("two")
        ),
        caps=(GapCap(16 * HOUR),),
        facts={"sent": (sent(theatre.noon - HOUR),)},
    )
    play.event(theatre.noon).until(theatre.noon + 5 * DAY)
    first = theatre.noon + 15 * HOUR
    assert play.mails == [(first, "mails/one"), (first + 2 * DAY, "mails/two")]


def test_scenario_10_the_same_one_wins_every_time(theatre: Any) -> None:
    outcomes = set()
    for order in ((0, 1), (1, 0)):
        both = [theatre.journey(name, theatre.send(name)) for name in ("beta", "alpha")]
        play = theatre.play(both[order[0]], both[order[1]], caps=(theatre.cap_day,))
        play.event(theatre.noon)
        outcomes.add((play.mails[0][1], play.traced("postponed")[0].detail["winner"]))
    assert outcomes == {("mails/alpha", "mails/alpha")}


def test_scenario_11_an_order_confirmation_passes_a_full_cap(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send(), category="receipt"),
        caps=(theatre.cap_day,),
        facts={"sent": (sent(theatre.noon - HOUR),)},
    )
    play.event(theatre.noon)
    assert play.mails == [(theatre.noon, "mails/mail")]
    marketing = [one for one in play.life.facts.sent if one.klass is Class.MARKETING]
    assert len(marketing) == 1, "the count stays"


def test_a_receipt_counts_only_in_a_cap_of_its_own_category(theatre: Any) -> None:
    """R3.4: and then like any other mail."""
    receipt = theatre.rulebook().policy.categories["receipt"]
    for caps, goes in (((), True), ((RollingCap(1, DAY),), False)):
        play = theatre.play(
            theatre.journey("j", theatre.send(), category="receipt"),
            categories={"receipt": type(receipt)("receipt", Class.TRANSACTIONAL, caps=caps)},
            facts={
                "sent": (Sent("p1", "old", "receipt", Class.TRANSACTIONAL, theatre.noon - HOUR),)
            },
        )
        play.event(theatre.noon)
        assert bool(play.mails) is goes


def test_scenario_13_quiet_hours_open_at_eight(theatre: Any) -> None:
    due = theatre.ny("2027-03-03 23:10")
    play = theatre.play(
        theatre.journey("low", theatre.send("low"), priority=Priority.LOW),
        theatre.journey("high", theatre.send("high"), priority=Priority.HIGH),
        quiet_hours=Window(*theatre.night),
        start=due,
    )
    play.event(due).until(due + DAY)
    eight = theatre.ny("2027-03-04 08:00")
    assert play.mails == [(eight, "mails/high"), (eight, "mails/low")]
    assert {one.reason for one in play.traced("postponed")} == {Reason.QUIET_HOURS}


def test_scenario_14_no_zone_means_the_company_s(theatre: Any) -> None:
    for zone in (None, "GMT-8 Pacific"):
        due = datetime(2027, 3, 3, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
        play = theatre.play(
            theatre.journey("j", theatre.send()),
            attributes={"time_zone": zone or ""},
            quiet_hours=Window(*theatre.night),
            company_zone="Europe/Berlin",
            start=due,
        )
        play.event(due).until(due + DAY)
        assert play.mails == [(datetime(2027, 3, 4, 7, 0, tzinfo=UTC), "mails/mail")]


def test_a_calendar_week_and_month_are_the_person_s(theatre: Any) -> None:
    """R3.2: the calendar follows the person's present zone, for past sends too."""
    for unit, goes_at in (("week", "2027-03-08 00:00"), ("month", "2027-04-01 00:00")):
        play = theatre.play(
            theatre.journey("j", theatre.send(over_the_cap=Overflow(up_to=Duration(days=60)))),
            caps=(CalendarCap(1, unit),),
            facts={"sent": (sent(theatre.ny("2027-03-01 00:00")),)},
        )
        play.event(theatre.noon).until(theatre.noon + 40 * DAY)
        assert [at for at, _ in play.mails] == [theatre.ny(goes_at)]


def test_a_day_is_that_of_where_the_person_lives_now_for_past_sends_too(theatre: Any) -> None:
    """R3.2: sent at 23:30 in New York, which is the morning of the next day in Berlin."""
    past, due = theatre.ny("2027-03-03 23:30"), theatre.utc("2027-03-04T12:00")
    for zone, goes in (("America/New_York", True), ("Europe/Berlin", False)):
        play = theatre.play(
            theatre.journey("j", theatre.send()),
            attributes={"time_zone": zone},
            caps=(theatre.cap_day,),
            facts={"sent": (sent(past),)},
            start=due,
        )
        play.event(due)
        assert bool(play.mails) is goes


def test_a_day_of_a_cap_has_23_or_25_hours_where_the_clocks_change(theatre: Any) -> None:
    """R3.2"""
    for day, after in (("2027-03-14", "2027-03-15"), ("2027-11-07", "2027-11-08")):
        first = theatre.ny(f"{day} 00:00")
        play = theatre.play(
            theatre.journey("j", theatre.send()),
            caps=(theatre.cap_day,),
            facts={"sent": (sent(first),)},
            start=first + HOUR,
        )
        play.event(first + HOUR).until(first + 2 * DAY)
        assert [at for at, _ in play.mails] == [theatre.ny(f"{after} 00:00")]
