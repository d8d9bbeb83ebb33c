"""What people choose for themselves beside consent: fewer mails, a pause, themes to skip, a language.

An append-only ledger like consent, folded: of each thing the newest word counts, in whatever order the
lines arrived. No import and no purchase touches it. All but the language holds for every profile of a
mailbox (R3.5), and none of it for transactional and service mail, which somebody needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from engine.domain.caps import RollingCap

What = Literal["pace", "pause", "theme", "language"]

LESS_OFTEN = RollingCap(1, timedelta(days=7))
"""The personal cap of who chose "less often": it counts all marketing, beside the caps of the policy."""


@dataclass(frozen=True, slots=True)
class Preference:
    """One line of the ledger.

    `pace` says less often, `pause` no marketing before `until`, `theme` none with the tag `value`,
    `language` which one (`value`, a locale). `active` is false where that was taken back. `source` says
    by which way it came, and `mailbox` is the one that its person had then: it holds for that one, and for
    them wherever they go.
    """

    what: What
    at: datetime
    active: bool = True
    value: str = ""
    until: datetime | None = None
    source: str = ""
    mailbox: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What all lines come to. `paused_until` may be over."""

    less_often: bool = False
    paused_until: datetime | None = None
    skipped: frozenset[str] = frozenset()


NONE = Wishes()


def wishes(ledger: Sequence[Preference]) -> Wishes:
    """The fold of a mailbox's ledger. Of two words of one instant the one that asks for less counts."""
    if not ledger:
        return NONE
    newest = _newest(ledger)
    pause = newest.get(("pause", ""))
    return Wishes(
        less_often=_asks(newest.get(("pace", ""))),
        paused_until=pause.until if pause is not None and pause.active else None,
        skipped=frozenset(
            value for (what, value), line in newest.items() if what == "theme" and line.active
        ),
    )


def language(own: Iterable[Preference]) -> str | None:
    """The language that somebody chose for themselves, or None."""
    line = _newest(line for line in own if line.what == "language").get(("language", ""))
    return line.value if line is not None and line.active else None


def addressed(own: Iterable[Preference], mailbox: str) -> tuple[Preference, ...]:
    """What was said before there was an address speaks of the first one."""
    return tuple(line if line.mailbox else replace(line, mailbox=mailbox) for line in own)


def strictest(
    one: Sequence[Preference], other: Sequence[Preference], now: datetime, source: str
) -> tuple[Preference, ...]:
    """The lines to add where two ledgers become one, so that a newer word of the one lifts nothing that
    the other had asked for (as with consent, R5.5)."""
    mine, theirs, both = wishes(one), wishes(other), wishes((*one, *other))
    added = []
    if (mine.less_often or theirs.less_often) and not both.less_often:
        added.append(Preference("pace", now, source=source))
    ends = [wish.paused_until for wish in (mine, theirs) if wish.paused_until is not None]
    last = max(ends, default=now)
    if last > now and both.paused_until != last:
        added.append(Preference("pause", now, until=last, source=source))
    added += [
        Preference("theme", now, value=theme, source=source)
        for theme in sorted((mine.skipped | theirs.skipped) - both.skipped)
    ]
    return tuple(added)


def _newest(ledger: Iterable[Preference]) -> dict[tuple[str, str], Preference]:
    newest: dict[tuple[str, str], Preference] = {}
    for line in ledger:
        about = line.what, line.value if line.what == "theme" else ""
        known = newest.get(about)
        if known is None or _order(known) < _order(line):
            newest[about] = line
    return newest


def _order(line: Preference) -> tuple[datetime, bool, datetime, str]:
    return line.at, line.active, line.until or line.at, line.value


def _asks(line: Preference | None) -> bool:
    return line is not None and line.active
