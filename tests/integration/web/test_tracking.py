"""Segment's tracking API over real HTTP, on both databases: with Segment's own library, by hand, and by
those who mean no good."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from segment.analytics.client import Client
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.consents import ledger_of
from engine.adapters.db.events import ingest
from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.db.profiles import DatabaseProfiles
from engine.adapters.db.write_keys import NOTED_EVERY, DatabaseWriteKeys
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.consent import ConsentEntry, standing
from engine.domain.jurisdiction import ANY_YES
from engine.domain.person import Person
from tests.integration.web.tracked import NOW, Shop, basic, identify, serving, track

OK = (200, {"success": True})


@pytest.fixture
def shop(store_engine: Engine) -> Iterator[Shop]:
    with serving(store_engine) as shop:
        yield shop


# ── Segment's own library, as it is ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_segments_own_library_sends_everything_it_can(shop: Shop, packed: bool) -> None:
    errors: list[object] = []
    client = Client(
        shop.key(),
        host=shop.address,
        gzip=packed,
        on_error=lambda error, _: errors.append(error),
        upload_interval=0.05,
    )
    traits = {"email": "ann@example.com", "firstName": "Ann"}
    client.identify("ann", traits, anonymous_id="a-1")
    client.identify("ann", {"plan": "free"})
    client.identify("ann", {"plan": "pro"})
    client.track(None, "Product Viewed", {"sku": "mug"}, anonymous_id="a-1")
    client.track("ann", "Order Completed", {"order_id": "o1", "revenue": 24.5})
    client.page("ann", "Docs", "Home", {"url": "https://shop.example"})
    client.screen("ann", "App", "Start")
    client.group("ann", "acme", {"name": "Acme"})
    client.alias("old-ann", "ann")
    client.track("old-ann", "cart.left")
    client.shutdown()
    assert errors == []
    shop.now = datetime.now(NOW.tzinfo)  # the library stamps by the real clock
    shop.process()
    assert shop.kept() == []
    [ann] = shop.people().values()
    assert (ann.id, ann.email) == ("ann", "ann@example.com")
    assert ann.attributes == {
        "first_name": "Ann", "plan": "pro", "group_id": "acme", "group_name": "Acme",
    }  # fmt: skip
    assert {shop.find("old-ann"), shop.find("anonymous:a-1")} == {"ann"}
    assert sorted((who, name) for who, name, _ in shop.events() if name != "person.merged") == [
        ("ann", "cart.left"),
        ("ann", "order.placed"),
        ("ann", "page.viewed"),
        ("ann", "product.viewed"),
        ("ann", "screen.viewed"),
    ]


def test_segments_own_library_hears_why_a_key_is_not_taken(shop: Shop) -> None:
    errors: list[Any] = []
    client = Client("wk_nobody", host=shop.address, on_error=lambda error, _: errors.append(error))
    client.track("ann", "cart.left")
    client.shutdown()
    assert [(one.status, one.code) for one in errors] == [(401, "unauthorized")]


# ── every way to call ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("identify", {}),
        ("track", {"event": "a.b"}),
        ("page", {}),
        ("screen", {}),
        ("group", {"groupId": "g"}),
        ("alias", {"previousId": "p"}),
        ("feedback", {"text": "Hello"}),
        ("consent", {"topic": "news", "state": "given"}),
        ("batch", {"batch": [track("a.b", "m")]}),
        ("import", {"batch": [track("a.b", "m")]}),
        ("t", {"event": "a.b"}),
        ("i", {}),
    ],
)
def test_every_call_is_answered_and_taken_in(shop: Shop, path: str, call: dict[str, Any]) -> None:
    assert shop.post(path, {"userId": "u", **call})[:2] == OK
    assert shop.process() == 1
    assert (list(shop.people()), shop.kept()) == (["u"], [])


def test_a_key_may_stand_in_the_body_and_is_not_stored_there(shop: Shop) -> None:
    """As Segment's library for browsers does it, with a content type that needs no preflight."""
    key = shop.key()
    call = {"type": "track", "userId": "u", "event": "a.b", "writeKey": key}
    assert shop.post("track", call, None, Content_Type="text/plain")[:2] == OK
    assert (
        shop.post("batch", {"batch": [{**call, "messageId": "m"}], "writeKey": key}, None)[:2] == OK
    )
    for (body,) in shop.rows("SELECT body FROM inbox"):
        assert key.encode() not in bytes(body)
    shop.process()
    assert len(shop.events()) == 2


@pytest.mark.parametrize(
    "written",
    [
        '{"batch": [{"type": "page", "userId": "u", "write\\u004bey": "KEY"}]}',
        '{"\\u0077riteKey": "KEY", "batch": [{"type": "page", "userId": "u"}]}',
        '{"batch": ["KEY"], "batch": [{"type": "page", "userId": "u"}], "writeKey": "KEY"}',
        '{"batch": [{"type": "page", "userId": "u", "context": {"writeKey": "KEY", "ip": "é"}}]}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be"])
def test_a_key_is_not_stored_however_it_is_written(shop: Shop, written: str, encoding: str) -> None:
    body = written.replace("KEY", shop.key())
    assert shop.post("batch", body.encode(encoding))[:2] == OK
    [(stored,)] = shop.rows("SELECT body FROM inbox")
    assert b"wk_" not in bytes(stored).replace(b"\0", b"")
    shop.process()
    assert [(who, name) for who, name, _ in shop.events()] == [("u", "page.viewed")]


@pytest.mark.parametrize("call", ["batch", "page"])
def test_no_depth_is_too_deep_to_be_answered(shop: Shop, call: str) -> None:
    """What can just be read may be too deep to be written once more."""
    for begin, end in (('{"a": ', "}"), ("[", "]")):
        for depth in range(880, 1_000, 8):
            deep = begin * depth + "1" + end * depth
            key = '"writeKey": "", ' if depth % 2 else ""
            one = f'{{{key}"type": "page", "userId": "u", "properties": {{"a": {deep}}}}}'
            body = one if call == "page" else f'{{"batch": [7, {one}]}}'
            assert shop.post(call, body.encode())[0] in (200, 400)
    shop.process()
    assert {one.problem.partition("` ")[2] for one in shop.kept()} - {""} <= {
        "objects are nested more than 8 deep", "lists are nested too deeply",
    }  # fmt: skip


def test_browsers_may_call_from_any_page(shop: Shop) -> None:
    status, _, answer = shop.post("track", b"", None, "OPTIONS", Origin="https://shop.example")
    assert (status, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    status, _, answer = shop.post("track", {"userId": "u", "event": "a.b"})
    assert (status, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert answer.headers.get("Access-Control-Allow-Credentials") is None


# ── once, whatever the network does ───────────────────────────────────────────────────────────


def test_a_message_counts_once_also_in_another_batch_and_after_a_restart(shop: Shop) -> None:
    """R1.4."""
    first = [track("a.b", "m1"), track("a.b", "m1"), track("a.b", "m2")]
    shop.post("batch", {"batch": first})
    shop.process()
    shop.post("batch", {"batch": [track("a.b", "m2"), track("a.b", "m3")]})
    with serving(shop.engine) as again:
        again.keys = shop.keys
        again.post("track", track("a.b", "m3"))
        again.process()
    assert [key for _, _, key in shop.events()] == ["m1", "m2", "m3"]


def test_what_is_said_late_does_not_take_the_place_of_what_is_newer(shop: Shop) -> None:
    """A batch that is tried again after its answer got lost comes behind newer ones."""
    old = identify("m1", NOW - timedelta(hours=2), plan="free", city="Bonn", email="a@x.org")
    new = identify("m2", NOW - timedelta(hours=1), plan="pro", email="b@x.org")
    for calls in ([old], [new], [old]):
        shop.post("batch", {"batch": calls})
        shop.process()
    [found] = shop.people().values()
    assert (found.attributes, found.email) == ({"plan": "pro", "city": "Bonn"}, "b@x.org")


def test_what_a_file_says_is_newer_than_what_was_said_before_it(shop: Shop) -> None:
    old = identify("m1", NOW - timedelta(hours=2), plan="free")
    shop.post("batch", {"batch": [old]})
    shop.process()
    with writing(shop.engine) as connection:
        row = PersonArrived("u", None, None, {"plan": "vip"}, NOW - timedelta(hours=1))
        ingest(connection, [row], NOW)
    shop.post("batch", {"batch": [{**old, "messageId": "m2"}]})
    shop.process()
    assert shop.people()["u"].attributes == {"plan": "vip"}


def test_any_split_repetition_and_order_of_batches_comes_to_the_same(shop: Shop) -> None:
    """Whatever is lost, retried, split and overtaken on its way: one state."""
    chance = Random(7)
    calls = [
        *(identify(f"i{n}", NOW - timedelta(minutes=n), f"u{n % 3}", **{f"t{n % 4}": n}) for n in range(24)),
        *(track("a.b", f"e{n}", f"u{n % 4}", timestamp=NOW.isoformat()) for n in range(12)),
        *(
            {"type": "consent", "userId": f"u{n}", "topic": "news", "state": state,
             "timestamp": (NOW - timedelta(days=3 - n)).isoformat()}
            for n, state in enumerate(("given", "unsubscribed", "pending"))
        ),
    ]  # fmt: skip
    states = []
    for round_ in range(5):
        sent = calls * (1 if not round_ else 2)
        if round_:
            chance.shuffle(sent)
        while sent:
            size = chance.randint(1, 9)
            assert shop.post("batch", {"batch": sent[:size]})[:2] == OK
            del sent[:size]
            if chance.random() < 0.3:
                shop.process()
        shop.process()
        states.append(
            (
                {
                    who: (one.attributes, to_the_millisecond(one))
                    for who, one in shop.people().items()
                },
                shop.events(),
                sorted(map(tuple, shop.rows("SELECT person_id, topic, state, at FROM consent"))),
            )
        )
        if round_ in (1, 2):  # and from the beginning, not only on top of what is there
            with writing(shop.engine) as connection:
                for table in ("event", "consent", "due", "former", "person"):
                    if table == "consent":
                        connection.exec_driver_sql("DELETE FROM person")
                    connection.exec_driver_sql(f"DELETE FROM {table}")
    assert states == states[:1] * len(states)
    assert shop.kept() == []


def to_the_millisecond(person: Person) -> str | None:
    """Below it is the place in a batch, which tells what was said first at one and the same time."""
    return person.created_at and person.created_at.isoformat(timespec="milliseconds")


def test_many_at_once_are_all_there(shop: Shop) -> None:
    """One commit for all that wait for it; nobody is answered before it."""

    def post(n: int) -> int:
        return shop.post("track", track("a.b", f"m{n:03}", f"u{n % 5}"))[0]

    shop.key()
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(post, range(120))) == {200}
    shop.process()
    assert [key for _, _, key in shop.events()] == [f"m{n:03}" for n in range(120)]


# ── what is not understood ────────────────────────────────────────────────────────────────────


def test_one_bad_call_of_a_batch_stops_only_itself_and_can_be_mended(shop: Shop) -> None:
    """R10.4."""
    bad = {"type": "identify", "userId": "b", "traits": {"email": "no address"}}
    large = track("a.b", "m9", properties={"text": "x" * 33_000})
    sent_at = NOW.isoformat()
    shop.post(
        "batch",
        {"batch": [track("a.b", "m1"), bad, 7, large, track("a.b", "m2")], "sentAt": sent_at},
    )
    shop.process()
    assert [key for _, _, key in shop.events()] == ["m1", "m2"]
    held = shop.kept()
    assert [one.problem.split(":")[0] for one in held] == [
        "`email` is no address", "it is no object", "it is larger than 32 KB",
    ]  # fmt: skip
    assert json.loads(held[0].body) == {"sentAt": sent_at, "batch": [bad]}

    inbox = DatabaseInbox(shop.engine)
    inbox.mend(held[0].id, held[0].body.replace(b"no address", b"b@x.org"))
    inbox.retry([held[1].id])
    shop.process()
    assert shop.people()["b"].email == "b@x.org"
    assert len(shop.kept()) == 2


def test_a_mended_body_that_is_no_batch_is_kept_once_more(shop: Shop) -> None:
    shop.post("batch", {"batch": [7]})
    shop.process()
    [held] = shop.kept()
    assert DatabaseInbox(shop.engine).mend(held.id, b"\xff{")
    shop.process()
    assert [one.problem for one in shop.kept()] == ["it is no batch of calls"]


def test_two_addresses_are_two_humans_until_a_person_says_otherwise(shop: Shop) -> None:
    for user in ("one", "two"):
        shop.post("identify", {"userId": user, "traits": {"email": f"{user}@x.org"}})
    shop.post("alias", {"previousId": "one", "userId": "two"})
    shop.process()
    assert set(shop.people()) == {"one", "two"}
    [held] = shop.kept()
    assert "two different addresses" in held.problem


def test_alias_merges_what_is_one_human_and_never_raises_consent(shop: Shop) -> None:
    """R5.5: whoever left with one id has left with both."""
    with writing(shop.engine) as connection:
        left = ConsentEntry("news", "unsubscribed", NOW - timedelta(days=2), own_act=True)
        ingest(
            connection,
            [PersonArrived("old", "", "", {"city": "Bonn"}, NOW), ConsentArrived("old", left)],
            NOW,
        )
    given = {"topic": "news", "state": "given", "timestamp": (NOW - timedelta(days=1)).isoformat()}
    shop.post("consent", {"userId": "new", **given})
    shop.post("alias", {"previousId": "old", "userId": "new"})
    shop.process()
    [found] = shop.people().values()
    assert (found.id, found.attributes) == ("new", {"city": "Bonn"})
    with reading(shop.engine) as connection:
        entries = [entry for entry, _, _ in ledger_of(connection, "new")]
    assert standing(entries, "news", NOW, ANY_YES) == "unsubscribed"


def test_an_id_leads_on_also_for_what_comes_later(shop: Shop) -> None:
    shop.post("identify", {"userId": "u", "anonymousId": "a", "traits": {"email": "u@x.org"}})
    shop.process()
    shop.post("track", {"anonymousId": "a", "event": "a.b", "messageId": "m"})
    shop.process()
    assert shop.events() == [("u", "a.b", "m")]
    assert list(shop.people()) == ["u"]


def test_a_device_that_two_people_share_does_not_make_them_one(shop: Shop) -> None:
    for user in ("one", "two"):
        shop.post("identify", {"userId": user, "anonymousId": "a", "traits": {"plan": user}})
        shop.process()
    assert {who: one.attributes["plan"] for who, one in shop.people().items()} == {
        "one": "one",
        "two": "two",
    }


def test_consent_by_a_key_can_lower_and_never_raise(shop: Shop) -> None:
    """R5.5."""
    said = [("given", 5), ("unsubscribed", 4), ("given", 3), ("confirmed", 2)]
    for state, days in said:
        at = (NOW - timedelta(days=days)).isoformat()
        call = {"userId": "u", "topic": "news", "state": state, "timestamp": at}
        assert shop.post("consent", call)[:2] == OK
        shop.process()
    with reading(shop.engine) as connection:
        lines = ledger_of(connection, "u")
    entries = [entry for entry, _, _ in lines]
    assert standing(entries, "news", NOW, ANY_YES) == "unsubscribed"
    assert {proof.actor for _, proof, _ in lines} == {"key shop"}


def test_whoever_was_forgotten_does_not_come_back(shop: Shop) -> None:
    """R5.9."""
    ann = {"userId": "u", "anonymousId": "a", "traits": {"email": "u@x.org"}}
    shop.post("identify", ann)
    shop.process()
    DatabaseProfiles(shop.engine).erase("u", "erased-1", NOW)
    shop.post("identify", ann)
    shop.post("alias", {"previousId": "u", "userId": "other"})
    shop.post("track", track("a.b", "m"))
    shop.process()
    assert set(shop.people()) == {"erased-1", "other"}
    assert shop.events() == []


# ── keys ──────────────────────────────────────────────────────────────────────────────────────


def test_a_key_that_is_revoked_is_unknown_at_once(shop: Shop) -> None:
    keys = DatabaseWriteKeys(shop.engine)
    call = track("a.b", "m")
    assert shop.post("track", call)[0] == 200
    keys.revoke("shop", NOW)
    assert shop.post("track", call)[0] == 401
    assert shop.process() == 1  # what came before is processed all the same
    assert len(shop.events()) == 1


@pytest.mark.parametrize(
    "header",
    [
        None, "Basic", "Basic !!!", "Basic " + "A" * 5000, basic(""), basic("wk_other"),
        "Bearer abc", basic("é\x00"), "Basic /w==",
    ],
)  # fmt: skip
def test_without_a_key_nothing_comes_in(shop: Shop, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    status, said, _ = shop.post("batch", {"batch": [track("a.b", "m")]}, None, **headers)
    assert (status, said["code"], said["success"]) == (401, "unauthorized", False)
    assert shop.rows("SELECT 1 FROM inbox") == []


def test_a_header_that_names_nobody_leaves_it_to_the_body(shop: Shop) -> None:
    call = {"batch": [], "writeKey": shop.key()}
    assert shop.post("batch", call, None, Authorization=basic(""))[:2] == OK


def test_while_the_database_is_away_callers_are_asked_to_come_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        said = sqlite3.OperationalError("disk full")
        said.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise OperationalError("INSERT", {}, said)

    monkeypatch.setattr("engine.adapters.db.write_keys.DatabaseWriteKeys.by_hash", away)
    status, said, _ = shop.post("track", track("a.b", "m"))
    assert (status, said["code"]) == (503, "busy")


def test_a_wrong_key_in_the_header_is_not_mended_by_one_in_the_body(shop: Shop) -> None:
    call = {"batch": [], "writeKey": shop.key()}
    assert shop.post("batch", call, "wk_other")[0] == 401


def test_a_key_sends_only_what_it_may(shop: Shop) -> None:
    web = shop.key("web", "events")
    status, said, _ = shop.post("identify", {"userId": "u"}, web)
    assert (status, said["code"]) == (403, "forbidden")
    calls = [
        {"type": "consent", "userId": "u", "topic": "news", "state": "given"},
        track("a.b", "m"),
    ]
    assert shop.post("batch", {"batch": calls}, web)[:2] == OK
    shop.process()
    assert [one.problem for one in shop.kept()] == [
        "`type` needs the scope `consent`, which the key `web` does not have"
    ]
    assert len(shop.events()) == 1
    assert shop.rows("SELECT 1 FROM consent") == []


def test_it_is_known_when_a_key_was_used_last(shop: Shop) -> None:
    shop.post("track", track("a.b", "m"))
    keys = DatabaseWriteKeys(shop.engine)
    assert [one.last_used_at for one in keys.all()] == [NOW]
    shop.now += NOTED_EVERY
    shop.post("track", track("a.b", "m"))
    assert [one.last_used_at for one in keys.all()] == [shop.now]


# ── those who mean no good ────────────────────────────────────────────────────────────────────

BOMB = gzip.compress(b"0" * 200_000_000, 9)


@pytest.mark.parametrize(
    ("call", "body", "headers", "status", "code"),
    [
        ("batch", b"", {}, 400, "invalid_json"),
        ("batch", b"[]", {}, 400, "invalid_json"),
        ("batch", b"{", {}, 400, "invalid_json"),
        ("batch", b"\xff\xfe", {}, 400, "invalid_json"),
        ("batch", b"[" * 100_000, {}, 400, "invalid_json"),
        ("batch", b'{"a":' * 60_000, {}, 400, "invalid_json"),
        ("batch", b'{"batch": 1' + b"0" * 9_000 + b"}", {}, 400, "invalid_json"),
        ("batch", b"{}", {}, 400, "invalid_batch"),
        ("batch", b'{"batch": {}}', {}, 400, "invalid_batch"),
        ("track", b'{"userId": "u"}', {}, 400, "invalid_call"),
        ("track", b'{"event": "a.b"}', {}, 400, "invalid_call"),
        ("alias", b'{"userId": "u"}', {}, 400, "invalid_call"),
        ("group", b'{"userId": "u"}', {}, 400, "invalid_call"),
        ("track", b'{"x": "' + b"x" * 40_000 + b'"}', {}, 413, "too_large"),
        ("batch", b'{"batch": [' + b"7," * 2_500 + b"7]}", {}, 413, "too_large"),
        ("batch", b"x" * 500_001, {}, 413, "too_large"),
        ("batch", BOMB, {"Content_Encoding": "gzip"}, 413, "too_large"),
        ("batch", gzip.compress(b"{}", mtime=0)[:-6], {"Content_Encoding": "gzip"}, 400, "gzip"),
        ("batch", b"plain", {"Content_Encoding": "gzip"}, 400, "gzip"),
        ("batch", zlib.compress(b"{}"), {"Content_Encoding": "deflate"}, 415, "encoding"),
        ("nothing", b"{}", {}, 404, "unknown_call"),
    ],
)
def test_what_is_no_call_is_told_so_and_changes_nothing(
    shop: Shop, call: str, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    found, said, _ = shop.post(call, body, "", "POST", **headers)
    assert (found, said["code"], bool(said["message"])) == (status, code, True)
    assert shop.rows("SELECT 1 FROM inbox") == []


def test_gzip_in_several_parts_is_gzip(shop: Shop) -> None:
    """RFC 1952 2.2."""
    text = json.dumps({"batch": [track("a.b", "m")]}).encode()
    body = gzip.compress(text[:20]) + gzip.compress(text[20:])
    assert shop.post("batch", body, Content_Encoding="gzip")[:2] == OK
    shop.process()
    assert len(shop.events()) == 1


def test_text_that_no_database_holds_does_no_harm(shop: Shop) -> None:
    calls = [
        track("a.b", "m\x00\ud800", properties={"t": "\x00\ud800", "n": float("nan")}),
        {"type": "identify", "userId": "u\x00", "traits": {"name": "\ud800\x00x", "big": 10**400}},
    ]
    assert shop.post("batch", {"batch": calls})[:2] == OK
    shop.process()
    assert [one.problem for one in shop.kept()] == ["`n` is not a number"]
    assert shop.people()["u"].attributes["name"] == "x"


def test_who_comes_while_too_much_waits_is_asked_to_come_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Segment's libraries keep what they have and try again."""
    monkeypatch.setattr("engine.web.letterbox.MOST_BYTES", -1)
    status, said, answer = shop.post("track", track("a.b", "m"))
    assert (status, said["code"], answer.headers["Retry-After"]) == (503, "busy", "2")
