"""`POST /webhooks/sendgrid/events` over real HTTP, into the inbox of either database."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.mail.sendgrid_signature import Signatures
from engine.web.sendgrid import LARGEST, EventsDoor
from tests.standins.running import running
from tests.standins.signing import Signer, body_of

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
ADDRESS = "/webhooks/sendgrid/events"
DELIVERED = {"event": "delivered", "email": "a@x.org", "timestamp": int(NOW.timestamp())}
VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data/sendgrid/event_webhook_signature_vectors.json").read_text(
        "utf-8"
    )
)
SIGNER, OLD = Signer(), Signer()


def served(door: EventsDoor) -> AbstractContextManager[int]:
    return running(Starlette(routes=[door.route()]))


def door(engine: Engine, *keys: str, refuse_after: timedelta | None = None) -> EventsDoor:
    return EventsDoor(DatabaseInbox(engine), Signatures(keys), lambda: NOW, refuse_after)


def post(
    port: int, body: bytes, headers: dict[str, str], method: str = "POST"
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request(method, ADDRESS, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def stored(engine: Engine) -> list[bytes]:
    return [one.body for one in DatabaseInbox(engine).take(["sendgrid.events"], NOW, 100)]


def test_what_is_signed_is_stored_octet_by_octet_and_answered(store_engine: Engine) -> None:
    body = body_of(DELIVERED)
    with served(door(store_engine, SIGNER.public_key)) as port:
        assert post(port, body, SIGNER.headers(body, STAMP)) == (200, b"stored")
    assert stored(store_engine) == [body]


def test_every_public_vector_over_http(store_engine: Engine) -> None:
    for vector in VECTORS:
        body = vector["payload"].encode()
        with served(door(store_engine, vector["public_key"])) as port:
            status, _ = post(
                port, body,
                {
                    "X-Twilio-Email-Event-Webhook-Signature": vector["signature"],
                    "X-Twilio-Email-Event-Webhook-Timestamp": vector["timestamp"],
                },
            )  # fmt: skip
        assert status == (200 if vector["valid"] else 403), vector["name"]
        assert stored(store_engine) == ([body] if vector["valid"] else [])


def test_what_is_not_signed_by_us_is_refused_without_a_word(store_engine: Engine) -> None:
    body = body_of(DELIVERED)
    good = SIGNER.headers(body, STAMP)
    signature, timestamp, _ = good
    forged = [
        (body, {}),
        (body, {signature: good[signature]}),
        (body, {timestamp: good[timestamp]}),
        (body, {**good, signature: ""}),
        (body, {**good, signature: "not base64!"}),
        (body, {**good, signature: good[signature][:-10]}),
        (body, {**good, timestamp: str(int(STAMP) + 1)}),
        (body, Signer().headers(body, STAMP)),
        (body[:-2], good),
        (body.replace(b"a@x", b"b@x"), good),
        (body + b" ", good),
        (b"", good),
    ]
    with served(door(store_engine, SIGNER.public_key)) as port:
        answers = {post(port, *one) for one in forged}
    assert answers == {(403, b"forbidden")}
    assert stored(store_engine) == []


def test_without_a_key_in_the_config_nothing_is_taken(store_engine: Engine) -> None:
    body = body_of(DELIVERED)
    with served(door(store_engine)) as port:
        assert post(port, body, SIGNER.headers(body, STAMP))[0] == 403


def test_while_the_key_is_replaced_both_are_believed(store_engine: Engine) -> None:
    body = body_of(DELIVERED)
    with served(door(store_engine, SIGNER.public_key, OLD.public_key)) as port:
        assert [post(port, body, who.headers(body, STAMP))[0] for who in (SIGNER, OLD)] == [
            200,
            200,
        ]


def test_what_is_too_large_is_not_read_to_its_end(store_engine: Engine) -> None:
    body = b"[" + b" " * LARGEST + b"]"
    with served(door(store_engine, SIGNER.public_key)) as port:
        assert post(port, body, SIGNER.headers(body, STAMP))[0] == 413
        assert post(port, b" " * (LARGEST + 1), {})[0] == 403, "not signed: not even read"
    assert stored(store_engine) == []


@pytest.mark.parametrize("minutes", [-11, 11, 60 * 23])
def test_an_old_signature_is_only_noted_unless_the_config_refuses_it(
    store_engine: Engine, minutes: int, caplog: pytest.LogCaptureFixture
) -> None:
    """SendGrid tries again for 24 hours; whether it signs anew is not documented."""
    body = body_of(DELIVERED)
    then = str(int((NOW - timedelta(minutes=minutes)).timestamp()))
    with served(door(store_engine, SIGNER.public_key)) as port:
        assert post(port, body, SIGNER.headers(body, then))[0] == 200
    assert [record.message for record in caplog.records if record.name == "sincerely.web"] == [
        "signed long ago"
    ]
    strict = door(store_engine, SIGNER.public_key, refuse_after=timedelta(minutes=10))
    with served(strict) as port:
        assert post(port, body, SIGNER.headers(body, then)) == (403, b"forbidden")
        assert post(port, body, SIGNER.headers(body, STAMP))[0] == 200


def test_only_a_post_is_answered(store_engine: Engine) -> None:
    with served(door(store_engine, SIGNER.public_key)) as port:
        assert {post(port, b"", {}, method)[0] for method in ("GET", "PUT", "DELETE")} == {405}


def test_a_body_that_ends_too_early_leaves_nothing_behind(store_engine: Engine) -> None:
    body = body_of(DELIVERED)
    head = "".join(f"{name}: {value}\r\n" for name, value in SIGNER.headers(body, STAMP).items())
    with served(door(store_engine, SIGNER.public_key)) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            start = (
                f"POST {ADDRESS} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n"
            )
            line.sendall(start.encode() + body[:-5])
        assert post(port, body, SIGNER.headers(body, STAMP))[0] == 200, "and the server goes on"
    assert stored(store_engine) == [body]
