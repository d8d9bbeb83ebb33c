"""A stand-in for SendGrid's Mail Send and suppression lists on a loopback port.

It enforces the published OpenAPI (`tests/data/sendgrid`), and the limits that SendGrid states in prose
only. `refusals` is the pure part; `SendGridStandIn` serves it and can be told to misbehave.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator

KEY = "SG.stand-in.key"
_SPEC = json.loads(
    (Path(__file__).parents[1] / "data/sendgrid/tsg_mail_v3.json").read_text(encoding="utf-8")
)
_BODY = _SPEC["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"][
    "schema"
]
_LISTS = json.loads(
    (Path(__file__).parents[1] / "data/sendgrid/tsg_suppressions_v3.json").read_text(
        encoding="utf-8"
    )
)
# The spec says string; the API takes an object, and the prose below says of what.
_BODY["properties"]["custom_args"] = {"type": "object"}
_VALIDATOR = Draft202012Validator({**_BODY, "components": _SPEC["components"]})
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_RESERVED = {"received", "dkim-signature", "to", "from", "subject", "reply-to", "cc", "bcc"}
_MAX_BYTES = 30 * 1024 * 1024
_MAX_ARGS = 10_000
_LATEST = 72 * 3600


def refusals(body: Any, now: float) -> list[str]:
    """Why SendGrid would answer 400 to this body, at a time in seconds since 1970."""
    found = [error.message for error in _VALIDATOR.iter_errors(body)]
    return found or list(_by_prose(body, now))


def _by_prose(body: dict[str, Any], now: float) -> Iterator[str]:
    parts = body["personalizations"]
    if not parts:
        yield "personalizations: at least one is needed"
    for part in parts:
        yield from _personalization(part, body.get("custom_args", {}), now)
    if sum(len(_recipients(part)) for part in parts) > 1000:
        yield "more than 1,000 recipients"
    if not all(value.isascii() for value in body["from"].values()):
        yield "from: Unicode is not supported"
    if not _ADDRESS.fullmatch(body["from"]["email"]):
        yield "from: not a valid address"
    kinds = [part["type"] for part in body.get("content", [])]
    if not kinds and "template_id" not in body:
        yield "content: needed"
    if "text/plain" in kinds[1:]:
        yield "content: text/plain comes first"
    if "reply_to" in body and "reply_to_list" in body:
        yield "reply_to and reply_to_list exclude each other"
    yield from _headers(body.get("headers", {}))
    yield from _send_at(body, now)


def _personalization(
    part: dict[str, Any], shared_args: dict[str, Any], now: float
) -> Iterator[str]:
    if not part["to"]:
        yield "to: each personalization needs a recipient"
    recipients = _recipients(part)
    addresses = [recipient["email"].lower() for recipient in recipients]
    if len(set(addresses)) < len(addresses):
        yield "an address stands twice in one personalization"
    for recipient in recipients:
        if not _ADDRESS.fullmatch(recipient["email"]):
            yield f"{recipient['email']!r} is not a valid address"
        if set(recipient.get("name", "")) & {";", ","}:
            yield "a name may not hold ; or ,"
    yield from _custom_args({**shared_args, **part.get("custom_args", {})})
    yield from _headers(part.get("headers", {}))
    if len(json.dumps(part.get("substitutions", {}))) > _MAX_ARGS:
        yield "substitutions: more than 10,000 bytes"
    yield from _send_at(part, now)


def _recipients(part: dict[str, Any]) -> list[dict[str, str]]:
    return [*part["to"], *part.get("cc", []), *part.get("bcc", [])]


def _custom_args(args: dict[str, Any]) -> Iterator[str]:
    if not all(isinstance(value, str) for value in args.values()):
        yield "custom_args: values must be strings"
    if len(json.dumps(args).encode()) >= _MAX_ARGS:
        yield "custom_args: 10,000 bytes or more"


def _headers(headers: dict[str, Any]) -> Iterator[str]:
    for name, value in headers.items():
        if not isinstance(value, str):
            yield f"headers: {name} must be a string"
        elif name.lower() in _RESERVED or name.lower().startswith(("x-sg-", "content-")):
            yield f"headers: {name} is reserved"


def _send_at(part: dict[str, Any], now: float) -> Iterator[str]:
    if part.get("send_at", 0) > now + _LATEST:
        yield "send_at: more than 72 hours ahead"


def _listing(path: str) -> dict[str, Any] | None:
    """What the OpenAPI says of reading a list."""
    found: dict[str, Any] | None = _LISTS["paths"].get(path, {}).get("get")
    return found


def _misasked(path: str, asked: dict[str, str]) -> list[str]:
    """Why SendGrid would refuse these parameters."""
    listing = _listing(path) or {}
    known = {}
    for parameter in listing.get("parameters", []):
        if "$ref" in parameter:
            parameter = _LISTS["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
        known[parameter["name"]] = parameter
    wrong = [f"{name}: unknown" for name in asked if name not in known]
    for name in asked.keys() & known.keys():
        value: Any = asked[name]
        if known[name]["schema"]["type"] == "integer":
            value = int(value) if value.isdigit() else value
        schema = {**known[name]["schema"], "components": _LISTS["components"]}
        wrong += [error.message for error in Draft202012Validator(schema).iter_errors(value)]
    return wrong


def list_schema(path: str) -> dict[str, Any]:
    """What the OpenAPI says of the answer."""
    listing = _listing(path)
    assert listing is not None, path
    content = listing["responses"]["200"]["content"]["application/json"]["schema"]
    return {**content, "components": _LISTS["components"]}


@dataclass
class Answer:
    """What the stand-in says next instead of its own opinion. `hang` waits until it is closed and
    `drop` cuts the connection, both after the request was read."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    hang: bool = False
    drop: bool = False


@dataclass
class SendGridStandIn:
    """What came in, and what to answer."""

    host: str = ""
    accepted: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    next_answer: Answer | None = None
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The suppression lists, by their address; the newest entry first."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    fail_at: tuple[str, Answer] | None = None
    """What one address answers instead."""
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, headers: dict[str, str], content: bytes, now: float) -> Answer:
        self.requests.append((path, headers))
        if self.next_answer is not None:
            return self.next_answer
        route = urlsplit(path).path
        if self.fail_at is not None and self.fail_at[0] == route:
            return self.fail_at[1]
        if route != "/v3/mail/send" and _listing(route) is None:
            return _error(404, "not found")
        if headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "The provided authorization grant is invalid, expired, or revoked")
        if route != "/v3/mail/send":
            return self._list(route, dict(parse_qsl(urlsplit(path).query)))
        if len(content) >= _MAX_BYTES:
            return _error(413, "payload too large")
        if headers.get("content-type") != "application/json":
            return _error(415, "unsupported media type")
        try:
            body = json.loads(content)
        except ValueError:
            return _error(400, "Bad Request")
        wrong = refusals(body, now)
        if wrong:
            return _error(400, *wrong)
        if body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable") is True:
            return Answer(200, body=b"")
        self.accepted.append(body)
        return Answer(202, {"X-Message-Id": f"stand-in-{len(self.accepted)}"}, b"")

    def _list(self, route: str, asked: dict[str, str]) -> Answer:
        wrong = _misasked(route, asked)
        if wrong:
            return _error(400, *wrong)
        self.asked.append((route, asked))
        rows = self.lists.get(route, [])
        Draft202012Validator(list_schema(route)).validate(rows)
        start = int(asked.get("start_time", 0))
        rows = [row for row in rows if row.get("created", start) >= start]
        if not route.startswith("/v3/asm/"):
            offset = int(asked.get("offset", 0))
            rows = rows[offset : offset + int(asked.get("limit", 500))]
        return Answer(200, body=json.dumps(rows).encode())


def _error(status: int, *messages: str) -> Answer:
    errors = [{"message": message, "field": None, "help": None} for message in messages]
    return Answer(status, body=json.dumps({"errors": errors}).encode())


@contextmanager
def serving(now: float) -> Iterator[SendGridStandIn]:
    """The stand-in on a free port of the loopback, at a time in seconds since 1970."""
    stand_in = SendGridStandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = stand_in.answer(self.path, headers, content, now)
            if answer.hang:
                stand_in.closing.wait(30)
            if answer.hang or answer.drop:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.host = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
