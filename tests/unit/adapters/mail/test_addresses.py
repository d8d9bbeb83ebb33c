"""Addresses: the published cases of two other projects, and our stricter rules on top."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from engine.adapters.mail.addresses import NotAnAddress, mailbox, needs_smtputf8, normal

DATA = Path(__file__).parents[3] / "data"
VALIDATOR = json.loads((DATA / "addresses/email_validator_cases.json").read_text(encoding="utf-8"))
HOSTILE = json.loads((DATA / "messages/header_cases.json").read_text(encoding="utf-8"))["addresses"]
ISEMAIL = [
    (
        "".join(
            chr(ord(letter) - 0x2400) if "\u2400" <= letter < "\u2420" else letter
            for letter in test.findtext("address") or ""
        ),
        test.findtext("category"),
    )
    for test in ET.parse(DATA / "addresses/isemail_tests.xml").iter("test")
]


def cases(name: str) -> list:
    return VALIDATOR[name]["cases"]


def first(case: object) -> str:
    return case if isinstance(case, str) else case[0]


@pytest.mark.parametrize(
    "case", cases("test_email_valid") + cases("test_email_valid_intl_local_part"), ids=first
)
def test_a_valid_address_has_the_normal_form_that_others_expect(case: list) -> None:
    given, expected = case
    if '"' in given or "<" in given:
        with pytest.raises(NotAnAddress):
            normal(given)
    else:
        assert normal(given) == f"{expected['local_part']}@{expected['ascii_domain']}"


@pytest.mark.parametrize(
    "case",
    cases("test_email_invalid_syntax")
    + cases("test_email_invalid_syntax_strict")
    + cases("test_email_invalid_reserved_domain")
    + cases("test_email_valid_only_if_quoted_local_part"),
    ids=lambda case: ascii(first(case)),
)
def test_what_others_refuse_we_refuse(case: object) -> None:
    with pytest.raises(NotAnAddress):
        normal(first(case))


@pytest.mark.parametrize("case", cases("test_email_unsafe_character"), ids=lambda case: case[1])
def test_an_unsafe_character_is_refused_before_and_after_the_at(case: list) -> None:
    unsafe = "\ud800" if case[1] == "U+D800" else case[0]  # the data could not hold a surrogate
    for address in (f"{unsafe}@example.com", f"a@{unsafe}.com"):
        with pytest.raises(NotAnAddress):
            normal(address)


@pytest.mark.parametrize(("address", "category"), ISEMAIL, ids=lambda value: ascii(value))
def test_isemail_and_we_agree_except_where_we_are_stricter(address: str, category: str) -> None:
    """Only the surrounding spaces of a CSV cell are forgiven; a domain without a dot is not."""
    try:
        normal(address)
        accepted = True
    except NotAnAddress:
        accepted = False
    if accepted:
        assert (
            category in {"ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"} or address != address.strip()
        )
        assert "\r" not in address and "\n" not in address
    elif category == "ISEMAIL_VALID_CATEGORY":
        assert "." not in address.rpartition("@")[2]


@pytest.mark.parametrize("case", HOSTILE[:3], ids=lambda case: ascii(case["value"]))
def test_an_address_that_smuggles_a_command_is_refused(case: dict) -> None:
    with pytest.raises(NotAnAddress):
        normal(case["value"])


def test_a_foreign_local_part_is_kept_and_known_to_need_smtputf8() -> None:
    address = normal(HOSTILE[3]["value"])
    assert address == "jörg@xn--bcher-kva.example"
    assert needs_smtputf8(address)
    assert not needs_smtputf8(normal("joerg@bücher.example"))


def test_R3_5_one_mailbox_is_one_however_it_is_spelled() -> None:
    assert normal("Zoe.Miller@Example.COM") == "Zoe.Miller@example.com"
    assert mailbox("Zoe.Miller@Example.COM") == mailbox(" zoe.miller@example.com ")
    assert mailbox("zoe@BÜCHER.example") == mailbox("zoe@xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "empty"),
        ("zoe", "@-sign"),
        ("zoe@example", "period"),
        ("zoe@[192.0.2.1]", "IP address|bracket"),
        ("zoe miller@example.com", "SPACE"),
        ("x" * 60 + "@" + ".".join(["y" * 60] * 4) + ".com", "long"),
    ],
)
def test_the_reason_is_said_in_plain_words(address: str, why: str) -> None:
    with pytest.raises(NotAnAddress, match=why):
        normal(address)


@pytest.mark.parametrize("address", ["Zoe@Example.com", "a@b-c.example", "x+y@example.org"])
def test_the_normal_form_of_a_normal_form_is_itself(address: str) -> None:
    assert normal(normal(address)) == normal(address)
    assert mailbox(mailbox(address)) == mailbox(address)
