"""Conditions: YAML to tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.condition import (
    After,
    All,
    AnyOf,
    Attribute,
    Before,
    Between,
    Compare,
    Condition,
    ConsentIs,
    Did,
    Disposition,
    Feels,
    InSegment,
    InStage,
    IsPersona,
    IsSet,
    MoodUnknown,
    Not,
    OneOf,
    Op,
    OpenTicket,
    PropertyTest,
    QuietFor,
    TextTest,
    TotalOf,
    Within,
    WithinNext,
)
from engine.domain.emotion import EMOTIONS, GROUPS
from engine.language.codes import project_of
from engine.language.conditions import HEADS
from engine.language.project import read_project
from engine.language.spell import spell_condition

Read = Callable[[str], Condition]
DAY = timedelta(days=1)
UPSET = GROUPS["upset"]

MEANINGS: list[tuple[str, Condition]] = [
    ("plan: trial", Attribute("plan", OneOf(("trial",)))),
    ("plan: [trial, team]", Attribute("plan", OneOf(("trial", "team")))),
    ("country: NO", Attribute("country", OneOf(("NO",)))),
    ("locale: [de, de-AT]", Attribute("locale", OneOf(("de", "de-AT")))),
    ("email: Tara@Cozy.example", Attribute("email", OneOf(("tara@cozy.example",)))),
    ("seats: { at_least: 3 }", Attribute("seats", Compare(Op.AT_LEAST, 3))),
    (
        "seats: { more_than: 3, less_than: 9 }",
        All(
            (
                Attribute("seats", Compare(Op.MORE_THAN, 3)),
                Attribute("seats", Compare(Op.LESS_THAN, 9)),
            )
        ),
    ),
    ("seats: { between: [3, 9] }", Attribute("seats", Between(3, 9))),
    ("name: { ends_with: x }", Attribute("name", TextTest("ends_with", "x"))),
    ("role: { none_of: [a, b] }", Not(Attribute("role", OneOf(("a", "b"))))),
    ("role: { is_set: no }", Not(Attribute("role", IsSet()))),
    ("role: { is_set: yes }", Attribute("role", IsSet())),
    ("birthday: { within_next: 7 days }", Attribute("birthday", WithinNext(7 * DAY, True))),
    ("renews_at: { within_next: 2 days }", Attribute("renews_at", WithinNext(2 * DAY))),
    ("signed_up_at: { within: 30 days }", Attribute("signed_up_at", Within(30 * DAY))),
    ("signed_up_at: { before: 2026-01-01 }", Attribute("signed_up_at", Before(date(2026, 1, 1)))),
    (
        'at: { after: "2026-01-01T10:00:00+01:00" }',
        Attribute("at", After(datetime(2026, 1, 1, 9, tzinfo=UTC))),
    ),
    ("event.total: { at_least: 50 }", Attribute("total", Compare(Op.AT_LEAST, 50), "entry")),
    ("did: order.placed", Did("order.placed")),
    ("did_not: order.placed", Not(Did("order.placed"))),
    (
        "{ did: order.placed, at_least: 3 times, within: 90 days }",
        Did("order.placed", Op.AT_LEAST, 3, 90 * DAY),
    ),
    ("{ did: order.placed, exactly: once }", Did("order.placed", Op.EXACTLY, 1)),
    (
        "{ did: order.placed, where: { total: { at_least: 50 }, kind: { none_of: [a] } } }",
        Did(
            "order.placed",
            where=(
                PropertyTest("total", Compare(Op.AT_LEAST, 50)),
                PropertyTest("kind", OneOf(("a",)), True),
            ),
        ),
    ),
    ("{ did: order.placed, same: order_id }", Did("order.placed", same="order_id")),
    (
        "{ total_of: order.placed.total, at_least: 500, within: 365 days }",
        TotalOf("order.placed", "total", Op.AT_LEAST, 500, 365 * DAY),
    ),
    ("lifecycle: at-risk", InStage(("at-risk",))),
    ("quiet_for: 2 times their usual gap", QuietFor(2000)),
    ("angry: high", Feels(("angry",), "high", 7 * DAY)),
    ("angry: { at_least: medium, within: 3 days }", Feels(("angry",), "medium", 3 * DAY)),
    ("upset: high", Feels(UPSET, "high", 7 * DAY)),
    ("happy: medium", Feels(GROUPS["happy"], "medium", 7 * DAY)),
    ("mood: unknown", MoodUnknown(7 * DAY)),
    ("disposition: frustrated", Disposition(("frustrated",))),
    ("disposition: [upset, angry]", Disposition(UPSET)),
    ("persona: [a, b]", IsPersona(("a", "b"))),
    ("segment: employees", InSegment("employees")),
    ("segment: [a, b]", AnyOf((InSegment("a"), InSegment("b")))),
    (
        "{ received: [a/b, a/c], within: 9 days }",
        Did("mail.sent", within=9 * DAY, where=(PropertyTest("mail", OneOf(("a/b", "a/c"))),)),
    ),
    ("opened: a/b", Did("mail.opened", where=(PropertyTest("mail", OneOf(("a/b",))),))),
    ("clicked: a/b", Did("mail.clicked", where=(PropertyTest("mail", OneOf(("a/b",))),))),
    ("consent: { promotion: given }", ConsentIs("promotion", ("given",))),
    (
        "consent: { tracking_clicks: [given, pending] }",
        ConsentIs("tracking_clicks", ("given", "pending")),
    ),
    ("open_ticket: yes", OpenTicket()),
    ("open_ticket: no", Not(OpenTicket())),
    ("not: { plan: trial }", Not(Attribute("plan", OneOf(("trial",))))),
    ("{ lifecycle: loyal, segment: x }", All((InStage(("loyal",)), InSegment("x")))),
    ("any: [ { lifecycle: loyal } ]", AnyOf((InStage(("loyal",)),))),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_a_condition_means_what_it_says(text: str, meaning: Condition, condition: Read) -> None:
    assert condition(text) == meaning


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_every_condition_can_be_said_in_one_line(text: str, meaning: Condition) -> None:
    said = spell_condition(meaning)
    assert said
    assert "\n" not in said


def test_every_emotion_and_group_begins_a_condition() -> None:
    assert {*EMOTIONS, *GROUPS} <= set(HEADS)


def test_within_of_a_mood_comes_from_the_config() -> None:
    """language.md: without `within`, `looks_back` of the config holds, also in the config itself."""
    config = """\
company: { name: Cozy }
senders: { lena: { name: Lena, email: lena@cozy.example } }
teams: { care: { email: care@cozy.example } }
policy:
  categories: { news: { class: marketing } }
  hold_when: [ { category: news, if: { angry: low } } ]
emotion: { looks_back: 3 days }
"""
    files = project_of(
        {"config.yaml": config, "segments/x.yaml": "segment: x\nwho: { angry: low }\n"}
    )
    project = read_project(files)
    assert project.diagnostics == ()
    wanted = Feels(("angry",), "low", 3 * DAY)
    assert project.rulebook.segments["x"].who == wanted
    assert project.config.policy.hold_when[0].condition == wanted


def test_a_bare_instant_is_in_the_companys_zone() -> None:
    text = 'segment: x\nwho: { signed_up: { before: "2026-07-01 10:00" } }\n'
    project = read_project(project_of({"segments/x.yaml": text}))
    assert project.rulebook.segments["x"].who == Attribute(
        "signed_up", Before(datetime(2026, 7, 1, 8, tzinfo=UTC))
    )


@pytest.mark.parametrize("place", ["goal", "leave_when"])
def test_opens_decide_no_end_but_may_branch(place: str, codes_of: Callable[..., list[str]]) -> None:
    """R8.3."""
    journey = (
        "journey: x\ncategory: news\nenter: {{ when: order.placed }}\n{}steps:\n"
        "  - {{ id: a, if: {{ opened: welcome/hello }}, then: [ {{ id: b, wait: 1 day }} ] }}\n"
    )
    assert codes_of({"journeys/x.yaml": journey.format("")}) == []
    bad = f"{place}: {{ any: [ {{ opened: welcome/hello }} ] }}\n"
    assert codes_of({"journeys/x.yaml": journey.format(bad)}) == ["Y501"]
