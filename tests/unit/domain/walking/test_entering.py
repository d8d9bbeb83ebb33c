"""Ways into a journey (R1.1-1.5), first looks, and a daemon that was down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from engine.domain.condition import ALWAYS, Attribute, Did, InStage, Not, OneOf
from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.edit import follow_edit
from engine.domain.event import Event
from engine.domain.journey import (
    Again,
    Called,
    Enter,
    Every,
    Joins,
    Once,
    OnDate,
    Removed,
    Status,
    Wait,
    WhenEvent,
    Window,
)
from engine.domain.segment import Segment
from engine.domain.turn import Joined, Life, StandingChanged

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
AGAIN = Again(allowed=True)
GOLD = Segment("gold", Attribute("tier", OneOf(("gold",))))


def waiting(theatre: Any, **more: Any) -> Any:
    return theatre.journey("j", Wait(id="w", length=Duration(days=400)), **more)


# ── edges ─────────────────────────────────────────────────────────────────────────────────────


def test_a_first_look_enters_nobody(theatre: Any) -> None:
    """R1.1: neither a first deploy nor an edited definition is an edge."""
    journey = waiting(theatre, enter=Enter(Joins("gold")))
    born = theatre.noon - 400 * DAY
    for since, looked_at, edge in (
        (theatre.noon, theatre.noon - DAY, False),
        (theatre.noon - 2 * DAY, theatre.noon - DAY, True),
        (theatre.noon, None, False),
        (born - DAY, None, True),
    ):
        play = theatre.play(
            journey,
            segments=(GOLD,),
            attributes={"tier": "gold"},
            segments_since={"gold": since},
        )
        play.life = replace(play.life, looked_at=looked_at)
        play.turn()
        assert [c.edge for _, c in play.changes if isinstance(c, Joined)] == [edge]
        assert bool(play.runs) is edge
        play.turn()
        assert len(play.runs) == int(edge)


def test_a_person_of_whom_nothing_is_known_is_looked_at_first(theatre: Any) -> None:
    play = theatre.play(
        waiting(theatre, enter=Enter(Joins("gold"))), segments=(GOLD,), attributes={"tier": "gold"}
    )
    person = replace(play.life.facts.person, created_at=None)
    play.life = Life(replace(play.life.facts, person=person))
    play.turn()
    assert play.runs == []


def test_time_alone_can_let_somebody_in(theatre: Any) -> None:
    """R1.1: lapsing is an edge caused by time; a stage is announced with its cause (R6.1)."""
    lapsed = Segment("lapsed", InStage(("lapsed",)))
    play = theatre.play(
        theatre.journey("back", theatre.send(), enter=Enter(Joins("lapsed"))),
        theatre.journey("hello", theatre.send("hi"), when="stage.changed", category="service"),
        segments=(lapsed,),
    )
    play.event(theatre.noon, "order.placed").until(theatre.noon + 400 * DAY)
    changed = [(e.properties["from"], e.properties["to"]) for e in play.noted("stage.changed")]
    assert changed == [
        ("lead", "new"),
        ("new", "active"),
        ("active", "at-risk"),
        ("at-risk", "lapsed"),
    ]
    reasons = {e.properties["because"] for e in play.noted("stage.changed")}
    assert reasons == {"an order", "time since the last order"}
    assert play.mails[0] == (theatre.noon, "mails/hi"), "the engine's own events start journeys"
    assert play.mails[1] == (theatre.noon + 385 * DAY + timedelta(microseconds=1), "mails/mail")
    stages = [c.stage for _, c in play.changes if isinstance(c, StandingChanged)]
    assert stages == ["lead", "new", "active", "at-risk", "lapsed"]


def test_a_refund_takes_the_order_back(theatre: Any) -> None:
    """R6.2."""
    play = theatre.play().event(theatre.noon, "order.placed", order_id="a")
    play.event(theatre.noon + HOUR, "order.placed", order_id="b")
    assert play.life.facts.standing.orders == 2
    play.event(theatre.noon + 2 * HOUR, "order.refunded", order_id="b")
    assert play.life.facts.standing.orders == 1
    play.event(theatre.noon + 3 * HOUR, "order.placed", dated=(theatre.noon - DAY).isoformat())
    assert play.life.facts.standing.first_order_at == theatre.noon - DAY
    play.event(theatre.noon + 4 * HOUR, "order.placed", order_id="c")
    assert play.life.facts.standing.orders == 3


# ── the clock ─────────────────────────────────────────────────────────────────────────────────


def test_every_monday_and_once(theatre: Any) -> None:
    who = Attribute("plan", OneOf(("gold",)))
    play = theatre.play(
        theatre.journey(
            "week", theatre.send("week"), enter=Enter(Every(0, time(9), who), again=AGAIN)
        ),
        theatre.journey(
            "day", theatre.send("day"), enter=Enter(Once(datetime(2027, 3, 10, 10), who))
        ),
        attributes={"plan": "gold"},
    )
    play.until(theatre.noon + 14 * DAY)
    assert play.mails == [
        (theatre.ny("2027-03-08 09:00"), "mails/week"),
        (theatre.ny("2027-03-10 10:00"), "mails/day"),
        (theatre.ny("2027-03-15 09:00"), "mails/week"),
    ]
    play.change(theatre.noon + 15 * DAY, plan="tin").until(theatre.noon + 25 * DAY)
    assert len(play.mails) == 3, "who is not meant is not let in, and that is no rejection"
    assert play.traced("rejected") == []


def test_a_schedule_counts_from_when_its_journey_is_live(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(Once(datetime(2027, 3, 3, 13), ALWAYS))),
        journeys_since={"j": theatre.noon + 2 * HOUR},
    )
    play.now = theatre.noon + 3 * HOUR
    play.turn()
    assert play.mails == []
    on_time = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(Once(datetime(2027, 3, 3, 13), ALWAYS))),
        journeys_since={"j": theatre.noon + HOUR},
    )
    on_time.now = theatre.noon + 3 * HOUR
    on_time.turn()
    assert on_time.mails == [(theatre.noon + 3 * HOUR, "mails/mail")]


def test_paused_and_ending_journeys_have_no_clock(theatre: Any) -> None:
    """R2.11."""
    daily = Enter(Every(None, time(13), ALWAYS), again=AGAIN)
    for more in ({"status": Status.PAUSED}, {"status": Status.ENDING}, {}):
        play = theatre.play(theatre.journey("j", theatre.send(), enter=daily, **more))
        if not more:
            play.edit(paused_journeys=frozenset({"j"}))
        assert play.turn().due_at is None
        assert play.until(theatre.noon + 3 * DAY).mails == []
        play.now = theatre.noon + 4 * DAY
        play.turn()
        assert {one.because for one in play.traced("rejected")} <= {
            "the journey is paused",
            "the journey is ending",
        }
    once = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(Every(None, time(13), ALWAYS)))
    )
    assert len(once.until(theatre.noon + 5 * DAY).mails) == 1
    assert once.life.due_at is None, "`again: never` and inside once: the clock is over"


def test_a_journey_east_or_west_fires_a_daily_trigger_once(theatre: Any) -> None:
    """R4.3, R4.5."""
    daily = Enter(Every(None, time(9), ALWAYS), again=AGAIN)
    for zone, moves, fires in (
        ("Europe/Berlin", "2027-03-04 04:30", ["2027-03-04 04:30", "2027-03-05 03:00"]),
        ("America/Los_Angeles", "2027-03-04 09:30", ["2027-03-04 09:00", "2027-03-05 12:00"]),
    ):
        play = theatre.play(
            theatre.journey("j", theatre.send(), enter=daily), start=theatre.ny("2027-03-03 20:00")
        )
        play.event(theatre.ny("2027-03-04 04:00"), "visit")  # a look, after nine in Berlin
        play.change(theatre.ny(moves), time_zone=zone).until(theatre.ny("2027-03-05 23:00"))
        assert [at for at, _ in play.mails] == [theatre.ny(wall) for wall in fires]


def test_a_date_may_be_an_instant_or_nothing(theatre: Any) -> None:
    enter = Enter(OnDate("renews", time(9), days_before=0))
    early = Enter(OnDate("renews", time(9), days_before=7))
    edge = theatre.play(
        theatre.journey("j", theatre.send(), enter=early), attributes={"renews": "0001-01-01"}
    )
    assert edge.turn().due_at is None
    for value, fires in (
        ("2027-04-01T02:00:00.000000Z", ["2027-03-31 09:00"]),
        ("soon", []),
        ("", []),
        ("2027-03-01", []),
        ("0001-01-01", []),
        ("0001-01-01T00:00:00.000000Z", []),
    ):
        play = theatre.play(
            theatre.journey("j", theatre.send(), enter=enter), attributes={"renews": value}
        )
        play.until(theatre.noon + 60 * DAY)
        assert [at for at, _ in play.mails] == [theatre.ny(wall) for wall in fires]


def test_a_birthday_counts_days_before_over_the_turn_of_the_year(theatre: Any) -> None:
    enter = Enter(OnDate("birthday", time(9), yearly=True, days_before=7), again=AGAIN)
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=enter), attributes={"birthday": "1990-01-03"}
    )
    play.until(theatre.ny("2029-06-01 00:00"))
    assert [at for at, _ in play.mails] == [
        theatre.ny("2027-12-27 09:00"),
        theatre.ny("2028-12-27 09:00"),
    ]


def test_a_daemon_that_was_down_keeps_every_date(theatre: Any) -> None:
    """What was missed happens in its order; mail goes now, if it is still worth it (R3.6)."""
    daily = Enter(Every(None, time(9), ALWAYS), again=AGAIN)
    journey = theatre.journey("j", theatre.send(expires_after=Duration(days=1)), enter=daily)
    play = theatre.play(journey)
    play.now = theatre.noon + 3 * DAY
    play.turn()
    assert play.mails == [], (
        "the first one is older than a day, and it was inside when the others came"
    )
    assert [run.entered_at for run in play.runs] == [theatre.ny("2027-03-04 09:00")]
    assert {one.because for one in play.traced("rejected")} == {"is inside already"}
    forgetful = theatre.play(journey)
    forgetful.now = theatre.noon + DAY
    forgetful.turn()
    assert [at for at, _ in forgetful.mails] == [theatre.noon + DAY]


def test_an_old_past_replays_no_schedules(theatre: Any) -> None:
    """R1.3: at the first turn an imported history is known, and starts nothing."""
    enter = Enter(OnDate("birthday", time(9), yearly=True), again=AGAIN)
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=enter),
        theatre.journey("k", theatre.send("k")),
        attributes={"birthday": "1990-01-03"},
    )
    play.life = replace(play.life, looked_at=None)
    years_ago = Event("old", "order.placed", theatre.noon - 800 * DAY, starts=False)
    recent = Event("new", "go", theatre.noon - HOUR)
    play.turn(years_ago, recent)
    assert play.mails == [(theatre.noon, "mails/k")]
    assert play.life.facts.standing.first_order_at == years_ago.at
    alone = theatre.play().life
    fresh = replace(alone, looked_at=None)
    play.life = fresh
    assert play.turn(years_ago).life.facts.standing.orders == 1


# ── the door ──────────────────────────────────────────────────────────────────────────────────


def test_again_after_days_counts_from_the_last_entry(theatre: Any) -> None:
    """R1.5: days in the person's calendar."""
    enter = Enter(WhenEvent("go"), again=Again(allowed=True, after=Duration(days=11)))
    play = theatre.play(theatre.journey("j", theatre.send(), enter=enter)).event(theatre.noon)
    early = theatre.ny("2027-03-14 11:59")
    play.event(early).event(early + MINUTE)
    assert len(play.runs) == 2
    assert play.traced("rejected")[0].because.startswith(
        "too soon again; entered 2027-03-03 17:00Z"
    )


def test_nobody_is_inside_twice(theatre: Any) -> None:
    """R1.5: one live run per person and journey."""
    play = theatre.play(waiting(theatre, enter=Enter(WhenEvent("go"), again=AGAIN)))
    play.event(theatre.noon).event(theatre.noon + HOUR)
    assert len(play.runs) == 1
    assert play.traced("rejected")[0].because == "is inside already"


def test_knocking_ends_with_the_journey(theatre: Any) -> None:
    """R1.2."""
    enter = Enter(WhenEvent("go"), condition=Attribute("plan", OneOf(("trial",))))
    play = theatre.play(theatre.journey("j", theatre.send(), enter=enter)).event(theatre.noon)
    gone = play.rules.journeys
    play.edit(journeys={}).turn()
    assert play.life.knocking == ()
    again = theatre.play(*gone.values()).event(theatre.noon)
    again.edit(journeys={"j": replace(gone["j"], status=Status.ENDING)})
    again.change(theatre.noon + MINUTE, plan="trial")
    assert again.traced("rejected")[0].because == "the journey is ending"
    erased = theatre.play(*gone.values(), attributes={"plan": "trial"})
    erased.facts(theatre.noon, person=replace(erased.life.facts.person, erased=True))
    erased.event(theatre.noon + MINUTE)
    assert erased.traced("rejected")[0].because == "the person was erased"


def test_time_can_answer_a_knock(theatre: Any) -> None:
    """The condition of an entry may come true by the clock alone within its grace."""
    fresh = Not(Did("visit", within=HOUR))
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(WhenEvent("go"), condition=fresh)),
        start=theatre.noon - HOUR,
    )
    play.event(theatre.noon - 50 * MINUTE, "visit").event(theatre.noon).until(theatre.noon + HOUR)
    assert [at for at, _ in play.mails] == [theatre.noon + 10 * MINUTE]


def test_implied_consent_that_ends_is_announced_and_blocks(theatre: Any) -> None:
    """R5.7."""
    ends = theatre.noon + 40 * DAY
    implied = ConsentEntry("news", "implied", theatre.noon - DAY, expires_at=ends)
    other = ConsentEntry("promotion", "implied", theatre.noon - DAY, expires_at=ends)
    newer = ConsentEntry("promotion", "express", theatre.noon - HOUR, confirmed=True)
    journey = theatre.journey(
        "j", theatre.send("a"), Wait(id="w", length=Duration(days=50)), theatre.send("b")
    )
    play = theatre.play(
        journey, attributes={"country": "US"}, consents=(implied, other, newer)
    ).event(theatre.noon)
    play.until(theatre.noon + 60 * DAY)
    (event,) = play.noted("consent.expiring")
    assert (event.at, event.properties["topic"]) == (ends - 30 * DAY, "news")
    assert [mail for _, mail in play.mails] == ["mails/a"]


# ── edits ─────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_that_says_nothing_of_a_step_changes_no_run(theatre: Any) -> None:
    """R2.8."""
    old = theatre.journey("j", Wait(id="w", length=Duration(days=2)), theatre.send())
    play = theatre.play(old).event(theatre.noon)
    run = play.life.runs[0]

    def follow(new: Any, stands: Any = run, **more: Any) -> Any:
        return follow_edit(stands, old, new, play.life.facts, play.rules, play.now, **more)

    same = replace(old, title="Another title", nodes={**old.nodes, "more": theatre.send("more")})
    assert follow(same) is run
    assert follow(theatre.journey("j", theatre.send())) is run, "`plan` refuses this"
    assert follow(old, replace(run, step=None, ended_at=theatre.noon)).ended_at == theatre.noon
    now_a_mail = follow(theatre.journey("j", theatre.send("w")), keep_timers=True)
    assert (now_a_mail.step, now_a_mail.wake_at) == ("w", None)
    away = follow(theatre.journey("j", removed={"w": Removed(leave="")}))
    assert away.wake_at == play.now


def test_a_postponed_message_keeps_its_place_in_an_edit(theatre: Any) -> None:
    night = theatre.ny("2027-03-03 23:00")
    old = theatre.journey("j", theatre.send())
    play = theatre.play(old, quiet_hours=Window(*theatre.night), start=night).event(night)
    new = theatre.journey("j", replace(theatre.send("new", mail="mails/new"), was=("mail",)))
    run = follow_edit(play.life.runs[0], old, new, play.life.facts, play.rules, play.now)
    assert (run.step, run.postponed) == ("new", play.life.runs[0].postponed)
    play.life = replace(play.life, runs=(run,))
    play.edit(journeys={"j": new}).until(night + DAY)
    assert [mail for _, mail in play.mails] == ["mails/new"]


def test_only_a_journey_or_the_api_may_use_a_back_door(theatre: Any) -> None:
    play = theatre.play(theatre.journey("j", theatre.send(), enter=Enter(Called("journey"))))
    assert play.event(theatre.noon).until(theatre.noon + DAY).runs == []


def test_an_event_of_the_engine_is_noted_once(theatre: Any) -> None:
    """R1.4: a turn that is repeated from an older state adds nothing to the history."""
    implied = ConsentEntry(
        "news", "implied", theatre.noon - DAY, expires_at=theatre.noon + 31 * DAY
    )
    play = theatre.play(attributes={"country": "US"}, consents=(implied,)).until(
        theatre.noon + 2 * DAY
    )
    play.life = replace(play.life, looked_at=theatre.noon, due_at=None)
    play.turn()
    assert len(play.noted("consent.expiring")) == 1
    assert len([c for _, c in play.changes if type(c).__name__ == "Noted"]) == 1
