"""The whole sample files of the design read without a mistake, and mean what they say."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from engine.domain.condition import (
    ALWAYS,
    All,
    AnyOf,
    Did,
    Feels,
    InSegment,
    InStage,
    IsPersona,
    Not,
)
from engine.domain.duration import Duration
from engine.domain.journey import (
    Again,
    Choose,
    Experiment,
    HandTo,
    Joins,
    OnDate,
    RelativeMoment,
    Update,
    WaitFor,
    WaitUntil,
    Window,
)
from engine.language.project import Project, read_project


def _project(samples: dict[str, str]) -> Project:
    return read_project(samples)


def test_all_samples_read_without_a_mistake(samples: dict[str, str]) -> None:
    project = _project(samples)
    assert project.diagnostics == ()
    assert set(project.rulebook.journeys) == {
        "birthday",
        "onboarding",
        "sorry-we-were-down",
        "win-back",
    }
    assert [persona.name for persona in project.rulebook.personas] == ["team-lead"]
    assert len(project.rulebook.mails) == 17
    assert len(project.tests) == 1


def test_the_onboarding_graph_knows_every_way(samples: dict[str, str]) -> None:
    journey = _project(samples).rulebook.journeys["onboarding"]
    nodes = journey.nodes
    assert journey.first == "welcome"
    assert nodes["welcome"].next == "first-project"
    first_project = nodes["first-project"]
    assert isinstance(first_project, WaitFor)
    assert (first_project.next, first_project.otherwise) == ("next-steps", "gentle-nudge")
    assert nodes["next-steps"].next == nodes["gentle-nudge"].next == "breathing-space"
    choose = nodes["how-is-it-going"]
    assert isinstance(choose, Choose)
    assert choose.arms == (
        (Feels(("angry",), "high", timedelta(days=7)), "ask-a-human"),
        (IsPersona(("team-lead",)), "invite-colleagues"),
    )
    assert choose.next == "customer-story"
    human = nodes["ask-a-human"]
    assert isinstance(human, HandTo)
    assert human.next == human.otherwise == "before-trial-ends"
    until = nodes["before-trial-ends"]
    assert isinstance(until, WaitUntil)
    assert until.moment == RelativeMoment("trial_ends_at", "entry", Duration(days=2), -1, time(10))
    assert (until.next, until.after_next) == ("last-call", None)
    assert nodes["last-call"].next is None
    assert journey.send_window == Window(time(9), time(18), frozenset(range(5)))
    assert journey.enter.condition == Not(InSegment("employees"))


def test_win_back_is_entered_by_a_cell_and_stays_whatever_happens(samples: dict[str, str]) -> None:
    journey = _project(samples).rulebook.journeys["win-back"]
    assert journey.enter.trigger == Joins("lapsed-calm")
    assert journey.enter.again == Again(True, Duration(days=180))
    assert journey.stay == "always"
    test = journey.nodes["offer-test"]
    assert isinstance(test, Experiment)
    assert [(v.name, v.share, v.first) for v in test.variants] == [
        ("nothing", 1000, "give-it-time"),
        ("story", 4500, "story-mail"),
        ("discount", 4500, "discount-mail"),
    ]
    assert (test.at_least, test.decide) == (400, Duration(days=28))
    assert journey.nodes["discount-mail"].was == ("coupon-mail",)
    stop = journey.nodes["stop-promotions"]
    assert isinstance(stop, Update)
    assert stop.lower_consent == ("promotion",)


def test_the_birthday_comes_every_year(samples: dict[str, str]) -> None:
    journey = _project(samples).rulebook.journeys["birthday"]
    assert journey.enter.trigger == OnDate("birthday", time(9), yearly=True, leap_day="feb28")


def test_a_grid_makes_its_cells_and_its_sums(samples: dict[str, str]) -> None:
    segments = _project(samples).rulebook.segments
    rows = ("new", "active", "loyal", "at-risk", "lapsed")
    columns = ("upset", "delighted", "calm")
    cells = {f"{r}-{c}" for r in (*rows, "any") for c in (*columns, "any")} - {"any-any"}
    assert cells <= set(segments)
    assert {segments[name].grid for name in cells} == {"lifecycle-by-mood"}
    assert segments["new-upset"].stay_at_least == timedelta(days=2)
    upset = Feels(("angry", "frustrated", "disappointed", "anxious"), "high", timedelta(days=14))
    assert segments["new-upset"].who == All((InStage(("new",)), upset))
    some_row = AnyOf(tuple(InStage((row,)) for row in rows))
    assert segments["any-upset"].who == All((some_row, upset))
    delighted = Feels(("delighted",), "high", timedelta(days=30))
    calm = All((Not(upset), Not(delighted), ALWAYS))
    assert segments["lapsed-calm"].who == All((InStage(("lapsed",)), calm))


def test_the_test_file_keeps_its_lines_and_times(samples: dict[str, str]) -> None:
    (tests,) = _project(samples).tests
    assert tests.journey == "onboarding"
    assert tests.starts == datetime(2026, 3, 4, 10)
    assert tests.given_person.like == "team-lead"
    assert tests.given_person.attributes == {"plan": "trial"}
    assert tests.given_person.consent == {"onboarding": "given", "profiling_emotion": "given"}
    first, second = tests.tests
    assert first.line == 7
    assert (first.when[0].kind, first.when[0].name) == ("event", "trial.started")
    assert first.when[0].payload == {"trial_ends_at": "2026-03-18"}
    assert first.expect.emails is not None
    assert [(e.day, e.time) for e in first.expect.emails] == [
        (0, time(10)), (1, time(15)), (5, time(9)), (12, time(10)),
    ]  # fmt: skip
    assert first.expect.never == ("onboarding/gentle-nudge",)
    assert second.when[1].payload == {"angry": "high"}
    assert second.expect.handed_to is not None
    assert second.expect.handed_to[0].team == "success-team"
    assert second.expect.ends is not None
    assert second.expect.ends.because == "goal"


def test_the_template_knows_what_it_needs(samples: dict[str, str]) -> None:
    template = _project(samples).templates["onboarding/gentle-nudge"][""]
    examples, first_name = template.needs
    assert (examples.sample, examples.on_missing) == (("Roadmap", "Budget"), "skip")
    assert (first_name.sample, first_name.if_missing, first_name.on_missing) == (
        "Tara",
        "there",
        "word",
    )
    lines = samples["templates/onboarding/gentle-nudge.md.j2"].split("\n")
    assert (
        template.body.split("\n")[0]
        == lines[template.body_line - 1]
        == "{{ persona.voice.greeting }}"
    )


def test_the_config_fills_the_policy(samples: dict[str, str]) -> None:
    config = _project(samples).config
    assert config.company.time_zone == "Europe/Berlin"
    assert config.secrets == {"sendgrid": "$SENDGRID_API_KEY", "links": "$SINCERELY_LINK_KEY"}
    policy = config.policy
    assert policy.categories["promotion"].sells
    assert policy.categories["promotion"].consent == "double opt-in"
    assert policy.categories["receipt"].ignores_quiet_hours
    assert len(policy.marketing_caps) == 4
    assert policy.quiet_hours == Window(time(20), time(8))
    assert [hold.category for hold in policy.hold_when] == ["promotion", "promotion"]
    assert config.lifecycle.fixed is None


def test_personas_speak_otherwise_to_upset_people(samples: dict[str, str]) -> None:
    (persona,) = _project(samples).rulebook.personas
    assert persona.voice["greeting"] == "Hello {first_name},"
    ((mood, lines),) = persona.voice_when
    assert isinstance(mood, Feels)
    assert lines["offers"] == "never"
    assert persona.sample["seats"] == 10


def test_the_goal_of_onboarding_counts_from_the_entry(samples: dict[str, str]) -> None:
    goal = _project(samples).rulebook.journeys["onboarding"].goal
    assert goal == Did("project.published", within=timedelta(days=14))
