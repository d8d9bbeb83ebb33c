"""What a rulebook says, sorted by the questions that a turn asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.domain.condition import (
    ALWAYS,
    All,
    AnyOf,
    Attribute,
    Did,
    InSegment,
    InStage,
    Not,
    OneOf,
    Op,
    TotalOf,
)
from engine.domain.duration import Duration
from engine.domain.index import by_stage, events_read, holding, index_of
from engine.domain.journey import (
    Called,
    Choose,
    Enter,
    Hold,
    Joins,
    Status,
    Wait,
    WaitFor,
    WhenEvent,
)
from engine.domain.lifecycle import LifecycleConfig
from engine.domain.segment import Persona, Segment

DAY = timedelta(days=1)


def segment(name: str, who: Any, stay: timedelta = timedelta(0)) -> Segment:
    return Segment(name, who, stay_at_least=stay)


def test_a_draft_lets_nobody_in_and_the_back_door_needs_no_index(theatre: Any) -> None:
    rules = theatre.rulebook(
        theatre.journey("draft", theatre.send(), status=Status.DRAFT),
        theatre.journey("called", theatre.send(), enter=Enter(Called("api"))),
        theatre.journey("b", theatre.send()),
        theatre.journey("a", theatre.send()),
    )
    index = index_of(rules)
    assert {k: [j.name for j in v] for k, v in index.by_event.items()} == {"go": ["a", "b"]}
    assert (index.by_segment, index.scheduled) == ({}, ())
    assert index_of(rules) is index, "made once"


def test_only_what_a_decision_asks_about_is_remembered(theatre: Any) -> None:
    """Joined, or kept for a while and asked about, by way of other segments too."""
    rules = theatre.rulebook(
        theatre.journey("j", theatre.send(), enter=Enter(Joins("joined"))),
        segments=(
            segment("joined", All((Not(InSegment("inner")),))),
            segment("inner", ALWAYS, DAY),
            segment("brief", ALWAYS),
            segment("persona", ALWAYS, DAY),
            segment("idle", ALWAYS, DAY),
        ),
        personas=(
            Persona("p", 1, All((InSegment("persona"), InSegment("brief"), InSegment("gone")))),
        ),
    )
    asked = [one.name for one in index_of(rules).remembered]
    assert asked == ["inner", "joined", "persona"]


def test_the_events_that_a_turn_may_look_at_are_named_wherever_they_stand(theatre: Any) -> None:
    """Conditions, steps, and what the engine asks by itself; not what only starts a journey."""
    rules = theatre.rulebook(
        theatre.journey(
            "j",
            Choose(id="c", arms=((Not(Did("in an arm")), "s"),), next="s"),
            WaitFor(id="w", event="waited for", up_to=Duration(days=1)),
            WaitFor(id="v", condition=Did("waited to be so"), up_to=Duration(days=1)),
            theatre.send("s"),
            enter=Enter(WhenEvent("only the way in"), condition=Did("at the door")),
            goal=AnyOf((TotalOf("summed", "total", Op.AT_LEAST, 1), Did("the goal"))),
            leave_when=Did("the way out"),
        ),
        theatre.journey("k", theatre.send(), when="stage.changed"),
        segments=(segment("s", Did("of a segment")),),
        personas=(Persona("p", 1, Did("of a persona")),),
        hold_when=(Hold("news", Did("held")),),
        lifecycle=LifecycleConfig(order_event="subscription.paid"),
    )
    assert events_read(rules) == {
        "in an arm", "waited for", "waited to be so", "at the door", "summed", "the goal",
        "the way out", "of a segment", "of a persona", "held", "stage.changed", "subscription.paid",
        "subscription.refunded", "subscription.cancelled", "ticket.opened", "ticket.solved",
        "task.opened", "task.raised", "task.done", "mood.changed", "care.needed",
        "answer.needed",
    }  # fmt: skip


def test_new_thresholds_edit_whatever_depends_on_a_stage(theatre: Any) -> None:
    """R6.2."""
    rules = theatre.rulebook(
        segments=(
            segment("lapsed", InStage(("lapsed",))),
            segment("outer", Not(InSegment("lapsed"))),
            segment("gold", Attribute("tier", OneOf(("gold",)))),
        )
    )
    assert by_stage(rules) == {"lapsed", "outer"}


def test_the_held_out_and_the_shadows_hold_nothing(theatre: Any) -> None:
    """R8.1, R2.11: other mail must not feel them."""
    wait = Wait(id="w", length=Duration(days=1))
    for more, held in (
        ({}, ["j"]),
        ({"status": Status.SHADOW}, []),
        ({"holdout": 10_000}, []),
    ):
        play = theatre.play(theatre.journey("j", wait, hold_other_mail=("news",), **more))
        play.event(theatre.noon)
        assert holding(play.rules, play.runs) == held
