"""The mail of the days ahead, as things are and as an edit would have it (`plan`).

Both are forecasts of the same people by the production code, so what differs is what the edit does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.application.forecast import Forecast
from engine.application.ports.lives import Visit
from engine.application.simulate import outcomes


@dataclass(frozen=True, slots=True)
class Ahead:
    """One mail of one journey, or a step that hands people to a team (`mail` is empty then): how often
    it goes out and how often it is dropped, before and after the edit."""

    journey: str
    step: str
    mail: str
    sent_before: int
    sent_after: int
    dropped_before: int
    dropped_after: int

    @property
    def differs(self) -> bool:
        """Whether the edit changes anything about it."""
        return (self.sent_before, self.dropped_before) != (self.sent_after, self.dropped_after)


@dataclass(frozen=True, slots=True)
class MailAhead:
    """The mail of the next `days`, worked out for `people` of all `of`, whole mailboxes."""

    days: int
    people: int
    of: int
    mails: tuple[Ahead, ...]

    @property
    def share(self) -> float:
        """Which part of all people was looked at; 1 where nobody is there at all."""
        return self.people / self.of if self.of else 1.0


def whole_mailboxes(visits: Iterable[Visit], at_least: int) -> list[Visit]:
    """The first visits, `at_least` so many where there are, and no mailbox cut."""
    taken: list[Visit] = []
    for visit in visits:
        if len(taken) >= at_least and visit.mailbox_key != taken[-1].mailbox_key:
            break
        taken.append(visit)
    return taken


_GOES = frozenset({"sent", "handed_over"})
_Key = tuple[str, str, str]


def mail_ahead(
    visits: Sequence[Visit], before: Forecast | None, after: Forecast, *, of: int
) -> MailAhead:
    """Walk these people by both sets of rules. `before` is None where nothing is in force; `of` is
    how many people there are in all. Hold-outs and shadows send nothing, so they do not count."""
    goes_before, dropped_before = _counted(visits, before)
    goes_after, dropped_after = _counted(visits, after)
    keys = {*goes_before, *dropped_before, *goes_after, *dropped_after}
    return MailAhead(
        days=(after.until - after.begin).days,
        people=len(visits),
        of=of,
        mails=tuple(
            Ahead(*key, goes_before[key], goes_after[key], dropped_before[key], dropped_after[key])
            for key in sorted(keys)
        ),
    )


def _counted(
    visits: Sequence[Visit], forecast: Forecast | None
) -> tuple[Counter[_Key], Counter[_Key]]:
    goes: Counter[_Key] = Counter()
    dropped: Counter[_Key] = Counter()
    for happening in forecast.run(visits) if forecast else ():
        for one in outcomes(happening):
            key = (one.journey, one.step, one.mail)
            if one.outcome in _GOES:
                goes[key] += 1
            elif one.outcome == "dropped":
                dropped[key] += 1
    return goes, dropped
