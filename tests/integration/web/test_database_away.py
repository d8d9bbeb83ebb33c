"""While the database is away: links ask to come again, and nobody calls the pages ready."""

from __future__ import annotations

import http.client
import logging
from contextlib import closing
from datetime import UTC, datetime

import pytest

from engine.adapters.db.connect import connect
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.past_mails import DatabasePastMails
from engine.adapters.db.tasks import DatabaseTasks
from engine.adapters.links import Links
from engine.logs import Lines
from engine.web.app import build_app
from engine.web.doors import Doors
from engine.web.operations import Operations
from engine.web.page import Look
from engine.web.readiness import readiness
from engine.web.shell.shell import Shell, Site
from tests.standins.running import running

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
LINKS = Links("https://cozy.example", [b"a key of the coffee shop"])
NOBODY = "postgresql://sincerely@127.0.0.1:1/sincerely"


def test_a_link_asks_to_come_again_and_the_log_says_why_without_a_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """R5.6: a mailbox provider repeats a one-click POST that got a 503."""
    engine = connect(NOBODY)
    doors = Doors(
        look=Look("Cozy"),
        links=LINKS,
        past_mails=DatabasePastMails(engine),
        intake=DatabaseIntake(engine),
        now=lambda: NOW,
    )
    operations = Operations(readiness(engine, lambda: NOW), bytes)
    app = build_app(doors, lambda _: None, DatabaseTasks(engine), (), operations)
    with running(Shell(app, Site("https://cozy.example"))) as port:
        code, headers, said = post(port, f"/u/{LINKS.token('u', '5f' * 16)}")
        assert (code, headers["Retry-After"]) == (503, "5")
        assert "127.0.0.1" not in said
        assert post(port, "/readyz", "GET")[::2] == (503, "NO database: it does not answer\n")
        assert post(port, "/healthz", "GET")[0] == 200
        assert post(port, f"/u/{'A' * 32}")[0] == 404  # a forged link asks no database
    engine.dispose()
    lines = [Lines().format(one) for one in caplog.records if one.levelno >= logging.ERROR]
    assert [line.partition("sincerely.web ")[2] for line in lines] == [
        "a request found no database route=/u/{token}"
    ]


def post(port: int, path: str, method: str = "POST") -> tuple[int, http.client.HTTPMessage, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, b"" if method == "POST" else None)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
