"""`sincerely serve` for whoever runs it: is it ready, how is it, and how it ends under load."""

from __future__ import annotations

import http.client
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.adapters.links import Links
from engine.cli.main import group
from tests.acceptance.test_cli_serve import CONFIG, KEY
from tests.sent_mails import sent_mails

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a token of the monitor"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    monkeypatch.setenv("SINCERELY_LINK_KEY", KEY)
    assert CliRunner().invoke(group, ["db", "upgrade"]).exit_code == 0
    return tmp_path


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """Gives the process, its port and that of its metrics."""
    command = [sys.executable, "-m", "engine", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            main = int(process.stdout.readline().split("127.0.0.1:")[1].split()[0])
            side = 0
            if "--metrics-port" in arguments:
                side = int(process.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
            yield process, main, side
        finally:
            process.kill()


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_it_is_ready_without_a_daemon_and_says_so(shop: Path) -> None:
    """R5.6: people must be able to leave while the daemon is down."""
    with serving() as (_, port, _):
        status, says = ask(port, "/readyz")
        assert (status, "ok database" in says, "ok schema" in says) == (200, True, True)
        assert "NO daemon: never seen" in says
        assert ask(port, "/readyz/daemon")[0] == 503


def test_a_database_that_went_away_or_stands_elsewhere_is_not_ready(shop: Path) -> None:
    with serving() as (_, port, _):
        with closing(sqlite3.connect(shop / "sincerely.db")) as database:
            database.execute("UPDATE alembic_version SET version_num = '0001'")
            database.commit()
        status, says = ask(port, "/readyz")
        assert (status, "NO schema: 0001" in says) == (503, True)
        assert ask(port, "/healthz") == (200, "ok")


def test_metrics_are_not_there_until_somebody_asked_for_them(shop: Path) -> None:
    with serving() as (_, port, _):
        assert ask(port, "/metrics") == (404, "Not Found")


def test_metrics_want_the_token_or_the_port_of_this_machine(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    config = CONFIG.replace("secrets: { ", "secrets: { metrics: $MONITOR, ")
    (shop / "config.yaml").write_text(config)
    monkeypatch.setenv("MONITOR", TOKEN)
    with serving("--metrics-port", "0") as (_, port, side):
        ask(port, "/u/" + "A" * 32)
        assert ask(port, "/metrics")[0] == 401
        assert ask(port, "/metrics", Authorization="Bearer wrong")[0] == 401
        status, by_token = ask(port, "/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        status, text = ask(side, "/metrics")
        assert status == 200
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families.keys() == {f.name for f in text_string_to_metric_families(by_token)}
    requests = {
        (sample.labels["route"], sample.labels["code"]): sample.value
        for sample in families["sincerely_http_requests"].samples
        if sample.name.endswith("_total")
    }
    assert requests["/u/{token}", "404"] == 1
    reference = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    named = {name.removesuffix("_total") for name in re.findall(r"`(sincerely_\w+)", reference)}
    assert named == families.keys()


def test_a_sigterm_under_load_loses_no_answer_and_no_unsubscription(shop: Path) -> None:
    """R5.6, R10.1: who got a 200 is unsubscribed; who got none may try again; nobody gets half."""
    links = Links("https://shop.example", [KEY.encode()])
    mails = sent_mails(f"sqlite:///{shop / 'sincerely.db'}", 3_000)
    waiting, left = list(range(len(mails))), set[str]()

    def leave() -> None:
        """One after the other, until nobody answers any more."""
        while waiting:
            number = waiting.pop()
            path = f"/u/{links.token('u', mails[number])}"
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                try:
                    connection.request("POST", path, b"List-Unsubscribe=One-Click", FORM)
                    answer = connection.getresponse()
                except (ConnectionError, http.client.RemoteDisconnected):
                    return
                assert (answer.status, answer.read()) == (200, b"unsubscribed")
                left.add(f"p{number}")

    with serving("--logs", "json") as (process, port, _), ThreadPoolExecutor(12) as pool:
        clients = [pool.submit(leave) for _ in range(12)]
        while len(left) < 30 and not any(client.done() for client in clients):
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        for client in clients:
            client.result()
        assert process.stderr is not None
        said = process.stderr.read()
    assert waiting
    with closing(sqlite3.connect(shop / "sincerely.db")) as database:
        stored = database.execute(
            "SELECT person_id, count(*) FROM consent WHERE state = 'unsubscribed' GROUP BY 1"
        ).fetchall()
    assert left <= {person for person, _ in stored}
    assert {count for _, count in stored} == {1}
    assert "Traceback" not in said
    assert "trace" not in said
