"""Data that comes in by HTTP, through the commands: keys, a server that is killed, and what was kept."""

from __future__ import annotations

import http.client
import json
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text as sql

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.inbox import LEASE
from engine.application.ports.write_keys import SCOPES
from engine.cli.main import group
from tests.integration.web.tracked import basic
from tests.standins.serve import serving

CONFIG = """\
company:
  { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin, site: "https://shop.example" }
secrets: { links: $SINCERELY_LINK_KEY }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy: { categories: { news: { class: marketing } } }
"""
BATCHES, CALLS = 4, 50


@pytest.fixture
def shop(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A project on either kind of database, and a key that may send everything."""
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("SINCERELY_LINK_KEY", "a key of the coffee shop")
    scopes = [f"--scope={scope}" for scope in SCOPES]
    made = run("--format", "json", "key", "add", "shop", *scopes)
    key: str = json.loads(made.stdout)["key"]
    return key


def run(*arguments: str, code: int = 0, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(group, arguments, input=stdin)
    assert result.exit_code == code, result.output
    return result


def post(port: int, call: str, body: dict[str, Any], key: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        headers = {"Authorization": basic(key)}
        connection.request("POST", f"/v1/{call}", json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def events(database: str) -> list[str]:
    engine = connect(database)
    with reading(engine) as connection:
        found = list(connection.execute(sql("SELECT id FROM event ORDER BY id")).scalars())
    engine.dispose()
    return found


def batch(number: int) -> dict[str, Any]:
    return {
        "batch": [
            {
                "type": "track",
                "userId": f"u{n % 7}",
                "event": "a.b",
                "messageId": f"{number}-{n:03}",
            }
            for n in range(CALLS)
        ]
    }


def test_whatever_was_answered_is_there_once_also_after_a_kill(shop: str, database: str) -> None:
    """R1.4: SIGKILL at any moment after the answer, while batches are processed, again and again."""
    for number in range(BATCHES):
        with serving() as (process, port):
            assert post(port, "batch", batch(number), shop) == 200
            assert post(port, "batch", batch(max(0, number - 1)), shop) == 200  # once more
            if number % 2:
                wait_for_some(database, number)
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=20)
    assert set(events(database)) <= set(ids())
    run("apply", "--yes")
    later = datetime.now(UTC) + 2 * LEASE  # what a killed process had in hand waits for its lease
    run("--at", later.isoformat(), "run", "--once")
    assert events(database) == ids()
    assert json.loads(run("--format", "json", "status").stdout)["inbox"]["waiting"] == {}


def wait_for_some(database: str, number: int) -> None:
    """Until some of a batch are there: the server may be in the midst of the others."""
    while not any(one.startswith(f"{number}-") for one in events(database)):
        time.sleep(0.05)


def ids() -> list[str]:
    return sorted(f"{number}-{n:03}" for number in range(BATCHES) for n in range(CALLS))


def test_what_was_not_understood_is_shown_mended_and_tried_again(shop: str, database: str) -> None:
    """R10.4."""
    bad = {"type": "identify", "userId": "ann", "traits": {"email": "nowhere"}}
    with serving() as (_, port):
        assert post(port, "batch", {"batch": [bad, 7, 8]}, shop) == 200
    run("apply", "--yes")
    run("run", "--once")
    assert "Came in and could not be understood: 3 segment." in run("status").stdout
    first, second, third = json.loads(run("--format", "json", "inbox", "list").stdout)
    assert first["sender"] == "shop"
    assert first["problem"].startswith("`email` is no address")
    body = run("inbox", "show", str(first["id"])).stdout
    assert json.loads(body) == {"batch": [bad]}
    mended = body.replace("nowhere", "ann@x.org").encode()
    run("inbox", "retry", str(first["id"]), "--with", "-", stdin=mended)
    assert "1 delivery to try once more" in run("inbox", "retry", str(second["id"])).stdout
    run("run", "--once")
    assert run("person", "show", "ann@x.org").exit_code == 0
    again = json.loads(run("--format", "json", "inbox", "list").stdout)
    assert [one["problem"] for one in again] == ["it is no object"] * 2
    assert third["id"] in [one["id"] for one in again]
    assert "2 deliveries deleted" in run("inbox", "drop", "--all", "--yes").stdout
    assert "Everything that came in was understood." in run("inbox", "list").stdout


def test_ids_that_nobody_knows_and_words_that_do_not_go_together(shop: str) -> None:
    for arguments in (("show", "7"), ("retry", "7"), ("drop", "7", "--yes")):
        assert "id 7" in run("inbox", *arguments, code=1).stderr
    run("inbox", "retry", "7", "--with", "-", code=1, stdin=b"{}")
    run("inbox", "retry", code=2)
    run("inbox", "retry", "7", "--all", code=2)
    run("inbox", "retry", "7", "8", "--with", "-", code=2, stdin=b"{}")


def test_a_key_is_shown_once_and_nowhere_kept(shop: str, database: str, tmp_path: Path) -> None:
    """A hash of it is all that the database knows."""
    assert shop.startswith("wk_")
    listed = run("key", "list").stdout
    assert "shop" in listed
    assert shop not in listed
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(tmp_path / "sincerely.db")) as stored:
            assert not any(shop in str(line) for line in stored.iterdump())


def test_keys_that_cannot_be_made_say_why(shop: str) -> None:
    assert "there is, or was, a key `shop`" in run("key", "add", "shop", code=1).stderr
    assert "no name for a key" in run("key", "add", "My Shop", code=1).stderr
    assert "source `provider`" in run("key", "add", "x", "--source", "provider", code=1).stderr
    run("key", "add", "x", "--scope", "everything", code=2)
    run("key", "revoke", "shop")
    assert "no key `shop` is in use" in run("key", "revoke", "shop", code=1).stderr
    assert "there is, or was, a key `shop`" in run("key", "add", "shop", code=1).stderr
    [listed] = json.loads(run("--format", "json", "key", "list").stdout)
    assert listed["revoked_at"] is not None


def test_a_key_may_not_say_who_is_who_until_somebody_allows_it(shop: str) -> None:
    """Nor may it send consent, where nothing is said."""
    made = json.loads(run("--format", "json", "key", "add", "web").stdout)
    assert made["scopes"] == ["events", "feedback", "people"]
    said = run("key", "allow", "web", "--scope", "identities").stdout
    assert "may send events, feedback, identities, people" in said
    allowed = run("--format", "json", "key", "allow", "web", "--scope", "consent").stdout
    assert json.loads(allowed)["scopes"] == [
        "consent", "events", "feedback", "identities", "people",
    ]  # fmt: skip
    run("key", "allow", "web", code=2)
    run("key", "revoke", "web")
    refused = run("key", "allow", "web", "--scope", "events", code=1)
    assert "no key `web` is in use" in refused.stderr
