"""The outbox: the order of hand-off, one hand at a time, and outcomes that nobody knows."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from engine.adapters.db import due, outbox, slots, switches
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.outbox import Finished
from engine.adapters.db.turns import store
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.event import Event
from engine.domain.facts import Rulebook, Sent
from engine.domain.journey import Class, Enter, Journey, Policy, Priority, Status, WhenEvent
from engine.domain.reasons import Reason
from engine.domain.run import Run
from engine.domain.turn import Queued, Turn

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
LEASE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_class_goes_first_then_priority_then_due_time_then_journey(store_engine: Engine) -> None:
    """R3.7"""
    _queue(
        store_engine,
        _queued("late", due_at=NOW),
        _queued("early", due_at=NOW - HOUR),
        _queued("b-journey", journey="b", due_at=NOW - HOUR),
        _queued("urgent", journey="urgent"),
        _queued("service", klass=Class.SERVICE),
        _queued("receipt", klass=Class.TRANSACTIONAL),
    )
    first = outbox.claim_outbox(store_engine, NOW, 3, "s1", LEASE)
    rest = outbox.claim_outbox(store_engine, NOW, 10, "s2", LEASE)
    assert [m.send_id for m in first] == ["receipt", "service", "urgent"]
    assert [m.send_id for m in rest] == ["early", "b-journey", "late"]
    assert outbox.claim_outbox(store_engine, NOW, 10, "s3", LEASE) == []


def test_a_message_comes_out_as_it_was_queued(store_engine: Engine) -> None:
    entry = Event("o-1", "order.placed", NOW, {"total": 12.5, "tags": ("a", "b")}, "shop")
    queued = _queued("m", entry=entry, expires=NOW + HOUR, sender="ann", tone="warm")
    _queue(store_engine, queued)
    [message] = outbox.claim_outbox(store_engine, NOW, 1, "s", LEASE)
    assert message.entry == entry
    assert (message.due, message.expires) == (queued.due, queued.expires)
    assert (message.sender, message.tone) == ("ann", "warm")
    assert (message.klass, message.category) == (Class.MARKETING, "news")
    with reading(store_engine) as connection:
        found = outbox.find_message(connection, "m")
        assert found is not None
        assert found[0] == message
        [visit] = load(connection, ["p"], NOW)
        assert found[1] == visit.mailbox_key
        assert outbox.find_message(connection, "no such") is None
        assert outbox.messages_of(connection, "p") == [message]


def test_what_is_released_later_waits(store_engine: Engine) -> None:
    """R4.4"""
    _queue(store_engine, _queued("soon"), release_at={"soon": NOW + LEASE})
    assert outbox.claim_outbox(store_engine, NOW, 1, "s", LEASE) == []
    assert len(outbox.claim_outbox(store_engine, NOW + LEASE, 1, "s", LEASE)) == 1


def test_messages_of_a_paused_journey_do_not_stand_in_the_way(store_engine: Engine) -> None:
    """R2.11"""
    _queue(store_engine, _queued("first", journey="urgent"), _queued("second"))
    with writing(store_engine) as connection:
        switches.pause(connection, NOW, "urgent")
    claimed = outbox.claim_outbox(store_engine, NOW, 9, "s", LEASE)
    assert [m.send_id for m in claimed] == ["second"]
    with writing(store_engine) as connection:
        switches.resume(connection, NOW, "urgent")
        switches.pause(connection, NOW + HOUR)
    assert outbox.claim_outbox(store_engine, NOW, 9, "s2", LEASE) == [], "all of it is paused"


def test_in_a_warm_up_the_most_engaged_go_first_among_equals(store_engine: Engine) -> None:
    """Sending facts 3: class and priority still decide before."""
    _queue(
        store_engine,
        _queued("early", due_at=NOW - HOUR),
        _queued("receipt", klass=Class.TRANSACTIONAL),
    )
    _queue(store_engine, _queued("late", due_at=NOW))
    with writing(store_engine) as connection:
        ingest(connection, [PersonArrived("q", "q@x.org", "q@x.org", {}, NOW - HOUR)], NOW)
        order = Event("o", "order.placed", NOW - HOUR, {}, "shop")
        ingest(connection, [EventArrived("q", order)], NOW)
        connection.execute(text("UPDATE outbox SET person_id = 'q' WHERE send_id = 'late'"))
    claimed = outbox.claim_outbox(store_engine, NOW, 9, "s", LEASE, engaged_by=["order.placed"])
    assert [m.send_id for m in claimed] == ["receipt", "late", "early"]


def test_a_ghost_and_a_shadow_are_not_in_the_outbox(store_engine: Engine) -> None:
    """R3.4, R8.1, R2.11: a ghost has a slot in its own ledger, a shadow nothing."""
    _queue(store_engine, _queued("ghost", ghost=True), _queued("shadow", shadow=True))
    assert outbox.claim_outbox(store_engine, NOW, 10, "s", LEASE) == []
    with reading(store_engine) as connection:
        [visit] = load(connection, ["p"], NOW)
    assert [sent.ghost for sent in visit.life.facts.sent] == [True]


def test_a_sent_message_is_done(store_engine: Engine) -> None:
    _queue(store_engine, _queued("m"))
    _hand_off(store_engine, "m")
    sent = Finished("m", "sent", provider_id="x-1", message_id="<m@x>", sent_at=NOW)
    with writing(store_engine) as connection:
        assert _ids(outbox.finish(connection, [sent], "s")) == ["m"]
    assert outbox.claim_lost(store_engine, NOW + HOUR, 9, "other", LEASE) == []
    with reading(store_engine) as connection:
        [message] = outbox.with_status(connection, "sent")
    assert (message.provider_id, message.message_id, message.sent_at) == ("x-1", "<m@x>", NOW)
    assert outbox.claim_outbox(store_engine, NOW + HOUR, 1, "s", LEASE) == []


def test_a_hand_off_that_nobody_finished_is_taken_from_who_began_it(store_engine: Engine) -> None:
    """R10.1: a sender was killed between the first byte and the answer, or seems so."""
    _queue(store_engine, _queued("m"))
    _hand_off(store_engine, "m")
    assert outbox.claim_lost(store_engine, NOW, 9, "other", LEASE) == []
    [message] = outbox.claim_lost(store_engine, NOW + LEASE, 9, "other", LEASE)
    assert (message.status, message.attempt) == ("sending", 1)
    assert outbox.claim_lost(store_engine, NOW + LEASE, 9, "third", LEASE) == []
    unknown = Finished("m", "unknown", Reason.UNKNOWN)
    with writing(store_engine) as connection:
        assert outbox.finish(connection, [Finished("m", "sent")], "s") == []
        assert _ids(outbox.finish(connection, [unknown], "other")) == ["m"]
    assert outbox.claim_outbox(store_engine, NOW + HOUR, 1, "s", LEASE) == []
    assert _slots(store_engine) == 1


def test_an_outcome_may_stay_open_until_a_given_time(store_engine: Engine) -> None:
    """R10.1: a transactional mail whose answer never came; a provider's event may still settle it."""
    _queue(store_engine, _queued("m"))
    _hand_off(store_engine, "m")
    open_ = Finished("m", "sending", detail="no answer", ready_at=NOW + HOUR)
    with writing(store_engine) as connection:
        assert _ids(outbox.finish(connection, [open_], "s")) == ["m"]
        assert outbox.next_ready(connection, NOW) == NOW + HOUR
    assert outbox.claim_lost(store_engine, NOW + LEASE, 9, "s", LEASE) == []
    [message] = outbox.claim_lost(store_engine, NOW + HOUR, 9, "s", LEASE)
    assert message.detail == "no answer"


def test_a_claim_that_ran_out_before_hand_off_is_free_again(store_engine: Engine) -> None:
    """R10.1: nothing had begun, so nothing is lost and nothing doubled."""
    _queue(store_engine, _queued("m"))
    outbox.claim_outbox(store_engine, NOW, 1, "dead", LEASE)
    [again] = outbox.claim_outbox(store_engine, NOW + LEASE, 1, "s", LEASE)
    assert again.send_id == "m"
    with writing(store_engine) as connection:
        assert outbox.mark_sending(connection, ["m"], "dead", NOW + LEASE) == frozenset()
        assert outbox.finish(connection, [Finished("m", "sent")], "dead") == []


def test_a_clean_stop_gives_back_what_was_not_begun(store_engine: Engine) -> None:
    _queue(store_engine, _queued("begun"), _queued("waiting"))
    assert len(outbox.claim_outbox(store_engine, NOW, 2, "s", LEASE)) == 2
    with writing(store_engine) as connection:
        outbox.mark_sending(connection, ["begun"], "s", NOW + LEASE)
    assert outbox.release_outbox(store_engine, "s") == 1
    [free] = outbox.claim_outbox(store_engine, NOW, 2, "other", LEASE)
    assert free.send_id == "waiting"


def test_a_slot_is_given_back_or_moves(store_engine: Engine) -> None:
    """R3.3, R3.9"""
    _queue(store_engine, _queued("first"), _queued("m"))
    assert len(outbox.claim_outbox(store_engine, NOW, 1, "s", LEASE)) == 1
    with writing(store_engine) as connection:
        assert slots.give_back(connection, ["m", "never was"], NOW) == 1
    held = due.claim_these(store_engine, ["p"], NOW, "deciding", LEASE)
    assert [one.person_id for one in held] == ["p"]
    with writing(store_engine) as connection:
        moved = {"first": NOW + HOUR, "m": NOW + HOUR}
        assert slots.move(connection, moved, "somebody else", "deciding") == frozenset()
        assert slots.move(connection, moved, "s", "somebody else") == frozenset()
        assert slots.move(connection, moved, "s", "deciding") == {"first"}
    with reading(store_engine) as connection:
        [visit] = load(connection, ["p"], NOW)
    assert [sent.at for sent in visit.life.facts.sent] == [NOW + HOUR]


def test_what_needed_attention_goes_on_after_the_fix(store_engine: Engine) -> None:
    """R9.1, scenario 37; R3.5: its slot has the tags that were frozen at the gate."""
    _queue(store_engine, _queued("m", tags=("spring", "sale")))
    outbox.claim_outbox(store_engine, NOW, 1, "s", LEASE)
    with writing(store_engine) as connection:
        held = Finished("m", "needs_attention", Reason.MISSING_VALUE, "customer.first_name")
        assert _ids(outbox.finish(connection, [held], "s")) == ["m"]
        slots.give_back(connection, ["m"], NOW)
    assert outbox.claim_outbox(store_engine, NOW, 1, "s", LEASE) == []
    with writing(store_engine) as connection:
        assert outbox.try_again(connection, NOW + HOUR / 2, HOUR) == 0
        assert outbox.try_again(connection, NOW + HOUR, HOUR) == 1
        assert outbox.try_again(connection, NOW + HOUR, HOUR) == 0
    with reading(store_engine) as connection:
        [visit] = load(connection, ["p"], NOW)
    [slot] = visit.life.facts.sent
    assert slot.at == NOW + HOUR, "its slot is its own again"
    assert slot.tags == ("spring", "sale")
    assert len(outbox.claim_outbox(store_engine, NOW + HOUR, 1, "s", LEASE)) == 1


def test_a_message_put_back_waits_until_it_is_ready(store_engine: Engine) -> None:
    """R10.5"""
    _queue(store_engine, _queued("m"))
    outbox.claim_outbox(store_engine, NOW, 1, "s", LEASE)
    later = Finished("m", "queued", Reason.PROVIDER_RATE, ready_at=NOW + HOUR)
    with writing(store_engine) as connection:
        outbox.finish(connection, [later], "s")
    assert outbox.claim_outbox(store_engine, NOW, 1, "s", LEASE) == []
    assert len(outbox.claim_outbox(store_engine, NOW + HOUR, 1, "s", LEASE)) == 1


def test_many_senders_and_deciders_never_have_the_same_thing_in_hand(store_engine: Engine) -> None:
    """R10.2, R3.5: eight threads claim at once; messages and people fall to one each, mailboxes whole."""
    people = [
        PersonArrived(f"p{n}", f"m{n // 2}@x.org", f"m{n // 2}@x.org", {}, NOW) for n in range(200)
    ]
    with writing(store_engine) as connection:
        ingest(connection, people, NOW)
    messages: list[str] = []
    taken: dict[str, set[str]] = {}
    start = threading.Barrier(8)

    def work(name: str) -> None:
        start.wait()
        while claimed := due.claim(store_engine, NOW, 7, name, LEASE):
            for person in claimed:
                taken.setdefault(person.mailbox_key, set()).add(name)
                messages.append(person.person_id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(messages) == sorted(person.person_id for person in people)
    assert all(len(owners) == 1 for owners in taken.values())


def _queue(engine: Engine, *queued: Queued, release_at: dict[str, datetime] | None = None) -> None:
    with writing(engine) as connection:
        ingest(connection, [PersonArrived("p", "p@x.org", "p@x.org", {}, NOW)], NOW)
        due.mark(connection, ["p"], NOW)
    claimed = due.claim(engine, NOW, 10, "w", LEASE)
    with writing(engine) as connection:
        [visit] = load(connection, [c.person_id for c in claimed], NOW)
        store(connection, [(visit, Turn(visit.life, queued, None))], _RULES, NOW, "w", release_at)


def _hand_off(engine: Engine, send_id: str, *, now: datetime = NOW) -> None:
    [message] = outbox.claim_outbox(engine, now, 1, "s", LEASE)
    assert message.send_id == send_id
    with writing(engine) as connection:
        assert outbox.mark_sending(connection, [send_id], "s", now + LEASE) == {send_id}


def _queued(
    send_id: str,
    *,
    journey: str = "a",
    klass: Class = Class.MARKETING,
    due_at: datetime = NOW,
    entry: Event | None = None,
    expires: datetime | None = None,
    sender: str | None = None,
    tone: str | None = None,
    ghost: bool = False,
    shadow: bool = False,
    tags: tuple[str, ...] = (),
) -> Queued:
    sent = Sent("p", "a/hello", "news", klass, NOW, tags, run="r", step="hello", ghost=ghost)
    run = Run("r", journey, "p", "once", NOW, "v1", "hello", NOW)
    return Queued(send_id, sent, run, due_at, expires, entry, sender, tone, shadow)


def _journey(name: str, priority: Priority) -> Journey:
    enter = Enter(WhenEvent("order.placed"))
    return Journey(name, "v1", Status.LIVE, "news", priority, enter, {}, None)


_RULES = Rulebook(
    journeys={
        "urgent": _journey("urgent", Priority.URGENT),
        "a": _journey("a", Priority.NORMAL),
        "b": _journey("b", Priority.NORMAL),
    },
    segments={},
    personas=(),
    policy=Policy(categories={}),
    mails={},
)


def _ids(messages: Sequence[outbox.Outgoing]) -> list[str]:
    return [message.send_id for message in messages]


def _slots(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM slot")).scalar_one())
