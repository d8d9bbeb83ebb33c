"""Bounces over mail, from the mail that leaves by a real SMTP server to the address that is never
written to again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from os import environ
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner

from engine.adapters.db.alerts import open_alerts
from engine.adapters.db.collected import DatabaseCollected
from engine.adapters.db.connect import connect, reading
from engine.application.ports.collected import Read
from engine.cli.main import group
from engine.daemon.collecting import Collecting
from engine.settings import load
from tests.standins.imap import PASSWORD, USER, Server, imap_server
from tests.standins.smtp import Inbox, real_server

CONFIG = """\
company: {{ name: Shop, address: "Street 1, Berlin", time_zone: UTC, site: https://shop.example }}
secrets: {{ links: $LINKS }}
database: {database}
delivery: {{ by: smtp, host: 127.0.0.1, port: {smtp}, security: none, bounces: bounce@shop.example }}
inbox:
  - {{ imap: 127.0.0.1, port: {imap}, security: none, user: {user}, password: $IMAP, move_to: Done }}
senders: {{ lena: {{ name: Lena, email: lena@shop.example }} }}
policy: {{ categories: {{ receipt: {{ class: transactional }} }} }}
"""
JOURNEY = """\
journey: receipt
title: A receipt
owner: lena@shop.example
status: live
category: receipt
enter: { when: order.placed, again: always }
steps:
  - id: thanks
    send: receipt/thanks
"""
MAIL = "---\nsubject: Thank you\nfrom: lena\n---\nHello, thank you!\n"
PEOPLE = """\
{"id": "ada", "email": "Ada@dest.example"}
{"id": "bob", "email": "bob@dest.example"}
"""

Run = Callable[..., Any]


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> Callable[[int, int], Run]:
    """A shop on this database that sends to one port and reads its mailbox at another."""

    def on(smtp: int, imap: int) -> Run:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("LINKS", "a key of more than sixteen letters")
        monkeypatch.setenv("IMAP", PASSWORD)
        monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
        files = {
            "config.yaml": CONFIG.format(database=database, smtp=smtp, imap=imap, user=USER),
            "journeys/receipt.yaml": JOURNEY,
            "templates/receipt/thanks.md.j2": MAIL,
            "people.jsonl": PEOPLE,
        }
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        for shared in ("_layouts", "_blocks", "_assets"):
            copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
        done("db", "upgrade")
        done("import", "people", "people.jsonl")
        done("apply", "--yes")
        return done

    return on


def done(*arguments: str, stdin: bytes | None = None) -> str:
    result = CliRunner().invoke(group, arguments, input=stdin)
    assert result.exit_code == 0, result.output + result.stderr
    return result.stdout


def order(who: str) -> None:
    row = {
        "id": f"order {who}",
        "person": who,
        "name": "order.placed",
        "at": str(datetime.now(UTC)),
    }
    Path("orders.jsonl").write_text(json.dumps(row) + "\n")
    done("import", "events", "orders.jsonl")
    done("run", "--once")


def bounced(arrived: Any, status: str = "5.1.1") -> bytes:
    """What the server of the mail's reader answers: to its envelope sender, with its own fields."""
    fields = arrived.content.partition(b"\r\n\r\n")[0].decode()
    to = arrived.recipients[0]
    return (
        f"Return-Path: <>\r\nDelivered-To: {arrived.sender}\r\n"
        f"Message-ID: <{status}.{to}>\r\nFrom: MAILER-DAEMON@dest.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.dest.example\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {status}\r\n\r\n"
        f"--b1\r\nContent-Type: text/rfc822-headers\r\n\r\n{fields}\r\n--b1--\r\n"
    ).encode()


def suppressed() -> list[tuple[str, str]]:
    rows = json.loads(done("--format", "json", "suppression", "list"))
    return sorted((row["address"], row["because"]) for row in rows)


def test_a_mail_leaves_comes_back_and_its_address_is_never_written_to_again(
    shop: Callable[[int, int], Run],
) -> None:
    """R5.8: by a pipe, and by a mailbox that the daemon reads."""
    arrived, mailbox = Inbox(), Server()
    with real_server(arrived) as smtp, imap_server(mailbox) as imap:
        shop(smtp, imap)
        order("ada")
        order("bob")
        first, second = arrived.mails
        assert first.sender.startswith("bounce+")
        assert first.sender != second.sender
        assert message_from_bytes(first.content)["From"] == "Lena <lena@shop.example>"

        out = json.loads(done("--format", "json", "receive", stdin=bounced(first)))
        assert out == {"stored": 1, "done": {"hard bounce": 1}}
        assert suppressed() == [("ada@dest.example", "hard_bounce")]

        mailbox.put(bounced(second))
        done("run", "--once")
        assert suppressed() == [
            ("ada@dest.example", "hard_bounce"),
            ("bob@dest.example", "hard_bounce"),
        ]
        assert mailbox.folders["INBOX"] == []
        order("ada")
        assert len(arrived.mails) == 2, "not even a receipt goes to an address that is not there"


def test_of_a_mailbox_that_cannot_be_read_the_operator_hears_once(
    shop: Callable[[int, int], Run], tmp_path: Path, database: str
) -> None:
    """Trouble is waited out, told at the third failure, and over when it is over."""
    mailbox = Server()
    mailbox.put(b"From: a@b.example\n\nHello\n")
    with imap_server(mailbox) as imap:
        shop(1, imap)
        engine = connect(database)
        collecting, now = Collecting(engine, load(tmp_path, environ)), datetime.now(UTC)
        said = []
        mailbox.folders = {}
        for number in range(5):
            at = now + number * timedelta(hours=1)
            assert collecting.work(at, lambda: False) == 0
            assert collecting.work(at, lambda: False) == 0, "it rests"
            with reading(engine) as connection:
                said.append([alert.name for alert in open_alerts(connection)])
        assert [len(names) for names in said] == [0, 0, 1, 1, 1]
        assert said[2][0].startswith("mailbox ")
        mailbox.folders = {"INBOX": []}
        mailbox.put(b"From: a@b.example\n\nHello\n")
        assert collecting.work(now + timedelta(hours=6), lambda: False) == 1
        with reading(engine) as connection:
            assert list(open_alerts(connection)) == []
        engine.dispose()


@pytest.mark.parametrize("mended", ["the mailbox", "the config"])
def test_what_the_operator_was_told_of_a_mailbox_is_over_also_after_a_restart(
    shop: Callable[[int, int], Run], tmp_path: Path, database: str, mended: str
) -> None:
    """Who mends the config starts the daemon anew, and names another mailbox perhaps."""
    mailbox = Server(folders={})
    with imap_server(mailbox) as imap, imap_server(Server()) as another:
        shop(1, imap)
        engine, now = connect(database), datetime.now(UTC)
        before = Collecting(engine, load(tmp_path, environ))
        for number in range(3):
            before.work(now + number * timedelta(hours=1), lambda: False)
        with reading(engine) as connection:
            assert len(open_alerts(connection)) == 1
        if mended == "the mailbox":
            mailbox.folders = {"INBOX": []}
        else:
            config = Path("config.yaml")
            config.write_text(config.read_text().replace(f"port: {imap}", f"port: {another}"))
            done("apply", "--yes")
        Collecting(engine, load(tmp_path, environ)).work(now + timedelta(hours=4), lambda: False)
        with reading(engine) as connection:
            assert open_alerts(connection) == []
        engine.dispose()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose database is there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    (tmp_path / "config.yaml").write_text(
        "company: { name: Shop, time_zone: UTC }\nsenders: { lena: { name: L, email: l@shop.example } }\n"
    )
    done("db", "upgrade")
    return tmp_path


def test_a_pipe_that_cannot_store_asks_the_mail_server_to_try_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sysexits.h: 75 keeps the mail in the server's queue."""
    monkeypatch.setenv("SINCERELY_DATABASE", "sqlite:///nowhere/at/all.db")
    result = CliRunner().invoke(group, ["receive", "-"], input=b"From: a@b.example\n\nHello\n")
    assert result.exit_code == 75
    assert "try again later" in result.stderr
    monkeypatch.delenv("SINCERELY_DATABASE")
    assert CliRunner().invoke(group, ["receive"], input=b"").exit_code == 75


def test_a_pipe_tells_nobody_where_our_database_is(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server writes it into its report to whoever wrote the mail."""
    monkeypatch.setenv("SINCERELY_DATABASE", "postgresql+psycopg://cozy:pw@127.0.0.1:1/shop")
    result = CliRunner().invoke(group, ["receive", "-"], input=b"From: a@b.example\n\nHello\n")
    assert result.exit_code == 75
    assert result.output == "not stored, try again later: `sincerely doctor` says why\n"


def test_a_real_pipe_takes_a_large_mail_and_keeps_what_it_says(project: Path) -> None:
    """The server's pipe must be read to its end, or the server fails."""
    octets = b"From: a@b.example\nSubject: Hello\n\nHello!\n" + b"A" * 8_000_000
    result = subprocess.run(
        [sys.executable, "-m", "engine", "receive", "--later"], input=octets, capture_output=True
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert "1 mail" in done("status")


def test_a_maildir_is_taken_in_once(project: Path) -> None:
    """A mail goes from `new` to `cur` once it is stored."""
    for name in ("new", "cur", "tmp"):
        (project / "box" / name).mkdir(parents=True)
    for number in range(3):
        (project / "box/new" / f"17.{number}.host").write_bytes(
            b"From: a@b.example\nAuto-Submitted: auto-replied\n\nAway.\n"
        )
    (project / "box/new/.hidden").write_bytes(b"no mail")
    command = ("--format", "json", "receive", "--maildir", "box")
    assert json.loads(done(*command)) == {"stored": 3, "done": {"automatic answer": 3}}
    assert json.loads(done(*command)) == {"stored": 0, "done": {}}
    assert sorted(file.name for file in (project / "box/cur").iterdir()) == [
        "17.0.host:2,S",
        "17.1.host:2,S",
        "17.2.host:2,S",
    ]


def test_what_is_kept_of_a_maildir_came_by_its_folder(project: Path) -> None:
    """The file itself is elsewhere by then."""
    for name in ("new", "cur", "tmp"):
        (project / "box" / name).mkdir(parents=True)
    (project / "box/new/17.1.host").write_bytes(b"From: eve@b.example\n\nHello\n")
    (project / "box/new/17.2.host").write_bytes(b"")
    done("receive", "--maildir", "box")
    kept = json.loads(done("--format", "json", "inbox", "list"))
    assert {row["sender"] for row in kept} == {str(project / "box")}
    assert [row["problem"] for row in kept] == [
        "it comes from an address that nobody here has",
        "it comes from no address at all",
    ]


def test_a_maildir_whose_mail_was_stored_before_a_crash_is_only_moved(project: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (project / "box" / name).mkdir(parents=True)
    file = project / "box/new/17.1.host"
    file.write_bytes(b"From: a@b.example\n\nHello\n")
    engine = connect("sqlite:///sincerely.db")
    DatabaseCollected(engine).store(
        str(file.resolve()), None, Read(0, 1), [file.read_bytes()], datetime.now(UTC)
    )
    engine.dispose()
    out = json.loads(done("--format", "json", "receive", "--maildir", "box", "--later"))
    assert out["stored"] == 0
    assert not list((project / "box/new").iterdir())


def test_a_mail_that_is_kept_says_where_to_look_for_it(project: Path) -> None:
    (project / "who.eml").write_bytes(b"From: a@b.example\nSubject: Hello\n\nHello\n")
    assert "`sincerely inbox list` shows what is kept" in done("receive", "who.eml")
    assert "inbox list" not in done("receive", "--later", "who.eml")


def test_what_was_called_wrongly_is_said(project: Path) -> None:
    for arguments, code, said in (
        (["receive", "nothing.eml"], 1, "nothing.eml"),
        (["receive", "--maildir", "."], 1, "no Maildir"),
        (["receive", "a.eml", "--maildir", "."], 2, "choose one"),
    ):
        result = CliRunner().invoke(group, arguments)
        assert result.exit_code == code, result.output
        assert said in result.stderr
