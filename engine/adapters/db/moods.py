"""What is read of messages and what it comes to: scores, moods, profiles and dispositions (R6.3).

Decided by `domain.profile` and `domain.disposition`, as `domain.receiving` does in memory. Here stands
everything that goes when somebody takes their consent back (R5.10): see `clear`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due, scores, tables
from engine.adapters.db.base_rates import as_learned
from engine.adapters.db.former import forget_dispositions, note_cleared, note_dispositions
from engine.adapters.db.profile_rows import STATE, disposition_out, name_of, profile_out
from engine.adapters.db.profiled import Profiled, ledgers, lock, profiled
from engine.adapters.db.readings import READINGS, reading_out
from engine.adapters.db.stored import micros
from engine.adapters.db.unsaid import unsay
from engine.domain.arrival import EventArrived, MessageRead
from engine.domain.care import alarm_of, asks_for
from engine.domain.disposition import Profile, fold, profile_of
from engine.domain.emotion import EmotionConfig
from engine.domain.engine_events import CARE_NEEDED, MOOD_EVENTS
from engine.domain.profile import readings_of
from engine.domain.receiving import may_profile

_PERSON = attrgetter("person_id")


@dataclass(frozen=True, slots=True)
class Felt:
    """Of whom something new was read, and how many moods it left; and the events of those who need a
    person (`domain.care`)."""

    people: frozenset[str] = frozenset()
    readings: int = 0
    alarms: tuple[EventArrived, ...] = ()


def take_in(connection: Connection, arrivals: Sequence[MessageRead], now: datetime) -> Felt:
    """Keep what was read of messages, with consent (R5.10), once a message, and work out what their
    people come to. The people exist; their ledgers are as they are after the whole batch.

    A message that is newer than all of its person is folded in; of people with another one the profile is
    worked out anew. A few statements, whatever the number of messages.
    """
    asking = [_cleaned(a) for a in arrivals if asks_for(a.mood, a.by)]
    read = [_cleaned(a) for a in arrivals if a.mood.probabilities and not a.mood.sensitive]
    read.sort(key=_PERSON)  # neighbours in the indexes
    if not read and not asking:
        return Felt()
    read = _as_learned(connection, read, now)
    people = profiled(connection, {arrival.person_id for arrival in (*read, *asking)})
    alarms = tuple(_alarms(connection, asking, people, now))
    new = scores.add(connection, _allowed(connection, read, people, now), now)
    recorded = micros(now)
    left = [
        (arrival.person_id, recorded, *reading_out(reading))
        for arrival in new
        for reading in readings_of(arrival.mood, arrival.by)
    ]
    batch.insert(connection, tables.READING, ("person_id", "recorded_at", *READINGS), left)
    _fold(connection, new, people, now)
    return Felt(frozenset(arrival.person_id for arrival in new), len(left), alarms)


def clear(connection: Connection, person_ids: Iterable[str], now: datetime) -> None:
    """Forget what was read of people and what it came to, as they wish (R5.10): that there was something
    stays noted, and no more. An open task stays open: whoever asked for help still gets it."""
    gone = sorted(set(person_ids))
    if not gone:
        return
    due.lock(connection, gone)  # as everybody does first, for `unsay` changes it
    lock(connection, gone)
    listed = {"ids": batch.listed(connection, gone)}
    theirs = batch.among(connection, "person_id")
    noted: set[str] = set()
    for table in ("score", "reading", "profile"):
        noted |= set(
            connection.execute(
                sql(f"DELETE FROM {table} WHERE {theirs} RETURNING person_id"), listed
            ).scalars()
        )
    connection.execute(
        sql(
            "UPDATE person SET disposition = NULL, disposition_since = NULL, disposition_until = NULL"
            f" WHERE {batch.among(connection, 'id')} AND disposition IS NOT NULL"
        ),
        listed,
    )
    forget_dispositions(connection, gone)
    noted |= forget_events(connection, gone)
    unsay(connection, gone, sorted(MOOD_EVENTS))
    connection.execute(
        sql(f"UPDATE task SET sensitive = false WHERE sensitive AND {theirs}"), listed
    )
    note_cleared(connection, sorted(noted), now)


def unflag(connection: Connection, person_ids: Sequence[str]) -> None:
    """Whose alarms are gone, for they withdrew their consent while a turn was decided on them, have no task
    that says of them that something is sensitive (R5.10)."""
    if person_ids:
        connection.execute(
            sql(
                "UPDATE task SET sensitive = false"
                f" WHERE sensitive AND {batch.among(connection, 'person_id')} AND NOT EXISTS"
                " (SELECT 1 FROM event e WHERE e.person_id = task.person_id"
                f" AND e.name = '{CARE_NEEDED}' AND e.source = 'engine')"
            ),
            {"ids": batch.listed(connection, person_ids)},
        )


def forget_events(connection: Connection, person_ids: Sequence[str]) -> set[str]:
    """Forget what events say of how people feel, who withdrew their consent to it (R5.10); answers of
    whom there were any."""
    names = ", ".join(f"'{name}'" for name in sorted(MOOD_EVENTS))
    gone = connection.execute(
        sql(
            f"DELETE FROM event WHERE source = 'engine' AND name IN ({names})"
            f" AND {batch.among(connection, 'person_id')} RETURNING person_id"
        ),
        {"ids": batch.listed(connection, person_ids)},
    )
    return set(gone.scalars())


def work_out(
    connection: Connection, person_ids: Iterable[str], config: EmotionConfig, now: datetime
) -> None:
    """The profiles of people from their scores, as if those were all there ever were: after two people
    became one, or after scores went."""
    config = as_learned(connection, config, now)
    people = profiled(connection, sorted(set(person_ids)))
    moods = scores.of(connection, people)
    after = {who: profile_of(moods.get(who, ()), config) for who in people}
    batch.delete(
        connection, tables.PROFILE, ("person_id",), [(w,) for w in people if after[w].at is None]
    )
    _save(connection, people, after, {who: name_of(config) for who in people}, now)


# ── a batch ───────────────────────────────────────────────────────────────────────────────────


def _alarms(
    connection: Connection,
    asking: Sequence[MessageRead],
    people: Mapping[str, Profiled],
    now: datetime,
) -> Iterator[EventArrived]:
    said = ledgers(connection, people.keys() & {arrival.person_id for arrival in asking})
    for arrival in asking:
        alarm = alarm_of(arrival, said.get(arrival.person_id, ()), now)
        if alarm is not None:
            yield EventArrived(arrival.person_id, alarm)


def _allowed(
    connection: Connection,
    read: Sequence[MessageRead],
    people: Mapping[str, Profiled],
    now: datetime,
) -> dict[tuple[str, str], MessageRead]:
    """Those of people who are there that may be kept (R5.10), each message of a person once."""
    said = ledgers(connection, [who for who, known in people.items() if known.agreed is None])
    received = micros(now)
    allowed: dict[tuple[str, str], MessageRead] = {}
    for arrival in read:
        known = people.get(arrival.person_id)
        if known is None:
            continue
        at = arrival.mood.at
        if known.agreed is None:
            may = may_profile(said.get(arrival.person_id, ()), at, now)
        else:
            may = known.agreed <= min(micros(at), received)
        if may:
            allowed.setdefault((arrival.person_id, arrival.mood.message), arrival)
    return allowed


def _fold(
    connection: Connection,
    new: Sequence[MessageRead],
    people: Mapping[str, Profiled],
    now: datetime,
) -> None:
    """Fold in what is new, which comes by person."""
    after: dict[str, Profile] = {}
    names: dict[str, str] = {}
    anew: dict[str, EmotionConfig] = {}
    named: dict[int, str] = {}
    for who, of_person in groupby(new, key=_PERSON):
        _, profile, by, _ = people[who]
        for arrival in sorted(of_person, key=_in_time):
            config = arrival.by
            name = named.get(id(config)) or named.setdefault(id(config), name_of(config))
            names[who] = name
            if who in anew or by not in ("", name) or not profile.is_before(arrival.mood):
                anew[who] = config
            else:
                profile = fold(profile, arrival.mood, config)
        after[who] = profile
    if anew:
        moods = scores.of(connection, anew)
        after |= {who: profile_of(moods[who], config) for who, config in anew.items()}
    _save(connection, people, after, names, now)


def _save(
    connection: Connection,
    people: Mapping[str, Profiled],
    after: Mapping[str, Profile],
    names: Mapping[str, str],
    now: datetime,
) -> None:
    rows = [
        (who, names[who], *profile_out(profile))
        for who, profile in after.items()
        if profile.at is not None
    ]
    columns = ("config", *STATE)
    batch.insert(
        connection,
        tables.PROFILE,
        ("person_id", *columns),
        rows,
        f"ON CONFLICT (person_id) DO UPDATE SET {', '.join(f'{x} = excluded.{x}' for x in columns)}",
    )
    changed = {
        who: profile.disposition
        for who, profile in after.items()
        if profile.disposition != people[who].held
    }
    note_dispositions(connection, {who: disposition_out(people[who].held) for who in changed}, now)
    batch.update(
        connection,
        tables.PERSON,
        ("id",),
        ("disposition", "disposition_since", "disposition_until"),
        [(who, *disposition_out(held)) for who, held in changed.items()],
    )


def _as_learned(
    connection: Connection, read: Sequence[MessageRead], now: datetime
) -> list[MessageRead]:
    """The arrivals with what is usual here in their settings, which most of them share."""
    known: dict[int, EmotionConfig] = {}
    for arrival in read:
        if id(arrival.by) not in known:
            known[id(arrival.by)] = as_learned(connection, arrival.by, now)
    return [
        arrival if (config := known[id(arrival.by)]) is arrival.by else replace(arrival, by=config)
        for arrival in read
    ]


def _in_time(arrival: MessageRead) -> tuple[datetime, str]:
    return arrival.mood.at, arrival.mood.message


def _cleaned(arrival: MessageRead) -> MessageRead:
    person_id, mood = arrival.person_id, arrival.mood
    texts = (person_id, mood.message, mood.thread, mood.source, mood.model)
    joined = "".join(texts)
    if codec.text(joined) == joined:
        return arrival
    person_id, message, thread, source, model = map(codec.text, texts)
    mood = replace(mood, message=message, thread=thread, source=source, model=model)
    return replace(arrival, person_id=person_id, mood=mood)
