"""`Authentication-Results` of our own server, and of nobody else (RFC 8601)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.incoming.authentication import checks_of, parts_of
from engine.adapters.mail.incoming.parts import Mail
from engine.adapters.mail.incoming.read import read_mail
from engine.domain.authentication import Check
from engine.domain.incoming import Reply

OURS = {"mx.cozy.example"}


def checks(*fields: str) -> list[Check]:
    head = "".join(f"Authentication-Results: {field}\r\n" for field in fields)
    return checks_of(Mail.of(f"{head}From: ann@x.example\r\n\r\nstop\r\n".encode()), OURS)


def test_what_servers_write_is_read() -> None:
    """RFC 8601 appendix B, and the habits of OpenDKIM, Rspamd and Gmail."""
    assert checks(
        "MX.cozy.example 1;\r\n dkim=pass (2048-bit key; unprotected) header.d=x.example"
        " header.i=@x.example header.b=\"a;b\";\r\n\tspf=pass (cozy: domain of ann@x.example designates"
        " 192.0.2.1 as permitted) smtp.mailfrom=ann@x.example;\r\n dmarc=pass (p=REJECT (sp=NONE))"
        " header.from=x.example;\r\n arc=none"
    ) == [
        Check("dkim", "pass", "x.example"),
        Check("spf", "pass", "x.example"),
        Check("dmarc", "pass", "x.example"),
    ]  # fmt: skip
    assert checks("mx.cozy.example; none") == []
    assert checks("mx.cozy.example; dkim/1 = fail reason=\"bad\" header.i=@news.x.example.") == [
        Check("dkim", "fail", "news.x.example")
    ]  # fmt: skip


def test_two_fields_of_ours_are_one_and_the_upper_one_counts() -> None:
    """A server writes above what was there: what stands below may have come in."""
    assert checks(
        "mx.cozy.example; dkim=fail header.d=x.example",
        "mx.cozy.example; spf=none",
        "mx.cozy.example; dkim=pass header.d=x.example; spf=pass smtp.mailfrom=x.example",
    ) == [Check("dkim", "fail", "x.example"), Check("spf", "none")]


FORGED = {
    "another server": "mx.evil.example; dmarc=pass header.from=x.example",
    "a server that has our name in its own": "mx.cozy.example.evil.example; dmarc=pass header.from=x.example",
    "our name in other letters": "=?utf-8?q?mx.cozy.example?=; dmarc=pass header.from=x.example",
    "our name in quotes": '"mx.cozy.example"; dmarc=pass header.from=x.example',
    "our name behind a comment": "(hello) mx.cozy.example; dmarc=pass header.from=x.example",
    "no server": "dmarc=pass header.from=x.example",
    "nothing": "",
}


@pytest.mark.parametrize("which", FORGED)
def test_what_anybody_can_write_counts_nothing(which: str) -> None:
    assert checks(FORGED[which]) == []


INJECTED = {
    "a result in the sender's own name": (
        'spf=pass smtp.mailfrom="a; dmarc=pass header.from=x.example"@evil.example',
        [Check("spf", "pass", "evil.example")],
    ),
    "a domain in the sender's own name": (
        'spf=pass smtp.mailfrom="a@x.example"@evil.example',
        [Check("spf", "pass", "evil.example")],
    ),
    "a property in the sender's own name": (
        'spf=pass smtp.mailfrom="a smtp.mailfrom=x.example"@evil.example',
        [Check("spf", "pass", "evil.example")],
    ),
    "the same property twice": (
        "spf=pass smtp.mailfrom=a@evil.example smtp.mailfrom=x.example",
        [Check("spf", "pass")],
    ),
    "a sender's own name that ends the comment it stands in": (
        'spf=pass (domain of "a) smtp.mailfrom=x@x.example ("@evil.example designates 192.0.2.1)'
        ' smtp.mailfrom="a) smtp.mailfrom=x@x.example ("@evil.example',
        [Check("spf", "pass")],
    ),
    "a property in the reason": (
        'dkim=pass reason="see header.d=x.example" header.d=evil.example',
        [Check("dkim", "pass", "evil.example")],
    ),
    "a quote that never ends": ('spf=pass smtp.mailfrom=" ; dmarc=pass header.from=x.example', []),
    "a comment that never ends": ("spf=none (; dmarc=pass header.from=x.example", [Check("spf", "none")]),
    "a quote in a comment": (
        'spf=none (says ") dmarc) smtp.mailfrom=evil.example; dkim=none (")',
        [Check("spf", "none", "evil.example"), Check("dkim", "none")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", INJECTED)
def test_a_senders_own_words_make_no_result(which: str) -> None:
    """A server copies some of them into its field."""
    written, read = INJECTED[which]
    assert checks(f"mx.cozy.example; {written}") == read


@given(st.text('()"\\;= ax.@', max_size=60))
def test_a_field_of_any_kind_has_parts(value: str) -> None:
    assert len(parts_of(value)) <= value.count(";") + 1
    checks(f"mx.cozy.example; {value}")


@pytest.mark.parametrize(
    ("result", "proof"), [("pass", "pass"), ("fail", "fail"), ("none", "none")]
)
def test_a_reply_says_whether_its_sender_is_proved(result: str, proof: str) -> None:
    octets = (
        f"Authentication-Results: mx.cozy.example; dmarc={result} header.from=x.example\r\n"
        "From: Ann <ann@x.example>, eve@y.example\r\nSubject: Re: News\r\n\r\nstop\r\n"
    ).encode()
    found = read_mail(octets, OURS)
    assert isinstance(found, Reply)
    assert found.envelope.proof == proof
    assert read_mail(octets).envelope.proof == "none"


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("=?utf-8?q?=22x=22_=3Cann=40x.example=3E=2C?= <eve@evil.example>", "eve@evil.example"),
        ("=?utf-8?q?ann=40x.example=2C?= <eve@evil.example>", "eve@evil.example"),
        ("=?utf-8?b?QW5uIDxhbm5AeC5leGFtcGxlPg==?=", ""),
        ("=?utf-8?q?M=C3=BCller=2C_Ann?= <ann@x.example>", "ann@x.example"),
        ("=?utf-8?q?ann=40x.example?= <Ann@x.example>", "ann@x.example"),
        ("Änn <änn@exämple.example>", "änn@exämple.example"),
    ],
)
def test_an_encoded_word_holds_no_sender(written: str, sender: str) -> None:
    """RFC 2047 5: else DMARC passes for whom a server sees in From, and we read somebody else there, whose
    own domain never had a say."""
    field = "Authentication-Results: mx.cozy.example; dmarc=pass header.from=evil.example"
    octets = f"{field}\r\nFrom: {written}\r\nSubject: Re: News\r\n\r\nstop\r\n".encode()
    assert read_mail(octets, OURS).envelope.sender == sender


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_bare_return_begins_no_field(end: str) -> None:
    """RFC 5322 2.2: a server reads on in the subject, and checks the From below it."""
    lines = ("Subject: Re: News\rFrom: ann@x.example", "From: eve@evil.example", "", "stop", "it")
    found = read_mail(end.join(lines).encode(), OURS)
    assert isinstance(found, Reply)
    assert found.envelope.sender == "eve@evil.example"
    assert found.text.split() == ["stop", "it"]
