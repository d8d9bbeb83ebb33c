"""A call of Segment's tracking API as what arrives: `identify`, `track`, `page`, `screen`, `group`,
`alias`, and in the same shape `feedback` and `consent`.

Field names are theirs (`userId`, `anonymousId`, `messageId`, `traits` …); what they say becomes a row as
in a file (`row_kinds`, `row_consent`), so there is one truth about values, addresses and times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.application.ports.joining import Join
from engine.application.ports.write_keys import IDENTITIES, WriteKey
from engine.application.row_consent import consent_row
from engine.application.row_kinds import Reader, event_row, feedback_row, person_row, word
from engine.application.row_values import BadValue, instant
from engine.domain.arrival import Arrival, PersonArrived
from engine.domain.countries import COUNTRIES
from engine.domain.engine_events import ENGINE_EVENTS, FEEDBACK
from engine.domain.event import OWN_SOURCES, PROVIDER
from engine.domain.person import ANONYMOUS, is_visitor
from engine.domain.zones import named_zone

Call = Mapping[str, object]

NETWORK = timedelta(minutes=1)
"""So long a request may take. What `sentAt` differs by more is the sender's clock."""

FROM_OUTSIDE = frozenset({FEEDBACK, "ticket.opened", "ticket.solved", "journey.start"})
"""Events of the engine's list that others may send."""

_EVENT_NAME = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)+")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LONGEST_NAME = 120
_TRAITS = {
    "firstName": "first_name", "lastName": "last_name", "createdAt": "created_at",
    "timezone": "time_zone", "timeZone": "time_zone",
}  # fmt: skip
"""Traits that Segment names, and what we call them."""
_NOT_TRAITS = ("id", "person", "at")
"""Names that a person's row has for itself."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a call came in: by which key, when it was received, and when it was sent by the sender's own
    clock (None where that is not said). `reader` says how values are read, `order_event` what the shop
    calls an order, and `delivery` is the number of what it came in."""

    key: WriteKey
    received_at: datetime
    sent_at: datetime | None
    reader: Reader
    order_event: str = "order.placed"
    delivery: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call says: arrivals, and ids that are one human's."""

    arrivals: tuple[Arrival, ...]
    joins: tuple[Join, ...] = ()


def hear(call: Call, place: int, envelope: Envelope) -> Heard:
    """What a call says; `place` is its place in its batch, for of what was said in one millisecond the
    later counts.

    Raises:
        BadValue: with the field and the reason, in the sender's words.
    """
    kind = call.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadValue("type", f"`{str(kind)[:40]}` is none of {', '.join(KINDS)}")
    scope, read = KINDS[kind]
    if scope not in envelope.key.scopes:
        raise BadValue("type", lacks(envelope.key, scope))
    return read(call, place, envelope)


def lacks(key: WriteKey, scope: str) -> str:
    """Why a call is not taken."""
    return f"needs the scope `{scope}`, which the key `{key.name}` does not have"


def who(call: Call) -> str:
    """The id of the person that a call is about.

    Raises:
        BadValue: if it names neither a user nor anybody anonymous.
    """
    if call.get("userId") not in (None, ""):
        return _user(call, "userId")
    if call.get("anonymousId") not in (None, ""):
        return ANONYMOUS + word(call, "anonymousId")
    raise BadValue("userId", "is missing, and so is `anonymousId`: whom is it about?")


def _user(call: Call, field: str) -> str:
    user = word(call, field)
    if is_visitor(user):
        raise BadValue(field, "begins like an id of ours; a visitor is named by `anonymousId`")
    return user


def happened(call: Call, envelope: Envelope) -> datetime:
    """When it happened, by our clock, as Segment reckons: the time of receipt less how long before
    sending it happened by the sender's clock. A clock that is right within the minute that a request
    may take is believed as it is, so that the same call sent twice has the same time.
    """
    at, sent_at = _by_their_clock(call, envelope), envelope.sent_at
    if at is None:
        return envelope.received_at
    if call.get("sentAt") is not None:
        sent_at = instant("sentAt", call["sentAt"], envelope.reader.zone)
    if call.get("originalTimestamp") is not None and call.get("timestamp") is not None:
        return at  # somebody has set it right already
    if sent_at is None or abs(envelope.received_at - sent_at) <= NETWORK:
        return at
    return envelope.received_at - (sent_at - at)


def _by_their_clock(call: Call, envelope: Envelope) -> datetime | None:
    said = call.get("timestamp") or call.get("originalTimestamp")
    return None if said is None else instant("timestamp", said, envelope.reader.zone)


def event_name(said: str, order_event: str = "order.placed") -> str:
    """What journeys call an event: as it is where it is such a name (`cart.left`); else from its words,
    the last of them behind the dot: `Product Viewed` is `product.viewed`, `signup` is `track.signup`.
    Segment's `Order Completed` is the shop's order.

    Raises:
        BadValue: if it has no words.
    """
    if _EVENT_NAME.fullmatch(said) and len(said) <= _LONGEST_NAME:
        return said
    words = [found.lower() for found in _WORD.findall(said)]
    if words[:1] == ["order"] and len(words) == 2 and words[1] in _ORDERS:
        return _ORDERS[words[1]].format(order=order_event, thing=order_event.partition(".")[0])
    while words and not words[0].isalpha():
        del words[0]
    name = f"{'_'.join(words[:-1]) or 'track'}.{words[-1]}" if words else ""
    if name and not words[-1].isalpha():
        name = f"track.{'_'.join(words)}"
    if not _EVENT_NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise BadValue("event", f"`{said[:60]}` has no words of letters from a to z")
    return name


_ORDERS = {
    "completed": "{order}", "refunded": "{thing}.refunded", "cancelled": "{thing}.cancelled",
    "canceled": "{thing}.cancelled",
}  # fmt: skip


# ── the kinds of calls ────────────────────────────────────────────────────────────────────────


def _identify(call: Call, place: int, envelope: Envelope) -> Heard:
    person, context = who(call), _object(call, "context")
    traits = {**_object(context, "traits"), **_object(call, "traits")}
    values = {_TRAITS.get(name, name): value for name, value in traits.items()}
    address = values.get("address")
    country = address.get("country") if isinstance(address, Mapping) else None
    if "country" not in values and isinstance(country, str) and country.upper() in COUNTRIES:
        values["country"] = country.upper()
    filled = {}
    if "locale" not in values and isinstance(context.get("locale"), str) and context["locale"]:
        filled["locale"] = context["locale"]
    zone = context.get("timezone")
    if "time_zone" not in values and isinstance(zone, str) and named_zone(zone) is not None:
        values["time_zone"] = zone
    return Heard(
        (_person(call, place, envelope, person, {**values, **filled}, frozenset(filled)),),
        _same_human(call, person),
    )


def _track(call: Call, place: int, envelope: Envelope) -> Heard:
    said = word(call, "event")
    name = event_name(said, envelope.order_event)
    if name in ENGINE_EVENTS and name not in FROM_OUTSIDE:
        raise BadValue("event", f"`{name}` is noted by the engine itself; nobody else may say so")
    if name == FEEDBACK and "feedback" not in envelope.key.scopes:
        raise BadValue("event", lacks(envelope.key, "feedback"))
    properties = dict(_object(call, "properties"))
    if name != said:
        properties.setdefault("event", said)
    if name == envelope.order_event and "total" not in properties and "revenue" in properties:
        properties["total"] = properties["revenue"]
    return _event(call, place, envelope, name, properties)


def _page(call: Call, place: int, envelope: Envelope) -> Heard:
    named = {name: call[name] for name in ("name", "category") if call.get(name) is not None}
    properties = {**named, **_object(call, "properties")}
    return _event(call, place, envelope, f"{call['type']}.viewed", properties)


def _group(call: Call, place: int, envelope: Envelope) -> Heard:
    group = {f"group_{name}": value for name, value in _object(call, "traits").items()}
    values = {**group, "group_id": word(call, "groupId")}
    return Heard((_person(call, place, envelope, who(call), values),))


def _alias(call: Call, place: int, envelope: Envelope) -> Heard:
    """The new id is `userId`. The previous one may be a user's or an anonymous one, which only who knows
    it can say: both lead on, and one of them is nobody's."""
    if call.get("userId") in (None, ""):
        raise BadValue("userId", "is missing: who are they now?")
    keep, previous = who(call), _user(call, "previousId")
    olds = [one for one in (previous, ANONYMOUS + previous) if one != keep]
    joins = tuple(Join(old, keep, asked=True) for old in olds)
    return Heard((_person(call, place, envelope, keep, {}),), joins)


def _feedback(call: Call, place: int, envelope: Envelope) -> Heard:
    row = _said(call)
    return Heard(tuple(feedback_row(_row(call, envelope, row), envelope.reader)))


def _consent(call: Call, place: int, envelope: Envelope) -> Heard:
    row = _said(call)
    if row.get("actor") is not None:
        raise BadValue("actor", "is the key that it came by; no key may speak for the person")
    if row.get("source") in OWN_SOURCES | {PROVIDER}:
        raise BadValue("source", f"`{row['source']}` is nobody's but the engine's")
    return Heard(tuple(consent_row(_row(call, envelope, row), envelope.reader)))


KINDS: Mapping[str, tuple[str, Callable[[Call, int, Envelope], Heard]]] = {
    "identify": ("people", _identify),
    "track": ("events", _track),
    "page": ("events", _page),
    "screen": ("events", _page),
    "group": ("people", _group),
    "alias": (IDENTITIES, _alias),
    "feedback": ("feedback", _feedback),
    "consent": ("consent", _consent),
}
"""By `type`: which scope of a key it needs, and who reads it."""


# ── the parts of a call ───────────────────────────────────────────────────────────────────────

_OURS = frozenset(
    {
        "type", "userId", "anonymousId", "messageId", "timestamp", "originalTimestamp", "sentAt",
        "receivedAt", "context", "integrations", "properties", "writeKey", "channel", "version",
        "_metadata",
    }
)  # fmt: skip
"""What every call has around what it says."""
_CALLED = {"id": "messageId", "person": "userId", "at": "timestamp"}
"""Columns of a file that have another name in a call."""


def _said(call: Call) -> dict[str, object]:
    """What `feedback` and `consent` say, in `properties` or beside them."""
    said = {name: value for name, value in call.items() if name not in _OURS}
    said = {**_object(call, "properties"), **said}
    for column, name in _CALLED.items():
        if column in said:
            raise BadValue(column, f"is called `{name}` here")
    return said


def _row(call: Call, envelope: Envelope, row: Mapping[str, object]) -> dict[str, object]:
    """A row as in a file: about whom, when, and known by its message."""
    made = {**row, "person": who(call), "at": happened(call, envelope).isoformat()}
    if call.get("messageId") is not None:
        made["id"] = word(call, "messageId")
    return made


def _event(
    call: Call, place: int, envelope: Envelope, name: str, properties: Mapping[str, object]
) -> Heard:
    """An event, behind the traits that came with it (R1.2)."""
    row = _row(call, envelope, {"name": name, "properties": properties})
    event = tuple(event_row(row, envelope.reader))
    if not _object(_object(call, "context"), "traits") or "people" not in envelope.key.scopes:
        return Heard(event)
    described = _identify({**call, "traits": None}, place, envelope)
    return Heard((*described.arrivals, *event))


def _person(
    call: Call,
    place: int,
    envelope: Envelope,
    person: str,
    values: Mapping[str, object],
    if_missing: frozenset[str] = frozenset(),
) -> Arrival:
    row = {name: value for name, value in values.items() if name not in _NOT_TRAITS}
    latest = envelope.received_at + NETWORK  # else who runs ahead would have the last word for long
    at = min(happened(call, envelope), latest)
    said = _by_their_clock(call, envelope)
    if said is None or said.microsecond % 1000 == 0:
        at += timedelta(microseconds=min(place, 999))
    [arrival] = person_row({**row, "id": person, "at": at.isoformat()}, envelope.reader)
    assert isinstance(arrival, PersonArrived)
    claim = None if IDENTITIES in envelope.key.scopes else (envelope.delivery, place)
    return replace(arrival, if_missing=if_missing, timed=True, claim=claim)


def _same_human(call: Call, person: str) -> tuple[Join, ...]:
    """Who has both ids is known by either from now on."""
    if is_visitor(person) or call.get("anonymousId") in (None, ""):
        return ()
    return (Join(ANONYMOUS + word(call, "anonymousId"), person),)


def _object(call: Call, name: str) -> Mapping[str, object]:
    value = call.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadValue(name, "is not an object")
    return value
