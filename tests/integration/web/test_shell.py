"""What stands around every address, over real HTTP: limits, headers, and no traceback."""

from __future__ import annotations

import http.client
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from engine.logs import Lines
from engine.web import door
from engine.web.shell import shell as around
from engine.web.shell.bounds import Bounds, bounds_of
from engine.web.shell.client import networks
from engine.web.shell.shell import Shell, Site
from tests.standins.running import running

SITE = Site("https://cozy.example", behind=networks(["127.0.0.1"]))
TOKEN = "A" * 32


@dataclass
class Shop:
    """An app that keeps what it is told."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    heard: list[tuple[str, int]] = field(default_factory=list)

    async def keep(self, request: Request) -> Response:
        body = await request.body()
        self.bodies.append(body)
        self.clients.append(request.client.host if request.client else "")
        return PlainTextResponse("kept")

    async def break_down(self, request: Request) -> Response:
        raise RuntimeError(f"cannot write to ann@shop.example at {request.url.path}")

    async def own(self, request: Request) -> Response:
        return PlainTextResponse("picture", headers={"Cache-Control": "public"})

    def hear(self, route: str, code: int, seconds: float) -> None:
        self.heard.append((route, code))

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/u/{token}", self.keep, methods=["GET", "POST"]),
                Route("/s/{form}", self.keep, methods=["GET", "POST"]),
                Route("/healthz", self.keep, methods=["GET"]),
                Route("/a/{hash}", self.own, methods=["GET"]),
                Route("/h/{token}", self.break_down, methods=["GET"]),
            ]
        )

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer, answer.read().decode()

    def say(self, *parts: bytes) -> bytes:
        """Send octets as they are, and hear all that comes back until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            for part in parts:
                line.sendall(part)
            return b"".join(iter(lambda: line.recv(65_536), b""))


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    def hasty(method: str, path: str) -> Bounds:
        return replace(bounds_of(method, path), seconds=0.3)

    monkeypatch.setattr(around, "bounds_of", hasty)
    monkeypatch.setattr(door, "SECONDS_FOR_THE_HEAD", 0.3)
    shop = Shop()
    with running(Shell(shop.app(), SITE, shop.hear)) as shop.port:
        yield shop


@pytest.mark.parametrize(
    ("method", "path", "host", "code"),
    [
        ("GET", f"/u/{TOKEN}", "cozy.example", 200),
        ("HEAD", f"/u/{TOKEN}", "cozy.example", 200),
        ("GET", "/nowhere", "cozy.example", 404),
        ("PUT", f"/u/{TOKEN}", "cozy.example", 405),
        ("GET", f"/u/{TOKEN}", "evil.example", 421),
        ("GET", f"/h/{TOKEN}", "cozy.example", 500),
    ],
)
def test_every_answer_has_the_headers_that_keep_it_private(
    shop: Shop, method: str, path: str, host: str, code: int
) -> None:
    answer, content = shop.ask(method, path, Host=host)
    assert answer.status == code
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert "frame-ancestors 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.getheader("Strict-Transport-Security") == "max-age=31536000"
    assert answer.getheader("Set-Cookie") is None
    assert answer.getheader("Server") is None
    assert TOKEN not in content


def test_what_an_answer_says_itself_stands(shop: Shop) -> None:
    answer, _ = shop.ask("GET", "/a/cafe")
    assert answer.getheader("Cache-Control") == "public"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_a_site_without_https_asks_no_browser_for_it() -> None:
    shop = Shop()
    with running(Shell(shop.app(), Site("http://cozy.example"))) as shop.port:
        assert shop.ask("GET", "/healthz")[0].getheader("Strict-Transport-Security") is None


def test_a_load_balancer_asks_for_its_health_by_any_name(shop: Shop) -> None:
    assert shop.ask("GET", "/healthz", Host="10.2.3.4:8000")[0].status == 200


def test_two_hosts_are_none(shop: Shop) -> None:
    said = shop.say(b"GET /u/x HTTP/1.0\r\nHost: cozy.example\r\nHost: evil.example\r\n\r\n")
    assert said.split()[1] in (b"400", b"421")
    assert shop.bodies == []


# ── how much ──────────────────────────────────────────────────────────────────────────────────


def test_a_body_that_says_it_is_too_large_is_not_read(shop: Shop) -> None:
    answer, _ = shop.ask("POST", f"/u/{TOKEN}", b"x" * 100_000)
    assert answer.status == 413
    assert shop.bodies == []


@pytest.mark.parametrize("path", ["/", "/webhook/sendgrid/events", "/v2/track"])
def test_what_is_posted_to_an_address_that_is_none_is_not_found(shop: Shop, path: str) -> None:
    """Who mistypes the address of a webhook looks for a mistake in it, not in what it posts."""
    answer, _ = shop.ask("POST", path, b"{}")
    assert answer.status == 404


def test_who_is_told_no_before_the_body_came_hears_it_and_may_ask_again(shop: Shop) -> None:
    """Hanging up on somebody who still speaks takes the answer from them (a reset)."""
    with closing(http.client.HTTPConnection("127.0.0.1", shop.port, timeout=10)) as connection:
        connection.putrequest("POST", "/d/x")
        connection.putheader("Content-Length", "5")
        connection.endheaders()
        time.sleep(0.2)
        connection.send(b"=null")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"Not Found")
        used = connection.sock
        connection.request("GET", f"/u/{TOKEN}")
        assert (connection.getresponse().status, connection.sock) == (200, used)


def test_a_body_that_grows_too_large_is_refused_when_it_does(shop: Shop) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1_000

    connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=10)
    with closing(connection):
        connection.request("POST", f"/u/{TOKEN}", parts(), encode_chunked=True)
        assert connection.getresponse().status == 413
    assert shop.bodies == []


def test_a_head_that_never_ends_is_refused(shop: Shop) -> None:
    said = shop.say(b"GET /u/x HTTP/1.1\r\nHost: cozy.example\r\nX-Long: " + b"x" * 17_000)
    assert said.split()[1] == b"400"


@pytest.mark.parametrize(
    "octets",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"\x00" * 100 + b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /u/\xff\xfe HTTP/1.1\r\nHost: cozy.example\r\n\r\n",
        b"GET /u/x HTTP/9.9\r\nHost: cozy.example\r\n\r\n",
        b"GET /u/x HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST /u/x HTTP/1.1\r\nHost: cozy.example\r\nContent-Length: -1\r\n\r\n",
        b"POST /u/x HTTP/1.1\r\nHost: cozy.example\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"POST /u/x HTTP/1.1\r\nHost: cozy.example\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /u/x HTTP/1.1\r\nHost: cozy.example\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET /u/x HTTP/1.1\r\nHost: cozy.example\r\nX: a\rb\r\n\r\n",
        b"GET /u/x HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_or_hung_up_on_and_the_next_one_is_served(
    shop: Shop, octets: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    said = shop.say(octets)
    assert not said or said.split()[1][:1] in (b"2", b"4")
    assert b"Traceback" not in said
    assert shop.ask("GET", f"/u/{TOKEN}")[0].status == 200
    assert [line for line in caplog.records if line.name == "uvicorn.error"] == []


# ── how slowly ────────────────────────────────────────────────────────────────────────────────


def test_a_body_that_does_not_come_is_waited_for_only_so_long(shop: Shop) -> None:
    """Slowloris, by the body: a promise of 100 octets, of which one comes."""
    said = shop.say(b"POST /u/x HTTP/1.1\r\nHost: cozy.example\r\nContent-Length: 100\r\n\r\nx")
    assert said.split()[1] == b"408"
    assert shop.bodies == []


@pytest.mark.parametrize("begun", [b"", b"GET /u/x HTT", b"GET /u/x HTTP/1.1\r\nHost: cozy.exam"])
def test_a_head_that_does_not_come_is_waited_for_only_so_long(shop: Shop, begun: bytes) -> None:
    """Slowloris, by the head. The server hangs up, or this test runs into its own ten seconds."""
    assert shop.say(begun) == b""


def test_the_second_head_of_a_connection_is_waited_for_only_so_long_too(shop: Shop) -> None:
    whole = b"GET /u/x HTTP/1.1\r\nHost: cozy.example\r\n\r\n"
    assert shop.say(whole, b"GET /u/x HT").count(b"200 OK") == 1


def test_a_client_that_hangs_up_in_the_middle_leaves_no_trace(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", shop.port), timeout=10) as line:
        line.sendall(b"POST /u/x HTTP/1.1\r\nHost: cozy.example\r\nContent-Length: 9\r\n\r\nx")
    assert shop.ask("GET", f"/u/{TOKEN}")[0].status == 200
    assert shop.bodies == [b""]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


# ── how often ─────────────────────────────────────────────────────────────────────────────────


def test_too_many_sign_ups_of_one_client_are_told_to_wait_and_others_go_on(shop: Shop) -> None:
    first = [shop.ask("POST", "/s/news", b"", X_Forwarded_For="192.0.2.1") for _ in range(21)]
    assert [answer.status for answer, _ in first] == [200] * 20 + [429]
    assert int(first[-1][0].getheader("Retry-After") or 0) in range(1, 31)
    assert shop.ask("POST", "/s/news", b"", X_Forwarded_For="192.0.2.2")[0].status == 200
    assert shop.ask("GET", "/s/news", X_Forwarded_For="192.0.2.1")[0].status == 200


def test_the_app_sees_who_asks(shop: Shop) -> None:
    """What is kept as the evidence of a consent is the person's address, not the proxy's (R5.1)."""
    shop.ask("POST", f"/u/{TOKEN}", b"", X_Forwarded_For="1.1.1.1, 192.0.2.9")
    assert shop.clients == ["192.0.2.9"]


def test_a_proxy_that_the_config_does_not_name_is_not_believed_and_that_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shop = Shop()
    with running(Shell(shop.app(), Site("https://cozy.example"))) as shop.port:
        for _ in range(3):
            shop.ask("GET", f"/u/{TOKEN}", X_Forwarded_For="192.0.2.9")
    assert shop.clients == ["127.0.0.1"] * 3
    assert [record.message for record in caplog.records if "web.behind" in record.message] != []
    assert caplog.text.count("web.behind") == 1


# ── when something breaks ─────────────────────────────────────────────────────────────────────


def test_nobody_sees_a_traceback_and_the_log_names_no_address_and_no_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shop = Shop()
    with running(Shell(shop.app(), SITE)) as shop.port:
        answer, content = shop.ask("GET", f"/h/{TOKEN}")
    assert answer.status == 500
    assert "Traceback" not in content
    assert "shop.example" not in content
    lines = [Lines(as_json=as_json).format(r) for r in caplog.records for as_json in (False, True)]
    assert any("/h/{token}" in line for line in lines)
    assert not any("ann@" in line or TOKEN in line for line in lines)


def test_a_client_that_went_away_is_no_answer_of_ours() -> None:
    shop = Shop()
    with running(Shell(shop.app(), SITE, shop.hear)) as shop.port:
        with socket.create_connection(("127.0.0.1", shop.port), timeout=10) as line:
            line.sendall(b"POST /u/x HTTP/1.1\r\nHost: cozy.example\r\nContent-Length: 9\r\n\r\nx")
        shop.ask("GET", "/healthz")
    assert sorted(shop.heard) == [("/healthz", 200), ("/u/{token}", 0)]


def test_every_answer_is_counted_by_the_pattern_of_its_address() -> None:
    shop = Shop()
    with running(Shell(shop.app(), SITE, shop.hear)) as shop.port:
        shop.ask("GET", f"/u/{TOKEN}")
        shop.ask("GET", "/nowhere")
        shop.ask("GET", f"/u/{TOKEN}", Host="evil.example")
    assert sorted(shop.heard) == [("/u/{token}", 200), ("elsewhere", 404), ("elsewhere", 421)]
