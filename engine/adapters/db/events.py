"""What comes in, by the only door: arrivals go into the tables, once, and make their people due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.adapters.db import (
    batch,
    codec,
    consents,
    due,
    identities,
    moods,
    outbox,
    people,
    preferences,
    provider_words,
)
from engine.adapters.db.alterations import Alteration
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import EVENT
from engine.application.ports.intake import Taken
from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    MessageRead,
    PersonArrived,
    PreferenceArrived,
)
from engine.domain.receiving import as_received

_COLUMNS = (
    "id", "source", "person_id", "name", "at", "received_at", "properties", "starts",
    "clock_skew", "pending",
)  # fmt: skip


def ingest(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> Taken:
    """Take arrivals in, in their order, within the caller's transaction (`connect.writing`).

    Events are kept once per `(source, id)` (R1.4), and those that are too old or too early marked so
    (R1.3). Consent is decided on by `domain.receiving` (R5.5), and then what was read of messages, on the
    ledger after the batch (R5.10). Bounces and complaints
    that the provider tells of suppress (R5.8). Merged ids lead to their profile, and whoever asked to be
    forgotten stays out (`identities`). Whoever something is new for is due at once, or when an event of
    the next minutes comes to pass. At most a dozen statements, whatever the number of arrivals; batches
    of 1,000 to 10,000 are best.

    `now` is the aware instant of receipt.
    """
    admitted = identities.admit(connection, arrivals, now)
    arrivals = admitted.arrivals
    if not arrivals:
        return Taken(left_out=admitted.left_out)
    arrivals = preferences.keep_languages(connection, arrivals)
    alterations = _alterations(arrivals)
    here = people.arrive(connection, alterations, now)
    moves = _moves(arrivals, here)
    told = [a for a in moves if isinstance(a, ConsentArrived | PersonArrived)]
    heard = consents.take_in(connection, told, now, here.moved)
    chosen = [a for a in moves if isinstance(a, PreferenceArrived | PersonArrived)]
    chose = preferences.take_in(connection, chosen, now, here.moved)
    felt = moods.take_in(connection, [a for a in arrivals if isinstance(a, MessageRead)], now)
    outbox.readdress(connection, here.moved, now)
    happened = [arrival for arrival in arrivals if isinstance(arrival, EventArrived)]
    said = provider_words.unheard(connection, happened)
    added = _keep(connection, happened, now)
    alarmed = _keep(connection, felt.alarms, now)
    made = {person_id for person_id in here.new if alterations[person_id]}
    due.mark(connection, {*made, *here.changed, *heard.people, *chose, *felt.people}, now)
    if heard.withdrawn:  # a turn that was just being stored may have told of a mood: by now it is
        moods.forget_events(connection, sorted(heard.withdrawn))
    if said:
        provider_words.act(connection, said, now)
    if added or alarmed:
        told_of = {arrival.person_id for arrival in (*happened, *felt.alarms)}
        due.mark_pending(connection, told_of, now)
    return Taken(
        people=len(here.new),
        changed=len(here.changed),
        events=added,
        duplicates=len(happened) - added,
        consents=heard.consents,
        readings=felt.readings,
        left_out=admitted.left_out,
        claims=here.claims,
    )


def note(connection: Connection, events: Sequence[EventArrived], now: datetime) -> None:
    """Keep events of our own about people who are there, and make these due."""
    if events and _keep(connection, events, now):
        due.mark_pending(connection, {arrival.person_id for arrival in events}, now)


def _keep(connection: Connection, events: Sequence[EventArrived], now: datetime) -> int:
    rows = [_event_row(event, now, micros(now)) for event in events]
    return batch.insert(connection, EVENT, _COLUMNS, rows, "ON CONFLICT (source, id) DO NOTHING")


def _moves(arrivals: Sequence[Arrival], here: people.Arrived) -> list[Arrival]:
    """The arrivals, of people those who moved only, with the addresses that counted."""
    counted = {who: iter(changes) for who, changes in here.counted.items()}
    moves: list[Arrival] = []
    for arrival in arrivals:
        if isinstance(arrival, PersonArrived):
            changes = counted.get(codec.text(arrival.person_id))
            if changes is None:
                continue
            change = next(changes)
            arrival = replace(arrival, email=change.email, mailbox=change.mailbox)
        moves.append(arrival)
    return moves


def _alterations(arrivals: Sequence[Arrival]) -> dict[str, list[Alteration]]:
    by_person: dict[str, list[Alteration]] = {}
    for arrival in arrivals:
        changes = by_person.setdefault(codec.text(arrival.person_id), [])
        if isinstance(arrival, PersonArrived):
            changes.append(
                Alteration(
                    arrival.email,
                    arrival.mailbox,
                    arrival.values,
                    micros(arrival.at),
                    arrival.if_missing,
                    arrival.timed,
                    arrival.claim,
                )
            )
    return by_person


def _event_row(arrival: EventArrived, now: datetime, received: int) -> tuple[Any, ...]:
    event = as_received(arrival.event, now)
    return (
        codec.text(event.id),
        codec.text(event.source),
        codec.text(arrival.person_id),
        codec.text(event.name),
        micros(event.at),
        received,
        codec.cleaned(event.properties),
        event.starts,
        event.at != arrival.event.at,
        True,
    )
