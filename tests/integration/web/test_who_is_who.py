"""Which key may say who is who: another address of somebody, and two ids that are one human."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.db.people import page
from engine.adapters.db.write_keys import DatabaseWriteKeys
from engine.domain.arrival import PersonArrived
from tests.integration.web.tracked import NOW, Shop, identify, serving, track


@pytest.fixture
def shop(store_engine: Engine) -> Iterator[Shop]:
    with serving(store_engine) as shop:
        yield shop


USUAL = ("people", "events", "feedback")


def address(shop: Shop, who: str = "ann") -> str:
    return shop.people()[who].email


def test_without_its_scope_a_key_gives_nobody_another_address(shop: Shop) -> None:
    """Whoever owns the new one would get their mail, and the link to their data. All else of the call is
    taken, and a key that may do it gets it done."""
    web = shop.key("web", *USUAL)
    shop.post("identify", {"userId": "ann", "traits": {"email": "ann@x.org", "plan": "free"}}, web)
    shop.process()
    shop.now += timedelta(minutes=1)
    moved = identify("m2", shop.now, "ann", email="evil@y.org", plan="pro")
    traits = {"userId": "ann", "event": "a.b", "context": {"traits": {"email": "evil@y.org"}}}
    shop.post("batch", {"batch": [moved, track("c.d", "m3")], "sentAt": NOW.isoformat()}, web)
    shop.post("track", {**traits, "messageId": "m4"}, web)
    shop.process()
    assert (address(shop), shop.people()["ann"].attributes) == ("ann@x.org", {"plan": "pro"})
    assert [key for _, _, key in shop.events()] == ["m3", "m4"]
    [held] = shop.kept()
    assert held.problem == (
        "`email` gives ann another address, which the key `web` may not do: it lacks the scope"
        " `identities`. The rest of the call was taken"
    )
    assert "evil" not in held.problem
    assert json.loads(held.body)["batch"][0]["messageId"] == "m4"  # the newest, of those by one key

    inbox = DatabaseInbox(shop.engine)
    inbox.mend(held.id, json.dumps({"batch": [moved]}).encode())
    shop.process()
    assert address(shop) == "ann@x.org"
    [held] = shop.kept()
    changed = DatabaseWriteKeys(shop.engine).allow("web", ["identities"])
    assert changed is not None
    assert changed.scopes == {*USUAL, "identities"}
    inbox.retry([held.id])
    shop.process()
    assert (address(shop), shop.kept()) == ("evil@y.org", [])


@pytest.mark.parametrize("taken_away", [None, ""])
def test_taking_an_address_away_is_no_way_around(shop: Shop, taken_away: str | None) -> None:
    web = shop.key("web", *USUAL)
    for email in (taken_away, "ann@x.org", taken_away, "evil@y.org", "ANN@X.org"):
        shop.now += timedelta(seconds=1)
        shop.post("identify", {"userId": "ann", "traits": {"email": email}}, web)
        shop.process()
    assert address(shop) == "ANN@x.org"  # the same mailbox, as they write it themselves
    assert len(shop.kept()) == 1
    everything = shop.key()
    shop.now += timedelta(seconds=1)
    shop.post("identify", {"userId": "ann", "traits": {"email": taken_away}}, everything)
    shop.process()
    assert address(shop) == ""
    shop.now += timedelta(seconds=1)
    shop.post("identify", {"userId": "ann", "traits": {"email": "evil@y.org"}}, web)
    shop.process()
    assert address(shop) == ""


def test_of_two_first_addresses_in_one_batch_one_is_kept(shop: Shop) -> None:
    """Also where both are of somebody who came in as another, and with what is said of their consent."""
    calls = [
        identify("m1", NOW - timedelta(minutes=2), "ann", email="ann@x.org"),
        identify("m2", NOW - timedelta(minutes=1), "ann", email="evil@y.org", city="Bonn"),
        {"type": "consent", "userId": "ann", "topic": "news", "state": "confirmed",
         "timestamp": NOW.isoformat()},
        identify("m0", NOW - timedelta(minutes=3), "ann", email="late@z.org"),
    ]  # fmt: skip
    shop.post("batch", {"batch": calls}, shop.key("web", *USUAL, "consent"))
    shop.process()
    assert (address(shop), shop.people()["ann"].attributes) == ("ann@x.org", {"city": "Bonn"})
    [held] = shop.kept()
    assert json.loads(held.body) == {"batch": [calls[1]]}
    [(mine, of_line)] = shop.rows(
        "SELECT p.mailbox_key, c.mailbox_key FROM person p JOIN consent c ON c.person_id = p.id"
    )
    assert mine == of_line


def test_who_is_new_and_who_had_none_gets_an_address_by_any_key(shop: Shop) -> None:
    web = shop.key("web", *USUAL)
    shop.post("track", {"userId": "ann", "event": "a.b"}, web)
    shop.post("identify", {"anonymousId": "v", "traits": {"email": "vic@x.org"}}, web)
    shop.process()
    shop.post("identify", {"userId": "ann", "traits": {"email": "ann@x.org"}}, web)
    shop.post("identify", {"userId": "vic", "anonymousId": "v"}, web)
    shop.process()
    assert (address(shop), address(shop, "vic"), shop.kept()) == ("ann@x.org", "vic@x.org", [])


def test_without_its_scope_a_key_joins_no_two_ids(shop: Shop) -> None:
    """Not even those that nobody has yet: whatever came for them later would be somebody else's."""
    web = shop.key("web", *USUAL)
    for user in ("ann", "evil"):
        shop.post("identify", {"userId": user, "traits": {"plan": user}}, web)
    for previous in ("ann", "tomorrow"):
        call = {"userId": "evil", "previousId": previous}
        status, said, _ = shop.post("alias", call, web)
        assert (status, said["code"]) == (403, "forbidden")
        assert "`identities`" in said["message"]
        shop.post("batch", {"batch": [{"type": "alias", **call}]}, web)
    shop.process()
    assert set(shop.people()) == {"ann", "evil"}
    assert shop.find("tomorrow") is None
    assert {one.problem for one in shop.kept()} == {
        "`type` needs the scope `identities`, which the key `web` does not have"
    }


def test_whatever_comes_by_a_key_without_the_scope_an_address_stays(store_engine: Engine) -> None:
    """In any order, split and repetition, beside what may change it: it is the first one, or the last that
    somebody said who may."""
    chance = Random(11)
    for round_ in range(12):
        now, who = NOW + timedelta(days=round_), [f"{round_}-{n}" for n in range(4)]
        addresses: dict[str, str] = {}
        refused: set[tuple[int, int]] = set()
        expected: set[tuple[int, int]] = set()
        waiting: list[PersonArrived] = []
        for place in range(40):
            person, mail = chance.choice(who), f"{chance.choice('abc')}@{round_}.org"
            claim = None if chance.random() < 0.15 else (round_, place)
            at = now + timedelta(milliseconds=place)
            waiting.append(PersonArrived(person, mail, mail, {}, at, timed=True, claim=claim))
            if claim is None or addresses.get(person, mail) == mail:
                addresses[person] = mail
            else:
                expected.add(claim)
            if chance.random() < 0.3 or place == 39:
                with writing(store_engine) as connection:
                    refused |= set(ingest(connection, waiting, now).claims)
                waiting.clear()
        with reading(store_engine) as connection:
            found = {one.id: one.email for one in page(connection) if one.id in addresses}
        assert found == addresses
        assert refused == expected


def test_of_first_addresses_that_come_at_the_same_moment_one_is_taken(store_engine: Engine) -> None:
    """R10.2: also between processes, by the lock on the person."""

    def first(n: int) -> int:
        mail, at = f"a{n}@x.org", NOW + timedelta(milliseconds=n)
        row = PersonArrived("ann", mail, mail, {}, at, timed=True, claim=(n, 0))
        with writing(store_engine) as connection:
            return len(ingest(connection, [row], NOW).claims)

    with ThreadPoolExecutor(6) as pool:
        refused = list(pool.map(first, range(6)))
    with reading(store_engine) as connection:
        [ann] = page(connection)
        was = connection.exec_driver_sql("SELECT was FROM former").scalars().all()
    assert "mailbox" not in str(was)
    assert refused[int(ann.email[1])] == 0
