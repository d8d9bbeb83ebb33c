"""SPF, DKIM and DMARC records, read from their texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.sender_records import (
    Dmarc,
    Spf,
    above,
    aligned,
    dmarc_among,
    key_of,
    read_dmarc,
    read_spf,
    signs,
    spf_among,
)


@pytest.mark.parametrize(
    ("record", "spf"),
    [
        ("v=spf1 -all", Spf((), 0, "-")),
        ("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all", Spf((), 0, "~")),
        (
            "v=spf1 include:a.example include:B.example. ?all",
            Spf(("a.example", "b.example"), 2, "?"),
        ),
        ("v=spf1 a mx ptr exists:%{i}.x.example a:c.example mx/24 all", Spf((), 6, "+")),
        ("v=spf1 a/24 redirect=d.example", Spf(("d.example",), 2, "")),
        ("V=SPF1 +INCLUDE:e.example -ALL", Spf(("e.example",), 1, "-")),
        ("v=spf1", Spf((), 0, "")),
    ],
)
def test_spf_counts_what_receivers_look_up(record: str, spf: Spf) -> None:
    """RFC 7208 4.6.4."""
    assert read_spf(record) == spf


def test_what_is_no_spf_record_is_none() -> None:
    assert spf_among(["v=spf1 -all", "v=spf10 -all", "google-site=x", "spf2.0/pra"]) == [
        "v=spf1 -all"
    ]


@pytest.mark.parametrize(
    ("record", "dmarc"),
    [
        ("v=DMARC1; p=none", Dmarc("none", "")),
        ("v=DMARC1;p=Reject;rua=mailto:d@x.example", Dmarc("reject", "mailto:d@x.example")),
        ("v=DMARC1; p=nothing", None),
        ("v=DMARC1", None),
    ],
)
def test_dmarc_asks_for_one_of_three_things(record: str, dmarc: Dmarc | None) -> None:
    assert dmarc_among([record, "v=spf1 -all", "v=DMARC10; p=none"]) == [record]
    assert read_dmarc(record) == dmarc


def test_the_walk_ends_at_two_labels() -> None:
    """RFC 9989 4.10."""
    assert above("News.Mail.cozy.example.") == ["news.mail.cozy.example", "mail.cozy.example",
                                               "cozy.example"]  # fmt: skip
    assert above("localhost") == ["localhost"]


@pytest.mark.parametrize(
    ("record", "key"),
    [
        ("v=DKIM1; k=rsa; p=QUJD", b"ABC"),
        ("p=QU JD", b"ABC"),
        ("v=DKIM1; p=", b""),
        ("v=DKIM1; k=rsa", None),
        ("v=spf1 include:p=QUJD", None),
        ("v=DKIM1; p=***", None),
    ],
)
def test_a_dkim_key_is_there_revoked_or_none(record: str, key: bytes | None) -> None:
    assert key_of(record) == key


def test_a_signature_says_who_signs_what() -> None:
    value = (
        "v=1; a=rsa-sha256; d=Cozy.example;\r\n s=s1; h=From:To:\r\n List-Unsubscribe; bh=x; b=y"
    )
    assert signs(value) == ("cozy.example", frozenset({"from", "to", "list-unsubscribe"}))


def test_alignment_is_relaxed() -> None:
    assert aligned("mail.cozy.example", "cozy.example")
    assert aligned("cozy.example", "mail.cozy.example")
    assert not aligned("cozy.example", "cosy.example")
    assert not aligned("cozy.example", "")


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_any_text_is_read_without_complaint(text: str) -> None:
    read_spf(text)
    read_dmarc(text)
    key_of(text)
    signs(text)
