"""The engine at a glance: what is in force, who is inside, what waits, and what needs somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.application.decide_experiments import date_of, experiments_of
from engine.domain.experiment import Arm, Trial, edition_of
from engine.domain.facts import Rulebook
from engine.domain.reasons import Reason
from engine.language.spell import spell_duration


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything counted. `overdue_since` is when the longest waiting turn was due (its lag), `told` what
    became of mails within 7 days, by event: `mail.sent`, and what providers told."""

    people: int
    events: int
    waiting_events: int
    overdue: int
    overdue_since: datetime | None
    next_due: datetime | None
    in_hand: int
    live_runs: Mapping[str, int]
    messages: Mapping[str, int]
    oldest_queued: datetime | None
    open_tasks: int
    suppressed: int
    told: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Messages that wait for the provider: what it said last, since when the first one waits, and when
    the next is tried."""

    reason: Reason
    messages: int
    since: datetime
    next_try: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Attention:
    """Messages that wait for somebody for one and the same reason; `person` is one of the people."""

    journey: str
    step: str
    mail: str
    reason: Reason
    detail: str
    messages: int
    since: datetime
    person: str

    @property
    def what_to_do(self) -> str:
        """The next action, in one sentence."""
        return _NEXT[self.reason].format(
            mail=self.mail, person=self.person, journey=self.journey, step=self.step
        )


@dataclass(frozen=True, slots=True)
class Wake:
    """Somebody wakes inside a journey at `at`."""

    at: datetime
    person: str
    journey: str
    step: str


@dataclass(frozen=True, slots=True)
class LastMail:
    """A mail that left."""

    at: datetime
    person: str
    mail: str
    journey: str


@dataclass(frozen=True, slots=True)
class Inside:
    """A journey in force: its status (`paused` too where the switch paused it), and who is inside."""

    journey: str
    status: str
    people: int


@dataclass(frozen=True, slots=True)
class Tried:
    """An experiment in force: what it says, and since or until when. Before its date it says nothing
    of its variants, for looking early decides nothing (R8.2)."""

    journey: str
    step: str
    question: str
    says: str
    date: datetime | None = None
    winner: str | None = None
    used: bool = False
    p: float | None = None
    arms: tuple[Arm, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number that decisions rest on (R6.2): where it comes from, and since when it holds."""

    name: str
    value: str
    because: str
    since: datetime | None = None


_NEXT: Mapping[Reason, str] = {
    Reason.MISSING_VALUE: "import the value for these people, or give {mail} a word for it with"
    " `if_missing`; `sincerely preview {mail} --for {person}` shows the place",
    Reason.RENDER_FAILED: "`sincerely preview {mail} --for {person}` shows the mistake; mend the"
    " template and `sincerely apply`",
    Reason.APPROVAL: "look at it with `sincerely drafts show {journey}:{step}`, and approve or reject"
    " it",
    Reason.UNKNOWN: "look whether the provider's own log has it; it is not sent a second time",
}


def journeys_in(rules: Rulebook, counts: Counts) -> list[Inside]:
    """All journeys in force, and those that are gone and still have people inside."""
    known = [
        Inside(
            name,
            "paused" if name in rules.paused_journeys else journey.status.value,
            counts.live_runs.get(name, 0),
        )
        for name, journey in sorted(rules.journeys.items())
    ]
    gone = sorted(counts.live_runs.keys() - rules.journeys.keys())
    return known + [Inside(name, "removed", counts.live_runs[name]) for name in gone]


def experiments_in(rules: Rulebook, trials: Iterable[Trial]) -> list[Tried]:
    """The experiments in force, each by its present edition."""
    known = {(trial.journey, trial.step, trial.edition): trial for trial in trials}
    found = []
    for journey, node in experiments_of(rules):
        trial = known.get((journey.name, node.id, edition_of(node)))
        date = date_of(trial, node, rules) if trial else None
        empty = "nobody is in it yet" if trial else "`sincerely run` has not looked yet"
        says, winner, p = "runs until" if date else empty, None, None
        if trial and trial.reading:
            date = trial.decided_at
            says, winner, p = trial.reading.says, trial.reading.winner, trial.reading.p
        found.append(
            Tried(
                journey=journey.name,
                step=node.id,
                question=node.question,
                says=says,
                date=date,
                winner=winner,
                used=winner is not None and node.winner == "use",
                p=p,
                arms=trial.arms if trial else (),
            )
        )
    return found


def thresholds_in_use(rules: Rulebook) -> list[Threshold]:
    """Every threshold that stages and moods rest on now (R6.2, R6.3)."""
    config, held, mood = rules.lifecycle, rules.thresholds, rules.emotion
    at_risk, lapsed = config.fixed or (held.at_risk, held.lapsed)
    learned = ("set in config.yaml", None) if config.fixed else (held.because, held.holds_from)
    found = [
        Threshold("at risk after", _days(at_risk), *learned),
        Threshold("lapsed after", _days(lapsed), *learned),
    ]
    if config.fixed is None and held.shop_gap is not None:
        found.append(Threshold("the shop's usual gap", _days(held.shop_gap), *learned))
    said = "the config, or its default"
    return [
        *found,
        Threshold("new for", spell_duration(config.new_for), said),
        Threshold("won back for", spell_duration(config.won_back_for), said),
        Threshold("loyal from", f"{config.loyal_from} orders", said),
        Threshold("a mood halves in", spell_duration(mood.mood_half_life), said),
        Threshold("a mood looks back", spell_duration(mood.looks_back), said),
        *(
            Threshold(f"mood {name}", f"from {floor:g}", said)
            for name, floor in mood.levels.items()
        ),
    ]


def lag(counts: Counts, now: datetime) -> float:
    """For how many seconds the longest overdue turn or message has waited; 0 where nothing has."""
    since: Sequence[datetime] = [
        moment for moment in (counts.overdue_since, counts.oldest_queued) if moment is not None
    ]
    return (now - min(since)).total_seconds() if since else 0.0


def _days(length: timedelta) -> str:
    """What was learned from gaps is a length to the second; a tenth of a day is enough to read."""
    return f"{length / timedelta(days=1):.1f} days"
