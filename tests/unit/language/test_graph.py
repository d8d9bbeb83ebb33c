"""Steps become a graph whose every way is known."""

from __future__ import annotations

from collections.abc import Callable

from engine.domain.journey import Choose, HandTo, Journey, Status, WaitFor, WaitUntil
from engine.language.diagram import diagram

Read = Callable[..., Journey]


def test_an_empty_branch_leads_to_what_follows(journey_of: Read) -> None:
    journey = journey_of(
        "  - { id: a, wait_for: order.placed, up_to: 1 day, then: [ { id: b, wait: 1 day } ] }\n"
        "  - { id: c, wait: 1 day }\n"
    )
    a = journey.nodes["a"]
    assert isinstance(a, WaitFor)
    assert (a.next, a.otherwise) == ("b", "c")
    assert journey.nodes["b"].next == "c"
    assert journey.nodes["c"].next is None


def test_skip_next_goes_past_a_whole_branching_step(journey_of: Read) -> None:
    """R2.2: `skip_next` leaves out the next step with everything in it."""
    journey = journey_of(
        "  - { id: a, wait_until: '2026-12-24 18:00', if_past: skip_next }\n"
        "  - { id: b, if: { plan: team }, then: [ { id: c, wait: 1 day } ] }\n"
        "  - { id: d, wait: 1 day }\n"
    )
    a = journey.nodes["a"]
    assert isinstance(a, WaitUntil)
    assert (a.next, a.after_next) == ("b", "d")


def test_the_last_step_of_a_branch_skips_into_what_follows_the_branch(journey_of: Read) -> None:
    journey = journey_of(
        "  - id: a\n    if: { plan: team }\n    then:\n"
        "      - { id: b, wait_until: '2026-12-24 18:00', if_past: skip_next }\n"
        "  - { id: c, wait: 1 day }\n"
        "  - { id: d, wait: 1 day }\n"
    )
    b = journey.nodes["b"]
    assert isinstance(b, WaitUntil)
    assert (b.next, b.after_next) == ("c", "d")


def test_go_to_jumps_forward_and_leave_ends(journey_of: Read) -> None:
    journey = journey_of(
        "  - id: a\n    choose:\n"
        "      - if: { plan: team }\n        then: [ { id: b, go_to: d } ]\n"
        "      - if: { plan: solo }\n        then: []\n"
        "      - otherwise: [ { id: c, leave: Not for us } ]\n"
        "  - { id: x, wait: 1 day }\n"
        "  - { id: d, wait: 1 day }\n"
    )
    a = journey.nodes["a"]
    assert isinstance(a, Choose)
    assert [first for _, first in a.arms] == ["b", "x"]
    assert a.next == "c"
    assert journey.nodes["b"].next == "d"
    assert journey.nodes["c"].next is None


def test_a_handed_over_person_goes_one_of_two_ways(journey_of: Read) -> None:
    journey = journey_of(
        "  - id: a\n    hand_to: care\n    up_to: 1 day\n"
        "    then: [ { id: done, wait: 1 day } ]\n    otherwise: [ { id: late, wait: 1 day } ]\n"
        "  - { id: z, wait: 1 day }\n"
    )
    a = journey.nodes["a"]
    assert isinstance(a, HandTo)
    assert (a.next, a.otherwise) == ("done", "late")
    assert journey.nodes["done"].next == journey.nodes["late"].next == "z"


def test_steps_stand_in_the_order_of_the_file_with_their_lines(journey_of: Read) -> None:
    journey = journey_of("  - id: a\n    wait: 1 day\n  - id: b\n    wait: 1 day\n")
    assert [(node.id, node.line) for node in journey.nodes.values()] == [("a", 6), ("b", 8)]


def test_a_journey_that_says_no_status_is_a_draft(codes_of: Callable[..., list[str]]) -> None:
    from engine.language.codes import project_of
    from engine.language.project import read_project

    text = "journey: x\ncategory: news\nenter: { when: a.b }\nsteps:\n  - { id: a, wait: 1 day }\n"
    project = read_project(project_of({"journeys/x.yaml": text}))
    assert project.rulebook.journeys["x"].status is Status.DRAFT


def test_the_stay_follows_from_the_way_in(journey_of: Read) -> None:
    """R1.7."""
    step = "  - { id: a, wait: 1 day }\n"
    assert journey_of(step).stay == "always"
    assert journey_of(step, "enter: { joins: loyal }\n").stay == "while_matching"
    assert journey_of(step, "enter: { joins: loyal }\nstay: always\n").stay == "always"


def test_a_version_names_the_text(journey_of: Read) -> None:
    one, two = (journey_of(f"  - {{ id: a, wait: {n} days }}\n") for n in (1, 2))
    assert one.version != two.version
    assert one.version == journey_of("  - { id: a, wait: 1 days }\n").version


def test_a_diagram_shows_every_step_and_escapes_what_is_said(journey_of: Read) -> None:
    journey = journey_of(
        "  - { id: a, leave: '\"]; drop <b>& all' }\n",
        "enter: { when: order.placed }\ngoal: { did: order.placed }\n",
    )
    text = diagram(journey)
    assert text.startswith("flowchart TD\n")
    assert '"when order.placed"' in text
    assert "s0 --> END" in text
    assert "#34;#93;; drop #60;b#62;#38; all" in text
