"""SendGrid against a stand-in on the loopback: the request we make, and what each answer means."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.adapters.mail.mime import message_id
from engine.adapters.mail.sendgrid import SendGridMailer
from engine.domain.message import Address, Message
from tests.standins.sendgrid import KEY, Answer, SendGridStandIn, serving

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
MAIL = Message(
    send_id="5f" * 16,
    sender=Address("lena@mail.cozy.example", "Léna from Straße, Œuf & Søn"),
    to=Address("zoe@example.com", "Müller, Zoë; boss"),
    subject="Schön, dass du da bist",
    html="<p>Grüße</p>",
    text="Grüße",
    date=NOW,
    reply_to=Address("hello@cozy.example", "Cozy"),
    headers={
        "List-Unsubscribe": "<https://cozy.example/u/abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
    categories=("onboarding", "onboarding", "x" * 300, *(f"c{number}" for number in range(20))),
)


@pytest.fixture
def stand_in() -> Iterator[SendGridStandIn]:
    with serving(NOW.timestamp()) as server:
        yield server


def mailer(stand_in: SendGridStandIn, **options: object) -> SendGridMailer:
    return SendGridMailer(**{"api_key": KEY, "key": b"key", "host": stand_in.host} | options)


def test_a_hostile_mail_still_makes_a_request_that_sendgrid_takes(
    stand_in: SendGridStandIn,
) -> None:
    receipt = mailer(stand_in).send(MAIL, NOW)
    assert (receipt.outcome, receipt.provider_id) == ("accepted", "stand-in-1")
    [body] = stand_in.accepted
    [part] = body["personalizations"]
    assert part["to"] == [{"email": "zoe@example.com", "name": "Müller  Zoë  boss"}]
    assert part["custom_args"] == {"sincerely_send_id": MAIL.send_id}
    assert body["from"] == {
        "email": "lena@mail.cozy.example",
        "name": "Lena from Strasse, OEuf & Son",
    }
    assert [content["type"] for content in body["content"]] == ["text/plain", "text/html"]
    assert body["headers"] == {**MAIL.headers, "Message-ID": message_id(MAIL, b"key")}
    assert len(body["categories"]) == 10


def test_nothing_is_tracked_and_no_second_way_out_is_added(stand_in: SendGridStandIn) -> None:
    mailer(stand_in).send(MAIL, NOW)
    settings = stand_in.accepted[0]["tracking_settings"]
    assert {name: setting["enable"] for name, setting in settings.items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
    }


def test_R10_1_the_message_id_is_the_same_over_retries(stand_in: SendGridStandIn) -> None:
    for day in range(2):
        mailer(stand_in).send(replace(MAIL, date=NOW + timedelta(days=day)), NOW)
    first, second = (body["headers"]["Message-ID"] for body in stand_in.accepted)
    assert first == second


ANSWERS = [
    (Answer(202, {"X-Message-Id": "id"}), "accepted", None, False),
    (Answer(200), "unknown", None, False),
    (Answer(400, body=b'{"errors": [{"message": "bad subject"}]}'), "refused", None, False),
    (Answer(400, body=b"<html>"), "refused", None, False),
    (Answer(413), "refused", None, False),
    (Answer(401), "later", timedelta(minutes=5), True),
    (Answer(403), "later", timedelta(minutes=5), True),
    (Answer(404), "later", timedelta(minutes=5), True),
    (Answer(503), "later", timedelta(minutes=5), False),
    (Answer(500), "unknown", None, False),
    (Answer(502), "unknown", None, False),
    (Answer(504), "unknown", None, False),
    (Answer(drop=True), "unknown", None, False),
    (Answer(hang=True), "unknown", None, False),
]


@pytest.mark.parametrize(
    ("answer", "outcome", "wait", "stops"),
    ANSWERS,
    ids=["drop" if a[0].drop else "hang" if a[0].hang else str(a[0].status) for a in ANSWERS],
)
def test_R10_1_every_answer_has_its_meaning(
    stand_in: SendGridStandIn, answer: Answer, outcome: str, wait: timedelta | None, stops: bool
) -> None:
    stand_in.next_answer = answer
    receipt = mailer(stand_in, timeout=0.3).send(MAIL, NOW)
    assert (receipt.outcome, receipt.stops_lane) == (outcome, stops), receipt.detail
    assert receipt.retry_at == (None if wait is None else NOW + wait)
    assert len(stand_in.requests) == 1


def test_the_api_s_own_words_are_kept(stand_in: SendGridStandIn) -> None:
    stand_in.next_answer = Answer(400, body=b'{"errors": [{"message": "bad\\r\\nsubject"}]}')
    assert mailer(stand_in).send(MAIL, NOW).detail == "400 bad subject"


@pytest.mark.parametrize(
    ("reset", "earliest", "latest"),
    [
        (str(int(NOW.timestamp()) + 40), 40, 45),
        (str(int(NOW.timestamp()) - 40), 1, 6),
        (str(int(NOW.timestamp()) + 10**6), 3600, 3605),
        ("soon", 60, 65),
        ("9" * 40, 60, 65),
        (None, 60, 65),
    ],
)
def test_a_spent_rate_waits_for_its_reset_and_never_for_ever(
    stand_in: SendGridStandIn, reset: str | None, earliest: int, latest: int
) -> None:
    stand_in.next_answer = Answer(429, {} if reset is None else {"X-RateLimit-Reset": reset})
    receipt = mailer(stand_in).send(MAIL, NOW)
    assert receipt.outcome == "later"
    assert not receipt.stops_lane
    assert receipt.retry_at is not None
    assert earliest <= (receipt.retry_at - NOW).total_seconds() <= latest


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(stand_in: SendGridStandIn, status: int) -> None:
    """It would take the key to another host, and count as success there."""
    with serving(NOW.timestamp()) as elsewhere:
        stand_in.next_answer = Answer(status, {"Location": f"{elsewhere.host}/v3/mail/send"})
        receipt = mailer(stand_in).send(MAIL, NOW)
        assert elsewhere.requests == []
    assert (receipt.outcome, receipt.stops_lane) == ("later", True)


def test_nobody_listening_means_that_nothing_left() -> None:
    with serving(NOW.timestamp()) as gone:
        pass
    receipt = mailer(gone).send(MAIL, NOW)
    assert (receipt.outcome, receipt.retry_at) == ("later", NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    "changes",
    [{"text": ""}, {"html": ""}, {"subject": " "}, {"to": Address("jörg@example.com")}],
    ids=["no text", "no html", "no subject", "foreign local part"],
)
def test_what_sendgrid_would_refuse_is_refused_without_asking(
    stand_in: SendGridStandIn, changes: dict
) -> None:
    receipt = mailer(stand_in).send(replace(MAIL, **changes), NOW)
    assert receipt.outcome == "refused"
    assert receipt.detail
    assert stand_in.requests == []


def test_the_key_is_in_no_log_and_no_receipt(
    stand_in: SendGridStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stand_in.next_answer = Answer(400, body=f'{{"errors": [{{"message": "{KEY}"}}]}}'.encode())
    receipt = mailer(stand_in).send(MAIL, NOW)
    assert KEY not in receipt.detail
    assert KEY not in caplog.text
    assert MAIL.to.email not in caplog.text


def test_the_key_goes_where_it_belongs(stand_in: SendGridStandIn) -> None:
    mailer(stand_in).send(MAIL, NOW)
    [(path, headers)] = stand_in.requests
    assert path == "/v3/mail/send"
    assert headers["authorization"] == f"Bearer {KEY}"
