"""What is said of a person, and what of it counts: late words and claims do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.adapters.db import codec
from engine.domain.arrival import Claim
from engine.domain.event import Value


@dataclass(frozen=True, slots=True)
class Alteration:
    """What changes of a person: the address unless it is None, and attributes (None takes away); those
    in `if_missing` only where there is none yet.

    `at`, in microseconds, is when the person is known since, where nothing is known of that yet. Of what
    is `timed` only that counts of which nothing newer was said, and of a `claim` only an address that is
    the first one.
    """

    email: str | None
    mailbox: str | None
    values: Mapping[str, Value | None]
    at: int | None = None
    if_missing: frozenset[str] = frozenset()
    timed: bool = False
    claim: Claim | None = None


Said = Mapping[str, Sequence[Alteration]]
"""What is said of each person, in its order."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of what is said of a person, alteration by alteration; when each value was said last,
    None where that is as before; and the claims that do not count."""

    changes: Sequence[Alteration]
    said_at: dict[str, int] | None = None
    claims: tuple[Claim, ...] = ()


def counting(
    alterations: Sequence[Alteration], said_at: Mapping[str, int] | None, mailbox: str | None
) -> Counted:
    """Without what something newer was said of, and without claims to the place of `mailbox`, the one
    that the person has. Of somebody of whom nothing timed was ever said it is not noted when."""
    if not said_at and not any(one.timed for one in alterations):
        return Counted(alterations)
    said, changes, claims = dict(said_at or {}), [], []
    for one in alterations:
        at = one.at or 0
        names = {*one.values, *(() if one.email is None else ("email",))} - one.if_missing
        if one.timed:
            late = {name for name in names if said.get(name, at - 1) >= at}
            if late:
                values = {name: value for name, value in one.values.items() if name not in late}
                one = replace(one, values=values)
            if "email" in late:
                one = _without_address(one)
            elif one.claim is not None and not _is_first(one.mailbox, mailbox):
                if mailbox or one.mailbox:
                    claims.append(one.claim)
                one = _without_address(one)
                names.discard("email")
            said |= dict.fromkeys(names - late, at)
        else:
            said |= {name: max(at, said[name]) for name in names if name in said}
        if one.mailbox is not None:
            mailbox = codec.text(one.mailbox)
        changes.append(one)
    return Counted(changes, None if said == said_at else said, tuple(claims))


def _is_first(said: str | None, mailbox: str | None) -> bool:
    """Whether an address may be taken from anybody: it is the first, or in another spelling the same. One
    that was taken away (empty) is no more the last word than one that is there."""
    return said is None or (bool(said) if mailbox is None else codec.text(said) == mailbox)


def _without_address(alteration: Alteration) -> Alteration:
    return replace(alteration, email=None, mailbox=None)
