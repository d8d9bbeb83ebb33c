"""The past of the sample business: real purchases and real words, in a made world.

**Real**: who bought how much on which day (CDNOW), and the sentences with their label positive or
negative (Yelp). **Made**, reproducibly from a seed: names, addresses, places, birthdays, the hour of
an order, consents and opt-outs, parcels and the few days whose parcels came late, and who wrote which
sentence when. A music shop's customers and restaurant guests play the customers of a coffee shop: CDs
bought are `items`, and US dollars stay US dollars.

How somebody feels is not made and not in here: whoever takes the history in reads it from the words,
of those who agreed. The label of a sentence is the readers' of the data set and decides the stars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache

from engine.adapters.sample.draws import between, draw, weighted
from engine.adapters.sample.people import Customer, customer
from engine.adapters.sample.purchases import Purchase, Sentence, purchases, sentences

Row = dict[str, object]
"""One row of a mixed history (commands.md, "Data in")."""

LATE_DAYS = 20
"""On so many of the shop's days parcels got stuck."""
_LATE_SHARE = 0.6
_LOST_SHARE = 0.06
_LETTERS = ("onboarding", "review", "news")
_HOURS = (
    (7, 2), (8, 4), (9, 6), (10, 7), (11, 7), (12, 9), (13, 7), (14, 6), (15, 6), (16, 6),
    (17, 7), (18, 8), (19, 10), (20, 12), (21, 10), (22, 6),
)  # fmt: skip
_DAYS_LATE = ((1, 10), (2, 26), (3, 22), (4, 14), (5, 10), (6, 8), (7, 6), (9, 4))
_ORDER_OF_TYPES = {"person": "0", "consent": "1", "event": "2", "feedback": "3"}


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase with what is made around it: the hour, and what became of the parcel.

    `delayed_at` is when the shop says that the parcel is late, None where it is not; `delivered_at`
    None where it never came. All in UTC.
    """

    purchase: Purchase
    by: Customer
    at: datetime
    delivered_at: datetime | None
    delayed_at: datetime | None = None
    days_late: int = 0

    @property
    def id(self) -> str:
        """The number under which the shop knows the order."""
        return str(10_000 + self.purchase.number)


@dataclass(frozen=True, slots=True)
class Provenance:
    """How much of the history is real, and how much is made, by kind."""

    real: Mapping[str, int]
    made: Mapping[str, int]


def history(seed: int = 1997) -> Iterator[Row]:
    """The whole past in time order, December 1996 to the summer of 1998.

    A row has `type` (`person`, `consent`, `event` or `feedback`), `at` (text in UTC, to the second)
    and the columns of its kind. The same seed gives the same rows, on every machine.
    """
    orders = _orders(seed)
    rows = [
        *_people(seed, orders),
        *(row for order in orders for row in _events(order)),
        *_feedback(seed, orders),
    ]
    rows.sort(key=_place)
    yield from rows


def provenance(seed: int = 1997) -> Provenance:
    """What is real and what is made in `history(seed)`, counted."""
    rows = list(history(seed))
    kinds = Counter(str(row["type"]) for row in rows)
    events = Counter(str(row["name"]) for row in rows if row["type"] == "event")
    return Provenance(
        real={
            "customers": kinds["person"],
            "purchases with day, items and US dollars": events["order.placed"],
            "sentences, each positive or negative": kinds["feedback"],
        },
        made={
            "names, addresses and places": kinds["person"],
            "birthdays": sum("birthday" in row for row in rows),
            "consents and opt-outs": kinds["consent"],
            "times of day": events["order.placed"],
            "parcels that came": events["order.delivered"],
            "parcels that came late": events["order.delayed"],
            "tickets solved": events["ticket.solved"],
            "authors and times of the sentences": kinds["feedback"],
        },
    )


# ── orders and their parcels ──────────────────────────────────────────────────────────────────


@cache
def _orders(seed: int) -> tuple[Order, ...]:
    bought = tuple(purchases())
    by = {number: customer(seed, number) for number in {one.customer for one in bought}}
    days = sorted({one.day for one in bought}, key=lambda day: draw(seed, day, "late day"))
    late_days = frozenset(days[:LATE_DAYS])
    return tuple(_order(seed, one, by[one.customer], one.day in late_days) for one in bought)


def _order(seed: int, purchase: Purchase, by: Customer, may_be_late: bool) -> Order:
    key = (seed, purchase.number)
    at = _local(purchase, by, weighted(_HOURS, *key, "hour"), 0, *key, "order")
    days = between(2, 4, *key, "parcel days")
    if not may_be_late or draw(*key, "late") >= _LATE_SHARE:
        came = _local(purchase, by, between(9, 17, *key, "parcel hour"), days, *key, "parcel")
        return Order(purchase, by, at, came)
    days_late = weighted(_DAYS_LATE, *key, "days late")
    delayed = _local(purchase, by, 10, 4, *key, "delayed")
    came = _local(purchase, by, between(11, 17, *key, "parcel hour"), 4 + days_late, *key, "parcel")
    lost = draw(*key, "lost") < _LOST_SHARE
    return Order(purchase, by, at, None if lost else came, delayed, days_late)


def _local(purchase: Purchase, by: Customer, hour: int, days: int, *words: object) -> datetime:
    """So many days after the purchase, within that hour of the customer's own clock, in UTC."""
    minute, second = between(0, 59, *words, "minute"), between(0, 59, *words, "second")
    day = purchase.day + timedelta(days=days)
    return datetime.combine(day, time(hour, minute, second), by.zone).astimezone(UTC)


def _events(order: Order) -> Iterator[Row]:
    yield _event(
        f"{order.id}-placed", order, "order.placed", order.at,
        items=order.purchase.items, total=order.purchase.total, currency="USD",
    )  # fmt: skip
    if order.delayed_at:
        yield _event(
            f"{order.id}-delayed", order, "order.delayed", order.delayed_at,
            days_late=order.days_late,
        )  # fmt: skip
    if order.delivered_at:
        yield _event(f"{order.id}-delivered", order, "order.delivered", order.delivered_at)


def _event(event_id: str, order: Order, name: str, at: datetime, **properties: object) -> Row:
    return {
        "type": "event", "at": _text(at), "id": event_id, "person": order.by.id, "name": name,
        "properties": {"order_id": order.id, **properties},
    }  # fmt: skip


# ── people and their consents ─────────────────────────────────────────────────────────────────


def _people(seed: int, orders: Sequence[Order]) -> Iterator[Row]:
    """Everybody opens their account a little before their first order, and ticks boxes there."""
    first: dict[str, datetime] = {}
    for order in orders:
        first[order.by.id] = min(order.at, first.get(order.by.id, order.at))
    for by in {order.by.id: order.by for order in orders}.values():
        opened = first[by.id] - timedelta(minutes=between(20, 90, seed, by.id, "account"))
        yield {"type": "person", "at": _text(opened), "id": by.id, **by.attributes}
        yield from _consents(seed, by.id, opened)


def _consents(seed: int, person: str, opened: datetime) -> Iterator[Row]:
    """60 in 100 confirm by mail, 14 tick the box only, 6 never confirm, the rest say nothing."""
    key = (seed, person)
    answer = weighted((("confirmed", 60), ("given", 14), ("pending", 6), ("", 20)), *key, "letters")
    if not answer:
        return
    minutes = between(2, 15, *key, "confirms") if answer == "confirmed" else 1
    at = opened + timedelta(minutes=minutes)
    yield from (_consent(person, topic, answer, at) for topic in _LETTERS)
    if draw(*key, "offers") < 0.8:
        yield _consent(person, "promotion", answer, at)
    for purpose, share in (("profiling_emotion", 0.7), ("tracking_clicks", 0.6)):
        if draw(*key, purpose) < share:
            yield _consent(person, purpose, "given", at)
    leaves = draw(*key, "leaves")
    if leaves < 0.09:
        later = at + timedelta(days=between(20, 480, *key, "leaves after"), hours=3)
        yield _consent(person, "all" if leaves < 0.03 else "promotion", "unsubscribed", later)


def _consent(person: str, topic: str, state: str, at: datetime) -> Row:
    row: Row = {"type": "consent", "at": _text(at), "person": person, "topic": topic}
    if state == "unsubscribed":
        return {**row, "state": state, "source": "link in a mail"}
    basis = "double opt-in" if state == "confirmed" else "opt-in"
    return {**row, "state": state, "basis": basis, "source": "account form", "wording": "1997-01"}


# ── what people wrote ─────────────────────────────────────────────────────────────────────────


def _feedback(seed: int, orders: Sequence[Order]) -> Iterator[Row]:
    """One sentence an order: some negative ones go to late parcels, some positive ones to third
    orders, a week after which people are asked for a review; the rest to any parcel on time."""
    shuffled = sorted(orders, key=lambda order: draw(seed, order.id, "writes"))
    third = _third_orders(orders)
    came = [order for order in shuffled if order.delivered_at and not order.delayed_at]
    late = iter([order for order in shuffled if order.days_late >= 2])
    asked = iter([order for order in came if order.id in third])
    others = iter([order for order in came if order.id not in third])
    for sentence in sentences():
        chance = draw(seed, sentence.number, "about it")
        if sentence.positive:
            order = next(asked, None) if chance < 0.25 else None
            yield _review(seed, sentence, order or next(others), 5 if order else 1)
        else:
            order = next(late, None) if chance < 0.3 else None
            if order:
                yield from _complaint(seed, sentence, order)
            else:
                yield _review(seed, sentence, next(others), 1)


def _third_orders(orders: Sequence[Order]) -> frozenset[str]:
    """The third order of everybody who has one that cost something."""
    counted = Counter[str]()
    third: set[str] = set()
    for order in sorted(orders, key=lambda order: order.at):
        if order.purchase.total > 0:
            counted[order.by.id] += 1
            if counted[order.by.id] == 3:
                third.add(order.id)
    return frozenset(third)


def _review(seed: int, sentence: Sentence, order: Order, earliest: int) -> Row:
    """A review with stars, in the week that begins so many days after the parcel."""
    key = (seed, sentence.number)
    came = order.delivered_at or order.at
    local = came.astimezone(order.by.zone).date() + timedelta(
        days=earliest + between(0, 6, *key, "day")
    )
    clock = time(weighted(_HOURS, *key, "hour"), between(0, 59, *key, "minute"))
    at = datetime.combine(local, clock, order.by.zone).astimezone(UTC)
    stars = between(4, 5, *key, "stars") if sentence.positive else between(1, 2, *key, "stars")
    return {**_written(sentence, order, at), "source": "review", "rating": stars}


def _complaint(seed: int, sentence: Sentence, order: Order) -> Iterator[Row]:
    """A ticket about a late parcel: often just before the shop says so, else in the day after."""
    key = (seed, sentence.number)
    delayed = order.delayed_at or order.at
    if draw(*key, "writes first") < 0.6:
        at = delayed - timedelta(minutes=between(10, 150, *key, "before"))
    else:
        at = delayed + timedelta(minutes=between(60, 1500, *key, "after"))
    ticket = f"t{sentence.number}"
    yield {**_written(sentence, order, at), "source": "ticket", "ticket": ticket}
    solved = at + timedelta(hours=between(20, 96, *key, "solved"))
    yield {
        "type": "event", "at": _text(solved), "id": f"{ticket}-solved", "person": order.by.id,
        "name": "ticket.solved", "properties": {"ticket": ticket},
    }  # fmt: skip


def _written(sentence: Sentence, order: Order, at: datetime) -> Row:
    return {
        "type": "feedback", "at": _text(at), "id": f"f{sentence.number}", "person": order.by.id,
        "text": sentence.text, "order_id": order.id,
    }  # fmt: skip


def labels() -> Mapping[str, bool]:
    """Whether a sentence is a positive one, as the readers of the data set say, by the id of its row."""
    return {f"f{sentence.number}": sentence.positive for sentence in sentences()}


def _place(row: Row) -> tuple[str, str, str]:
    who = str(row.get("id") or f"{row['person']} {row['topic']}")
    return str(row["at"]), _ORDER_OF_TYPES[str(row["type"])], who


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
