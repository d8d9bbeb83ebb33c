"""Scenarios 15 to 40 of docs/reference/rules.md: entering, leaving, edits and consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from engine.domain.condition import Attribute, Did, Feels, InSegment, Not, OneOf
from engine.domain.consent import ALL_TOPICS, ConsentEntry
from engine.domain.duration import Duration
from engine.domain.edit import follow_edit, place_of
from engine.domain.emotion import EmotionConfig, reading
from engine.domain.experiment import held_out, holdout_share
from engine.domain.facts import Sent
from engine.domain.journey import (
    Again,
    Class,
    Enter,
    Joins,
    OnDate,
    Removed,
    Status,
    Wait,
    WaitFor,
    WhenEvent,
)
from engine.domain.policy import Candidate, Go, Stop, regate
from engine.domain.reasons import Reason
from engine.domain.segment import Segment
from engine.domain.turn import Departed, Joined, Knock

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
AGAIN = Again(allowed=True)


def test_scenario_15_the_same_event_three_times_is_one_run(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(WhenEvent("go"), again=AGAIN))
    )
    for minute in range(3):
        play.event(theatre.noon + minute * MINUTE, id="one", dated=theatre.noon.isoformat())
    assert len(play.runs) == 1
    assert len(play.mails) == 1
    assert play.traced("rejected") == []


def test_scenario_16_data_may_come_a_little_later(theatre: Any) -> None:
    enter = Enter(WhenEvent("go"), condition=Attribute("plan", OneOf(("trial",))))
    play = theatre.play(theatre.journey("j", theatre.send(), enter=enter))
    play.event(theatre.noon)
    assert play.mails == []
    assert isinstance(play.life.knocking[0], Knock)
    play.change(theatre.noon + 10 * MINUTE, plan="trial")
    assert play.mails == [(theatre.noon + 10 * MINUTE, "mails/mail")]

    late = theatre.play(theatre.journey("j", theatre.send(), enter=enter))
    late.event(theatre.noon).change(theatre.noon + 31 * MINUTE, plan="trial")
    assert late.mails == []
    assert [(one.at, one.because) for one in late.traced("rejected")] == [
        (theatre.noon + 30 * MINUTE, "the entry condition did not hold in time")
    ]


def test_scenario_17_an_event_that_came_too_late_starts_nothing(theatre: Any) -> None:
    """R1.3: not by way of a segment either. The skew of the clock is the runner's."""
    lapsed = Segment("went", Did("go"))
    play = theatre.play(
        theatre.journey("j", theatre.send("a")),
        theatre.journey("k", theatre.send("b"), enter=Enter(Joins("went"))),
        segments=(lapsed,),
    )
    play.event(theatre.noon, starts=False, dated=(theatre.noon - 73 * HOUR).isoformat())
    assert len(play.noted("go")) == 1
    assert play.runs == []
    assert [one.edge for _, one in play.changes if isinstance(one, Joined)] == [False]


def test_scenario_18_again_never_says_so(theatre: Any) -> None:
    gold = Segment("gold", Attribute("tier", OneOf(("gold",))))
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(Joins("gold"))), segments=(gold,)
    )
    play.change(theatre.noon, tier="gold")
    play.change(theatre.noon + HOUR, tier="none")
    assert [one.segment for _, one in play.changes if isinstance(one, Departed)] == ["gold"]
    play.change(theatre.noon + DAY, tier="gold")
    assert len(play.runs) == 1
    assert play.traced("rejected")[0].because.startswith("again: never; entered 2027-03-03")


def test_scenario_19_one_run_per_order(theatre: Any) -> None:
    enter = Enter(WhenEvent("order.placed"), one_run_per="order_id")
    play = theatre.play(theatre.journey("j", theatre.send(), enter=enter))
    for hour, order in enumerate(("a", "b", "a")):
        play.event(theatre.noon + hour * HOUR, "order.placed", order_id=order)
    assert len(play.runs) == 2
    assert play.traced("rejected")[0].because == "one run per order_id"


def test_scenario_20_born_on_a_leap_day(theatre: Any) -> None:
    enter = Enter(OnDate("birthday", time(9), yearly=True), again=AGAIN)
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=enter),
        attributes={"birthday": "2000-02-29"},
        start=theatre.ny("2027-01-01 00:00"),
    )
    play.until(theatre.ny("2028-12-31 00:00"))
    assert [at for at, _ in play.mails] == [
        theatre.ny("2027-02-28 09:00"),
        theatre.ny("2028-02-29 09:00"),
    ]


def test_scenario_21_the_exit_ends_a_long_wait_at_once(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey(
            "j", Wait(id="w", length=Duration(days=30)), theatre.send(), leave_when=Did("bye")
        )
    )
    play.event(theatre.noon).event(theatre.noon + DAY, "bye").until(theatre.noon + 40 * DAY)
    assert play.mails == []
    assert (play.runs[0].ended_at, play.runs[0].because) == (theatre.noon + DAY, "leave_when")


def test_scenario_22_the_exit_of_another_item_does_not_count(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey(
            "j",
            Wait(id="w", length=Duration(days=2)),
            theatre.send(),
            leave_when=Did("bought", same="item"),
        )
    )
    play.event(theatre.noon, item="cup").event(theatre.noon + HOUR, "bought", item="bean")
    assert play.runs[0].live
    play.event(theatre.noon + 2 * HOUR, "bought", item="cup")
    assert play.runs[0].because == "leave_when"


def test_scenario_23_a_condition_that_holds_already_passes_at_once(theatre: Any) -> None:
    wait = WaitFor(id="w", condition=Not(InSegment("gold")), up_to=Duration(days=9))
    play = theatre.play(
        theatre.journey("j", wait, theatre.send()),
        segments=(Segment("gold", Attribute("tier", OneOf(("gold",)))),),
    )
    play.event(theatre.noon)
    assert play.mails == [(theatre.noon, "mails/mail")]


def _edited(theatre: Any, before: int, after: int, at_day: int, **how: Any) -> Any:
    """A run in a wait of `before` days, edited to `after` days on day `at_day`."""
    old, new = (
        theatre.journey("j", Wait(id="w", length=Duration(days=days)), theatre.send())
        for days in (before, after)
    )
    play = theatre.play(old).event(theatre.noon).until(theatre.noon + at_day * DAY)
    play.edit(journeys={"j": new})
    run = follow_edit(play.life.runs[0], old, new, play.life.facts, play.rules, play.now, **how)
    play.life = replace(play.life, runs=(run,), due_at=run.wake_at)
    return play.until(theatre.noon + 20 * DAY)


def test_scenario_24_a_changed_wait_is_counted_from_its_beginning(theatre: Any) -> None:
    (cut,) = _edited(theatre, 7, 3, 6).mails
    assert theatre.noon + 6 * DAY <= cut[0] < theatre.noon + 6 * DAY + 15 * MINUTE
    assert [at for at, _ in _edited(theatre, 3, 7, 2).mails] == [theatre.noon + 7 * DAY]
    kept = _edited(theatre, 7, 3, 2, keep_timers=True)
    assert [at for at, _ in kept.mails] == [theatre.noon + 7 * DAY]


def test_scenario_25_people_on_a_removed_step_go_on_once(theatre: Any) -> None:
    old = theatre.journey("j", Wait(id="w", length=Duration(days=7)), theatre.send())
    play = theatre.play(old).event(theatre.noon)
    assert place_of("w", theatre.journey("j", theatre.send())) is None
    new = theatre.journey("j", theatre.send(), removed={"w": Removed(go_to="mail")})
    play.edit(journeys={"j": new})
    run = follow_edit(play.life.runs[0], old, new, play.life.facts, play.rules, play.now)
    assert run.wake_at == play.now
    play.until(theatre.noon + HOUR).until(theatre.noon + 9 * DAY)
    assert play.mails == [(theatre.noon, "mails/mail")]

    away = theatre.play(old).event(theatre.noon)
    away.edit(journeys={"j": replace(new, removed={"w": Removed(leave="No more of this")})})
    away.until(theatre.noon + 9 * DAY)
    assert away.mails == []
    assert away.runs[0].because == "No more of this"


def test_scenario_26_a_rolled_back_edit_sends_nothing_twice(theatre: Any) -> None:
    good = theatre.journey(
        "j", theatre.send("a"), Wait(id="w", length=Duration(days=1)), theatre.send("b")
    )
    bad = theatre.journey(
        "j", replace(theatre.send("a2"), was=("a",)), Wait(id="w", length=Duration(days=1)), theatre.send("b")
    )  # fmt: skip
    back = theatre.journey(
        "j", replace(theatre.send("a"), was=("a2",)), Wait(id="w", length=Duration(days=1)), theatre.send("b")
    )  # fmt: skip
    play = theatre.play(good).event(theatre.noon)
    for minutes, old, new in ((10, good, bad), (20, bad, back)):
        play.until(theatre.noon + minutes * MINUTE)
        play.edit(journeys={"j": new})
        run = follow_edit(play.life.runs[0], old, new, play.life.facts, play.rules, play.now)
        play.life = replace(play.life, runs=(run,))
    play.until(theatre.noon + 5 * DAY)
    assert play.mails == [(theatre.noon, "mails/a"), (theatre.noon + DAY, "mails/b")]
    assert set(play.runs[0].sent) == {"a", "b"}


def test_scenario_27_paused_then_resumed_is_never_a_silent_exit(theatre: Any) -> None:
    """R2.11: timers run while paused; R3.6 decides what is still worth sending."""
    for worth, sent_at, reason in (
        (Duration(elapsed=HOUR), theatre.noon + HOUR, None),
        (Duration(elapsed=10 * MINUTE), None, Reason.EXPIRED),
    ):
        play = theatre.play(
            theatre.journey(
                "j",
                Wait(id="w", length=Duration(elapsed=31 * MINUTE)),
                theatre.send(expires_after=worth),
            )
        )
        play.event(theatre.noon).edit(paused=True).until(theatre.noon + HOUR)
        play.edit(paused=False).turn()
        assert [at for at, _ in play.mails] == ([sent_at] if sent_at else [])
        assert [one.reason for one in play.traced("dropped")] == ([reason] if reason else [])
        assert play.runs[0].because == "finished"


def test_scenario_29_consent_withdrawn_before_the_hand_off_stops_it(theatre: Any) -> None:
    play = theatre.play(theatre.journey("j", theatre.send())).event(theatre.noon)
    (queued,) = play.queued
    journey = play.rules.journeys["j"]
    candidate = Candidate(
        play.runs[0],
        journey,
        journey.nodes["mail"],
        play.rules.policy.categories["news"],
        queued.due,
    )
    soon = theatre.noon + timedelta(seconds=30)
    assert isinstance(
        regate(candidate, play.life.facts, play.rules, soon, slot_at=queued.sent.at), Go
    )
    gone = replace(
        play.life.facts,
        consents=(*play.life.facts.consents, ConsentEntry("news", "unsubscribed", soon)),
    )
    for now in (soon, soon + HOUR):
        verdict = regate(candidate, gone, play.rules, now, slot_at=queued.sent.at)
        assert isinstance(verdict, Stop)
        assert verdict.reason is Reason.UNSUBSCRIBED


def test_scenario_31_one_topic_or_all(theatre: Any) -> None:
    journeys = [
        theatre.journey(name, theatre.send(name), category=name)
        for name in ("news", "promotion", "receipt", "service")
    ]
    for topic, left in (
        ("news", ["mails/promotion", "mails/receipt", "mails/service"]),
        (ALL_TOPICS, ["mails/receipt", "mails/service"]),
    ):
        out = ConsentEntry(topic, "unsubscribed", theatre.noon - HOUR)
        play = theatre.play(*journeys, consents=(*theatre.agreed("news", "promotion"), out))
        play.event(theatre.noon)
        assert sorted(mail for _, mail in play.mails) == left
        assert {one.reason for one in play.traced("dropped")} == {Reason.UNSUBSCRIBED}


def test_scenario_36_without_profiling_mood_is_unknown_and_mail_goes_on(theatre: Any) -> None:
    upset = Feels(("angry",), "high", 7 * DAY)
    angry = reading("angry", theatre.noon - HOUR, 0.9, EmotionConfig())
    for agrees, mails in ((True, ["mails/b"]), (False, ["mails/a", "mails/b"])):
        topics = ("news", "profiling_emotion") if agrees else ("news",)
        play = theatre.play(
            theatre.journey("calm", theatre.send("a"), enter=Enter(WhenEvent("go"), Not(upset))),
            theatre.journey("all", theatre.send("b")),
            consents=theatre.agreed(*topics),
            facts={"readings": (angry,)},
        )
        play.event(theatre.noon)
        assert sorted(mail for _, mail in play.mails) == mails


def test_scenario_40_the_held_out_leave_ghosts_and_get_their_receipts(theatre: Any) -> None:
    promotion = theatre.journey("win", theatre.send("a"), category="promotion", holdout=10_000)
    receipt = theatre.journey("thanks", theatre.send("b"), category="receipt", holdout=10_000)
    play = theatre.play(promotion, receipt).event(theatre.noon)
    assert [mail for _, mail in play.mails] == ["mails/b"]
    ghost = next(one.sent for one in play.queued if one.sent.ghost)
    assert ghost.mail == "mails/a"
    assert [(one.what, one.reason) for one in play.traced("ghost")] == [("ghost", Reason.HOLD_OUT)]
    assert all(run.held_out for run in play.runs)

    without = theatre.play(promotion, consents=()).event(theatre.noon)
    assert without.queued == [], "a ghost passes every gate, too"
    tenth = replace(promotion, holdout=1000)
    rules = theatre.play(tenth).rules
    addresses = [f"{n}@example.com" for n in range(10_000)]
    assert 900 < sum(held_out(rules, tenth, address) for address in addresses) < 1100


def test_who_is_held_out_of_everything_is_so_in_every_journey(theatre: Any) -> None:
    """R8.1, `policy.holdout`: one draw for all journeys, beside the journeys' own."""
    one, other = (theatre.journey(name, theatre.send("a")) for name in ("one", "other"))
    own = theatre.journey("own", theatre.send("a"), holdout=1000)
    rules = theatre.play(one, other, own).rules
    rules = replace(rules, policy=replace(rules.policy, holdout=500))
    addresses = [f"{n}@example.com" for n in range(10_000)]
    held = {address for address in addresses if held_out(rules, one, address)}
    assert 400 < len(held) < 600
    assert held == {address for address in addresses if held_out(rules, other, address)}
    more = {address for address in addresses if held_out(rules, own, address)}
    assert held < more
    assert len(more) / 10_000 == pytest.approx(holdout_share(rules, own), abs=0.01)


def test_a_shadow_counts_its_own_and_nobody_elses_mail_counts_it(theatre: Any) -> None:
    """R2.11: it records what would have gone, and when; live mail never waits for it."""
    steps = (theatre.send("one"), theatre.send("two"))
    caps = (theatre.cap_day,)
    shadow = theatre.journey("j", *steps, status=Status.SHADOW)
    live = theatre.journey("k", theatre.send("live"), when="later")
    play = theatre.play(shadow, live, caps=caps).event(theatre.noon)
    assert [queued.sent.mail for queued in play.queued] == ["mails/one"]
    assert play.traced("postponed")[0].reason is Reason.OVER_THE_CAP
    play.event(theatre.noon + HOUR, name="later")
    assert [mail for _, mail in play.mails] == ["mails/live"]


def test_from_shadow_to_live_nobody_gets_what_the_shadow_sent_and_all_go_on(theatre: Any) -> None:
    """R2.10, R2.11: by an edit, those inside go on from where they stand."""
    steps = (theatre.send("one"), Wait(id="rest", length=Duration(days=2)), theatre.send("two"))
    play = theatre.play(theatre.journey("j", *steps, status=Status.SHADOW)).event(theatre.noon)
    assert play.mails == []
    play.edit(journeys={"j": replace(play.rules.journeys["j"], status=Status.LIVE, version="2")})
    play.until(theatre.noon + 3 * DAY)
    assert play.mails == [(theatre.noon + 2 * DAY, "mails/two")]
    assert [sent.mail for sent in play.life.facts.sent] == ["mails/two"]


def test_ghosts_count_among_ghosts_only(theatre: Any) -> None:
    """R3.4."""
    ghost = Sent("p1", "old", "news", Class.MARKETING, theatre.noon - HOUR, ghost=True)
    living = theatre.play(
        theatre.journey("j", theatre.send()), caps=(theatre.cap_day,), facts={"sent": (ghost,)}
    )
    assert len(living.event(theatre.noon).mails) == 1
    held = theatre.play(
        theatre.journey("j", theatre.send(), holdout=10_000),
        caps=(theatre.cap_day,),
        facts={"sent": (replace(ghost, ghost=False),)},
    )
    assert len(held.event(theatre.noon).queued) == 1


def test_statuses_say_who_enters(theatre: Any) -> None:
    """R2.11."""
    for status, why in (
        (Status.PAUSED, "the journey is paused"),
        (Status.ENDING, "the journey is ending"),
    ):
        play = theatre.play(theatre.journey("j", theatre.send(), status=status)).event(theatre.noon)
        assert play.runs == []
        assert play.traced("rejected")[0].because == why
    draft = theatre.play(theatre.journey("j", theatre.send(), status=Status.DRAFT))
    assert draft.event(theatre.noon).changes == [
        (at, change) for at, change in draft.changes if type(change).__name__ == "StandingChanged"
    ]
    shadow = theatre.play(theatre.journey("j", theatre.send(), status=Status.SHADOW))
    shadow.event(theatre.noon)
    assert shadow.mails == []
    assert [(one.shadow, one.sent.mail) for one in shadow.queued] == [(True, "mails/mail")]
    assert shadow.life.facts.sent == (), "a shadow takes no slot"
    assert shadow.traced("queued")[0].reason is Reason.SHADOW


def test_a_renewal_date_has_days_before(theatre: Any) -> None:
    """R1.1."""
    enter = Enter(OnDate("renews", time(10), days_before=7))
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=enter), attributes={"renews": "2027-04-01"}
    )
    play.until(datetime.combine(date(2028, 6, 1), time(0), theatre.noon.tzinfo))
    assert [at for at, _ in play.mails] == [theatre.ny("2027-03-25 10:00")]
