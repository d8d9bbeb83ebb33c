"""An experiment in life is decided once, at its date, by people whose measure has closed (R8.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from engine.adapters.db import versions
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.experiments import DatabaseExperiments, trials
from engine.adapters.db.living import DatabaseLives
from engine.application.advance_due import advance_due
from engine.application.decide_experiments import decide_experiments
from engine.application.ports.deployments import Version
from engine.application.status import experiments_in
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.condition import Did
from engine.domain.duration import Duration
from engine.domain.event import Event
from engine.domain.experiment import Arm, Trial, winners_to_use
from engine.domain.facts import Rulebook
from engine.domain.journey import (
    Again,
    Enter,
    Experiment,
    Journey,
    Policy,
    Priority,
    Status,
    Variant,
    Wait,
    WhenEvent,
)

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PEOPLE = [f"p{number:03}" for number in range(300)]

OFFER = Experiment(
    id="offer",
    question="Does a story help?",
    variants=(Variant("story", 5000, "rest"), Variant("nothing", 5000, "rest")),
    measure=Did("order.placed", within=14 * DAY),
    at_least=100,
    decide=Duration(days=28),
    winner="use",
    next="rest",
)


def rules_of(offer: Experiment, status: Status = Status.LIVE) -> Rulebook:
    journey = Journey(
        name="j",
        version="v",
        status=status,
        category="news",
        priority=Priority.NORMAL,
        enter=Enter(trigger=WhenEvent("signup"), again=Again(allowed=True)),
        nodes={"offer": offer, "rest": Wait(id="rest", length=Duration(days=60))},
        first="offer",
    )
    return Rulebook({"j": journey}, {}, (), Policy(categories={}), {}, salt="s")


RULES = rules_of(OFFER)


def put_in_force(engine: Engine, name: str, at: datetime) -> None:
    with writing(engine) as connection:
        versions.apply_version(connection, Version(name, {}, at), {})


def happen(engine: Engine, people: list[str], name: str, at: datetime) -> None:
    with writing(engine) as connection:
        events = (Event(f"{name}-{person}-{at:%d%H}", name, at) for person in people)
        ingest(connection, [EventArrived(p, e) for p, e in zip(people, events, strict=True)], at)


def sign_up(engine: Engine, people: list[str], at: datetime, rules: Rulebook = RULES) -> None:
    with writing(engine) as connection:
        ingest(connection, [PersonArrived(p, None, None, {}, at) for p in people], at)
    happen(engine, people, "signup", at)
    advance_due(DatabaseLives(engine), rules, at + DAY / 24, "worker")


def decide(engine: Engine, at: datetime, rules: Rulebook = RULES) -> int:
    return decide_experiments(DatabaseExperiments(engine), rules, at)


def all_trials(engine: Engine) -> list[Trial]:
    with reading(engine) as connection:
        return trials(connection)


def variants(engine: Engine) -> dict[str, str]:
    """The variant of each person in their latest run."""
    visits = DatabaseLives(engine).load(PEOPLE, START + 90 * DAY, 90 * DAY)
    return {v.person_id: v.life.runs[-1].variants["offer"] for v in visits if v.life.runs}


def begun(engine: Engine) -> tuple[list[str], list[str]]:
    """300 people signed up on the first day; those of the story, and the others."""
    put_in_force(engine, "v1", START - DAY)
    sign_up(engine, PEOPLE, START)
    given = variants(engine)
    story = [person for person in PEOPLE if given[person] == "story"]
    assert 100 < len(story) < 200
    return story, [person for person in PEOPLE if given[person] == "nothing"]


def test_the_winner_is_read_at_the_date_and_never_again(store_engine: Engine) -> None:
    story, nothing = begun(store_engine)
    happen(store_engine, story[:80], "order.placed", START + 3 * DAY)
    happen(store_engine, nothing[:10], "order.placed", START + 3 * DAY)
    happen(store_engine, nothing, "order.placed", START + 15 * DAY)  # after the window closed
    date = START + 28 * DAY
    assert decide(store_engine, date - DAY / 24) == 0
    assert all_trials(store_engine)[0].decided_at is None
    assert decide(store_engine, date) == 1
    (trial,) = all_trials(store_engine)
    assert trial.reading is not None
    assert (trial.reading.says, trial.reading.winner) == ("winner", "story")
    assert trial.arms == (
        Arm("story", 5000, len(story), 80), Arm("nothing", 5000, len(nothing), 10)
    )  # fmt: skip
    assert decide(store_engine, date + DAY) == 0
    assert all_trials(store_engine) == [trial]


def test_looking_early_changes_nothing(store_engine: Engine) -> None:
    story, nothing = begun(store_engine)
    happen(store_engine, story, "order.placed", START + DAY)
    for day in range(2, 28):
        assert decide(store_engine, START + day * DAY) == 0
    assert winners_to_use(all_trials(store_engine), RULES.journeys) == {}
    happen(store_engine, nothing, "order.placed", START + 5 * DAY)
    assert decide(store_engine, START + 29 * DAY) == 1
    (trial,) = all_trials(store_engine)
    assert trial.reading is not None and trial.reading.says == "no difference"


def test_people_whose_measure_is_open_at_the_date_do_not_count(store_engine: Engine) -> None:
    """However late the daemon comes, it reads what there was at the date."""
    put_in_force(store_engine, "v1", START - DAY)
    early, late = PEOPLE[:10], PEOPLE[10:]
    sign_up(store_engine, early, START)
    sign_up(store_engine, late, START + 15 * DAY)
    assert decide(store_engine, START + 60 * DAY) == 1
    (trial,) = all_trials(store_engine)
    assert sum(arm.people for arm in trial.arms) == 10


def test_under_the_planned_size_there_is_no_answer_and_that_is_final(store_engine: Engine) -> None:
    put_in_force(store_engine, "v1", START - DAY)
    sign_up(store_engine, PEOPLE[:50], START)
    date = START + 29 * DAY
    assert decide(store_engine, date) == 1
    sign_up(store_engine, PEOPLE[50:], date)
    assert decide(store_engine, date + 60 * DAY) == 0
    (trial,) = all_trials(store_engine)
    assert trial.reading is not None and trial.reading.says == "not enough data"
    assert winners_to_use([trial], RULES.journeys) == {}


def test_a_person_who_comes_twice_counts_once(store_engine: Engine) -> None:
    begun(store_engine)
    happen(store_engine, PEOPLE[:100], "signup", START + 5 * DAY)
    advance_due(DatabaseLives(store_engine), RULES, START + 6 * DAY, "worker")
    decide(store_engine, START + 29 * DAY)
    assert sum(arm.people for arm in all_trials(store_engine)[0].arms) == len(PEOPLE)


def test_held_out_people_count_as_assigned(store_engine: Engine) -> None:
    """R8.1: whoever gets no mail was given a variant all the same."""
    rules = replace(RULES, journeys={"j": replace(RULES.journeys["j"], holdout=5000)})
    put_in_force(store_engine, "v1", START - DAY)
    sign_up(store_engine, PEOPLE, START, rules)
    visits = DatabaseLives(store_engine).load(PEOPLE, START + DAY, DAY)
    assert 100 < sum(visit.life.runs[0].held_out for visit in visits) < 200
    decide(store_engine, START + 28 * DAY, rules)
    assert sum(arm.people for arm in all_trials(store_engine)[0].arms) == len(PEOPLE)


def test_newcomers_get_the_winner_and_everybody_else_keeps_what_they_have(
    store_engine: Engine,
) -> None:
    """R2.5."""
    put_in_force(store_engine, "v1", START - DAY)
    sign_up(store_engine, PEOPLE[:260], START)
    before = variants(store_engine)
    happen(store_engine, [p for p in before if before[p] == "nothing"], "order.placed", START + DAY)
    date = START + 29 * DAY
    decide(store_engine, date)
    winners = winners_to_use(all_trials(store_engine), RULES.journeys)
    assert winners == {("j", "offer"): "nothing"}
    sign_up(store_engine, PEOPLE[260:], date, replace(RULES, winners=winners))
    after = variants(store_engine)
    assert {after[person] for person in PEOPLE[260:]} == {"nothing"}
    assert {person: after[person] for person in before} == before


def test_an_edited_experiment_is_a_new_one(store_engine: Engine) -> None:
    story, _ = begun(store_engine)
    happen(store_engine, story, "order.placed", START + DAY)
    assert decide(store_engine, START + 29 * DAY) == 1
    edited = rules_of(replace(OFFER, question="Does a longer story help?"))
    put_in_force(store_engine, "v2", START + 30 * DAY)
    assert winners_to_use(all_trials(store_engine), edited.journeys) == {}
    assert decide(store_engine, START + 100 * DAY, edited) == 0
    _, fresh = all_trials(store_engine)
    assert fresh.first_at is None, "nobody was assigned since the edit"


def test_a_winner_that_is_only_suggested_is_not_used(store_engine: Engine) -> None:
    story, _ = begun(store_engine)
    happen(store_engine, story, "order.placed", START + DAY)
    decide(store_engine, START + 29 * DAY)
    found = all_trials(store_engine)
    assert found[0].reading is not None and found[0].reading.winner == "story"
    suggested = rules_of(replace(OFFER, winner="suggest"))
    assert winners_to_use(found, suggested.journeys) == {}


def test_a_shadow_decides_nothing(store_engine: Engine) -> None:
    begun(store_engine)
    assert decide(store_engine, START + 29 * DAY, rules_of(OFFER, Status.SHADOW)) == 0
    assert all_trials(store_engine) == []


def test_events_that_have_not_acted_yet_count(store_engine: Engine) -> None:
    """R8.2: what was reached is what happened, however far behind the turns are."""
    story, _ = begun(store_engine)
    happen(store_engine, story[:7], "order.placed", START + 14 * DAY)
    decide(store_engine, START + 29 * DAY)
    assert all_trials(store_engine)[0].arms[0].reached == 7


def test_status_tells_the_result_only_once_it_is_read(store_engine: Engine) -> None:
    [before] = experiments_in(RULES, all_trials(store_engine))
    assert (before.says, before.date) == ("`sincerely run` has not looked yet", None)
    story, _ = begun(store_engine)
    happen(store_engine, story, "order.placed", START + DAY)
    decide(store_engine, START + 2 * DAY)
    [running] = experiments_in(RULES, all_trials(store_engine))
    assert (running.says, running.date) == ("runs until", START + 28 * DAY)
    assert (running.winner, running.arms) == (None, ())
    decide(store_engine, START + 29 * DAY)
    [decided] = experiments_in(RULES, all_trials(store_engine))
    assert (decided.says, decided.winner, decided.used) == ("winner", "story", True)
    assert (decided.date, decided.arms[0].reached) == (START + 29 * DAY, len(story))
