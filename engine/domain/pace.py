"""How fast mail may leave: rates by stream, and the ramp of a new sender (R3.9, "provider rate and
warm-up").

A stream of mail is what a rate is of: all mail (`ALL`), the warm-up (`WARM_UP`), or the mail to one mailbox
provider (`to:gmail.com`). Each is a token bucket, kept as one instant: when the next token is there
(the generic cell rate algorithm of ITU-T I.371, which needs no timer and no count).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.domain.journey import Class

ALL, WARM_UP = "all", "warm-up"

_FIRST_HOUR = 20
_GROWTH = 1.4
_RAMP_DAYS = 36
"""SendGrid's automated warm-up: 20 an hour on the first day, 1.4 times as many each day; 484,029 on
day 30. After day 35 nothing is held back."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many mails in so long, evenly. What one second allows may go at once, at least one mail."""

    count: int
    per: timedelta

    @property
    def gap(self) -> timedelta:
        """The time from one mail to the next."""
        return max(self.per / self.count, timedelta(microseconds=1))

    @property
    def slack(self) -> timedelta:
        """How far ahead of the even pace a burst may run."""
        return max(timedelta(seconds=1) - self.gap, timedelta(0))


@dataclass(frozen=True, slots=True)
class Paces:
    """The rates of the config. `to` is by mailbox provider, by any of its domains; `warm_up` is the
    first day of a new domain or IP address, in the company's zone."""

    all: Rate | None = None
    to: Mapping[str, Rate] = field(default_factory=dict)
    warm_up: date | None = None

    def rates(self, today: date) -> dict[str, Rate]:
        """The rate of every stream that has one."""
        found = {f"to:{provider_of(domain)}": rate for domain, rate in self.to.items()}
        if self.all is not None:
            found[ALL] = self.all
        ramp = None if self.warm_up is None else ramp_on((today - self.warm_up).days)
        if ramp is not None:
            found[WARM_UP] = ramp
        return found


def ramp_on(day: int) -> Rate | None:
    """The rate of a day of the warm-up, the first being 0; None once it is over."""
    if day >= _RAMP_DAYS:
        return None
    return Rate(round(_FIRST_HOUR * _GROWTH ** max(day, 0)), timedelta(hours=1))


_PROVIDERS = {
    domain: names.split()[0]
    for names in (
        "gmail.com googlemail.com",
        "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca ymail.com rocketmail.com"
        " aol.com",
        "outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.de hotmail.fr outlook.de"
        " outlook.fr live.de",
        "icloud.com me.com mac.com",
        "gmx.de gmx.net gmx.at gmx.ch web.de",
        "orange.fr wanadoo.fr",
    )
    for domain in names.split()
}


def provider_of(domain: str) -> str:
    """The mailbox provider of a domain, by the name of its best known one; a domain that nobody knows
    is its own. One provider counts all its domains together."""
    return _PROVIDERS.get(domain.lower(), domain.lower())


def stream_to(mailbox: str) -> str:
    """The stream of the provider of an address."""
    return f"to:{provider_of(mailbox.rpartition('@')[2])}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One message that would leave now, to `mailbox`."""

    send_id: str
    mailbox: str
    klass: Class


def take(
    wanted: Sequence[Wanted],
    rates: Mapping[str, Rate],
    free_at: Mapping[str, datetime],
    stopped: Mapping[str, datetime],
    now: datetime,
) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """Who has to wait until when, by send id, and the streams' new `free_at`; the rest may leave now.

    In the order given, so the more important come first. `stopped` streams let nothing through until
    their instant. Those who wait are told instants one after the other, so that each comes back when
    it is its turn; they take no token until then. Transactional mail uses up the warm-up, but never
    waits for it.
    """
    taken = dict(free_at)
    ahead = dict(free_at)
    """As if those who wait had gone, each in its turn."""
    waiting: dict[str, datetime] = {}
    for one in wanted:
        streams = [stream for stream in (ALL, WARM_UP, stream_to(one.mailbox)) if stream in rates]
        exempt = {WARM_UP} if one.klass is Class.TRANSACTIONAL else set()
        at = max(
            (
                _opens(ahead.get(stream), rates[stream], now)
                for stream in streams
                if stream not in exempt
            ),
            default=now,
        )
        for stream in (ALL, stream_to(one.mailbox)):
            at = max(at, stopped.get(stream, now))
        for stream in streams:
            ahead[stream] = max(ahead.get(stream, at), at) + rates[stream].gap
        if at > now:
            waiting[one.send_id] = at
            continue
        for stream in streams:
            taken[stream] = max(taken.get(stream, now), now) + rates[stream].gap
    return waiting, {stream: at for stream, at in taken.items() if free_at.get(stream) != at}


def _opens(free_at: datetime | None, rate: Rate, now: datetime) -> datetime:
    return now if free_at is None else max(now, free_at - rate.slack)
