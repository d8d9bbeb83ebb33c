"""The slow clock: how a person has been disposed over months, and not only today (R6.3).

All that is known of somebody is a sum per emotion, halved every `disposition_half_life` and shrunk
towards what is usual. It is folded from their messages in the order of their time, so it does not matter
in which order they came in; a message in that order costs the same however many there were before.
A disposition is decided when a message is read, and stands until an instant that is known from then on:
so Python and SQL ask the same question of the same two instants (invariant 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import log2

from engine.domain.beta import likely_above
from engine.domain.emotion import EMOTIONS, EmotionConfig, in_order
from engine.domain.message_mood import MessageMood
from engine.domain.profile import weight
from engine.domain.values import ahead

NONE = (0.0,) * len(EMOTIONS)
MOST_PER_DAY = 3.0
"""All messages of one thread and day (of UTC) together count at most so much: one angry thread is not ten
angry customers."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """An emotion that somebody has been inclined to, from `since` on and before `until`."""

    emotion: str
    since: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it stands at an instant."""
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Talk:
    """What one thread has said on the newest day, before it is cut to `MOST_PER_DAY`: the weight of its
    messages as they came, the same as it counts at the newest message, and its sums."""

    source: str
    thread: str
    weight: float
    seen: float
    sums: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the messages of a person come to at `at`, when the newest one was written (`message`).

    `seen` is how much was seen of them, by source, and `sums` how much of each emotion, both halved every
    half-life. `talks` are the threads of the newest day.
    """

    at: datetime | None = None
    message: str = ""
    seen: Mapping[str, float] = field(default_factory=dict)
    sums: tuple[float, ...] = NONE
    talks: tuple[Talk, ...] = ()
    disposition: Disposition | None = None

    def is_before(self, mood: MessageMood) -> bool:
        """Whether a message is newer than all of these, so that it can be folded in."""
        return self.at is None or (self.at, self.message) < (mood.at, mood.message)


NOBODY = Profile()


def profile_of(moods: Iterable[MessageMood], config: EmotionConfig) -> Profile:
    """The profile that messages come to, in whatever order they are given."""
    profile = NOBODY
    for mood in sorted(moods, key=lambda mood: (mood.at, mood.message)):
        profile = fold(profile, mood, config)
    return profile


def fold(profile: Profile, mood: MessageMood, config: EmotionConfig) -> Profile:
    """The profile with one more message, which is newer than all in it."""
    counts = weight(mood, config)
    if counts <= 0:
        return profile
    said = in_order(mood.probabilities)
    left = _left(profile.at, mood.at, config)
    lasting = profile.talks and _same_day(profile.at, mood.at)
    talks = _faded(profile.talks, left) if lasting else ()
    counted, sums, talk = _heard(mood, counts, said, talks)
    seen = {source: share * left for source, share in profile.seen.items()}
    seen[mood.source] = seen.get(mood.source, 0.0) + counted
    if talk is not None:
        others = (t for t in talks if (t.source, t.thread) != (talk.source, talk.thread))
        talks = (*others, talk)
    after = tuple([total * left + more for total, more in zip(profile.sums, sums, strict=True)])
    held = _decided(profile.disposition, seen, after, mood.at, config)
    return Profile(mood.at, mood.message, seen, after, talks, held)


def at(profile: Profile, now: datetime, config: EmotionConfig) -> Profile:
    """The same profile as it counts at a later instant."""
    left = _left(profile.at, now, config)
    return replace(
        profile,
        at=profile.at and now,
        seen={source: share * left for source, share in profile.seen.items()},
        sums=tuple([total * left for total in profile.sums]),
        talks=_faded(profile.talks, left),
    )


def _left(since: datetime | None, now: datetime, config: EmotionConfig) -> float:
    if since is None:
        return 1.0
    passed: float = 2.0 ** -((now - since) / config.disposition_half_life)
    return passed


def _faded(talks: tuple[Talk, ...], left: float) -> tuple[Talk, ...]:
    return tuple(
        replace(talk, seen=talk.seen * left, sums=tuple([total * left for total in talk.sums]))
        for talk in talks
    )


def usual(seen: Mapping[str, float], config: EmotionConfig) -> tuple[float, ...]:
    """How often each emotion is read in messages from where somebody's come from: `Profile.seen`."""
    rates = config.base_rates
    if rates.keys().isdisjoint(seen):
        return config.usual
    known = [(rates[source], share) for source, share in seen.items() if source in rates]
    everywhere = sum(seen.values())
    rest = everywhere - sum(share for _, share in known)
    return tuple(
        [
            (sum(of[place] * share for of, share in known) + rest * config.usual[place])
            / everywhere
            for place in range(len(EMOTIONS))
        ]
    )


def shares(profile: Profile, config: EmotionConfig) -> tuple[float, ...]:
    """How much of each emotion a message of this person has, as far as is known: what was seen, and on
    top of it the usual, as if `shrinks_by` messages had said so."""
    prior = config.hysteresis.shrinks_by
    seen = sum(profile.seen.values())
    return tuple(
        (total + prior * rate) / (seen + prior)
        for total, rate in zip(profile.sums, usual(profile.seen, config), strict=True)
    )


def _same_day(one: datetime | None, other: datetime) -> bool:
    return one is not None and one.date() == other.date()


def _heard(
    mood: MessageMood, counts: float, said: tuple[float, ...], talks: tuple[Talk, ...]
) -> tuple[float, list[float], Talk | None]:
    """What a message adds to what was seen and to the sums, and its talk; None where it stands alone."""
    if mood.thread in ("", mood.message):
        return counts, [counts * p for p in said], None
    before = next((t for t in talks if (t.source, t.thread) == (mood.source, mood.thread)), None)
    if before is None:
        before = Talk(mood.source, mood.thread, 0.0, 0.0, NONE)
    after = Talk(
        mood.source,
        mood.thread,
        before.weight + counts,
        before.seen + counts,
        tuple(total + counts * p for total, p in zip(before.sums, said, strict=True)),
    )
    was, now = _cut(before), _cut(after)
    sums = [new * now - old * was for new, old in zip(after.sums, before.sums, strict=True)]
    return after.seen * now - before.seen * was, sums, after


def _cut(talk: Talk) -> float:
    return 1.0 if talk.weight <= MOST_PER_DAY else MOST_PER_DAY / talk.weight


# ── coming in and going out ───────────────────────────────────────────────────────────────────


def _decided(
    held: Disposition | None,
    sources: Mapping[str, float],
    sums: tuple[float, ...],
    now: datetime,
    config: EmotionConfig,
) -> Disposition | None:
    """The disposition after a message: it stays while it is well above the usual, gives way to one that is
    much stronger, and somebody comes into one only on enough evidence."""
    how = config.hysteresis
    seen = sum(sources.values())
    if held is None and seen < how.evidence:
        return None
    rates, prior = usual(sources, config), how.shrinks_by
    lifts = [
        (total / rate + prior) / (seen + prior) for total, rate in zip(sums, rates, strict=True)
    ]
    standing: Disposition | None = None
    if held is not None and now < held.until:
        place = EMOTIONS.index(held.emotion)
        fades = _fades_at(sums[place], seen, rates[place], now, config)
        until = max(fades, ahead(held.since, how.stays_at_least))
        standing = Disposition(held.emotion, held.since, until) if until > now else None
    if seen < how.evidence:
        return standing
    bar = how.enters_at
    if standing is not None:
        if now < ahead(standing.since, how.stays_at_least):
            return standing
        bar = max(bar, how.stronger * lifts[EMOTIONS.index(standing.emotion)])
    above = [place for place, lift in enumerate(lifts) if lift >= bar]
    for place in sorted(above, key=lambda place: -lifts[place]):
        total, rate = sums[place], rates[place]
        more = likely_above(rate, total + prior * rate, seen - total + prior * (1 - rate))
        if more >= how.sure:
            fades = _fades_at(total, seen, rate, now, config)
            until = max(fades, ahead(now, how.stays_at_least))
            return Disposition(EMOTIONS[place], now, until)
    return standing


def _fades_at(
    total: float, seen: float, rate: float, now: datetime, config: EmotionConfig
) -> datetime:
    """When a lift falls to `leaves_at` if nothing more is written; now, if it is there already.

    With `left` of both sums, it is `(total left + a rate) / (rate (seen left + a))`, which falls with
    `left`, and equals the bound `b` where `left = (b - 1) a rate / (total - b rate seen)`.
    """
    how = config.hysteresis
    above = total - how.leaves_at * rate * seen
    below = (how.leaves_at - 1) * how.shrinks_by * rate
    if above <= below:
        return now
    return ahead(now, config.disposition_half_life * log2(above / below))
