"""What became of one journey: who came in, how they ended, its mail, and what the mail adds (R8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.application.status import Tried, experiments_in
from engine.domain.experiment import WHOLE, Arm, Trial, holdout_share
from engine.domain.facts import Rulebook
from engine.domain.journey import Send
from engine.domain.uplift import Uplift, uplift


@dataclass(frozen=True, slots=True)
class Group:
    """People by their first run of the period: how many, and how many of these reached the goal."""

    people: int = 0
    reached: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """One journey in one period, counted. Runs belong to the period they were entered in, mail to that
    in which it was decided on.

    `ends` counts runs by why they ended, `rejected` those who were not let in by why. By step:
    `messages` has `(step, status, reason)`, `decisions` `(step, what, reason)` of the trace (postponed,
    dropped, ghost, queued of a shadow, handed_over), `answers` `(step, event)` such as `mail.bounced`,
    each message once.
    `sent_after_exit` are mails that an exit came too late to stop (R1.9).
    """

    entered: int = 0
    inside: int = 0
    ends: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    mailed: Group = Group()
    held: Group = Group()
    messages: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    decisions: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    sent_after_exit: int = 0


@dataclass(frozen=True, slots=True)
class MailFigures:
    """One step that sends, in numbers of messages. `waiting` are in the outbox or at the gate;
    `postponed` how often a wait began, by reason; `dropped` by reason, refused and unknown ones too;
    `answers` what came back, by event."""

    step: str
    mail: str
    sent: int = 0
    waiting: int = 0
    needs_attention: int = 0
    ghosts: int = 0
    shadow: int = 0
    postponed: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A journey's report; `since` and `until` bound the period, None where it is open. `uplift` is None
    where nobody is held out, or there is no goal to compare. Mails stand in the order of the steps."""

    journey: str
    title: str
    status: str
    since: datetime | None
    until: datetime | None
    has_goal: bool
    figures: Figures
    mails: tuple[MailFigures, ...]
    handed_over: Mapping[str, int]
    uplift: Uplift | None
    experiments: tuple[Tried, ...]


def report(
    name: str,
    rules: Rulebook,
    figures: Figures,
    trials: Iterable[Trial],
    since: datetime | None,
    until: datetime | None,
) -> Report:
    """Put together what was counted of a journey in force."""
    journey = rules.journeys[name]
    share = holdout_share(rules, journey)
    compared = None
    if journey.goal is not None and (share or figures.held.people):
        held = round(share * WHOLE)
        compared = uplift(
            Arm("mailed", WHOLE - held, figures.mailed.people, figures.mailed.reached),
            Arm("held out", held, figures.held.people, figures.held.reached),
        )
    sends = {step: node.mail for step, node in journey.nodes.items() if isinstance(node, Send)}
    spoken_of = [step for step, *_ in (*figures.messages, *figures.decisions)]
    handed = {step: n for (step, what, _), n in figures.decisions.items() if what == "handed_over"}
    gone = {step: "" for step in spoken_of if step not in sends and step not in handed}
    return Report(
        journey=name,
        title=journey.title,
        status="paused" if name in rules.paused_journeys else journey.status.value,
        since=since,
        until=until,
        has_goal=journey.goal is not None,
        figures=figures,
        mails=tuple(_mail(step, mail, figures) for step, mail in {**sends, **gone}.items()),
        handed_over=handed,
        uplift=compared,
        experiments=tuple(one for one in experiments_in(rules, trials) if one.journey == name),
    )


_WAITING = ("queued", "sending")
_LOST = ("dropped", "refused", "unknown")


def _mail(step: str, mail: str, figures: Figures) -> MailFigures:
    sent = waiting = attention = ghosts = shadow = 0
    postponed: dict[str, int] = {}
    dropped: dict[str, int] = {}
    for (at, status, reason), number in figures.messages.items():
        if at != step:
            continue
        sent += number if status == "sent" else 0
        waiting += number if status in _WAITING else 0
        attention += number if status == "needs_attention" else 0
        if status in _LOST:
            dropped[reason or status] = dropped.get(reason or status, 0) + number
    for (at, what, reason), number in figures.decisions.items():
        if at != step:
            continue
        ghosts += number if what == "ghost" else 0
        shadow += number if what == "queued" and reason == "shadow" else 0
        if what == "postponed":
            postponed[reason] = postponed.get(reason, 0) + number
        elif what == "dropped":
            dropped[reason] = dropped.get(reason, 0) + number
    return MailFigures(
        step=step,
        mail=mail,
        sent=sent,
        waiting=waiting,
        needs_attention=attention,
        ghosts=ghosts,
        shadow=shadow,
        postponed=postponed,
        dropped=dropped,
        answers={name: n for (at, name), n in figures.answers.items() if at == step},
    )


def told(found: Uplift) -> str:
    """An uplift in one or two sentences, honest about what it cannot say."""
    mailed, held = found.mailed, found.held
    rates = (
        f"{mailed.reached:,} of {mailed.people:,} people who could get mail reached the goal"
        f" ({mailed.rate:.1%}), and {held.reached:,} of {held.people:,} who were held out"
        f" ({held.rate:.1%})."
    )
    if found.says == "not enough data":
        return f"{rates} That is not enough data to compare them."
    if found.says == "sizes do not fit":
        return (
            f"{rates} The two groups do not have the sizes that a hold-out of"
            f" {held.share / WHOLE:.1%} makes, so they are not compared. If the share was changed,"
            " look only at those who came in since then (`--from`)."
        )
    assert found.difference is not None and found.low is not None and found.high is not None
    between = (
        f"between {100 * found.low:+.1f} and {100 * found.high:+.1f} percentage points"
        f" (95 %, p = {found.p:.2g})"
    )
    if found.says == "no difference":
        return f"{rates} No difference can be shown: it lies {between}."
    more = found.more or 0.0
    people = f"about {abs(more):,.0f} {'more' if more > 0 else 'fewer'} people than without it"
    return f"{rates} The mail makes {people}: {between}."
