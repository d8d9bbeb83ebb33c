"""Our own MIME writer: hostile data stays data, and what was written is what is read back."""

from __future__ import annotations

import email
import email.policy
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.message import Message as Parsed
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adapters.mail.fields import flatten
from engine.adapters.mail.mime import message_id, write
from engine.domain.message import Address, Message

CASES = json.loads(
    (Path(__file__).parents[3] / "data/messages/header_cases.json").read_text(encoding="utf-8")
)
ENCODED_WORD = re.compile(rb"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=")
ORDINARY = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
]


def a_mail(**changes: object) -> Message:
    mail = Message(
        send_id="5f" * 16,
        sender=Address("lena@mail.cozy.example", "Lena from The Cozy Coffee Shop"),
        to=Address("zoe@example.com", "Zoë"),
        subject="Welcome",
        html="<p>Hello</p>",
        text="Hello",
        date=datetime(2026, 3, 4, 10, 30, tzinfo=UTC),
    )
    return replace(mail, **changes)


def head(octets: bytes) -> bytes:
    return octets.partition(b"\r\n\r\n")[0]


def longest_line(octets: bytes) -> int:
    """The Message-ID is one word, which cannot be folded."""
    return max(len(line) for line in octets.split(b"\r\n") if b"Message-ID" not in line)


def unfolded(octets: bytes, name: str) -> str:
    [value] = [
        field.partition(b":")[2]
        for field in re.split(rb"\r\n(?![ \t])", head(octets))
        if field.lower().startswith(name.lower().encode() + b":")
    ]
    return re.sub(rb"\r\n(?=[ \t])", b"", value).decode("utf-8").strip()


def decoded(octets: bytes, name: str) -> str:
    return str(make_header(decode_header(unfolded(octets, name))))


def body(parsed: Parsed, kind: str) -> str:
    [part] = [part for part in parsed.walk() if part.get_content_type() == kind]
    return part.get_payload(decode=True).decode("utf-8")


@pytest.mark.parametrize("case", CASES["subjects"], ids=lambda case: case["name"])
def test_a_hostile_subject_stays_one_subject(case: dict) -> None:
    octets = write(a_mail(subject=case["value"]))
    parsed = email.message_from_bytes(octets)
    assert parsed.keys() == ORDINARY
    assert parsed["Bcc"] is None
    assert decoded(octets, "Subject") == flatten(case["value"])
    modern = email.message_from_bytes(octets, policy=email.policy.default)
    assert modern.keys() == ORDINARY
    for word in ENCODED_WORD.findall(octets):
        assert len(word) <= 75
        payload, _ = decode_header(word.decode())[0]
        assert payload
        payload.decode("utf-8")  # no character is split across words
    assert not re.search(rb"\?==\?", octets)
    assert longest_line(octets) <= 78


@pytest.mark.parametrize(
    "case", [case for case in CASES["structured"] if "display" in case], ids=lambda c: c["display"]
)
def test_a_hostile_display_name_leaves_one_address(case: dict) -> None:
    octets = write(a_mail(to=Address(case["addr"], case["display"])))
    parsed = email.message_from_bytes(octets, policy=email.policy.default)
    assert parsed.keys() == ORDINARY
    [address] = parsed["To"].addresses
    assert address.addr_spec == case["addr"]
    shown = unfolded(octets, "To").rpartition(" <")[0]
    assert str(make_header(decode_header(shown))) == flatten(case["display"])


@pytest.mark.parametrize(
    "case", [case for case in CASES["structured"] if "value" in case], ids=lambda c: c["header"]
)
def test_a_list_header_is_written_verbatim_and_folds_only_after_a_comma(case: dict) -> None:
    octets = write(a_mail(headers={case["header"]: case["value"]}))
    assert unfolded(octets, case["header"]) == case["value"]
    start, end = (octets.index(name) for name in (case["header"].encode(), b"MIME-Version"))
    field = octets[start:end]
    assert not ENCODED_WORD.search(field)
    for before in re.findall(rb"(.)\r\n ", field):
        assert before == b","


def test_a_long_ascii_subject_folds_between_words_and_reads_back() -> None:
    subject = "A rather long subject about coffee " * 6
    octets = write(a_mail(subject=subject))
    assert longest_line(octets) <= 78
    assert unfolded(octets, "Subject") == subject.strip()


def test_a_first_word_that_does_not_fit_beside_the_name_is_encoded() -> None:
    """RFC 5322 2.1.1: a line holds 78 characters, and before the first word nothing folds."""
    octets = write(a_mail(subject="0" * 72))
    assert longest_line(octets) <= 78
    assert decoded(octets, "Subject") == "0" * 72


@pytest.mark.parametrize("value", ["Zoë <a@example.com>", "x" * 1000])
def test_a_list_header_that_no_line_can_hold_is_our_mistake(value: str) -> None:
    with pytest.raises(ValueError, match="List-Id"):
        write(a_mail(headers={"List-Id": value}))


@pytest.mark.parametrize("name", ["To", "bcc", "Content-Type", "Bad Name", "X:Y", "X\r\nBcc"])
def test_headers_the_writer_sets_itself_and_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="header"):
        write(a_mail(headers={name: "x"}))


@pytest.mark.parametrize("send_id", ["", "a b", 'a"b', "a\r\nb", "a" * 65, "é"])
def test_a_send_id_that_no_boundary_can_hold_is_refused(send_id: str) -> None:
    with pytest.raises(ValueError, match="send id"):
        write(a_mail(send_id=send_id))


def test_R10_1_the_message_id_is_stable_over_retries_and_signed() -> None:
    first, later = a_mail(), a_mail(subject="Again", date=datetime(2026, 3, 5, tzinfo=UTC))
    assert message_id(first, b"key") == message_id(later, b"key")
    assert message_id(first, b"key") != message_id(first, b"another")
    assert message_id(first, b"key") != message_id(a_mail(send_id="60" * 16), b"key")
    assert message_id(first, b"key").endswith("@mail.cozy.example>")
    assert unfolded(write(first, b"key"), "Message-ID") == message_id(first, b"key")


def test_the_same_message_gives_the_same_octets() -> None:
    assert write(a_mail(), b"key") == write(a_mail(), b"key")


def test_the_text_comes_first_so_that_the_richer_part_is_preferred() -> None:
    parsed = email.message_from_bytes(write(a_mail()))
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_body_that_spells_the_boundary_does_not_end_the_part() -> None:
    hostile = f"before\n--=_{'5f' * 16}--\nafter\n"
    parsed = email.message_from_bytes(write(a_mail(text=hostile, html=hostile)))
    assert body(parsed, "text/plain").replace("\r\n", "\n") == hostile
    assert body(parsed, "text/html").replace("\r\n", "\n") == hostile


def test_a_non_ascii_local_part_is_written_as_utf8_never_as_an_encoded_word() -> None:
    """RFC 6532; `policy.SMTP` puts an encoded-word inside the address."""
    octets = write(a_mail(to=Address("jörg@xn--bcher-kva.example")))
    assert "To: jörg@xn--bcher-kva.example\r\n".encode() in octets


def test_what_a_slow_and_proven_writer_says_is_what_ours_says() -> None:
    slow = EmailMessage(policy=email.policy.SMTP)
    slow["Subject"] = "Grüße aus dem Café"
    slow.set_content("Schön!\n")
    slow.add_alternative("<p>Schön!</p>\n", subtype="html")
    ours = email.message_from_bytes(
        write(a_mail(subject="Grüße aus dem Café", text="Schön!\n", html="<p>Schön!</p>\n")),
        policy=email.policy.default,
    )
    theirs = email.message_from_bytes(slow.as_bytes(), policy=email.policy.default)
    assert ours["Subject"] == theirs["Subject"]
    for kind in ("plain", "html"):
        mine, proven = (mail.get_body((kind,)).get_content() for mail in (ours, theirs))
        assert mine.splitlines() == proven.splitlines()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.text(
    'aé漢🎉 =?\r\n\t.\x00\x85\u2028_-<>"\\,;:@()', max_size=300
)
LONG = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 8))


@given(subject=LONG, name=LONG, text=LONG, html=LONG)
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_read_back_equal(
    subject: str, name: str, text: str, html: str
) -> None:
    mail = a_mail(
        subject=subject,
        to=Address("zoe@example.com", name),
        text=text,
        html=html,
        reply_to=Address("hello@cozy.example", name),
        headers={"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    octets = write(mail, b"key")
    parsed = email.message_from_bytes(octets)
    assert parsed.keys() == [
        "Date",
        "From",
        "Reply-To",
        "To",
        "Subject",
        "Message-ID",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Content-Type",
    ]
    assert not parsed.defects
    assert decoded(octets, "Subject") == flatten(subject)
    [recipient] = email.message_from_bytes(octets, policy=email.policy.default)["To"].addresses
    assert recipient.addr_spec == "zoe@example.com"
    lines = "\r\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert body(parsed, "text/plain") == lines
    assert body(parsed, "text/html").splitlines() == html.splitlines()
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    assert longest_line(octets) <= 78
    assert all(len(word) <= 75 for word in ENCODED_WORD.findall(octets))
