"""Mail that comes in acts on the people whose mails it is about (R5.8), on both databases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.inbox import DatabaseInbox, kept
from engine.adapters.db.lives import load
from engine.adapters.db.our_mails import DatabaseOurMails
from engine.adapters.db.stored import micros
from engine.adapters.db.suppressions import all_suppressions
from engine.adapters.db.tables import OUTBOX, SLOT
from engine.adapters.links import Links
from engine.adapters.mail.incoming.ours import OwnMarks
from engine.adapters.mail.incoming.read import read_mail
from engine.adapters.mail.mime import mac_of
from engine.adapters.mail.verp import Verp
from engine.application.receive_mail import ReceiveMail
from engine.application.take_in import drain
from engine.bootstrap import intake_of, mail_processors
from engine.domain.arrival import PersonArrived
from engine.domain.message import answered
from tests.unit.adapters.mail.incoming.formats import mail, report

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
KEY, OTHER = b"a key of sixteen letters", b"another, somebody else's"
VERP = Verp("bounce@cozy.example", [KEY])
SEND_ID = "5f" * 16
HARD = "Final-Recipient: rfc822; ada@x.org\nAction: failed\nStatus: 5.1.1"
SOFT = "Final-Recipient: rfc822; ada@x.org\nAction: failed\nStatus: 5.2.2"
LATE = "Final-Recipient: rfc822; ada@x.org\nAction: delayed\nStatus: 4.4.1"
NOTHING_BACK = "Subject: News"


@pytest.fixture
def shop(store_engine: Engine) -> Engine:
    """Ada got a mail yesterday."""
    with writing(store_engine) as connection:
        ingest(connection, [PersonArrived("ada", "Ada@x.org", "ada@x.org", {}, NOW)], NOW)
        sent(connection, SEND_ID, "ada", NOW - DAY)
    return store_engine


def sent(connection: Connection, send_id: str, person: str, at: datetime) -> None:
    """A mail left for somebody."""
    key = connection.execute(sql("SELECT mailbox_key FROM person WHERE id = :id"), {"id": person})
    what = {"send_id": send_id, "person_id": person, "mail": "news/march", "category": "news"}
    why = {"run": "r", "journey": "news", "step": "hello", "klass": "marketing"}
    when = {
        "due": micros(at),
        "ready_at": micros(at),
        "queued_at": micros(at),
        "sent_at": micros(at),
    }
    connection.execute(
        OUTBOX.insert().values(
            **what, **why, **when, rank=2, priority=2, status="sent", detail="", attempt=1
        )
    )
    connection.execute(
        SLOT.insert().values(
            **what, klass="marketing", at=micros(at), mailbox_key=key.scalar_one(), tags=[]
        )
    )


def came(
    engine: Engine,
    *mails: bytes,
    verp: Verp | None = VERP,
    at: datetime = NOW,
    keys: Sequence[bytes] = (KEY,),
) -> dict[str, int]:
    """These mails come in; what there was."""
    inbox = DatabaseInbox(engine)
    for octets in mails:
        inbox.put("mail", octets, at)
    receiver = ReceiveMail(
        lambda delivery: read_mail(delivery.body),
        OwnMarks(keys, verp).about,
        DatabaseOurMails(engine),
        intake_of(engine),
        signs_all=verp is not None,
    )
    drain(inbox, mail_processors(receiver), lambda: at)
    return dict(receiver.done)


def suppressed(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        return [(one.address, one.because) for one in all_suppressions(connection)]


def problems(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [one.problem for one in kept(connection)]


def events(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(sql("SELECT count(*) FROM event")).scalar_one())


def bounce(to: str, *recipients: str, back: str = NOTHING_BACK) -> bytes:
    octets = report("MAILER-DAEMON@x.org", "It did not arrive.", *recipients, back=back)
    return f"Delivered-To: {to}\r\nMessage-ID: <b1@x.org>\r\n".encode() + octets


def test_a_hard_bounce_to_the_address_of_a_mail_suppresses_its_reader(shop: Engine) -> None:
    """VERP: the report itself need not name anybody whom we know."""
    assert came(
        shop, bounce(VERP.sender(SEND_ID), HARD.replace("ada@x.org", "ada@inner.x.org"))
    ) == {"hard bounce": 1}
    assert suppressed(shop) == [("ada@x.org", "hard_bounce")]


def test_the_same_bounce_again_changes_nothing(shop: Engine) -> None:
    """R1.4"""
    octets = bounce(VERP.sender(SEND_ID), SOFT)
    came(shop, octets)
    count = events(shop)
    came(shop, octets, octets)
    assert events(shop) == count


@pytest.mark.parametrize("recipient", [SOFT, LATE])
def test_a_full_mailbox_and_a_delay_suppress_nobody(shop: Engine, recipient: str) -> None:
    """R5.8"""
    came(shop, bounce(VERP.sender(SEND_ID), recipient))
    assert suppressed(shop) == []


def test_soft_bounces_of_seven_mails_over_a_week_suppress(shop: Engine) -> None:
    """R5.8"""
    for day in range(8):
        at, send_id = NOW + day * DAY, f"{day:02x}" * 16
        with writing(shop) as connection:
            sent(connection, send_id, "ada", at)
        octets = bounce(VERP.sender(send_id), SOFT).replace(b"<b1@", f"<b{day}@".encode())
        came(shop, octets, at=at + DAY / 2)
    assert suppressed(shop) == [("ada@x.org", "soft_bounces")]


FORGED = {
    "somebody else's key": Verp("bounce@cozy.example", [OTHER]).sender(SEND_ID),
    "another mail's mark": VERP.sender(SEND_ID).replace("+5f", "+6f"),
    "another domain": VERP.sender(SEND_ID).replace("cozy", "evil"),
    "no mark": "bounce@cozy.example",
    "our own sender": "lena@cozy.example",
}


@pytest.mark.parametrize("which", FORGED)
def test_a_forged_or_foreign_bounce_changes_nothing(shop: Engine, which: str) -> None:
    """Nobody silences a customer by making up a bounce."""
    back = f"To: ada@x.org\nMessage-ID: <{SEND_ID}.{mac_of(SEND_ID, OTHER)}@cozy.example>"
    before = events(shop)
    assert came(shop, bounce(FORGED[which], HARD, back=back)) == {"bounce of no mail of ours": 1}
    assert (suppressed(shop), events(shop)) == ([], before)


def test_without_an_address_of_its_own_a_mail_is_known_by_its_message_id(shop: Engine) -> None:
    back = f"To: ada@x.org\nMessage-ID: <{SEND_ID}.{mac_of(SEND_ID, KEY)}@cozy.example>"
    came(shop, bounce("lena@cozy.example", HARD, back=back), verp=None)
    assert suppressed(shop) == [("ada@x.org", "hard_bounce")]


NOTHING = bounce("lena@cozy.example", HARD)
"""Some servers return nothing, and name only whom they did not reach. So can anybody else."""


def test_a_bounce_without_a_mark_suppresses_nobody_and_waits_for_a_look(shop: Engine) -> None:
    """Whoever knows that a mail was sent this week must not take its reader's mail away."""
    assert came(shop, NOTHING, verp=None, at=NOW + 7 * DAY) == {"bounce of no mail of ours": 1}
    assert came(shop, NOTHING, verp=None, at=NOW - 2 * DAY) == {"bounce of no mail of ours": 1}
    assert came(shop, NOTHING, verp=None, at=NOW + DAY) == {"bounce without a mark": 1}
    assert suppressed(shop) == []
    [waits] = problems(shop)
    assert "ada@x.org is no address, and has no mark of ours" in waits
    assert "`sincerely suppression add ada@x.org`" in waits


def test_it_counts_as_one_soft_bounce_however_often_it_comes(shop: Engine) -> None:
    """R1.4, R5.8: another Message-ID makes it another report, about the same mail."""
    for number in range(20):
        came(
            shop,
            NOTHING.replace(b"<b1@", f"<b{number}@".encode()),
            verp=None,
            at=NOW + DAY + number * DAY / 4,
        )
    assert events(shop) == 1
    with reading(shop) as connection:
        assert connection.execute(sql("SELECT count(*) FROM bounce")).scalar_one() == 1


def test_the_same_claim_is_kept_once(shop: Engine) -> None:
    """Nobody fills the inbox with it."""
    for number in range(5):
        octets = NOTHING.replace(b"<b1@", f"<b{number}@".encode())
        came(shop, octets, verp=None, at=NOW + number * DAY)
    assert len(problems(shop)) == 1


def test_every_mail_of_weeks_that_comes_back_without_a_mark_is_believed_in_the_end(
    shop: Engine,
) -> None:
    """R5.8: a dead address behind a server that returns nothing: seven mails in a row, over a week."""
    came_back(shop, range(8))
    assert suppressed(shop) == [("ada@x.org", "soft_bounces")]


def test_where_one_mail_of_them_did_not_come_back_the_row_is_broken(shop: Engine) -> None:
    """R5.8: by SMTP nobody tells of a delivery; that nothing came back in a week is one."""
    came_back(shop, [*range(6), *range(14, 20)], without=[6])
    assert suppressed(shop) == []


def came_back(engine: Engine, days: Iterable[int], without: Collection[int] = ()) -> None:
    """Mails left on these days; each came back without a mark, but those `without`."""
    for day in sorted({*days, *without}):
        with writing(engine) as connection:
            sent(connection, f"{day:02x}" * 16, "ada", NOW + day * DAY)
        if day not in without:
            octets = NOTHING.replace(b"<b1@", f"<b{day}@".encode())
            came(engine, octets, verp=None, at=NOW + day * DAY + DAY / 2)


def test_a_delay_without_a_mark_says_nothing(shop: Engine) -> None:
    before = events(shop)
    late = bounce("lena@cozy.example", LATE)
    assert came(shop, late, verp=None) == {"bounce of no mail of ours": 1}
    assert (events(shop), problems(shop)) == (before, [])


def test_without_a_key_nothing_is_a_mark(shop: Engine) -> None:
    """Anybody can sign with a key that is empty."""
    back = f"To: ada@x.org\nMessage-ID: <{SEND_ID}.{mac_of(SEND_ID, b'')}@cozy.example>"
    assert came(shop, bounce("lena@cozy.example", HARD, back=back), verp=None, keys=()) == {
        "bounce without a mark": 1
    }
    assert suppressed(shop) == []


def test_a_forged_bounce_settles_no_mail_whose_outcome_nobody_knows(shop: Engine) -> None:
    """R10.1: else it could keep a receipt from being tried once more."""
    came(shop, NOTHING, verp=None)
    with reading(shop) as connection:
        [visit] = load(connection, ["ada"], NOW)
    [claim] = [event for event in visit.arrivals if event.name.startswith("mail.")]
    assert claim.name == "mail.bounce_claimed"
    assert answered(claim) is None


def test_a_report_that_returns_nothing_names_our_envelope(shop: Engine) -> None:
    """RFC 3461: a server that knows DSN says the ENVID that the mail left with."""
    octets = bounce("lena@cozy.example", HARD)
    envelope = f"{SEND_ID}.{mac_of(SEND_ID, KEY)}@cozy.example"
    named = octets.replace(
        b"Final-Recipient", f"Original-Envelope-Id: {envelope}\r\n\r\nFinal-Recipient".encode()
    )
    assert came(shop, named, verp=None) == {"hard bounce": 1}
    assert suppressed(shop) == [("ada@x.org", "hard_bounce")]


def test_of_people_whom_a_mail_was_passed_on_to_the_mildest_word_counts(shop: Engine) -> None:
    """One of them may have it."""
    other = HARD.replace("ada@x.org", "bob@x.org")
    full = SOFT.replace("ada@x.org", "eve@x.org")
    assert came(shop, bounce(VERP.sender(SEND_ID), other, full)) == {"soft bounce": 1}
    assert suppressed(shop) == []


def _complaint(kind: str, back: str) -> bytes:
    return mail(
        """
        From: feedback@provider.example
        Content-Type: multipart/report; report-type=feedback-report; boundary="b1"
        """,
        f"--b1\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nVersion: 1\n"
        f"\n--b1\nContent-Type: message/rfc822\n\n{back}\n\n--b1--",
    )


@pytest.mark.parametrize(
    "back",
    [
        f"Return-Path: <{VERP.sender(SEND_ID)}>\nTo: redacted",
        f"To: redacted\nMessage-ID: <{SEND_ID}.{mac_of(SEND_ID, KEY)}@cozy.example>",
        f"List-Unsubscribe: <{Links('https://cozy.example', [KEY]).url('u', SEND_ID)}>\nTo: redacted",
    ],
)
def test_a_redacted_complaint_suppresses_by_any_mark_of_ours(shop: Engine, back: str) -> None:
    """R5.8, RFC 5965: addresses are often blanked out."""
    assert came(shop, _complaint("abuse", back)) == {"complaint": 1}
    assert suppressed(shop) == [("ada@x.org", "complaint")]


@pytest.mark.parametrize(
    "named",
    [
        f"Original-Mail-From: <{VERP.sender(SEND_ID)}>",
        f"Original-Envelope-Id: {SEND_ID}.{mac_of(SEND_ID, KEY)}@cozy.example",
    ],
)
def test_a_complaint_without_the_mail_suppresses_by_what_its_report_names(
    shop: Engine, named: str
) -> None:
    """RFC 5965 3.2"""
    octets = _complaint("abuse", "To: redacted").replace(
        b"Version: 1", f"Version: 1\r\n{named}".encode()
    )
    assert came(shop, octets) == {"complaint": 1}
    assert suppressed(shop) == [("ada@x.org", "complaint")]


@pytest.mark.parametrize("verp", [VERP, None])
def test_a_complaint_without_a_mark_is_kept_and_takes_nobody_off(
    shop: Engine, verp: Verp | None
) -> None:
    """A complaint is for good, and anybody can write one."""
    before = events(shop)
    octets = _complaint("abuse", "To: ada@x.org\nSubject: News")
    assert came(shop, octets, verp=verp, at=NOW + 20 * DAY) == {"complaint without a mark": 1}
    assert (suppressed(shop), events(shop)) == ([], before)
    [waits] = problems(shop)
    assert "ada@x.org called news/march spam, and has no mark of ours" in waits
    assert came(shop, octets, verp=verp, at=NOW + 40 * DAY) == {"complaint of no mail of ours": 1}


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_other_feedback_is_no_complaint(shop: Engine, kind: str) -> None:
    """RFC 5965 7.3, RFC 6591."""
    back = f"Return-Path: <{VERP.sender(SEND_ID)}>"
    assert came(shop, _complaint(kind, back)) == {"other feedback": 1}
    assert suppressed(shop) == []


def test_automatic_answers_do_nothing_and_replies_wait_for_a_reader(shop: Engine) -> None:
    """RFC 3834"""
    person = "From: ada@x.org\nTo: lena@cozy.example\nSubject: Re: News"
    automatic = mail(
        f"{person}\nAuto-Submitted: auto-replied", "I am away. <ada@x.org> user unknown."
    )
    assert came(shop, automatic, mail(person, "Thank you!")) == {"automatic answer": 1}
    with reading(shop) as connection:
        [waits] = kept(connection)
    assert b"Thank you!\r\n" in waits.body
    assert "a reply" in waits.problem
    assert suppressed(shop) == []
