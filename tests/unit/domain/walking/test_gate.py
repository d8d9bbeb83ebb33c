"""The gate, question by question, in its order (R3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from engine.domain.caps import CalendarCap, GapCap, RollingCap
from engine.domain.condition import ALWAYS, Attribute, Did, Feels, OneOf, OpenTicket
from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.emotion import EmotionConfig, reading
from engine.domain.event import Event, History
from engine.domain.facts import Judgement, Sent
from engine.domain.ids import send_id
from engine.domain.journey import (
    Class,
    Enter,
    Hold,
    Joins,
    Overflow,
    Priority,
    Status,
    Wait,
    WaitFor,
    Window,
)
from engine.domain.policy import Candidate, Go, Planned, Stop, WaitUntil, policy, regate
from engine.domain.reasons import Reason
from engine.domain.run import Run
from engine.domain.segment import Persona, Segment

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def candidate(play: Any, name: str = "j", *, due: Any = None, **run: Any) -> Candidate:
    """The message of a fresh run that stands before its only step."""
    journey = play.rules.journeys[name]
    step = next(iter(journey.nodes.values()))
    due = due or play.now
    stands = Run(name, name, "p1", "k", due, "1", step.id, due)
    return Candidate(
        replace(stands, **run), journey, step, play.rules.policy.categories[journey.category], due
    )


def ask(play: Any, name: str = "j", due: Any = None, run: Any = None, **more: Any) -> Any:
    return policy(
        candidate(play, name, due=due, **(run or {})), play.life.facts, play.rules, play.now, **more
    )


def sent(at: Any, category: str = "news", mail: str = "old/mail", **more: Any) -> Sent:
    return Sent("p1", mail, category, Class.MARKETING, at, **more)


def test_the_first_question_that_fails_decides(theatre: Any) -> None:
    """R3.9: from the last question to the first, each new obstacle takes over."""
    goal = Did("bought")
    play = theatre.play(
        theatre.journey("j", theatre.send(approval="first_send", expires_after=Duration(days=2)), goal=goal),
        caps=(GapCap(16 * HOUR),),
    )  # fmt: skip
    assert ask(play).reasons == (Reason.APPROVAL,)
    facts = play.life.facts
    obstacles: list[tuple[Any, Reason]] = [
        ({"sent": (sent(theatre.noon - 17 * HOUR, mail="mails/mail"),)}, Reason.DUPLICATE),
        ({"consents": theatre.agreed("promotion")}, Reason.CONSENT_UNKNOWN),
        ({"suppressed": "hard bounce"}, Reason.SUPPRESSED),
        (
            {"history": History([Event("b", "bought", theatre.noon)])},
            Reason.GOAL_REACHED,
        ),
        ({"person": replace(facts.person, mailbox="")}, Reason.NO_ADDRESS),
        ({"person": replace(facts.person, id="")}, Reason.NO_PERSON),
        ({"person": replace(facts.person, erased=True)}, Reason.ERASED),
    ]
    for change, reason in obstacles:
        facts = replace(facts, **change)
        verdict = policy(candidate(play), facts, play.rules, play.now)
        assert isinstance(verdict, Stop)
        assert verdict.reason is reason
    play.edit(paused=True)
    paused = policy(candidate(play), facts, play.rules, play.now)
    assert paused == WaitUntil(
        theatre.noon + 2 * DAY, (Reason.ENGINE_PAUSED,), paused.findings, None,
        theatre.noon, theatre.noon + 2 * DAY,
    )  # fmt: skip
    draft = replace(play.rules.journeys["j"], status=Status.DRAFT)
    play.edit(journeys={"j": draft})
    assert ask(play).reason is Reason.JOURNEY_DRAFT


def test_who_left_by_a_clock_that_runs_ahead_has_left(theatre: Any) -> None:
    """R5.7: as a send dated after now counts for caps, so does an unsubscribe for the gate."""
    play = theatre.play(theatre.journey("j", theatre.send()))
    facts = play.life.facts
    left = ConsentEntry("news", "unsubscribed", theatre.noon + MINUTE, own_act=True)
    back = ConsentEntry("news", "express", theatre.noon + 2 * MINUTE, confirmed=True, own_act=True)
    for ledger, goes in (((), True), ((left,), False), ((left, back), True)):
        known = replace(facts, consents=(*facts.consents, *ledger))
        assert isinstance(policy(candidate(play), known, play.rules, play.now), Go) is goes
        now = isinstance(regate(candidate(play), known, play.rules, play.now, slot_at=play.now), Go)
        assert now is goes


def test_a_paused_journey_waits_until_it_is_no_longer_worth_it(theatre: Any) -> None:
    """R2.11."""
    play = theatre.play(theatre.journey("j", theatre.send()))
    play.edit(paused_journeys=frozenset({"j"}))
    assert ask(play).reasons == (Reason.JOURNEY_PAUSED,)
    assert ask(play, due=theatre.noon - 3 * DAY).reason is Reason.EXPIRED


@pytest.mark.parametrize(
    ("because", "reason"),
    [("goal", Reason.GOAL_REACHED), ("leave_when", Reason.LEFT), ("erased", Reason.LEFT)],
)
def test_a_latched_exit_stops_the_message(theatre: Any, because: str, reason: Reason) -> None:
    """R1.6; an own end does not."""
    play = theatre.play(theatre.journey("j", theatre.send()))
    ended = {"ended_at": theatre.noon, "because": because}
    assert ask(play, run=ended).reason is reason
    assert isinstance(ask(play, run={**ended, "because": "finished"}), Go)


def test_who_no_longer_matches_is_not_written_to(theatre: Any) -> None:
    """R1.7: `stay: while_matching`."""
    gold = Segment("gold", Attribute("tier", OneOf(("gold",))))
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(Joins("gold")), stay="while_matching"),
        segments=(gold,),
    )
    assert ask(play).reason is Reason.CONDITION


def test_the_expiry_is_the_earlier_of_both_clocks(theatre: Any) -> None:
    """R3.6: `expires_after` from the due time, `D` from the first legal instant."""
    due = theatre.ny("2027-03-03 23:00")
    for worth, expires in (
        (None, "2027-03-05 08:00"),
        (Duration(days=1), "2027-03-04 23:00"),
        (Duration(days=9), "2027-03-05 08:00"),
    ):
        step = theatre.send(expires_after=worth, over_the_cap=Overflow(up_to=Duration(days=1)))
        play = theatre.play(
            theatre.journey("j", step), quiet_hours=Window(*theatre.night), start=due
        )
        verdict = ask(play)
        assert verdict.until == verdict.first_legal == theatre.ny("2027-03-04 08:00")
        assert verdict.expires == theatre.ny(expires)


def test_the_last_instant_is_still_worth_it(theatre: Any) -> None:
    play = theatre.play(theatre.journey("j", theatre.send(expires_after=Duration(elapsed=HOUR))))
    assert isinstance(ask(play, due=theatre.noon - HOUR), Go)
    late = ask(play, due=theatre.noon - HOUR - timedelta(microseconds=1))
    assert late.reason is Reason.EXPIRED


def test_a_window_in_the_night_never_opens(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send(), send_window=Window(time(23), time(23, 30))),
        quiet_hours=Window(*theatre.night),
    )
    verdict = ask(play)
    assert verdict.reason is Reason.EXPIRED
    assert verdict.findings[-1].detail == "quiet hours and send window never let it go"


def test_clock_and_caps_agree_on_one_instant(theatre: Any) -> None:
    """R3.6: the earliest instant that every broken cap, quiet hours and send window allow."""
    due = theatre.ny("2027-03-05 21:00")  # a Friday
    play = theatre.play(
        theatre.journey(
            "j", theatre.send(), send_window=Window(time(9), time(17), frozenset(range(5)))
        ),
        caps=(RollingCap(1, 65 * HOUR), CalendarCap(1, "day")),
        quiet_hours=Window(*theatre.night),
        facts={"sent": (sent(due - HOUR),)},
        start=due,
    )
    verdict = ask(play)
    assert verdict.until == theatre.ny("2027-03-08 13:00")
    assert verdict.reasons == (Reason.SEND_WINDOW, Reason.OVER_THE_CAP)
    caps = [one for one in verdict.findings if one.reason is Reason.OVER_THE_CAP]
    assert [one.detail for one in caps] == [
        "1 per 2 days 17 hours: sent 2027-03-05 20:00",
        "1 per calendar day: sent 2027-03-05 20:00",
    ], "every broken cap is recorded (R3.1)"
    assert [one.until for one in caps] == [
        theatre.ny("2027-03-08 13:00"),
        theatre.ny("2027-03-06 00:00"),
    ]


def test_a_hold_that_ends_in_the_night_postpones_into_the_morning(theatre: Any) -> None:
    """R3.6: the earliest instant that the hold, quiet hours and caps allow together."""
    complained = Event("c", "complaint", theatre.ny("2027-03-03 01:00"))
    play = theatre.play(
        theatre.journey("j", theatre.send()),
        quiet_hours=Window(*theatre.night),
        hold_when=(Hold("news", Did("complaint", within=DAY)),),
        facts={"history": History([complained])},
    )
    verdict = ask(play)
    assert verdict.reasons == (Reason.HOLD_WHEN,)
    assert verdict.until == theatre.ny("2027-03-04 08:00"), "and not at 01:00, when the hold ends"


def test_public_holidays_are_skipped_where_the_category_says_so(theatre: Any) -> None:
    categories = theatre.rulebook().policy.categories
    play = theatre.play(
        theatre.journey("j", theatre.send()),
        categories={"news": replace(categories["news"], skip_holidays=True)},
        holidays=frozenset({date(2027, 3, 3), date(2027, 3, 4)}),
    )
    verdict = ask(play)
    assert (verdict.reasons, verdict.until) == (
        (Reason.HOLIDAY,),
        theatre.ny("2027-03-05 00:00"),
    )


def test_a_hold_waits_for_its_horizon_or_for_news(theatre: Any) -> None:
    """R3.6: an upset person gets no promotion; when the mood fades the mail goes."""
    upset = Feels(("angry",), "high", DAY)
    angry = reading("angry", theatre.noon - HOUR, 0.7, EmotionConfig())
    play = theatre.play(
        theatre.journey("j", theatre.send(), category="promotion"),
        hold_when=(Hold("promotion", upset),),
        facts={"readings": (angry,)},
    )
    play.event(theatre.noon)
    assert play.traced("postponed")[0].reason is Reason.HOLD_WHEN
    play.until(theatre.noon + 4 * DAY)
    assert play.mails == [(theatre.noon + 23 * HOUR, "mails/mail")]


def test_an_open_ticket_holds_what_sells(theatre: Any) -> None:
    """R6.4: until it is solved; one whose expiry comes first is dropped as expired."""

    def opened(**more: Any) -> Any:
        play = theatre.play(
            theatre.journey("j", theatre.send(), category="promotion"),
            theatre.journey("sorry", theatre.send("sorry"), category="service"),
            **more,
        )
        play.event(theatre.noon - 2 * HOUR, "ticket.opened", ticket="t1")
        return play.event(theatre.noon)

    for more in ({}, {"hold_when": (Hold("promotion", OpenTicket()),)}):
        held = opened(start=theatre.noon - 3 * HOUR, **more)
        assert held.mails == [(theatre.noon, "mails/sorry")], "the apology passes"
        assert held.traced("postponed")[0].detail["findings"] == ("open_ticket: holds promotion",)
        solved = held.event(theatre.noon + DAY, "ticket.solved", ticket="t1")
        assert solved.mails[-1] == (theatre.noon + DAY, "mails/mail")
    expired = opened(start=theatre.noon - 3 * HOUR).until(theatre.noon + 9 * DAY)
    assert expired.traced("dropped")[0].reason is Reason.EXPIRED
    assert expired.traced("dropped")[0].at == theatre.noon + 3 * DAY


def test_another_journey_holds_other_mail_while_it_lasts(theatre: Any) -> None:
    """R3.6, R3.9: `hold_other_mail`."""
    play = theatre.play(
        theatre.journey(
            "apology",
            Wait(id="w", length=Duration(days=1)),
            theatre.send("sorry"),
            category="news",
            hold_other_mail=("news",),
            enter=Enter(theatre.journey("x", theatre.send(), when="crash").enter.trigger),
        ),
        theatre.journey("j", theatre.send()),
    )
    play.event(theatre.noon, "crash").event(theatre.noon + HOUR)
    assert play.traced("postponed")[0].reason is Reason.HELD_BY_JOURNEY
    play.until(theatre.noon + 5 * DAY)
    assert play.mails == [
        (theatre.noon + DAY, "mails/sorry"),
        (theatre.noon + DAY, "mails/mail"),
    ], "its own mail is not held, and the other goes when it is over"


@pytest.mark.parametrize("do", ["skip", "leave"])
def test_over_the_cap_may_skip_or_leave(theatre: Any, do: Any) -> None:
    """R3.6."""
    play = theatre.play(
        theatre.journey("j", theatre.send(over_the_cap=Overflow(do)), theatre.send("next")),
        caps=(GapCap(16 * HOUR),),
        facts={"sent": (sent(theatre.noon - HOUR),)},
    )
    play.event(theatre.noon).until(theatre.noon + 2 * DAY)
    assert play.traced("dropped")[0].reason is Reason.OVER_THE_CAP
    assert [mail for _, mail in play.mails] == ([] if do == "leave" else ["mails/next"])
    assert play.runs[0].because == ("over the cap" if do == "leave" else "finished")


def test_a_hold_postpones_a_mail_that_would_skip_a_cap(theatre: Any) -> None:
    """R3.6: `skip` is about caps; a hold postpones by the policy's own length."""
    for general, days in ((Overflow(up_to=Duration(days=5)), 5), (Overflow("skip"), 3)):
        play = theatre.play(
            theatre.journey("j", theatre.send(over_the_cap=Overflow("skip"))),
            over_the_cap=general,
            hold_when=(Hold("news", ALWAYS),),
        )
        verdict = ask(play)
        assert verdict.until == theatre.noon + days * DAY


def test_the_same_marketing_mail_within_18_hours_is_a_duplicate(theatre: Any) -> None:
    """R3.8: at exactly 18 hours it is not; nor are a ghost's twin and a receipt."""
    play = theatre.play(
        theatre.journey("j", theatre.send()),
        theatre.journey("k", theatre.send("k"), category="receipt"),
    )
    for one, goes in (
        (sent(theatre.noon - 18 * HOUR, mail="mails/mail"), True),
        (sent(theatre.noon - 17 * HOUR, mail="mails/mail"), False),
        (sent(theatre.noon - HOUR, mail="mails/mail", ghost=True), True),
    ):  # fmt: skip
        facts = replace(play.life.facts, sent=(one,))
        verdict = policy(candidate(play), facts, play.rules, play.now)
        assert isinstance(verdict, Go) is goes
    receipt = replace(play.life.facts, sent=(sent(theatre.noon, mail="mails/k"),))
    assert isinstance(policy(candidate(play, "k"), receipt, play.rules, play.now), Go)


def test_a_persona_s_cap_is_stricter(theatre: Any) -> None:
    calm = Persona("calm", 1, ALWAYS, caps=(RollingCap(1, 9 * DAY),))
    play = theatre.play(
        theatre.journey("j", theatre.send()),
        personas=(calm,),
        facts={"sent": (sent(theatre.noon - 8 * DAY, "promotion"),)},
    )
    assert ask(play).until == theatre.noon + DAY


def test_a_more_important_mail_of_today_keeps_its_slot(theatre: Any) -> None:
    """R3.7: and the loser names it."""

    def both(reserve: str) -> Any:
        play = theatre.play(
            theatre.journey(
                "big",
                Wait(id="w", length=Duration(elapsed=5 * HOUR)),
                theatre.send("big"),
                priority=Priority.HIGH,
            ),
            theatre.journey("j", theatre.send(), when="small"),
            caps=(theatre.cap_day,),
            reserve_ahead=reserve,
        )
        return play.event(theatre.noon).event(theatre.noon + HOUR, "small")

    play = both("today")
    (postponed,) = play.traced("postponed")
    assert postponed.reason is Reason.RESERVED
    assert postponed.detail["winner"] == "mails/big"
    play.until(theatre.noon + 2 * DAY)
    assert play.mails == [
        (theatre.noon + 5 * HOUR, "mails/big"),
        (theatre.ny("2027-03-04 00:00"), "mails/mail"),
    ]
    assert both("no").mails == [(theatre.noon + HOUR, "mails/mail")]


def test_nothing_is_reserved_for_who_may_not_be_written_to(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey(
            "big",
            Wait(id="w", length=Duration(elapsed=5 * HOUR)),
            theatre.send("big"),
            priority=Priority.HIGH,
            category="promotion",
        ),
        theatre.journey("j", theatre.send(), when="small"),
        caps=(theatre.cap_day,),
        consents=theatre.agreed("news"),
    )
    play.event(theatre.noon).event(theatre.noon + HOUR, "small")
    assert play.mails == [(theatre.noon + HOUR, "mails/mail")]


def test_a_shadow_and_a_ghost_reserve_nothing(theatre: Any) -> None:
    """R2.11, R3.4: they take no slot of the living."""
    for more in ({"status": Status.SHADOW}, {"holdout": 10_000}):
        play = theatre.play(
            theatre.journey(
                "big",
                Wait(id="w", length=Duration(elapsed=5 * HOUR)),
                theatre.send("big"),
                priority=Priority.HIGH,
                **more,
            ),
            theatre.journey("j", theatre.send(), when="small"),
            caps=(theatre.cap_day,),
        )
        play.event(theatre.noon).event(theatre.noon + HOUR, "small")
        assert play.mails == [(theatre.noon + HOUR, "mails/mail")]


def test_what_the_night_moves_to_tomorrow_reserves_nothing_today(theatre: Any) -> None:
    """R3.7: planned for later the same day, quiet hours included."""
    play = theatre.play(
        theatre.journey(
            "big",
            Wait(id="w", length=Duration(elapsed=11 * HOUR)),
            theatre.send("big"),
            priority=Priority.HIGH,
        ),
        theatre.journey("j", theatre.send(), when="small"),
        caps=(theatre.cap_day,),
        quiet_hours=Window(*theatre.night),
    )
    play.event(theatre.noon).event(theatre.noon + HOUR, "small").until(theatre.noon + DAY)
    assert play.mails == [
        (theatre.noon + HOUR, "mails/mail"),
        (theatre.ny("2027-03-04 08:00"), "mails/big"),
    ]


def test_a_planned_mail_of_tomorrow_takes_nothing_from_today(theatre: Any) -> None:
    play = theatre.play(theatre.journey("j", theatre.send()), caps=(GapCap(16 * HOUR),))
    big = candidate(play, id="other")
    tomorrow = Planned(big, theatre.ny("2027-03-04 01:00"))
    assert isinstance(ask(play, planned=(tomorrow,)), Go)
    tonight = Planned(big, theatre.ny("2027-03-03 20:00"))
    verdict = ask(play, planned=(tonight,))
    assert (verdict.reasons, verdict.until) == ((Reason.RESERVED,), tonight.at + 16 * HOUR)


def test_a_never_cap_lets_nothing_through(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send()), caps=(RollingCap(0, DAY), GapCap(HOUR))
    )
    assert ask(play).reason is Reason.EXPIRED


def test_approval_of_the_first_send_holds_for_the_version(theatre: Any) -> None:
    """R7.3."""
    play = theatre.play(theatre.journey("j", theatre.send(), approval="first_send"))
    assert ask(play).reasons == (Reason.APPROVAL,)
    play.edit(judged={("1", "mail"): Judgement(True)})
    assert isinstance(ask(play), Go)
    play.edit(journeys={"j": replace(play.rules.journeys["j"], version="2")})
    assert ask(play).reasons == (Reason.APPROVAL,)
    assert ask(play, due=theatre.noon - 3 * DAY).reason is Reason.EXPIRED


def test_nobody_has_to_look_at_what_a_shadow_does_not_send(theatre: Any) -> None:
    """R2.11, R7.3."""
    journey = theatre.journey("j", theatre.send(), approval="every_send", status=Status.SHADOW)
    assert isinstance(ask(theatre.play(journey)), Go)


def test_every_draft_may_be_judged_by_itself(theatre: Any) -> None:
    play = theatre.play(theatre.journey("j", theatre.send(approval="every_send")))
    play.event(theatre.noon)
    key = send_id(play.runs[0].id, "mail")
    assert play.traced("postponed")[0].reason is Reason.APPROVAL
    play.facts(theatre.noon + HOUR, judged={("1", key): Judgement(True)})
    assert play.mails == [(theatre.noon + HOUR, "mails/mail")]
    other = theatre.play(theatre.journey("j", theatre.send(approval="every_send")))
    other.event(theatre.noon).facts(
        theatre.noon + HOUR, judged={("1", key): Judgement(False, "ann", because="too long")}
    )
    assert other.mails == []
    assert other.traced("dropped")[0].because == "mails/mail was rejected by ann: too long"


def test_a_row_older_than_a_minute_passes_the_whole_gate_without_its_own_slot(theatre: Any) -> None:
    """R3.9."""
    play = theatre.play(theatre.journey("j", theatre.send()), caps=(GapCap(16 * HOUR),))
    play.event(theatre.noon)
    (queued,) = play.queued
    waits = candidate(play, id=queued.run.id)
    facts, rules = play.life.facts, play.rules
    for later in (10 * timedelta(seconds=1), HOUR):
        now = theatre.noon + later
        assert isinstance(regate(waits, facts, rules, now, slot_at=theatre.noon), Go)
    another = replace(facts, sent=(*facts.sent, sent(theatre.noon + MINUTE)))
    soon = theatre.noon + timedelta(seconds=30)
    assert isinstance(regate(waits, another, rules, soon, slot_at=theatre.noon), Go)
    whole = regate(waits, another, rules, theatre.noon + HOUR, slot_at=theatre.noon)
    assert isinstance(whole, WaitUntil)


def test_a_message_behind_a_wait_for_is_not_planned(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey(
            "big",
            WaitFor(id="w", event="never", up_to=Duration(elapsed=5 * HOUR), otherwise="big"),
            theatre.send("big"),
            priority=Priority.HIGH,
        ),
        theatre.journey("j", theatre.send(), when="small"),
        caps=(theatre.cap_day,),
    )
    play.event(theatre.noon).event(theatre.noon + HOUR, "small")
    assert play.mails == [(theatre.noon + HOUR, "mails/mail")]


def test_a_hold_that_ends_within_the_turn_lets_the_mail_go(theatre: Any) -> None:
    """R3.7: everything is asked anew after a mail went."""
    play = theatre.play(
        theatre.journey("apology", theatre.send("sorry"), hold_other_mail=("news",)),
        theatre.journey("j", theatre.send(), priority=Priority.HIGH),
    )
    play.event(theatre.noon)
    assert play.mails == [(theatre.noon, "mails/sorry"), (theatre.noon, "mails/mail")]
    assert play.traced("postponed") == []
