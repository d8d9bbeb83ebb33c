"""What happened: events, and one person's history of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = str | int | float | bool | tuple[str, ...]
"""An attribute of a person or a property of an event, as stored.

Dates are text `YYYY-MM-DD`; instants are text in UTC, `YYYY-MM-DDTHH:MM:SS.ffffffZ`; floats have at
most six decimals, so that sums agree to the digit everywhere. `None` is never stored: it is absence.
"""

PROVIDER = "provider"
"""Where what the provider says of our mails comes from. Bounces and complaints suppress only from
there; whoever lets others write events (a shop, a public key) must not let them call themselves so."""

REPLIES = "replies"
"""Where what people answer to our mails comes from."""

OWN_SOURCES = frozenset({"engine", "preferences", "unsubscribe", REPLIES})
"""Where events of the engine's own, of its pages and of its mailbox come from. Nothing else may say so:
an event from outside could else take the id, and with it the place, of one that is still to come
(R1.4)."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one person.

    `at` is when it acts (for `clock_skew` its time of receipt, R1.3). `(source, id)` is unique (R1.4).
    `starts` is False for an event that came too late to start anything (R1.3).
    """

    id: str
    name: str
    at: datetime
    properties: Mapping[str, Value] = field(default_factory=dict)
    source: str = "api"
    starts: bool = True


class History:
    """One person's events, by name and in order of `(at, id)`. Immutable: `add` returns another."""

    __slots__ = ("_by_name",)

    def __init__(self, events: Iterable[Event] = ()) -> None:
        by_name: dict[str, list[Event]] = {}
        for event in events:
            by_name.setdefault(event.name, []).append(event)
        for named in by_name.values():
            named.sort(key=_order)
        self._by_name = {name: tuple(named) for name, named in by_name.items()}

    def named(self, name: str) -> tuple[Event, ...]:
        """All events called `name`, oldest first."""
        return self._by_name.get(name, ())

    def add(self, event: Event) -> History:
        """The history with one more event; the same history if it is already there (R1.4)."""
        named = self._by_name.get(event.name, ())
        if any(other.id == event.id and other.source == event.source for other in named):
            return self
        place = bisect_right(named, _order(event), key=_order)
        longer = History()
        longer._by_name = {**self._by_name, event.name: (*named[:place], event, *named[place:])}
        return longer

    def __iter__(self) -> Iterator[Event]:
        return iter(sorted((e for named in self._by_name.values() for e in named), key=_order))

    def __len__(self) -> int:
        return sum(map(len, self._by_name.values()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, History) and self._by_name == other._by_name

    def __repr__(self) -> str:
        return f"History({list(self)!r})"


def _order(event: Event) -> tuple[datetime, str]:
    return event.at, event.id
