"""At its date an experiment is read, once (R8.2).

Only life decides: a rehearsal has no population to decide on. Tests, and the past lived again, choose
variants by hash; `simulate` of the future gives newcomers a winner that life has found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from engine.application.ports.experiments import Experiments
from engine.domain import calendar
from engine.domain.answer import holds
from engine.domain.exits import goal_scope, longest
from engine.domain.experiment import Arm, Trial, edition_of, read
from engine.domain.facts import Rulebook
from engine.domain.journey import Experiment, Journey, Status


def decide_experiments(
    experiments: Experiments,
    rules: Rulebook,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Read every experiment whose date has come and that was never read; answers how many."""
    decided = 0
    for journey, node in experiments_of(rules):
        trial = experiments.trial(journey.name, node.id, edition_of(node))
        date = date_of(trial, node, rules)
        if trial.decided_at is not None or date is None or now < date:
            continue
        arms = _arms(experiments, trial, node, rules, date, now, stopping)
        if arms is not None:
            decided += experiments.decide(trial, read(arms, node.at_least), arms, now)
    return decided


def experiments_of(rules: Rulebook) -> Iterator[tuple[Journey, Experiment]]:
    """The experiments that people live through: drafts and shadows decide nothing."""
    for _, journey in sorted(rules.journeys.items()):
        if journey.status not in (Status.DRAFT, Status.SHADOW):
            for node in journey.nodes.values():
                if isinstance(node, Experiment):
                    yield journey, node


def date_of(trial: Trial, node: Experiment, rules: Rulebook) -> datetime | None:
    """When a trial is read: `decide` after its first person was assigned, by the company's calendar;
    None while nobody was."""
    if trial.first_at is None:
        return None
    return calendar.add(trial.first_at, node.decide, rules.company_zone)


def _arms(
    experiments: Experiments,
    trial: Trial,
    node: Experiment,
    rules: Rulebook,
    date: datetime,
    now: datetime,
    stopping: Callable[[], bool],
) -> tuple[Arm, ...] | None:
    """The people of each variant whose measure had closed by the date, so that a daemon that comes
    late reads the same. None if it was stopped in between.

    Each is asked at the instant when the longest `within` after their entry ends; a measure without
    one is closed by the date itself.
    """
    people: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    window = longest(node.measure)
    for run, facts in experiments.assigned(trial, now):
        if stopping():
            return None
        closes = run.entered_at + window if window else date
        if closes <= date:
            variant = run.variants[node.id]
            people[variant] += 1
            reached[variant] += holds(node.measure, facts, rules, closes, goal_scope(run))
    return tuple(
        Arm(variant.name, variant.share, people[variant.name], reached[variant.name])
        for variant in node.variants
    )
