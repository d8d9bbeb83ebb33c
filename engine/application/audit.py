"""Were people treated alike: who was held, handed off and offered, compared across an attribute.

A machine that reads moods can be wrong about some people more than about others. This compares what it
led to, not what it thought: each value of an attribute against everybody else, with sizes and intervals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.domain.rate import Rate, between, chance_of, comparable
from engine.domain.reasons import Reason

DECISIONS = ("held", "handed_off", "offered")
"""Held: a mail of theirs waited or fell because of a mood or a complaint. Handed off: a team was asked
to talk to them. Offered: a promotion was sent to them. Each counts a person once."""
CARE = (Reason.HOLD_WHEN, Reason.OPEN_TICKET, Reason.IN_CARE)
"""The reasons by which care holds a mail back."""
NOT_SAID = "not said"
MOST = 12
"""So many groups at most; of more values the small ones are put together."""
_MANY = 8
"""From so many numbers or dates on they are put together in bands."""
_Key = tuple[object, str]
_DATE = re.compile(r"(\d{3})\d-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Tally:
    """All people with one value, as JSON knows it (None: they have none), by what was decided."""

    value: object
    people: int
    reached: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """One decision about one group, against everybody else.

    `difference`, `low` and `high` (95 %, Newcombe) are None where there is not enough data. `p` is
    adjusted for all comparisons of the audit (S. Holm, Scandinavian Journal of Statistics 6 (1979)
    65-70): under 0.05 the groups were treated differently, beyond chance.
    """

    rate: Rate
    others: Rate
    says: Literal["not enough data", "no difference", "a difference"] = "not enough data"
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one value, or of one band of values."""

    name: str
    people: int
    decisions: Mapping[str, Compared]


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole comparison; `since` and `until` bound it, None where it is open."""

    attribute: str
    since: datetime | None
    until: datetime | None
    people: int
    groups: tuple[Group, ...]


def audit(
    attribute: str, tallies: Iterable[Tally], since: datetime | None, until: datetime | None
) -> Audit:
    """Compare the groups that the values of an attribute make, largest first, those without it last."""
    tallies = list(tallies)
    everybody = _together("", tallies)
    groups = [_together(name, parts) for name, parts in _grouped(tallies)]
    groups.sort(key=lambda group: (group.value == NOT_SAID, -group.people))
    first = {
        (group.value, decision): _compared(group, everybody, decision)
        for group in groups
        for decision in DECISIONS
    }
    adjusted = _holm({key: one.p for key, one in first.items() if one.p is not None})
    return Audit(
        attribute,
        since,
        until,
        everybody.people,
        tuple(
            Group(
                str(group.value),
                group.people,
                {
                    decision: _judged(
                        first[group.value, decision], adjusted.get((group.value, decision))
                    )
                    for decision in DECISIONS
                },
            )
            for group in groups
        ),
    )


def beyond_chance(found: Audit) -> list[tuple[Group, str, Compared]]:
    """What was different beyond chance, the surest first; of two groups only the larger is told."""
    told = found.groups[:1] if len(found.groups) == 2 else found.groups
    different = [
        (group, decision, compared)
        for group in told
        for decision, compared in group.decisions.items()
        if compared.says == "a difference"
    ]
    return sorted(different, key=lambda one: (one[2].p or 0.0, one[0].name, one[1]))


# ── groups ────────────────────────────────────────────────────────────────────────────────────


def _grouped(tallies: Sequence[Tally]) -> list[tuple[str, list[Tally]]]:
    said = [tally for tally in tallies if tally.value is not None]
    missing = [tally for tally in tallies if tally.value is None]
    numbers = [tally for tally in said if _is_number(tally.value)]
    if len(numbers) == len(said) > _MANY:
        groups = _bands(numbers)
    elif len(said) > _MANY and all(_decade(tally.value) for tally in said):
        groups = _by_name((_decade(tally.value), tally) for tally in said)
    else:
        groups = _by_name((name, tally) for tally in said for name in _names(tally.value))
    if len(groups) > MOST:
        groups.sort(key=lambda group: -sum(tally.people for tally in group[1]))
        small = groups[MOST - 1 :]
        rest = [tally for _, parts in small for tally in parts]
        groups = [*groups[: MOST - 1], (f"{len(small):,} other values", rest)]
    return [*groups, (NOT_SAID, missing)] if missing else groups


def _by_name(pairs: Iterable[tuple[str, Tally]]) -> list[tuple[str, list[Tally]]]:
    found: dict[str, list[Tally]] = {}
    for name, tally in pairs:
        found.setdefault(name, []).append(tally)
    return list(found.items())


def _names(value: object) -> list[str]:
    """What a value is called; whoever has a list belongs to each of its elements."""
    if isinstance(value, list):
        return sorted({name for element in value for name in _names(element)}) or ["an empty list"]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(value) or "an empty text"]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _decade(value: object) -> str:
    found = _DATE.match(value) if isinstance(value, str) else None
    return f"{found[1]}0s" if found else ""


def _bands(tallies: list[Tally]) -> list[tuple[str, list[Tally]]]:
    """Four bands of about as many people each; one value is never in two."""
    tallies = sorted(tallies, key=_number)
    total = sum(tally.people for tally in tallies)
    bands: dict[int, list[Tally]] = {}
    before = 0
    for tally in tallies:
        bands.setdefault(min(3, 4 * before // total), []).append(tally)
        before += tally.people
    return [(f"{part[0].value} to {part[-1].value}", part) for part in bands.values()]


def _number(tally: Tally) -> float:
    assert isinstance(tally.value, int | float)
    return float(tally.value)


def _together(name: str, parts: Iterable[Tally]) -> Tally:
    parts = list(parts)
    return Tally(
        name,
        sum(part.people for part in parts),
        {decision: sum(part.reached[decision] for part in parts) for decision in DECISIONS},
    )


# ── comparing ─────────────────────────────────────────────────────────────────────────────────


def _compared(group: Tally, everybody: Tally, decision: str) -> Compared:
    rate = Rate(group.people, group.reached[decision])
    others = Rate(everybody.people - rate.people, everybody.reached[decision] - rate.reached)
    if not comparable(rate, others):
        return Compared(rate, others)
    low, high = between(rate, others)
    difference = rate.share - others.share
    return Compared(rate, others, "no difference", difference, low, high, chance_of(rate, others))


def _judged(compared: Compared, p: float | None) -> Compared:
    if p is None:
        return compared
    return Compared(
        compared.rate,
        compared.others,
        "a difference" if p < 0.05 else "no difference",
        compared.difference,
        compared.low,
        compared.high,
        p,
    )


def _holm(chances: Mapping[_Key, float]) -> dict[_Key, float]:
    ranked = sorted(chances, key=lambda key: chances[key])
    adjusted: dict[_Key, float] = {}
    worst = 0.0
    for place, key in enumerate(ranked):
        worst = max(worst, min(1.0, chances[key] * (len(ranked) - place)))
        adjusted[key] = worst
    return adjusted
