"""What is kept of a mail that somebody has to look at: little, and enough to try it again."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.incoming.read import read_mail
from engine.adapters.mail.incoming.shortened import MOST_TEXT, shortened
from engine.domain.incoming import AutoReply, Bounce, Complaint, Incoming, Reply
from tests.standins.mail_programs import answer
from tests.unit.adapters.mail.incoming.formats import FORMATS

LONGEST = 64 * 1024


def same(octets: bytes) -> Incoming:
    """What is read of the short form, which is what is read of the whole one."""
    whole, short = read_mail(octets), read_mail(shortened(octets))
    assert len(shortened(octets)) < LONGEST
    assert type(short) is type(whole)
    assert replace(short.envelope, proof="none") == replace(whole.envelope, proof="none")
    return short


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_says_of_whom_it_is_and_of_which_mail(name: str) -> None:
    octets, expected = FORMATS[name]
    short, whole = same(octets), read_mail(octets)
    assert isinstance(short, Bounce)
    assert isinstance(whole, Bounce)
    assert tuple((one.address, one.verdict) for one in short.undelivered) == expected
    assert short.returned.message_ids == whole.returned.message_ids
    assert short.returned.recipients == whole.returned.recipients


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple", "thunderbird"])
def test_an_answer_says_what_its_writer_wrote(program: str) -> None:
    octets = answer(program, "en", "Where is my parcel?")
    short, whole = same(octets), read_mail(octets)
    assert isinstance(short, Reply)
    assert isinstance(whole, Reply)
    assert (short.in_reply_to, short.references) == (whole.in_reply_to, whole.references)
    assert "Where is my parcel?" in (short.text or short.html)


def letter(text: str = "", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Ann <ann@x.example>", "reply@in.cozy.example"
    message["Subject"], message["Message-ID"] = "Grüße, und eine Frage", "<1@x.example>"
    message["X-Originating-IP"], message["Received"] = "192.0.2.7", "from ann-s-phone by x.example"
    message["User-Agent"] = "A phone of hers"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_of_attachments_only_their_number_is_kept_and_nothing_of_the_way() -> None:
    """Where she was and with what she wrote is nobody's business."""
    message = letter("Look!")
    for kind in ("png", "pdf"):
        message.add_attachment(b"private" * 10_000, "image", kind, filename=f"passport.{kind}")
    octets = message.as_bytes()
    short = same(octets)
    assert isinstance(short, Reply)
    assert (short.text.strip(), short.attachments) == ("Look!", 2)
    kept = shortened(octets)
    for private in (b"cHJpdmF0", b"passport", b"192.0.2.7", b"phone"):
        assert private not in kept


def test_of_a_long_text_its_beginning_is_kept() -> None:
    short = same(letter("stop\n" + "word " * 100_000).as_bytes())
    assert isinstance(short, Reply)
    assert short.text.startswith("stop")
    assert len(short.text) <= MOST_TEXT


def test_of_a_page_the_beginning_of_what_is_shown_is_kept() -> None:
    """Outlook writes 30 KB of styles first."""
    page = f"<html><head><style>{'p {}' * 10_000}</style></head><body lang=de><p>Stop, bitte.</p>"
    message = letter(html=page)
    short = same(message.as_bytes())
    assert isinstance(short, Reply)
    assert "Stop, bitte." in short.html
    assert "style" not in short.html


def test_a_complaint_keeps_its_kind_and_the_mail_that_it_is_about() -> None:
    octets = (
        b"From: feedback@provider.example\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r\n"
        b"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"
        b"Original-Rcpt-To: ann@x.example\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nTo: ann@x.example\r\nMessage-ID: <1@y>\r\n"
        b"X-Secret: of the reader\r\n\r\nHello Ann\r\n--b--\r\n"
    )
    short = same(octets)
    assert isinstance(short, Complaint)
    assert (short.kind, short.addresses) == ("abuse", ("ann@x.example",))
    assert short.returned == read_mail(octets).returned  # type: ignore[union-attr]
    assert b"Hello Ann" not in shortened(octets)
    assert b"Secret" not in shortened(octets)


def test_what_is_short_already_stays_as_it_is() -> None:
    once = shortened(answer("gmail", "en", "Where is my parcel?"))
    assert shortened(once) == once


@given(st.binary(max_size=2_000))
def test_octets_of_any_kind_are_kept(octets: bytes) -> None:
    for mail in (
        octets,
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n" + octets,
    ):
        found = read_mail(shortened(mail))
        assert isinstance(found, Bounce | Complaint | AutoReply | Reply)
        assert len(shortened(mail)) < LONGEST


def test_thousands_of_parts_are_kept_as_a_few() -> None:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
    file = b"--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
    report = b"--b\r\nContent-Type: message/feedback-report\r\n\r\n" + b"A: b\r\n" * 3_000
    head = b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: " + b"a" * 9_000 + b"\r\n"
    for many in (part * 10_000, file * 10_000, (part + file) * 5_000, report * 90, head * 90):
        octets = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + many
        assert len(shortened(octets)) < LONGEST
