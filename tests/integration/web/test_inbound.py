"""`POST /webhooks/sendgrid/inbound` over real HTTP, into the inbox of either database."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.mail.sendgrid_signature import Signatures
from engine.web.inbound import LARGEST, InboundDoor
from tests.standins.forms import parsed
from tests.standins.mail_programs import answer
from tests.standins.running import running
from tests.standins.signing import Signer

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
ADDRESS = "/webhooks/sendgrid/inbound"
SECRET = "a secret of the coffee shop"
IN_ADDRESS = f"{ADDRESS}?secret=a%20secret%20of%20the%20coffee%20shop"
SIGNER = Signer()
KIND, BODY = parsed(answer("gmail", "en", "Where is my parcel?"))


@contextmanager
def served(engine: Engine, *keys: str, secret: str = "") -> Iterator[int]:
    door = InboundDoor(DatabaseInbox(engine), Signatures(keys), secret, lambda: NOW)
    with running(Starlette(routes=[door.route()])) as port:
        yield port


def post(port: int, address: str, body: bytes = BODY, **headers: str) -> int:
    said = {"Content-Type": KIND, **headers}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("POST", address, body, said)
        return connection.getresponse().status


def stored(engine: Engine) -> list[tuple[str, bytes]]:
    taken = DatabaseInbox(engine).take(["sendgrid.inbound"], NOW, 100)
    return [(one.content_type, one.body) for one in taken]


def signed(body: bytes = BODY) -> dict[str, str]:
    return {**SIGNER.headers(body, STAMP), "Content-Type": KIND}


def test_what_is_signed_is_stored_as_it_came(store_engine: Engine) -> None:
    with served(store_engine, SIGNER.public_key) as port:
        assert post(port, ADDRESS, **signed()) == 200
    assert stored(store_engine) == [(KIND, BODY)]


def test_without_a_security_policy_the_secret_in_the_address_opens(store_engine: Engine) -> None:
    with served(store_engine, secret=SECRET) as port:
        assert post(port, IN_ADDRESS) == 200
    assert stored(store_engine) == [(KIND, BODY)]


@pytest.mark.parametrize(
    "address", [ADDRESS, f"{ADDRESS}?secret=", f"{ADDRESS}?secret=wrong%C3%28"]
)
def test_whatever_has_neither_is_refused_and_nothing_is_stored(
    store_engine: Engine, address: str
) -> None:
    forger = Signer()
    with served(store_engine, SIGNER.public_key, secret=SECRET) as port:
        assert post(port, address) == 403
        assert post(port, address, **{**forger.headers(BODY, STAMP), "Content-Type": KIND}) == 403
        assert post(port, address, BODY + b" ", **signed()) == 403
    assert stored(store_engine) == []


def test_where_the_config_knows_neither_everything_is_refused(store_engine: Engine) -> None:
    """An empty secret is no secret."""
    with served(store_engine) as port:
        assert post(port, ADDRESS) == 403
        assert post(port, f"{ADDRESS}?secret=") == 403
        assert post(port, ADDRESS, **signed()) == 403
    assert stored(store_engine) == []


def test_a_mail_of_ten_megabytes_is_stored_and_one_beyond_all_bounds_is_not(
    store_engine: Engine,
) -> None:
    large = BODY.replace(b"Where is", b"x" * 10_000_000 + b" Where is", 1)
    with served(store_engine, secret=SECRET) as port:
        assert post(port, IN_ADDRESS, large) == 200
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.putrequest("POST", IN_ADDRESS)
            connection.putheader("Content-Type", KIND)
            connection.putheader("Content-Length", str(LARGEST + 1))
            connection.endheaders()
            piece = b"x" * 1_000_000
            for _ in range(LARGEST // len(piece)):
                connection.send(piece)
            connection.send(b"x" * (LARGEST + 1 - LARGEST // len(piece) * len(piece)))
            assert connection.getresponse().status == 413
    [(_, body)] = stored(store_engine)
    assert len(body) == len(large)
