"""The verbs of a journey, one by one (R2), and leaving it (R1.6-1.9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from engine.domain.condition import All, Attribute, Compare, Did, Feels, InSegment, Not, OneOf, Op
from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.emotion import EmotionConfig, reading
from engine.domain.journey import (
    Again,
    Called,
    Choose,
    Enter,
    Experiment,
    FixedMoment,
    GoTo,
    HandTo,
    Joins,
    Leave,
    Priority,
    RelativeMoment,
    Removed,
    StartJourney,
    Status,
    Team,
    Update,
    Variant,
    Wait,
    WaitFor,
    WaitUntil,
    WeekdayMoment,
    WhenEvent,
    Window,
)
from engine.domain.reasons import Reason
from engine.domain.segment import Segment
from engine.domain.turn import ConsentLowered, PersonChanged, TaskOpened

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
AGAIN = Again(allowed=True)


def upto(**length: float) -> Duration:
    return Duration(elapsed=timedelta(**length))


# ── waits ─────────────────────────────────────────────────────────────────────────────────────


def test_a_wait_with_a_time_ends_at_the_next_such_time(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", Wait(id="w", length=Duration(days=1), at=time(9)), theatre.send())
    )
    play.event(theatre.noon).until(theatre.noon + 5 * DAY)
    assert [at for at, _ in play.mails] == [theatre.ny("2027-03-05 09:00")]
    assert play.traced("waits")[0].detail["until"] == "2027-03-05T14:00:00.000000Z"


@pytest.mark.parametrize(
    ("moment", "attributes", "at"),
    [
        (RelativeMoment("ends", offset=Duration(days=2), at=time(10)), "2027-03-10", "2027-03-08 10:00"),
        (RelativeMoment("ends", offset=Duration(days=2)), "2027-03-10", "2027-03-08 00:00"),
        (RelativeMoment("ends", offset=Duration(days=1), direction=1), "2027-03-13", "2027-03-14 00:00"),
        (RelativeMoment("ends"), "2027-03-10T15:30:00.000000Z", "2027-03-10 10:30"),
        (FixedMoment(datetime(2027, 12, 24, 18)), "", "2027-12-24 18:00"),
        (WeekdayMoment(1, time(9)), "", "2027-03-09 09:00"),
        (WeekdayMoment(2, time(13)), "", "2027-03-03 13:00"),
        (WeekdayMoment(2, time(9)), "", "2027-03-10 09:00"),
    ],
)  # fmt: skip
def test_a_moment_comes_in_the_person_s_zone(
    theatre: Any, moment: Any, attributes: str, at: str
) -> None:
    """R2.2."""
    for of in ("person", "entry"):
        asked = replace(moment, of=of) if isinstance(moment, RelativeMoment) else moment
        play = theatre.play(
            theatre.journey("j", WaitUntil(id="w", moment=asked), theatre.send()),
            attributes={"ends": attributes} if of == "person" else {},
        )
        play.event(theatre.noon, ends=attributes).until(theatre.noon + 300 * DAY)
        assert [found for found, _ in play.mails] == [theatre.ny(at)]


@pytest.mark.parametrize(
    ("if_past", "mails", "because"),
    [
        ("go_on", ["mails/a", "mails/b"], "finished"),
        (None, ["mails/a", "mails/b"], "finished"),
        ("skip_next", ["mails/b"], "finished"),
        ("leave", [], "the moment had passed"),
    ],
)
@pytest.mark.parametrize("ends", ["2027-03-01", "", "soon"])
def test_a_moment_in_the_past_does_what_the_step_says(
    theatre: Any, if_past: Any, mails: list[str], because: str, ends: str
) -> None:
    """R2.2. A date that is not there will never come: it counts as past."""
    play = theatre.play(
        theatre.journey(
            "j",
            WaitUntil(id="w", moment=RelativeMoment("ends"), if_past=if_past, after_next="b"),
            theatre.send("a"),
            theatre.send("b"),
        ),
        attributes={"ends": ends},
    )
    play.event(theatre.noon)
    assert [mail for _, mail in play.mails] == mails
    assert play.runs[0].because == because


def test_a_moment_of_an_entry_that_is_no_event_has_no_date(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey(
            "j",
            WaitUntil(id="w", moment=RelativeMoment("ends", of="entry")),
            theatre.send(),
            enter=Enter(Joins("gold")),
        ),
        segments=(Segment("gold", Attribute("tier", OneOf(("gold",)))),),
    )
    play.change(theatre.noon, tier="gold")
    assert len(play.mails) == 1


def test_the_same_day_after_may_go_on(theatre: Any) -> None:
    moment = WeekdayMoment(2, time(9))
    step = WaitUntil(id="w", moment=moment, same_day_after="go_on")
    play = theatre.play(theatre.journey("j", step, theatre.send())).event(theatre.noon)
    assert play.mails == [(theatre.noon, "mails/mail")]
    later = replace(step, same_day_after="next_week")
    other = theatre.play(theatre.journey("j", later, theatre.send())).event(theatre.noon)
    assert other.until(theatre.noon + 9 * DAY).mails[0][0] == theatre.ny("2027-03-10 09:00")


def test_a_date_that_moves_moves_the_wake(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", WaitUntil(id="w", moment=RelativeMoment("ends")), theatre.send()),
        attributes={"ends": "2027-03-10"},
    )
    play.event(theatre.noon).change(theatre.noon + DAY, ends="2027-03-20")
    play.until(theatre.noon + 30 * DAY)
    assert [at for at, _ in play.mails] == [theatre.ny("2027-03-20 00:00")]


def test_a_change_of_zone_recomputes_the_wake(theatre: Any) -> None:
    """R4.5."""
    play = theatre.play(
        theatre.journey(
            "j",
            Wait(id="w", length=Duration(days=1), at=time(15)),
            theatre.send(),
        )
    )
    play.event(theatre.noon).change(theatre.noon + HOUR, time_zone="Europe/Berlin")
    play.until(theatre.noon + 3 * DAY)
    assert [at for at, _ in play.mails] == [datetime(2027, 3, 5, 14, tzinfo=UTC)]


# ── wait_for ──────────────────────────────────────────────────────────────────────────────────


def wait_journey(theatre: Any, **more: Any) -> Any:
    wait = WaitFor(id="w", event="reply", up_to=upto(hours=2), otherwise="late", **more)
    return theatre.journey("j", wait, theatre.send("answered", next="END"), theatre.send("late"))


def test_the_event_beats_the_time_out_on_the_same_instant(theatre: Any) -> None:
    """R2.3."""
    play = theatre.play(wait_journey(theatre)).event(theatre.noon)
    play.event(theatre.noon + 2 * HOUR, "reply")
    assert [mail for _, mail in play.mails] == ["mails/answered"]
    assert play.runs[0].answers["w"].name == "reply"
    late = theatre.play(wait_journey(theatre)).event(theatre.noon)
    late.event(theatre.noon + 2 * HOUR + MINUTE, "reply")
    assert late.mails == [(theatre.noon + 2 * HOUR, "mails/late")]
    assert late.traced("timed_out")[0].at == theatre.noon + 2 * HOUR


def test_events_count_from_the_entry_on(theatre: Any) -> None:
    """R2.3: what came before the entry does not, what came before the step does."""
    journey = theatre.journey(
        "j",
        Wait(id="first", length=upto(hours=1)),
        WaitFor(id="w", event="reply", up_to=upto(hours=2), otherwise="late"),
        theatre.send("answered", next="END"),
        theatre.send("late"),
    )
    before = theatre.play(journey, start=theatre.noon - HOUR).event(theatre.noon - MINUTE, "reply")
    before.event(theatre.noon).until(theatre.noon + DAY)
    assert [mail for _, mail in before.mails] == ["mails/late"]
    after = theatre.play(journey).event(theatre.noon).event(theatre.noon + MINUTE, "reply")
    after.until(theatre.noon + DAY)
    assert after.mails == [(theatre.noon + HOUR, "mails/answered")]


def test_an_event_answers_one_wait_for_of_a_run_and_never_starts_and_answers(theatre: Any) -> None:
    """R2.3."""
    journey = theatre.journey(
        "j",
        WaitFor(id="one", event="go", up_to=Duration(days=1)),
        WaitFor(id="two", event="go", up_to=Duration(days=1)),
        theatre.send(),
    )
    play = theatre.play(journey).event(theatre.noon).event(theatre.noon + HOUR)
    assert play.mails == [], "the first came in, the second answered the first wait"
    play.event(theatre.noon + 2 * HOUR)
    assert [run.answers.keys() for run in play.runs] == [{"one", "two"}]
    assert len(play.mails) == 1


def test_the_same_property_as_the_entry_event(theatre: Any) -> None:
    play = theatre.play(wait_journey(theatre, same="ticket")).event(theatre.noon, ticket="t1")
    play.event(theatre.noon + MINUTE, "reply", ticket="t2")
    assert play.mails == []
    play.event(theatre.noon + 2 * MINUTE, "reply", ticket="t1")
    assert [mail for _, mail in play.mails] == ["mails/answered"]
    nothing = theatre.play(wait_journey(theatre, same="ticket")).event(theatre.noon)
    nothing.event(theatre.noon + MINUTE, "reply").until(theatre.noon + DAY)
    assert [mail for _, mail in nothing.mails] == ["mails/late"]


def test_a_condition_is_waited_for_in_time_too(theatre: Any) -> None:
    """A mood that fades answers without any event: the turn falls due at the horizon."""
    angry = reading("angry", theatre.noon - HOUR, 0.7, EmotionConfig())
    upset = Feels(("angry",), "high", timedelta(hours=5))
    journey = theatre.journey(
        "j",
        WaitFor(id="w", condition=Not(upset), up_to=Duration(days=2), otherwise=None),
        theatre.send(),
    )
    play = theatre.play(journey, facts={"readings": (angry,)}).event(theatre.noon)
    play.until(theatre.noon + 5 * DAY)
    (at, _), *_ = play.mails
    assert theatre.noon + 4 * HOUR <= at < theatre.noon + 4 * HOUR + MINUTE
    assert play.traced("matched")[0].at == at


def test_an_event_dated_a_little_ahead_answers_at_its_time(theatre: Any) -> None:
    """R1.3: within five minutes a clock may be ahead."""
    play = theatre.play(wait_journey(theatre)).event(theatre.noon)
    ahead = theatre.noon + 14 * MINUTE
    play.event(theatre.noon + 10 * MINUTE, "reply", dated=ahead.isoformat())
    assert play.mails == []
    play.until(theatre.noon + HOUR)
    assert play.mails == [(ahead, "mails/answered")]


# ── branches, experiments, hand-offs ──────────────────────────────────────────────────────────


def test_choose_takes_the_first_match(theatre: Any) -> None:
    """R2.4."""
    seats = [Attribute("seats", Compare(Op.AT_LEAST, number)) for number in (10, 3)]
    journey = theatre.journey(
        "j",
        Choose(id="c", arms=((seats[0], "a"), (seats[1], "b")), next="d"),
        theatre.send("a", next="END"),
        theatre.send("b", next="END"),
        theatre.send("d"),
    )
    for number, mail, because in (
        (12, "mails/a", "1"),
        (3, "mails/b", "2"),
        (1, "mails/d", "otherwise"),
    ):
        play = theatre.play(journey, attributes={"seats": number}).event(theatre.noon)
        assert [found for _, found in play.mails] == [mail]
        assert play.traced("chose")[0].because == because


def test_a_variant_sticks_whatever_the_shares_become(theatre: Any) -> None:
    """R2.5: people who have a variant keep it."""

    def offer(first: int) -> Any:
        return theatre.journey(
            "j",
            Experiment(
                id="offer",
                question="?",
                variants=(Variant("a", first, "wa"), Variant("b", 10_000 - first, "wb")),
                measure=Did("x"),
                at_least=1,
                decide=Duration(days=1),
            ),
            Wait(id="wa", length=Duration(days=1), next="a"),
            Wait(id="wb", length=Duration(days=1), next="b"),
            theatre.send("a", next="END"),
            theatre.send("b"),
        )

    play = theatre.play(offer(10_000)).event(theatre.noon)
    assert play.runs[0].variants == {"offer": "a"}
    stood = replace(play.life.runs[0], step="offer")
    play.life = replace(play.life, runs=(stood,))
    play.edit(journeys={"j": offer(0)}).until(theatre.noon + 3 * DAY)
    assert [mail for _, mail in play.mails] == ["mails/a"]
    fresh = theatre.play(offer(0)).event(theatre.noon).until(theatre.noon + 3 * DAY)
    assert [mail for _, mail in fresh.mails] == ["mails/b"]


def test_newcomers_get_the_winner_and_the_others_keep_their_variant(theatre: Any) -> None:
    """R8.2, R2.5. A winner that the experiment does not have any more is nobody's variant."""
    offer = Experiment(
        id="offer",
        question="?",
        variants=(Variant("a", 10_000, "wa"), Variant("b", 0, "wb")),
        measure=Did("x"),
        at_least=1,
        decide=Duration(days=1),
        winner="use",
    )
    journey = theatre.journey(
        "j",
        offer,
        Wait(id="wa", length=Duration(days=1), next="a"),
        Wait(id="wb", length=Duration(days=1), next="b"),
        theatre.send("a", next="END"),
        theatre.send("b"),
    )
    won = {("j", "offer"): "b"}
    newcomer = theatre.play(journey, winners=won).event(theatre.noon)
    assert newcomer.runs[0].variants == {"offer": "b"}
    inside = theatre.play(journey).event(theatre.noon)
    stood = replace(inside.life.runs[0], step="offer")
    inside.life = replace(inside.life, runs=(stood,))
    inside.edit(winners=won).until(theatre.noon + 3 * DAY)
    assert [mail for _, mail in inside.mails] == ["mails/a"]
    gone = theatre.play(journey, winners={("j", "offer"): "c"}).event(theatre.noon)
    assert gone.runs[0].variants == {"offer": "a"}


def handing(theatre: Any, up_to: Any, start: str, **more: Any) -> Any:
    step = HandTo(id="h", team="care", because="angry", up_to=up_to, otherwise="late", **more)
    play = theatre.play(
        theatre.journey("j", step, theatre.send("done", next="END"), theatre.send("late")),
        teams={"care": Team("care", "c@x.example", Window(time(9), time(17), frozenset(range(5))))},
        holidays=frozenset({date(2027, 3, 8)}),
        start=theatre.ny(start),
    )
    return play.event(theatre.ny(start))


def test_no_task_dies_over_a_weekend(theatre: Any) -> None:
    """R2.7: holidays are closed days, too."""
    friday_night = handing(theatre, Duration(days=1), "2027-03-05 18:00")
    (task,) = [c for _, c in friday_night.changes if isinstance(c, TaskOpened)]
    assert task.until == theatre.ny("2027-03-09 17:00")
    friday_night.until(theatre.ny("2027-03-20 00:00"))
    assert friday_night.mails == [(theatre.ny("2027-03-09 17:00"), "mails/late")]
    wednesday = handing(theatre, Duration(days=3), "2027-03-03 10:00")
    assert wednesday.runs[0].wake_at == theatre.ny("2027-03-06 10:00")


def test_a_task_that_is_done_leads_on(theatre: Any) -> None:
    play = handing(theatre, Duration(days=3), "2027-03-03 10:00")
    (task,) = [c for _, c in play.changes if isinstance(c, TaskOpened)]
    assert (task.team, task.because, task.urgency) == ("care", "angry", "today")
    play.event(theatre.noon, "task.done", task="another")
    assert play.mails == []
    play.event(theatre.noon + HOUR, "task.done", task=task.id)
    assert play.mails == [(theatre.noon + HOUR, "mails/done")]
    assert play.runs[0].answers["h"].name == "task.done"


def test_without_an_end_nobody_waits_for_the_team(theatre: Any) -> None:
    play = handing(theatre, None, "2027-03-03 10:00")
    assert [mail for _, mail in play.mails] == ["mails/done"]
    strangers = theatre.play(
        theatre.journey("j", HandTo(id="h", team="nobody", up_to=Duration(days=1)), theatre.send())
    )
    strangers.event(theatre.noon)
    assert strangers.runs[0].wake_at == theatre.noon + DAY


# ── update, start, go to, leave ───────────────────────────────────────────────────────────────


def test_update_changes_the_person_for_the_steps_behind_it(theatre: Any) -> None:
    """R2.6: once per visit; consent only downwards."""
    update = Update(
        id="u",
        set={"plan": "gold"},
        add_tags=("vip", "old"),
        increase={"points": 5, "credit": 0.5, "new": 2},
        lower_consent=("promotion",),
    )
    rich = Attribute("points", Compare(Op.AT_LEAST, 12))
    play = theatre.play(
        theatre.journey(
            "j", update, Choose(id="c", arms=((rich, "a"),), next=None), theatre.send("a")
        ),
        attributes={"points": 7, "credit": 1.25, "tags": ("old",), "new": "text"},
    )
    play.event(theatre.noon)
    assert len(play.mails) == 1
    found = play.life.facts.person.attributes
    assert (found["plan"], found["points"], found["credit"], found["new"]) == ("gold", 12, 1.75, 2)
    assert found["tags"] == ("old", "vip")
    (changed,) = [c for _, c in play.changes if isinstance(c, PersonChanged)]
    assert changed.values.keys() == {"plan", "points", "credit", "new", "tags"}
    (lowered,) = [c for _, c in play.changes if isinstance(c, ConsentLowered)]
    assert lowered.entry == ConsentEntry(
        "promotion", "unsubscribed", theatre.noon, source="journey j"
    )
    assert len(play.noted("person.changed")) == len(play.noted("consent.withdrawn")) == 1


def test_one_tag_in_words_stays_beside_a_new_one(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", Update(id="u", add_tags=("vip",))), attributes={"tags": "old"}
    )
    assert play.event(theatre.noon).life.facts.person.attributes["tags"] == ("old", "vip")


def test_a_started_journey_keeps_its_own_rules(theatre: Any) -> None:
    """R2.7."""
    first = theatre.journey("first", StartJourney(id="s", journey="second"))
    enter = Enter(Called("journey"), condition=Attribute("plan", OneOf(("gold",))))
    second = theatre.journey("second", theatre.send(), enter=enter)
    for plan, mails in (("gold", 1), ("tin", 0)):
        play = theatre.play(first, second, attributes={"plan": plan}).event(theatre.noon)
        assert len(play.mails) == mails
        assert len(play.traced("rejected")) == 1 - mails
    assert theatre.play(first).event(theatre.noon).runs[0].because == "finished"
    per = replace(second, enter=Enter(Called("journey"), one_run_per="order"))
    often = replace(first, enter=Enter(WhenEvent("go"), again=AGAIN))
    play = theatre.play(often, per)
    for hour, order in enumerate(("a", "a", "b")):
        play.event(theatre.noon + hour * DAY, order=order)
    assert len(play.mails) == 2


def test_the_api_lets_people_in(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", theatre.send(), enter=Enter(Called("api"), again=AGAIN))
    )
    play.event(theatre.noon, "journey.start", journey="j", id="once")
    play.event(theatre.noon + HOUR, "journey.start", journey="j", id="once")
    play.event(theatre.noon + DAY, "journey.start", journey="nowhere")
    assert len(play.mails) == 1


def test_go_to_and_leave(theatre: Any) -> None:
    journey = theatre.journey(
        "j", GoTo(id="g", next="out"), theatre.send(), Leave(id="out", why="Enough said")
    )
    play = theatre.play(journey).event(theatre.noon)
    assert (play.mails, play.runs[0].because) == ([], "Enough said")
    assert play.noted("journey.left")[0].properties["because"] == "Enough said"


def test_a_shadow_touches_nothing(theatre: Any) -> None:
    """R2.11."""
    play = theatre.play(
        theatre.journey(
            "j",
            Update(id="u", set={"plan": "gold"}, lower_consent=("news",)),
            HandTo(id="h", team="care"),
            StartJourney(id="s", journey="other"),
            theatre.send(),
            status=Status.SHADOW,
            hold_other_mail=("news",),
        ),
        theatre.journey("other", theatre.send("x"), enter=Enter(Called("journey"))),
    )
    play.event(theatre.noon)
    assert not [
        c for _, c in play.changes if isinstance(c, (PersonChanged, TaskOpened, ConsentLowered))
    ]
    assert [run.journey for run in play.runs] == ["j"]
    assert [queued.shadow for queued in play.queued] == [True]


# ── leaving ───────────────────────────────────────────────────────────────────────────────────


def leaving(theatre: Any, **more: Any) -> Any:
    return theatre.journey("j", Wait(id="w", length=Duration(days=9)), theatre.send(), **more)


def test_of_several_exits_the_goal_counts(theatre: Any) -> None:
    """R1.6: goal, leave_when, stay."""
    gold = Segment("gold", Attribute("tier", OneOf(("gold",))))
    play = theatre.play(
        leaving(
            theatre,
            goal=Did("bye"),
            leave_when=Did("bye"),
            enter=Enter(Joins("gold")),
            stay="while_matching",
        ),
        segments=(gold,),
    )
    play.change(theatre.noon, tier="gold").event(theatre.noon + HOUR, "bye")
    assert (play.runs[0].because, play.runs[0].goal_at) == ("goal", theatre.noon + HOUR)
    away = theatre.play(
        leaving(theatre, enter=Enter(Joins("gold")), stay="while_matching"), segments=(gold,)
    )
    away.change(theatre.noon, tier="gold").change(theatre.noon + HOUR, tier="tin")
    assert away.runs[0].because == "stay"


def test_hysteresis_keeps_people_in_for_a_while(theatre: Any) -> None:
    """R1.7: `stay_at_least`."""
    gold = Segment("gold", Attribute("tier", OneOf(("gold",))), stay_at_least=DAY)
    play = theatre.play(
        leaving(theatre, enter=Enter(Joins("gold")), stay="while_matching"), segments=(gold,)
    )
    play.change(theatre.noon, tier="gold").change(theatre.noon + HOUR, tier="tin")
    assert play.runs[0].live
    play.until(theatre.noon + 3 * DAY)
    assert (play.runs[0].because, play.runs[0].ended_at) == ("stay", theatre.noon + DAY)


def test_stay_while_matching_an_entry_condition(theatre: Any) -> None:
    plan = Attribute("plan", OneOf(("trial",)))
    enter = Enter(WhenEvent("go"), condition=plan)
    play = theatre.play(
        leaving(theatre, enter=enter, stay="while_matching"), attributes={"plan": "trial"}
    )
    play.event(theatre.noon).change(theatre.noon + HOUR, plan="team")
    assert play.runs[0].because == "stay"


def test_a_goal_counts_once_also_after_the_leaving(theatre: Any) -> None:
    """R1.8: `within` runs from the entry."""
    goal = All((Did("order.placed", within=5 * DAY), Not(Did("x", within=DAY)), Not(Did("y"))))
    journey = theatre.journey("j", theatre.send(), goal=goal)
    play = theatre.play(journey).event(theatre.noon)
    assert play.runs[0].because == "finished"
    play.event(theatre.noon + 4 * DAY, "order.placed")
    play.event(theatre.noon + 4 * DAY + HOUR, "order.placed")
    assert (play.runs[0].because, play.runs[0].goal_at) == ("finished", theatre.noon + 4 * DAY)
    assert [one.because for one in play.traced("goal")] == ["after leaving"]
    assert play.life.runs == (), "counted: nothing is open any more"
    late = theatre.play(
        theatre.journey("j", theatre.send(), goal=Did("order.placed", within=5 * DAY))
    )
    late.event(theatre.noon).event(theatre.noon + 6 * DAY, "order.placed")
    assert late.runs[0].goal_at is None
    assert late.life.runs == ()
    endless = theatre.play(theatre.journey("j", theatre.send(), goal=Did("order.placed")))
    endless.event(theatre.noon)
    assert endless.life.runs == (), "without `within` it counts only while the person is inside"


def test_an_exit_that_comes_late_says_how_many_mails_it_missed(theatre: Any) -> None:
    """R1.9."""
    journey = theatre.journey(
        "j",
        theatre.send("a"),
        Wait(id="w", length=Duration(days=1)),
        theatre.send("b"),
        Wait(id="v", length=Duration(days=9)),
        leave_when=Did("bye"),
    )
    play = theatre.play(journey).event(theatre.noon).until(theatre.noon + 2 * DAY)
    play.event(theatre.noon + 2 * DAY + HOUR, "bye", dated=(theatre.noon + HOUR).isoformat())
    assert play.runs[0].because == "leave_when"
    assert play.traced("left")[0].detail == {"sent_after_exit": 1}


def test_erasure_ends_every_run(theatre: Any) -> None:
    """R5.9."""
    play = theatre.play(leaving(theatre)).event(theatre.noon)
    person = replace(play.life.facts.person, erased=True)
    play.facts(theatre.noon + HOUR, person=person)
    assert play.runs[0].because == "erased"
    assert play.life.due_at is None
    play.event(theatre.noon + 2 * HOUR)
    assert len(play.runs) == 1


def test_an_exit_drops_the_message_at_the_gate_with_its_reason(theatre: Any) -> None:
    """R1.6, R3.10."""
    night = theatre.ny("2027-03-03 23:00")
    for more, reason in (
        ({"goal": Did("bye")}, Reason.GOAL_REACHED),
        ({"leave_when": Did("bye")}, Reason.LEFT),
    ):
        play = theatre.play(
            theatre.journey("j", theatre.send(), **more),
            quiet_hours=Window(*theatre.night),
            start=night,
        )
        play.event(night).event(night + HOUR, "bye").until(night + DAY)
        assert play.mails == []
        (dropped,) = play.traced("dropped")
        assert (dropped.reason, dropped.detail["mail"]) == (reason, "mails/mail")


def test_a_removed_message_is_dropped_with_a_reason(theatre: Any) -> None:
    """R2.8, R3.10."""
    night = theatre.ny("2027-03-03 23:00")
    play = theatre.play(
        theatre.journey("j", theatre.send()), quiet_hours=Window(*theatre.night), start=night
    )
    play.event(night)
    new = theatre.journey("j", theatre.send("other"), removed={"mail": Removed(go_to="other")})
    play.edit(journeys={"j": new}).until(night + DAY)
    assert [mail for _, mail in play.mails] == ["mails/other"]
    assert play.traced("dropped")[0].reason is Reason.CONDITION


def test_a_vanished_step_or_journey_leaves_people_where_they_are(theatre: Any) -> None:
    """R2.8: `plan` refuses such an edit; if it happens all the same, nobody is lost."""
    play = theatre.play(leaving(theatre)).event(theatre.noon)
    play.edit(journeys={"j": theatre.journey("j", theatre.send("new"))})
    play.until(theatre.noon + 20 * DAY)
    assert play.life.runs[0].step == "w"
    play.edit(journeys={}).turn()
    assert play.life.runs[0].live


def test_journeys_that_answer_each_other_come_to_rest(theatre: Any) -> None:
    """A cycle through the engine's own events is checked for; if it happens, the turn still ends."""
    again = Again(allowed=True)
    ping = theatre.journey("ping", enter=Enter(WhenEvent("journey.left"), again=again))
    pong = theatre.journey("pong", enter=Enter(WhenEvent("journey.left"), again=again))
    start = theatre.journey("start")
    play = theatre.play(ping, pong, start).event(theatre.noon)
    assert sorted(run.journey for run in play.runs) == ["ping", "pong", "start"]


def test_priorities_decide_before_due_times(theatre: Any) -> None:
    """R3.7."""
    night = theatre.ny("2027-03-03 23:00")
    play = theatre.play(
        theatre.journey("low", theatre.send("low"), priority=Priority.LOW),
        theatre.journey("high", theatre.send("high"), when="later", priority=Priority.URGENT),
        caps=(theatre.cap_day,),
        quiet_hours=Window(*theatre.night),
        start=night,
    )
    play.event(night).event(night + HOUR, "later").until(night + 3 * DAY)
    eight = theatre.ny("2027-03-04 08:00")
    assert play.mails == [(eight, "mails/high"), (eight + DAY, "mails/low")]
    waited = play.traced("postponed")[-1]
    assert waited.detail["winner"] == "mails/high"


def test_a_segment_inside_a_branch_is_answered_for_its_instant(theatre: Any) -> None:
    gold = Segment("gold", Attribute("tier", OneOf(("gold",))), stay_at_least=DAY)
    branch = Choose(id="c", arms=((InSegment("gold"), "a"),), next=None)
    play = theatre.play(theatre.journey("j", branch, theatre.send("a")), segments=(gold,))
    play.change(theatre.noon, tier="gold").change(theatre.noon + HOUR, tier="tin")
    play.event(theatre.noon + 2 * HOUR)
    assert len(play.mails) == 1


def test_a_rename_needs_no_rewriting_of_runs(theatre: Any) -> None:
    """R2.8: `was:`."""
    old = theatre.journey("j", Wait(id="w", length=Duration(days=1)), theatre.send())
    new = theatre.journey("j", Wait(id="v", length=Duration(days=1), was=("w",)), theatre.send())
    play = theatre.play(old).event(theatre.noon).edit(journeys={"j": new})
    play.until(theatre.noon + 3 * DAY)
    assert play.mails == [(theatre.noon + DAY, "mails/mail")]
    assert play.runs[0].visited == ("v", "mail")


def test_a_run_without_an_entry_event_waits_for_events_too(theatre: Any) -> None:
    gold = Segment("gold", Attribute("tier", OneOf(("gold",))))
    wait = WaitFor(id="w", event="reply", up_to=Duration(days=1))
    play = theatre.play(
        theatre.journey("j", wait, theatre.send(), enter=Enter(Joins("gold"))), segments=(gold,)
    )
    play.change(theatre.noon, tier="gold").event(theatre.noon + HOUR, "reply")
    assert play.mails == [(theatre.noon + HOUR, "mails/mail")]


def test_an_update_may_only_lower_consent(theatre: Any) -> None:
    play = theatre.play(
        theatre.journey("j", Update(id="u", lower_consent=("news",)), theatre.send())
    ).event(theatre.noon)
    assert play.traced("dropped")[0].reason is Reason.UNSUBSCRIBED
    assert not [c for _, c in play.changes if isinstance(c, PersonChanged)]


def test_a_goal_on_a_state_is_open_only_while_inside(theatre: Any) -> None:
    """R1.8: a state has no `within` that would ever close it."""
    goal = Attribute("plan", OneOf(("team",)))
    play = theatre.play(theatre.journey("j", theatre.send(), goal=goal)).event(theatre.noon)
    play.change(theatre.noon + HOUR, plan="team")
    assert (play.runs[0].because, play.runs[0].goal_at, play.life.runs) == ("finished", None, ())


def test_a_change_of_zone_reaches_a_message_at_the_gate(theatre: Any) -> None:
    """R4.5: it is night elsewhere now."""
    night = theatre.ny("2027-03-03 23:00")
    play = theatre.play(
        theatre.journey("j", theatre.send()), quiet_hours=Window(*theatre.night), start=night
    )
    play.event(night).change(night + HOUR, time_zone="America/Los_Angeles")
    play.until(night + DAY)
    assert play.mails == [(night + HOUR, "mails/mail")], "21:00 in Los Angeles"


def test_a_detour_sends_nothing_a_second_time(theatre: Any) -> None:
    """R2.10: an edit that leads people back to a mail they had leads them past it."""
    old = theatre.journey(
        "j", theatre.send(), Wait(id="w", length=Duration(days=1)), theatre.send("b")
    )
    new = theatre.journey(
        "j", theatre.send(), theatre.send("b"), removed={"w": Removed(go_to="mail")}
    )
    play = theatre.play(old).event(theatre.noon).until(theatre.noon + 20 * HOUR)
    play.edit(journeys={"j": new}).until(theatre.noon + 2 * DAY)
    assert [mail for _, mail in play.mails] == ["mails/mail", "mails/b"]
    assert play.traced("dropped") == []


def test_an_exit_that_time_opens_is_taken_at_its_instant(theatre: Any) -> None:
    """R1.6: whatever the person waits for; the turn falls due for it."""
    angry = reading("angry", theatre.noon - HOUR, 0.7 * 2 ** (2 / 168), EmotionConfig())
    calm = Not(Feels(("angry",), "high", timedelta(hours=5)))
    play = theatre.play(leaving(theatre, leave_when=calm), facts={"readings": (angry,)})
    play.event(theatre.noon).until(theatre.noon + 2 * DAY)
    (run,) = play.runs
    assert run.because == "leave_when"
    assert abs(run.ended_at - (theatre.noon + 6 * HOUR)) < MINUTE


def test_a_shadow_starts_no_other_journey_by_its_comings_and_goings(theatre: Any) -> None:
    """R2.11."""
    shadow = theatre.journey("j", theatre.send(), status=Status.SHADOW)
    for name in ("journey.entered", "journey.left"):
        play = theatre.play(shadow, theatre.journey("k", theatre.send("k"), when=name))
        assert play.event(theatre.noon).mails == []
        assert play.noted(name) == []


def test_no_journey_is_started_by_its_own_mail(theatre: Any) -> None:
    again = Again(allowed=True)
    loop = theatre.journey("j", theatre.send(), enter=Enter(WhenEvent("mail.sent"), again=again))
    play = theatre.play(loop, theatre.journey("k", theatre.send("k")))
    play.event(theatre.noon)
    assert [mail for _, mail in play.mails] == ["mails/k", "mails/mail"]


def test_dates_at_the_edge_of_the_calendar_are_long_ago_or_never(theatre: Any) -> None:
    """R10.4: no value of anybody's data breaks a turn."""
    for value, direction, passed in (("0001-01-01", -1, True), ("9999-12-31", 1, False)):
        for at in (None, time(10)):
            moment = RelativeMoment(
                "ends", offset=Duration(months=1, days=2), direction=direction, at=at
            )
            play = theatre.play(
                theatre.journey("j", WaitUntil(id="w", moment=moment), theatre.send()),
                attributes={"ends": value},
            )
            play.event(theatre.noon).until(theatre.noon + 900 * DAY)
            assert bool(play.mails) is passed
