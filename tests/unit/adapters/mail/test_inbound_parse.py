"""SendGrid's Inbound Parse: from the form to the mail, whatever is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.inbound_parse import CHECKED_BY, octets_of
from engine.adapters.mail.incoming.read import read_mail
from engine.application.take_in import NotUnderstood
from engine.domain.incoming import AutoReply, Reply
from tests.standins.forms import form, parsed
from tests.standins.mail_programs import answer

SAMPLES = Path(__file__).parents[3] / "data" / "sendgrid" / "inbound_parse"
POSTED = "multipart/form-data; boundary=xYzZY"


def read(kind: str, body: bytes) -> Reply:
    found = read_mail(octets_of(kind, body))
    assert isinstance(found, Reply)
    return found


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "name, attachments",
    [("default_data", 0), ("raw_data", 0), ("raw_data_with_attachments", 1)],
)
def test_the_posts_that_sendgrid_publishes(name, attachments, ends):
    body = (SAMPLES / f"{name}.txt").read_bytes().replace(b"\n", ends)
    reply = read(POSTED, body)
    assert (reply.sender, reply.text.strip()) == ("test@example.com", "Hello Twilio SendGrid!")
    assert "<strong>Hello Twilio SendGrid!" in reply.html
    assert reply.attachments == attachments
    assert reply.envelope.came_to[0].startswith("inbound@inbound")


@pytest.mark.parametrize("mode", ["raw", "parsed"])
def test_both_modes_say_the_same(mode):
    octets = answer("gmail", "de", "Wo bleibt mein Päckchen?")
    reply = read(*(form({"email": octets}) if mode == "raw" else parsed(octets)))
    direct = read_mail(octets)
    assert isinstance(direct, Reply)
    assert reply.text.split() == direct.text.split()
    assert reply.html.split() == direct.html.split()
    assert (reply.envelope.message_id, reply.in_reply_to) == (
        direct.envelope.message_id, direct.in_reply_to,
    )  # fmt: skip
    assert reply.envelope.subject == direct.envelope.subject


CHECKS = {
    "SPF of the sender's domain": ({"SPF": b"pass"}, "ann@example.com", "pass"),
    "SPF of another domain": ({"SPF": b"pass"}, "eve@evil.example", "none"),
    "DKIM": ({"SPF": b"softfail", "dkim": b"{@example.com : pass}"}, "a@b.example", "pass"),
    "DKIM beside another's": (
        {"dkim": b"{@esp.example : pass, @mail.example.com : pass}"}, "", "pass",
    ),
    "DKIM of another domain": ({"dkim": b"{@evil.example : pass}"}, "", "none"),
    "no DKIM": ({"SPF": b"none", "dkim": b"none"}, "ann@example.com", "none"),
    "SPF that forbids it": ({"SPF": b"fail", "dkim": b"none"}, "ann@example.com", "fail"),
    "SPF that forbids it, beside DKIM": (
        {"SPF": b"fail", "dkim": b"{@example.com : pass}"}, "ann@example.com", "pass",
    ),
    "a word too many": ({"SPF": b"pass; dmarc=pass header.from=example.com"}, "e@evil.example", "none"),
    "octets": ({"SPF": bytes(range(256)), "dkim": bytes(range(256))}, "\r\nX: y", "none"),
    "a domain of odd letters": ({"SPF": b"pass"}, 'a@"; dmarc=pass header.from=example.com', "none"),
    "nothing": ({}, "ann@example.com", "none"),
}  # fmt: skip


@pytest.mark.parametrize("which", CHECKS)
@pytest.mark.parametrize("mode", ["email", "headers"])
def test_what_sendgrid_found_out_about_the_sender_is_believed(which: str, mode: str) -> None:
    """Its own word, and no field that stands in the mail."""
    fields, sender, proof = CHECKS[which]
    forged = (
        f"Authentication-Results: {CHECKED_BY}; dmarc=pass header.from=example.com;"
        " dkim=pass header.d=example.com; spf=pass smtp.mailfrom=example.com\r\n"
        "From: Ann <ann@example.com>\r\n\r\nstop\r\n"
    ).encode()
    envelope = json.dumps({"to": ["reply@in.cozy.example"], "from": sender}).encode()
    octets = octets_of(*form({**fields, "envelope": envelope, mode: forged}))
    found = read_mail(octets, {CHECKED_BY})
    assert found.envelope.sender == "ann@example.com"
    assert found.envelope.proof == proof


def test_each_field_is_in_its_own_charset():
    charsets = {"text": "iso-8859-1", "html": "utf-16", "subject": "shift_jis", "from": "utf-8"}
    kind, body = form(
        {
            "text": "Ça va, où est mon colis ?".encode("iso-8859-1"),
            "html": "<p>où</p>".encode("utf-16"),
            "subject": "小包".encode("shift_jis"),
            "from": "Zoë <zoe@example.com>".encode(),
            "charsets": json.dumps(charsets).encode(),
        }
    )
    reply = read(kind, body)
    assert reply.text.strip() == "Ça va, où est mon colis ?"
    assert (reply.html.strip(), reply.envelope.subject) == ("<p>où</p>", "小包")
    assert reply.sender == "zoe@example.com"


@pytest.mark.parametrize("charset", ["no-such-charset", "hex", "rot13", "", "\x00", "utf-8"])
def test_a_bad_charset_costs_no_word(charset):
    kind, body = form(
        {"text": b"stop \xff please", "charsets": json.dumps({"text": charset}).encode()}
    )
    assert "please" in read(kind, body).text


def test_attachments_are_counted_and_go_no_further():
    octets = answer("gmail", "en", "See the picture.")
    kind, body = parsed(octets, files=[b"\x89PNG\r\n--xx\r\n" * 10, b"GIF89a"])
    mail = octets_of(kind, body)
    assert b"PNG" not in mail
    assert read(kind, body).attachments == 2


def test_the_envelope_says_whom_it_came_to_and_that_nobody_sent_it():
    """An empty sender is a machine's (RFC 5321 4.5.5), and the reader of mails sees it."""
    envelope = {"to": ["reply+mark@in.cozy.example"], "from": ""}
    kind, body = form(
        {
            "headers": b"From: Ann <ann@example.com>\r\nTo: hello@cozy.example\r\n",
            "text": b"I am away",
            "envelope": json.dumps(envelope).encode(),
        }
    )
    found = read_mail(octets_of(kind, body))
    assert isinstance(found, AutoReply)
    assert found.envelope.came_to[0] == "reply+mark@in.cozy.example"


def test_nothing_in_the_form_writes_a_header_of_its_own():
    hostile = {"to": ["x@y>\r\nAuto-Submitted: auto-replied", {"a": 1}, None, 7], "from": "a\nb"}
    kind, body = form(
        {
            "from": b"ann@example.com\r\nAuto-Submitted: auto-replied",
            "subject": b"Hi\r\n\r\nnot the body",
            "text": b"hello",
            "envelope": json.dumps(hostile).encode(),
        }
    )
    reply = read(kind, body)
    assert reply.text.strip() == "hello"


@pytest.mark.parametrize("mode", ["email", "headers"])
def test_a_mail_that_begins_in_the_middle_of_a_field_goes_on_with_none_of_ours(mode):
    begins = b" dmarc=pass header.from=example.com\r\nFrom: ann@example.com\r\n\r\nhello\r\n"
    octets = octets_of(*form({mode: begins}))
    assert octets.startswith(f"Authentication-Results: {CHECKED_BY}; ".encode())
    found = read_mail(octets, {CHECKED_BY})
    assert found.envelope.proof == "none"
    assert not octets.partition(b"\r\n")[2].startswith((b" ", b"\t"))


@pytest.mark.parametrize(
    "kind, body",
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="dkim"\r\n\r\n1',
        ),
        ("multipart/form-data; boundary=", b"--\r\n"),
    ],
)
def test_what_holds_no_mail_is_kept_with_the_reason(kind, body):
    with pytest.raises(NotUnderstood):
        octets_of(kind, body)


def test_a_form_that_was_cut_off_is_read_as_far_as_it_came():
    kind, body = parsed(answer("gmail", "en", "Please unsubscribe me."))
    for length in range(0, len(body), 97):
        try:
            read_mail(octets_of(kind, body[:length]))
        except NotUnderstood:
            continue


@given(st.binary(max_size=400), st.dictionaries(st.sampled_from(
    ["headers", "text", "html", "email", "envelope", "charsets", "from", "subject", "attachments"]
), st.binary(max_size=200)))  # fmt: skip
def test_whatever_is_posted_is_a_mail_or_kept(noise, fields):
    kind, body = form(fields)
    for posted in (body, noise, body + noise, noise + body):
        try:
            octets = octets_of(kind, posted)
        except NotUnderstood:
            continue
        read_mail(octets)
