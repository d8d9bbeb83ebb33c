"""What the law asks where a person lives: which consent is enough there, and for how long (R5.2).

The jurisdictions are files that a lawyer can read and change; this is what they say, compiled. Not
legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from typing import Literal

Ground = Literal[
    "double opt-in", "express", "soft opt-in", "purchase", "contract", "inquiry", "implied"
]
"""With what right somebody is written to. `double opt-in` is an express yes that was confirmed by its
mailbox, `express` one that was not. `soft opt-in` is a customer's who was offered to refuse when they
bought; `purchase`, `contract` and `inquiry` are what Canada's law calls implied; `implied` is implied
consent that names none of these."""

IMPLIED: frozenset[str] = frozenset({"soft opt-in", "purchase", "contract", "inquiry"})
"""The bases that implied consent may name."""

GROUNDS: tuple[Ground, ...] = (
    "double opt-in", "express", "soft opt-in", "purchase", "contract", "inquiry", "implied",
)  # fmt: skip

CONFIRM_WITHIN = timedelta(days=30)
REMIND_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Terms:
    """Which grounds are enough, and how long each lasts from its line on; None has no end.

    `confirm_within` is how long a sign-up waits for its confirmation; after that it is as if nothing
    had been said. None waits for ever.
    """

    enough: Mapping[str, timedelta | None]
    confirm_within: timedelta | None = None


ANY_YES = Terms(dict.fromkeys(GROUNDS))
"""The terms of what no law of mail speaks about: the purposes beside mail, where a yes is a yes."""

CONFIRMED = Terms({"double opt-in": None})
"""The strictest terms there can be."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The law of some countries (ISO 3166 codes of two letters) on marketing mail.

    A double opt-in is enough everywhere. `purchase` names the ground that a purchase gives by itself,
    None where it gives none. One reminder may follow the confirmation mail, `remind_within` the
    sign-up (R5.4). `double` are the terms for a category that asks for a double opt-in itself.
    """

    name: str
    title: str = ""
    source: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    enough: Mapping[str, timedelta | None] = field(default_factory=dict)
    confirm_within: timedelta = CONFIRM_WITHIN
    remind_within: timedelta = REMIND_WITHIN
    purchase: str | None = None
    terms: Terms = field(init=False, compare=False, repr=False)
    double: Terms = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        confirmed = {"double opt-in": self.enough.get("double opt-in")}
        object.__setattr__(self, "terms", Terms({**self.enough, **confirmed}, self.confirm_within))
        object.__setattr__(self, "double", Terms(confirmed, self.confirm_within))


@dataclass(frozen=True, slots=True)
class Law:
    """All jurisdictions on file. `strictest` counts where the country is unknown or on no file: what
    is enough in every one of them, for as long as in the one that gives the least."""

    jurisdictions: tuple[Jurisdiction, ...] = ()
    strictest: Jurisdiction = Jurisdiction("strictest", enough={"double opt-in": None})
    by_country: Mapping[str, Jurisdiction] = field(default_factory=dict, compare=False, repr=False)
    ending: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    """The grounds that end by themselves somewhere."""

    def of(self, country: object) -> Jurisdiction:
        """The jurisdiction of a country, in capitals or not; the strictest for anything else."""
        if not isinstance(country, str) or not country.isascii():
            return self.strictest
        return self.by_country.get(country.upper(), self.strictest)

    def of_both(self, one: object, other: object) -> Jurisdiction:
        """What satisfies the law of two countries at once, where it may be either."""
        first, second = self.of(one), self.of(other)
        return first if first == second else _both(first, second)


def law_of(jurisdictions: Iterable[Jurisdiction]) -> Law:
    """The law that these files make together, by name. A country of two files follows the stricter
    rule of each."""
    files = tuple(sorted(jurisdictions, key=lambda one: one.name))
    if not files:
        return Law()
    by_country: dict[str, Jurisdiction] = {}
    for one in files:
        for country in one.countries:
            other = by_country.get(country)
            by_country[country] = one if other is None else _both(other, one)
    met = reduce(_both, files)
    strictest = Jurisdiction(
        "strictest",
        "the strictest rules on file",
        enough=met.enough,
        confirm_within=met.confirm_within,
        remind_within=met.remind_within,
    )
    ending = {ground for one in files for ground, lasts in one.terms.enough.items() if lasts}
    return Law(files, strictest, by_country, frozenset(ending))


def _both(one: Jurisdiction, other: Jurisdiction) -> Jurisdiction:
    """What satisfies two laws at once."""
    mine, theirs = one.terms.enough, other.terms.enough
    return Jurisdiction(
        name=f"{one.name} and {other.name}",
        title=f"{one.title} and {other.title}",
        source=(*one.source, *other.source),
        countries=one.countries | other.countries,
        enough={g: _shorter(mine[g], theirs[g]) for g in GROUNDS if g in mine and g in theirs},
        confirm_within=min(one.confirm_within, other.confirm_within),
        remind_within=min(one.remind_within, other.remind_within),
        purchase=one.purchase if one.purchase == other.purchase else None,
    )


def _shorter(one: timedelta | None, other: timedelta | None) -> timedelta | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
