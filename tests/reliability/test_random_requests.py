"""Ten thousand random requests by our own OpenAPI, at a real server: no 5xx, nothing accepted without a
token, a key or a signature, and a memory that does not grow.

`make test` sends a few hundred; `SINCERELY_REQUESTS` says how many (`make fuzz`).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    status_code_conformance,
)
from sqlalchemy import MetaData, select

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.inbox import glance
from engine.adapters.links import Links
from engine.application.ports.write_keys import SCOPES
from engine.cli.main import group
from tests.acceptance.test_cli_serve import CONFIG, KEY
from tests.docs.test_openapi import OPENAPI
from tests.sent_mails import sent_mails

REQUESTS = int(os.environ.get("SINCERELY_REQUESTS", "400"))
SCHEMA = schemathesis.openapi.from_path(OPENAPI)
GROWTH = 40_000_000
"""Octets that the server may be larger after the second half of the requests than after the first."""
EVERYTHING = [word for scope in SCOPES for word in ("--scope", scope)]
CHECKS: list[CheckFunction] = [status_code_conformance, content_type_conformance]
OWN = {"mark"}
"""Tables in which the engine notes its own doings."""


@dataclass
class Server:
    """`sincerely serve` in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    key: str
    database: str
    log: Path
    session: requests.Session
    sent: int = 0
    answers: Counter[int] = field(default_factory=Counter)

    def send(self, case: Case, **more: Any) -> requests.Response:
        """Send a request and look at the answer."""
        self.sent += 1
        if self.sent % 1_000 == 0:
            print(f"\n{self.sent} requests, {self.size() // 1_000_000} MB", flush=True)
        headers = {"Host": "127.0.0.1", **more.pop("headers", {})}
        answer = case.call(
            base_url=self.url,
            session=self.session,
            headers=headers,
            timeout=30,
            allow_redirects=False,
            **more,
        )
        self.answers[answer.status_code] += 1
        not_ready = answer.status_code == 503 and case.path.startswith("/readyz")
        assert answer.status_code < 500 or not_ready, (case.as_curl_command(), answer.text)
        case.validate_response(answer, checks=CHECKS)
        return answer

    def size(self) -> int:
        """The octets of its memory that are in use."""
        said = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, check=True
        )
        return int(said.stdout) * 1024

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but the engine's own."""
        engine, tables = connect(self.database), MetaData()
        try:
            with engine.connect() as connection:
                tables.reflect(connection)
                return {
                    name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                    for name, table in tables.tables.items()
                    if name not in OWN
                }
        finally:
            engine.dispose()

    def tell(self, half_way: int) -> None:
        """The figures, for whoever runs `make fuzz`."""
        sizes = f"{half_way // 1_000_000} MB half-way, {self.size() // 1_000_000} MB at the end"
        print(f"\n{self.sent} requests: {dict(sorted(self.answers.items()))}; {sizes}")

    def waiting(self) -> int:
        """What is still to be processed of what came in, once there was time to do so."""
        engine = connect(self.database)
        try:
            for _ in range(300):
                with reading(engine) as connection:
                    waiting = sum(glance(connection).waiting.values())
                if not waiting:
                    break
                time.sleep(0.1)
            return waiting
        finally:
            engine.dispose()

    def troubles(self) -> list[str]:
        """What it logged that is worse than a warning."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if line["level"] in ("error", "critical")]


@pytest.fixture
def server(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("SINCERELY_LINK_KEY", KEY)
    run = CliRunner().invoke(group, ["--format", "json", "key", "add", "shop", *EVERYTHING])
    key = json.loads(run.stdout)["key"]
    log = tmp_path / "log"
    command = [sys.executable, "-m", "engine", "serve", "--port", "0", "--logs", "json"]
    with (
        log.open("w") as stderr,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
        requests.Session() as session,
    ):
        assert process.stdout is not None
        try:
            url = process.stdout.readline().split()[2]
            yield Server(process, url, key, database, log, session)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def at_random(server: Server, number: int, send: Callable[[Case], object]) -> None:
    """About so many requests, a few to each operation in a random order, half of them as the contract
    says and half against it."""
    ways = [
        (found.ok(), mode)
        for found in SCHEMA.get_all_operations()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    each = max(5, number // len(ways))
    goal = server.sent + number
    while server.sent < goal:
        for operation, mode in random.sample(ways, len(ways)):
            if server.sent >= goal:
                break
            some = settings(
                max_examples=each,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(given(case=operation.as_strategy(generation_mode=mode))(send))
            try:
                some()
            except Unsatisfiable:  # an address without a parameter has no wrong one
                ways.remove((operation, mode))


def test_without_a_token_a_key_or_a_signature_nothing_is_changed(server: Server) -> None:
    sent_mails(server.database, 1)
    before = server.content()

    def send(case: Case) -> None:
        server.send(case)

    at_random(server, REQUESTS // 4, send)
    half_way = server.size()
    at_random(server, REQUESTS // 4, send)
    server.tell(half_way)
    assert server.size() - half_way < GROWTH
    assert server.content() == before
    assert server.troubles() == []


def test_whoever_has_a_key_and_a_link_breaks_nothing(server: Server) -> None:
    """What comes in is processed beside, or kept where it cannot be understood."""
    [mail] = sent_mails(server.database, 1)
    accepted: list[bool] = []
    links = Links("https://shop.example", [KEY.encode()])

    def with_a_key(case: Case) -> None:
        if "token" in (case.path_parameters or {}):
            purpose = case.path.split("/")[1]
            case.path_parameters["token"] = links.token(purpose, mail)
        basic = b64encode(f"{server.key}:".encode()).decode()
        answer = server.send(case, headers={"Authorization": f"Basic {basic}"})
        accepted.append(case.path.startswith("/v1/") and answer.status_code == 200)

    at_random(server, REQUESTS // 4, with_a_key)
    half_way = server.size()
    at_random(server, REQUESTS // 4, with_a_key)
    server.tell(half_way)
    assert server.size() - half_way < GROWTH
    assert server.troubles() == []
    assert any(accepted)
    assert server.waiting() == 0
