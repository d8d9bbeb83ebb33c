"""SMTP against servers that behave, and servers that do not: what each answer means for the mail."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.mail.mime import message_id
from engine.adapters.mail.smtp import SmtpMailer, SmtpServer
from engine.domain.message import Address, Message
from tests.standins.smtp import (
    DROP,
    HANG,
    PASSWORD,
    USER,
    Inbox,
    Script,
    authenticator,
    bad_server,
    certificate,
    real_server,
)

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
MAIL = Message(
    send_id="5f" * 16,
    sender=Address("lena@mail.cozy.example", "Lena"),
    to=Address("zoe@example.com", "Zoë"),
    subject="Your order",
    html="<p>.Hello</p>",
    text=".Hello\n.\n..dots",
    date=NOW,
    klass="transactional",
)


@contextmanager
def mailing(port: int, **options: Any) -> Iterator[SmtpMailer]:
    settings = {"security": "none", "timeout": 5.0, "timeout_after_dot": 5.0} | options
    mailer = SmtpMailer(SmtpServer(settings.pop("host", "127.0.0.1"), port, **settings), b"key")
    try:
        yield mailer
    finally:
        mailer.close()


def numbered(number: int) -> Message:
    return replace(MAIL, send_id=f"{number:032x}")


# ── a connection carries many mails ──


def test_one_connection_carries_many_mails() -> None:
    inbox = Inbox()
    with real_server(inbox) as port, mailing(port) as mailer:
        for number in range(4):
            receipt = mailer.send(numbered(number), NOW)
            assert (receipt.outcome, receipt.provider_id) == ("accepted", "4XYZ")
    assert len(inbox.mails) == 4
    assert len(inbox.peers) == 1
    assert inbox.mails[0].sender == MAIL.sender.email
    assert inbox.mails[0].recipients == [MAIL.to.email]


def test_after_so_many_mails_a_new_connection_is_made() -> None:
    inbox = Inbox()
    with real_server(inbox) as port, mailing(port, mails_per_connection=2) as mailer:
        for number in range(5):
            mailer.send(numbered(number), NOW)
    assert (len(inbox.mails), len(inbox.peers)) == (5, 3)


def test_after_so_long_a_new_connection_is_made() -> None:
    inbox = Inbox()
    with real_server(inbox) as port, mailing(port, seconds_per_connection=0.0) as mailer:
        for number in range(2):
            mailer.send(numbered(number), NOW)
    assert len(inbox.peers) == 2


def test_a_connection_that_died_in_between_is_replaced_without_a_word() -> None:
    script = Script({"MAIL": ["250 ok", DROP, "250 ok"]})
    with bad_server(script) as port, mailing(port) as mailer:
        outcomes = [mailer.send(numbered(number), NOW).outcome for number in range(2)]
    assert outcomes == ["accepted", "accepted"]
    assert script.connections == 2
    assert len(script.bodies) == 2


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)], ids=["lock-step", "pipelined"])
def test_dots_at_the_start_of_lines_arrive_as_they_were(extensions: tuple[str, ...]) -> None:
    script = Script(extensions=extensions)
    with bad_server(script) as port, mailing(port) as mailer:
        assert mailer.send(MAIL, NOW).outcome == "accepted"
    [body] = script.bodies
    assert b"\r\n..Hello\r\n..\r\n...dots\r\n" in body


# ── what an answer means ──

WAYS = pytest.mark.parametrize("extensions", [(), ("PIPELINING",)], ids=["lock-step", "pipelined"])
ANSWERS = [
    ("RCPT", "554 5.7.1 no", "refused", None, False),
    ("RCPT", "550 5.1.1 no such user", "refused", None, False),
    ("RCPT", "450 4.2.0 greylisted", "later", timedelta(minutes=30), False),
    ("MAIL", "451 busy", "later", timedelta(minutes=30), False),
    ("MAIL", "530 log in first", "later", timedelta(minutes=5), True),
    ("MAIL", "421 closing", "later", timedelta(minutes=5), False),
    ("RCPT", "421 closing", "later", timedelta(minutes=5), False),
    ("DATA", "554 no", "refused", None, False),
    ("DATA", DROP, "later", timedelta(minutes=5), False),
    ("RCPT", DROP, "later", timedelta(minutes=5), False),
    ("MAIL", "nonsense", "later", timedelta(minutes=5), False),
    ("MAIL", "354 too soon", "later", timedelta(minutes=5), False),
    ("DATA", "250 accepted, without a mail", "later", timedelta(minutes=5), False),
    ("connect", "554 go away", "later", timedelta(minutes=5), False),
    ("connect", DROP, "later", timedelta(minutes=5), False),
    ("end", "554 5.6.0 content", "refused", None, False),
    ("end", "451 try again", "later", timedelta(minutes=30), False),
    ("end", "421 closing", "later", timedelta(minutes=5), False),
    ("end", "nonsense", "unknown", None, False),
    ("end", DROP, "unknown", None, False),
    ("body", DROP, "unknown", None, False),
]


@WAYS
@pytest.mark.parametrize(
    ("told", "reply", "outcome", "wait", "stops"), ANSWERS, ids=[f"{a[0]}-{a[1]}" for a in ANSWERS]
)
def test_R10_1_every_answer_has_its_meaning(
    extensions: tuple[str, ...],
    told: str,
    reply: str,
    outcome: str,
    wait: timedelta | None,
    stops: bool,
) -> None:
    script = Script({told: reply}, extensions)
    with bad_server(script) as port, mailing(port) as mailer:
        receipt = mailer.send(MAIL, NOW)
    assert (receipt.outcome, receipt.stops_lane) == (outcome, stops), receipt.detail
    assert receipt.retry_at == (None if wait is None else NOW + wait)
    assert receipt.detail
    if told in ("RCPT", "MAIL", "DATA", "connect"):
        assert script.bodies == []


@WAYS
def test_R10_4_one_refused_recipient_stops_only_itself(extensions: tuple[str, ...]) -> None:
    """Scenario 28, and the connection goes on being used."""
    script = Script({"RCPT": ["250 ok", "554 no", "250 ok"]}, extensions)
    with bad_server(script) as port, mailing(port) as mailer:
        outcomes = [mailer.send(numbered(number), NOW).outcome for number in range(3)]
    assert outcomes == ["accepted", "refused", "accepted"]
    assert script.connections == 1
    assert len(script.bodies) == 2


def test_a_pipelined_server_that_wants_data_without_a_recipient_gets_none() -> None:
    """RFC 2920 3.1: the refusal of the recipient stands."""
    script = Script({"RCPT": ["550 no", "250 ok"]})
    with bad_server(script) as port, mailing(port) as mailer:
        assert mailer.send(numbered(0), NOW).outcome == "refused"
        assert mailer.send(numbered(1), NOW).outcome == "accepted"
    assert len(script.bodies) == 1


@WAYS
@pytest.mark.parametrize(("told", "outcome"), [("RCPT", "later"), ("end", "unknown")])
def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(
    extensions: tuple[str, ...], told: str, outcome: str
) -> None:
    script = Script({told: HANG}, extensions)
    with bad_server(script) as port:
        with mailing(port, timeout=0.2, timeout_after_dot=0.2) as mailer:
            assert mailer.send(MAIL, NOW).outcome == outcome


def test_nobody_listening_means_later() -> None:
    with bad_server(Script()) as port:
        pass
    with mailing(port) as mailer:
        receipt = mailer.send(MAIL, NOW)
    assert (receipt.outcome, receipt.retry_at) == ("later", NOW + timedelta(minutes=5))


def test_a_mail_that_the_server_finds_too_large_is_not_offered() -> None:
    script = Script(extensions=("SIZE 100",))
    with bad_server(script) as port, mailing(port) as mailer:
        receipt = mailer.send(MAIL, NOW)
    assert receipt.outcome == "refused"
    assert "100" in receipt.detail
    assert not [line for line in script.said if line.startswith("MAIL")]


def test_a_server_that_reports_is_asked_for_our_mark() -> None:
    """RFC 3461: ENVID comes back as Original-Envelope-Id, also where nothing of the mail does."""
    script = Script(extensions=("SIZE 100000", "DSN"))
    with bad_server(script) as port, mailing(port) as mailer:
        assert mailer.send(MAIL, NOW).outcome == "accepted"
    [said] = [line for line in script.said if line.startswith("MAIL")]
    assert said.endswith(f" RET=HDRS ENVID={message_id(MAIL, b'key')[1:-1]}")


def test_a_server_that_knows_no_reports_is_asked_for_nothing() -> None:
    script = Script()
    with bad_server(script) as port, mailing(port) as mailer:
        assert mailer.send(MAIL, NOW).outcome == "accepted"
    assert not [line for line in script.said if "ENVID" in line]


# ── foreign letters in the local part ──


def test_smtputf8_carries_a_foreign_local_part() -> None:
    inbox = Inbox()
    with real_server(inbox) as port, mailing(port) as mailer:
        mail = replace(MAIL, to=Address("jörg@xn--bcher-kva.example"))
        assert mailer.send(mail, NOW).outcome == "accepted"
        assert mailer.send(numbered(1), NOW).outcome == "accepted"
    assert inbox.mails[0].recipients == ["jörg@xn--bcher-kva.example"]
    assert [mail.utf8 for mail in inbox.mails] == [True, False]
    assert "jörg@".encode() in inbox.mails[0].content


def test_a_server_without_smtputf8_is_not_asked_to_carry_one() -> None:
    with bad_server(Script()) as port, mailing(port) as mailer:
        receipt = mailer.send(replace(MAIL, to=Address("jörg@xn--bcher-kva.example")), NOW)
    assert receipt.outcome == "refused"
    assert "foreign letters" in receipt.detail


# ── TLS and passwords ──


@pytest.fixture(scope="module")
def trusts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


def secured(trust: ssl.SSLContext | None, **options: Any) -> dict[str, Any]:
    return {"host": "localhost", "security": "starttls", "trust": trust} | options


def test_starttls_and_a_password(trusts: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = trusts
    inbox = Inbox()
    with real_server(
        inbox,
        tls_context=server,
        require_starttls=True,
        authenticator=authenticator,
        auth_required=True,
    ) as port:
        with mailing(port, **secured(client, username=USER, password=PASSWORD)) as mailer:
            assert mailer.send(MAIL, NOW).outcome == "accepted"
    assert len(inbox.mails) == 1


def test_tls_from_the_start(trusts: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = trusts
    inbox = Inbox()
    with real_server(inbox, ssl_context=server) as port:
        with mailing(port, **secured(client, security="tls")) as mailer:
            assert mailer.send(MAIL, NOW).outcome == "accepted"


def test_a_wrong_password_stops_the_lane_and_loses_no_mail(
    trusts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, client = trusts
    with real_server(
        Inbox(), tls_context=server, authenticator=authenticator, auth_required=True
    ) as port:
        with mailing(port, **secured(client, username=USER, password="wrong horse")) as mailer:
            receipt = mailer.send(MAIL, NOW)
    assert (receipt.outcome, receipt.stops_lane) == ("later", True)
    assert "535" in receipt.detail
    assert "horse" not in receipt.detail


def test_no_starttls_is_no_silent_fallback() -> None:
    inbox = Inbox()
    with real_server(inbox) as port, mailing(port, **secured(None)) as mailer:
        receipt = mailer.send(MAIL, NOW)
    assert (receipt.outcome, receipt.stops_lane) == ("later", True)
    assert "STARTTLS" in receipt.detail
    assert inbox.mails == []


def test_a_certificate_that_nobody_vouches_for_stops_the_lane(
    trusts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    inbox = Inbox()
    with real_server(inbox, tls_context=trusts[0]) as port:
        with mailing(port, **secured(None)) as mailer:
            receipt = mailer.send(MAIL, NOW)
    assert (receipt.outcome, receipt.stops_lane) == ("later", True)
    assert inbox.mails == []


def test_a_password_is_never_said_in_the_clear() -> None:
    with pytest.raises(ValueError, match="TLS"):
        SmtpMailer(SmtpServer("localhost", security="none", username=USER, password=PASSWORD))


def test_a_password_is_in_no_representation(tmp_path: Path) -> None:
    assert PASSWORD not in repr(SmtpServer("localhost", username=USER, password=PASSWORD))
