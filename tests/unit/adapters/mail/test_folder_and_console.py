"""Delivery to look at: files in a folder, lines on a terminal."""

from __future__ import annotations

import email
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.adapters.mail.console import ConsoleMailer
from engine.adapters.mail.folder import FolderMailer
from engine.domain.message import Address, Message

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
MAIL = Message(
    send_id="5f" * 16,
    sender=Address("lena@mail.cozy.example", "Lena"),
    to=Address("zoe@example.com", "Zoë"),
    subject="Welcome to the shop",
    html="<p>Grüße</p>",
    text="Grüße\n",
    date=NOW,
    mail="onboarding/welcome",
)


def files(out: Path) -> list[str]:
    return sorted(
        str(path.relative_to(out)) for path in out.rglob("*") if path.suffix in {".eml", ".html"}
    )


def test_a_mail_lies_under_its_day_with_its_minute_its_name_and_its_id(tmp_path: Path) -> None:
    receipt = FolderMailer(tmp_path).send(MAIL, NOW)
    name = f"2026-03-04/1030-onboarding-welcome-{'5f' * 16}"
    assert receipt.outcome == "accepted"
    assert files(tmp_path) == [f"{name}.eml", f"{name}.html"]
    assert (tmp_path / f"{name}.html").read_text(encoding="utf-8") == MAIL.html
    parsed = email.message_from_bytes((tmp_path / f"{name}.eml").read_bytes())
    assert parsed["Subject"] == MAIL.subject


def test_R10_1_the_same_mail_of_another_day_and_process_lands_on_the_same_files(
    tmp_path: Path,
) -> None:
    FolderMailer(tmp_path).send(MAIL, NOW)
    before = files(tmp_path)
    later = replace(MAIL, date=NOW + timedelta(days=1))
    receipt = FolderMailer(tmp_path).send(later, NOW + timedelta(days=1))
    assert receipt.outcome == "accepted"
    assert files(tmp_path) == before


def test_a_mail_without_a_name_is_called_by_its_subject(tmp_path: Path) -> None:
    FolderMailer(tmp_path).send(replace(MAIL, mail="", subject="../../Café: 50%!"), NOW)
    assert files(tmp_path)[0].startswith("2026-03-04/1030-caf-50-5f5f")


def test_nothing_unfinished_is_left_behind(tmp_path: Path) -> None:
    FolderMailer(tmp_path).send(MAIL, NOW)
    hidden = [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert hidden == []


def test_a_folder_that_cannot_be_written_means_later_not_lost(tmp_path: Path) -> None:
    in_the_way = tmp_path / "outbox"
    in_the_way.write_text("a file, not a folder")
    receipt = FolderMailer(in_the_way).send(MAIL, NOW)
    assert receipt.outcome == "later"
    assert str(in_the_way) in receipt.detail


def test_the_html_beside_the_mail_may_have_its_pictures_brought_home(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path, with_pictures=lambda html: html.replace("Grüße", "Bild"))
    mailer.send(MAIL, NOW)
    [page] = [path for path in tmp_path.rglob("*.html")]
    assert page.read_text(encoding="utf-8") == "<p>Bild</p>"


def test_the_console_shows_who_what_and_the_first_lines() -> None:
    out = io.StringIO()
    text = "\n".join(f"line {number}" for number in range(20))
    receipt = ConsoleMailer(out).send(replace(MAIL, text=text), NOW)
    assert receipt.outcome == "accepted"
    for part in ("Zoë <zoe@example.com>", "Lena", MAIL.subject, "onboarding/welcome", "line 11"):
        assert part in out.getvalue()
    assert "line 12" not in out.getvalue()
    assert "8 more lines" in out.getvalue()


def test_the_console_lets_no_mail_drive_the_terminal() -> None:
    out = io.StringIO()
    ConsoleMailer(out).send(replace(MAIL, subject="a\x1b[31mb", text="c\x1b[2Jd"), NOW)
    assert "\x1b" not in out.getvalue()
