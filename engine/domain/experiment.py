"""Stable chance: variants and hold-outs by hash (R2.5, R8.1), and what their numbers say (R8.2).

A hash of salt, question and person stands for chance, so a choice is the same in simulation and in
life, needs no memory, and a changed share moves only the people between the old and the new bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from math import sqrt
from typing import Literal

from engine.domain.facts import Rulebook
from engine.domain.journey import Experiment, Journey, Variant
from engine.domain.rate import Rate, chance_of, two_sided

Winners = Mapping[tuple[str, str], str]
"""By journey and step: the variant that newcomers get."""

WHOLE = 10_000
"""All shares together, in hundredths of a per cent."""


def bucket(salt: str, question: str, who: str) -> int:
    """A number in 0..9999, evenly spread over people and independent between questions."""
    text = "\x1f".join((salt, question, who)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest()) % WHOLE


def variant_of(salt: str, step: str, variants: Sequence[Variant], person: str) -> Variant:
    """The variant of a person: the one whose share covers their bucket, in the order written (R2.5)."""
    place, bound = bucket(salt, step, person), 0
    for variant in variants:
        bound += variant.share
        if place < bound:
            return variant
    return variants[-1]


def held_out(rules: Rulebook, journey: Journey, mailbox: str) -> bool:
    """Whether an address is in the hold-out of a journey, or in that of all of them
    (`policy.holdout`): by address, so that two profiles with one mailbox are treated alike (R8.1)."""
    everywhere = rules.policy.holdout
    return (everywhere > 0 and bucket(rules.salt, "holdout", mailbox) < everywhere) or (
        journey.holdout > 0
        and bucket(rules.salt, "holdout:" + journey.name, mailbox) < journey.holdout
    )


def holdout_share(rules: Rulebook, journey: Journey) -> float:
    """Which share of all addresses a journey's mail is held from: its own hold-out and that of all
    journeys are drawn independently. In 0..1."""
    return 1 - (1 - rules.policy.holdout / WHOLE) * (1 - journey.holdout / WHOLE)


# ── reading the result ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant's people whose `measure` is closed, and how many of them reached it."""

    name: str
    share: int
    people: int
    reached: int

    @property
    def of(self) -> Rate:
        """How many of how many."""
        return Rate(self.people, self.reached)

    @property
    def rate(self) -> float:
        """The share of people who reached it; 0 where there is nobody."""
        return self.of.share


@dataclass(frozen=True, slots=True)
class Reading:
    """What an experiment says on the day it is read (R8.2).

    `lost`: the arms' sizes do not fit their shares (p < 0.001), so something removes people from one
    of them and the rates cannot be compared. `winner` is None unless `says` is "winner".
    """

    says: Literal["not enough data", "sizes do not fit", "no difference", "winner"]
    winner: str | None = None
    p: float | None = None


def read(arms: Sequence[Arm], at_least: int) -> Reading:
    """The one reading of an experiment: the best arm against the second best, two-sided, 5 %.

    `at_least` is the planned number of people per variant; below it there is no answer (R8.2).
    """
    if len(arms) < 2 or any(arm.people < at_least for arm in arms):
        return Reading("not enough data")
    if worst_size(arms) < 0.001 / len(arms):
        return Reading("sizes do not fit")
    best, second = sorted(arms, key=lambda arm: (-arm.rate, arm.name))[:2]
    p = chance_of(best.of, second.of)
    return Reading("winner", best.name, p) if p < 0.05 else Reading("no difference", None, p)


# ── an experiment in life ─────────────────────────────────────────────────────────────────────


def edition_of(node: Experiment) -> str:
    """Which experiment this is. Another question, other variants or another measure is another
    experiment: it starts from nobody, and what was decided before says nothing about it."""
    asked = repr((node.question, node.variants, node.measure))
    return blake2b(asked.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Trial:
    """One edition of an experiment in life (R8.2). People assigned since `since` take part; `first_at`
    is when the first of them was. `reading` and `arms` are what was read at `decided_at`, once and for
    good: "not enough data" is an answer too. Whoever wants to ask again asks as a new edition."""

    journey: str
    step: str
    edition: str
    since: datetime
    first_at: datetime | None = None
    decided_at: datetime | None = None
    reading: Reading | None = None
    arms: tuple[Arm, ...] = ()


def winners_to_use(trials: Iterable[Trial], journeys: Mapping[str, Journey]) -> Winners:
    """The winners that newcomers get: of the editions in force that say `winner: use`."""
    winners: dict[tuple[str, str], str] = {}
    for trial in trials:
        journey = journeys.get(trial.journey)
        node = journey.nodes.get(trial.step) if journey else None
        winner = trial.reading.winner if trial.reading else None
        if (
            winner is not None
            and isinstance(node, Experiment)
            and node.winner == "use"
            and edition_of(node) == trial.edition
        ):
            winners[trial.journey, trial.step] = winner
    return winners


def worst_size(arms: Sequence[Arm]) -> float:
    """The smallest p of an arm's size under its share: the sample-ratio check for lost people."""
    total = sum(arm.people for arm in arms)
    whole = sum(arm.share for arm in arms)
    worst = 1.0
    for arm in arms:
        share = arm.share / whole
        spread = sqrt(total * share * (1 - share))
        off = arm.people - total * share
        worst = min(worst, two_sided(off / spread) if spread else float(off == 0))
    return worst
