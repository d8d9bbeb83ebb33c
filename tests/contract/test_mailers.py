"""What every way to deliver keeps: one class, run over folder, console, SMTP and SendGrid."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from engine.adapters.mail.console import ConsoleMailer
from engine.adapters.mail.folder import FolderMailer
from engine.adapters.mail.sendgrid import SendGridMailer
from engine.adapters.mail.smtp import SmtpMailer, SmtpServer
from engine.application.ports.mailer import Mailer
from engine.domain.message import Address, Message
from tests.standins import sendgrid
from tests.standins.smtp import Inbox, real_server

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
CASES = json.loads(
    (Path(__file__).parents[1] / "data/messages/header_cases.json").read_text(encoding="utf-8")
)
WAY_OUT = {
    "List-Unsubscribe": "<https://cozy.example/u/abc>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
MAIL = Message(
    send_id="5f" * 16,
    sender=Address("lena@mail.cozy.example", "Lena from The Cozy Coffee Shop"),
    to=Address("zoe@example.com", "Zoë Müller; boss, of all"),
    subject="Schön, dass du da bist",
    html="<p>Grüße</p>",
    text="Grüße",
    date=NOW,
    reply_to=Address("hello@cozy.example"),
    headers=WAY_OUT,
    categories=("onboarding", "welcome"),
    mail="onboarding/welcome",
)


@dataclass
class Way:
    """A mailer, and the subjects and text parts of what arrived by it; `real` reaches people."""

    mailer: Mailer
    subjects: Callable[[], list[str]]
    texts: Callable[[], list[str]]
    real: bool


def by_folder(tmp_path: Path) -> Iterator[Way]:
    def mails() -> list[bytes]:
        return [path.read_bytes() for path in sorted(tmp_path.rglob("*.eml"))]

    yield _of_octets(FolderMailer(tmp_path, b"key"), mails, real=False)


def by_console(tmp_path: Path) -> Iterator[Way]:
    out = io.StringIO()

    def after(label: str) -> list[str]:
        lines = out.getvalue().splitlines()
        return [line.split(label)[1].strip() for line in lines if label in line]

    def texts() -> list[str]:
        return [part.split("\n\n")[1] for part in out.getvalue().split("── 2026")[1:]]

    yield Way(ConsoleMailer(out, b"key"), lambda: after("Subject:"), texts, real=False)


def by_smtp(tmp_path: Path) -> Iterator[Way]:
    inbox = Inbox()
    with real_server(inbox) as port:
        mailer = SmtpMailer(SmtpServer("127.0.0.1", port, security="none"), b"key")
        yield _of_octets(mailer, lambda: [mail.content for mail in inbox.mails], real=True)
        mailer.close()


def by_sendgrid(tmp_path: Path) -> Iterator[Way]:
    with sendgrid.serving(NOW.timestamp()) as stand_in:
        yield Way(
            SendGridMailer(sendgrid.KEY, b"key", stand_in.host),
            lambda: [body["subject"] for body in stand_in.accepted],
            lambda: [body["content"][0]["value"] for body in stand_in.accepted],
            real=True,
        )


def _of_octets(mailer: Mailer, mails: Callable[[], list[bytes]], real: bool) -> Way:
    def parsed(octets: bytes) -> tuple[str, str]:
        mail = message_from_bytes(octets, policy=policy.default)
        assert mail["Bcc"] is None
        return mail["Subject"], mail.get_body(("plain",)).get_content()

    return Way(
        mailer,
        lambda: [parsed(octets)[0] for octets in mails()],
        lambda: [parsed(octets)[1] for octets in mails()],
        real,
    )


@pytest.fixture(params=[by_folder, by_console, by_smtp, by_sendgrid], ids=lambda way: way.__name__)
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    yield from request.param(tmp_path)


class TestEveryWay:
    def test_a_good_mail_is_accepted_and_arrives_once(self, way: Way) -> None:
        receipt = way.mailer.send(MAIL, NOW)
        assert (receipt.outcome, receipt.stops_lane) == ("accepted", False), receipt.detail
        assert receipt.provider_id
        assert way.subjects() == [MAIL.subject]

    def test_many_mails_arrive_each_once(self, way: Way) -> None:
        for number in range(5):
            mail = replace(MAIL, send_id=f"{number:032x}", subject=f"Number {number}")
            assert way.mailer.send(mail, NOW).outcome == "accepted"
        assert sorted(way.subjects()) == [f"Number {number}" for number in range(5)]

    @pytest.mark.parametrize("case", CASES["subjects"], ids=lambda case: case["name"])
    def test_hostile_data_of_a_customer_stays_data(self, way: Way, case: dict) -> None:
        mail = replace(MAIL, subject=case["value"], to=Address(MAIL.to.email, case["value"]))
        assert way.mailer.send(mail, NOW).outcome == "accepted"
        assert len(way.subjects()) == 1

    @pytest.mark.parametrize("case", CASES["smtp_bodies"], ids=lambda case: ascii(case["value"]))
    def test_a_body_that_spells_the_end_of_a_mail_arrives_as_one(
        self, way: Way, case: dict
    ) -> None:
        mail = replace(MAIL, text=case["value"], html=case["value"])
        assert way.mailer.send(mail, NOW).outcome == "accepted"
        [text] = way.texts()
        shown = [line.strip() for line in text.splitlines() if line.strip()]
        assert shown == [line.strip() for line in case["value"].splitlines() if line.strip()]

    @pytest.mark.parametrize("case", CASES["addresses"][:3], ids=lambda case: ascii(case["value"]))
    def test_an_address_that_is_none_is_an_outcome_and_nothing_leaves(
        self, way: Way, case: dict
    ) -> None:
        """R10.4: one bad recipient stops only itself."""
        receipt = way.mailer.send(replace(MAIL, to=Address(case["value"])), NOW)
        assert receipt.outcome == "refused"
        assert receipt.detail
        assert way.subjects() == []
        assert way.mailer.send(MAIL, NOW).outcome == "accepted"

    def test_an_address_that_is_not_in_its_normal_form_is_refused(self, way: Way) -> None:
        """One with spaces around it, or a domain that is not in A-labels, was never looked at."""
        for address in (" zoe@example.com", "zoe@bücher.example"):
            assert way.mailer.send(replace(MAIL, to=Address(address)), NOW).outcome == "refused"
            assert way.mailer.send(replace(MAIL, sender=Address(address)), NOW).outcome == "refused"

    @pytest.mark.parametrize("header", [("List-Id", "Café <x.y>"), ("Bcc", "evil@example.com")])
    def test_a_header_that_cannot_be_written_is_an_outcome_too(
        self, way: Way, header: tuple[str, str]
    ) -> None:
        """R10.4: our own mistake with one mail stops only that mail."""
        receipt = way.mailer.send(replace(MAIL, headers={**WAY_OUT, header[0]: header[1]}), NOW)
        assert receipt.outcome == "refused"
        assert header[0] in receipt.detail
        assert way.subjects() == []

    def test_R5_6_marketing_without_a_way_out_reaches_nobody(self, way: Way) -> None:
        receipt = way.mailer.send(replace(MAIL, headers={}), NOW)
        if way.real:
            assert receipt.outcome == "refused"
            assert receipt.detail.startswith("D205")
            assert way.subjects() == []
        else:
            assert receipt.outcome == "accepted"

    def test_transactional_mail_needs_no_way_out(self, way: Way) -> None:
        mail = replace(MAIL, headers={}, klass="transactional")
        assert way.mailer.send(mail, NOW).outcome == "accepted"

    def test_closing_twice_is_closing_once_and_sending_opens_anew(self, way: Way) -> None:
        way.mailer.send(MAIL, NOW)
        way.mailer.close()
        way.mailer.close()
        again = replace(MAIL, send_id="60" * 16)
        assert way.mailer.send(again, NOW).outcome == "accepted"
