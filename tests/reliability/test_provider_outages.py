"""What a provider may do to us, by real connections: nothing is lost, doubled or sent out of turn."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from engine.adapters.db import outbox
from engine.adapters.db.connect import connect, reading
from engine.adapters.db.lives import load
from engine.adapters.mail.sendgrid import SendGridMailer
from engine.adapters.mail.smtp import SmtpMailer, SmtpServer
from engine.application.lane import Lane
from engine.domain.journey import Class
from tests.integration.news_shop import NOW, hand_off, people, queue, statuses
from tests.standins import sendgrid
from tests.standins.smtp import DROP, HANG, Script, bad_server

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = connect(database)
    yield engine
    engine.dispose()


def smtp(port: int) -> SmtpMailer:
    return SmtpMailer(SmtpServer("127.0.0.1", port, "none", timeout=0.5, timeout_after_dot=0.5))


@pytest.mark.parametrize(
    "replies",
    [
        {"connect": ["421 too busy", "421 too busy", "220 ok"]},
        {"EHLO": ["421 closing", "250 ok"]},
        {"MAIL": ["451 try again", "250 ok"]},
        {"RCPT": ["450 greylisted", "450 greylisted", "250 ok"]},
        {"DATA": ["421 closing", "354 go on"]},
        {"connect": [DROP, "220 ok"]},
        {"connect": [HANG, "220 ok"]},
    ],
    ids=lambda replies: "-".join([*replies, next(iter(replies.values()))[0][:3]]),
)
def test_what_certainly_did_not_leave_leaves_once_when_the_server_is_well(
    engine: Engine, replies: dict[str, str | list[str]]
) -> None:
    """R10.1, R10.5: too busy, greylisted, cut off, silent."""
    people(engine, "a", "b")
    queue(engine, "a", "m1", NOW)
    queue(engine, "b", "m2", NOW)
    script = Script(replies)
    with bad_server(script) as port:
        live(engine, smtp(port), lambda now: now < NOW + 2 * 60 * MINUTE)
    assert sorted(mails(script)) == ["m1", "m2"]
    assert statuses(engine, "a") | statuses(engine, "b") == {"m1": "sent", "m2": "sent"}


def test_a_connection_cut_in_the_middle_of_the_mail_doubles_nothing(engine: Engine) -> None:
    """R10.1: we had said it all before we heard, so we cannot know; the next one goes."""
    people(engine, "a", "b")
    queue(engine, "a", "m1", NOW)
    queue(engine, "b", "m2", NOW)
    script = Script({"body": [DROP, "go"]})
    with bad_server(script) as port:
        live(engine, smtp(port), lambda now: now < NOW + 60 * MINUTE)
    assert mails(script) == ["m2"]
    assert statuses(engine, "a") == {"m1": "unknown"}


def test_a_mail_refused_for_now_at_its_end_comes_again_as_the_same(engine: Engine) -> None:
    """R10.1: an answer was given, so nothing is uncertain."""
    people(engine, "a")
    queue(engine, "a", "m", NOW)
    script = Script({"end": ["452 disk full", "250 ok"]})
    with bad_server(script) as port:
        live(engine, smtp(port), lambda now: now < NOW + 60 * MINUTE)
    assert mails(script) == ["m", "m"]
    assert statuses(engine, "a") == {"m": "sent"}


def test_one_refused_recipient_stops_only_itself(engine: Engine) -> None:
    """Scenario 28, R10.4, R3.3: the slot of the refused one is free again."""
    people(engine, "a", "b", "c")
    for person in ("a", "b", "c"):
        queue(engine, person, f"m-{person}", NOW)
    script = Script({"RCPT": ["554 no", "250 ok"]})
    with bad_server(script) as port:
        live(engine, smtp(port), lambda now: now < NOW + MINUTE)
    assert sorted(mails(script)) == ["m-b", "m-c"]
    assert [statuses(engine, who) for who in ("a", "b", "c")] == [
        {"m-a": "refused"}, {"m-b": "sent"}, {"m-c": "sent"},
    ]  # fmt: skip
    with reading(engine) as connection:
        [refused] = outbox.messages_of(connection, "a")
        lives = load(connection, ["a", "b", "c"], NOW + MINUTE)
    assert refused.detail == "554 no"
    assert {one.life.facts.person.id: len(one.life.facts.sent) for one in lives} == {
        "a": 0, "b": 1, "c": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("klass", "came", "status"), [
    (Class.MARKETING, 1, "unknown"), (Class.SERVICE, 1, "unknown"), (Class.TRANSACTIONAL, 2, "sent"),
])  # fmt: skip
@pytest.mark.parametrize("lost", [DROP, HANG])
def test_an_answer_lost_after_the_mail_is_the_only_uncertainty(
    engine: Engine, klass: Class, came: int, status: str, lost: str
) -> None:
    """R10.1: the server had the mail; only a transactional one is tried once more, as the same."""
    people(engine, "a")
    queue(engine, "a", "m", NOW, klass)
    script = Script({"end": [lost, "250 ok"]})
    with bad_server(script) as port:
        live(engine, smtp(port), lambda now: now < NOW + 60 * MINUTE)
    assert mails(script) == ["m"] * came
    assert statuses(engine, "a") == {"m": status}


def test_a_server_that_never_answers_costs_few_messages(engine: Engine) -> None:
    """Each lost answer costs a message that nobody can be sure of, so the way closes for longer."""
    names = [f"p{number:02}" for number in range(40)]
    people(engine, *names)
    for name in names:
        queue(engine, name, f"m-{name}", NOW)
    script = Script({"end": DROP})
    with bad_server(script) as port:
        live(engine, smtp(port), lambda now: now < NOW + 10 * MINUTE)
    assert len(mails(script)) < 12
    with reading(engine) as connection:
        assert len(outbox.with_status(connection, "queued")) == 40 - len(mails(script))


def test_after_an_outage_transactional_goes_first_and_what_expired_does_not_go(
    engine: Engine,
) -> None:
    """R10.5, R3.6, R3.7: nobody is there for two hours; caps hold for the backlog, too."""
    people(engine, "a", "b", "c")
    queue(engine, "a", "old-news", NOW - 30 * DAY + 30 * MINUTE)  # worth sending for 30 days
    queue(engine, "b", "news", NOW - 3 * DAY)
    queue(engine, "b", "more-news", NOW - 2 * DAY)
    queue(engine, "c", "receipt", NOW, Class.TRANSACTIONAL)
    lane = Lane()
    nobody = smtp(closed_port())
    live(engine, nobody, lambda now: now < NOW + 120 * MINUTE, lane)
    assert lane.failures > 20
    script = Script()
    with bad_server(script) as port:
        live(engine, smtp(port), lambda now: now < NOW + 150 * MINUTE, lane, NOW + 120 * MINUTE)
    assert mails(script) == ["receipt", "news"]
    assert statuses(engine, "a") == {"old-news": "dropped"}
    assert sorted(statuses(engine, "b").values()) == ["queued", "sent"], "R3.2: one a day"
    with reading(engine) as connection:
        [expired] = outbox.messages_of(connection, "a")
    assert expired.reason == "expired"


@pytest.mark.parametrize(
    ("answer", "klass", "came", "status"),
    [
        (sendgrid.Answer(429, {"X-RateLimit-Reset": "0"}), Class.MARKETING, 1, "sent"),
        (sendgrid.Answer(503), Class.MARKETING, 1, "sent"),
        (sendgrid.Answer(401), Class.MARKETING, 1, "sent"),
        (sendgrid.Answer(400), Class.MARKETING, 0, "refused"),
        (sendgrid.Answer(500), Class.MARKETING, 0, "unknown"),
        (sendgrid.Answer(500), Class.TRANSACTIONAL, 1, "sent"),
        (sendgrid.Answer(drop=True), Class.MARKETING, 0, "unknown"),
        (sendgrid.Answer(hang=True), Class.MARKETING, 0, "unknown"),
        (sendgrid.Answer(hang=True), Class.TRANSACTIONAL, 1, "sent"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_sendgrid_may_say_first_and_what_becomes_of_the_mail(
    engine: Engine, answer: sendgrid.Answer, klass: Class, came: int, status: str
) -> None:
    """R10.1: a rate, an outage, a wrong key wait; what may have been accepted is sent once more at most."""
    people(engine, "a")
    queue(engine, "a", "5f" * 16, NOW, klass)
    with sendgrid.serving(NOW.timestamp()) as provider:
        mailer = SendGridMailer(sendgrid.KEY, host=provider.host, timeout=0.5)
        provider.next_answer = answer
        live(engine, mailer, lambda now: now < NOW + SECOND)
        provider.next_answer = None
        live(engine, mailer, lambda now: now < NOW + 60 * MINUTE, start=NOW + SECOND)
        assert len(provider.accepted) == came
        identities = {body["headers"]["Message-ID"] for body in provider.accepted}
    assert len(identities) == came
    assert list(statuses(engine, "a").values()) == [status]


# ── the daemon's tick, time jumping to whatever comes next ────────────────────────────────────


def live(
    engine: Engine,
    mailer: SmtpMailer | SendGridMailer,
    going: Callable[[datetime], bool],
    lane: Lane | None = None,
    start: datetime = NOW,
) -> None:
    lane = lane or Lane()
    sending = hand_off(engine, mailer, lane)  # type: ignore[arg-type]
    now = start
    while going(now):
        sending.send_due(now, "s")
        with reading(engine) as connection:
            found = {outbox.next_ready(connection, now), lane.opens_at}
        later = [at for at in found if at is not None and at > now]
        if not later:
            break
        now = min(later)
    mailer.close()


def mails(script: Script) -> list[str]:
    """The send ids of the mails that came whole, in their order."""
    heads = [body.partition(b"Message-ID: <")[2] for body in script.bodies]
    return [head.partition(b".")[0].decode() for head in heads]


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
