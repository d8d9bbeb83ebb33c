"""Whatever comes has an answer."""

from datetime import UTC
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.incoming import parts
from engine.adapters.mail.incoming.read import read_mail
from engine.domain.incoming import Bounce, Incoming, Reply
from tests.standins.work import calls
from tests.unit.adapters.mail.incoming.formats import FORMATS, mail

_SOUND = [octets for octets, _ in FORMATS.values()]
_PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([
        b"\r\n", b"\r\n\r\n", b"--b1\r\n", b"=?utf-8?b?!!!?=", b"=?x-none?q?=FF?=", b"\xff\xfe", b"\0",
        b"Content-Type: multipart/report; boundary=\r\n", b"Content-Transfer-Encoding: base64\r\n",
        b'Content-Type: text/plain; charset="no-such"\r\n', b"Content-Type: message/rfc822\r\n\r\n",
        b"From: <@>\r\n", b"From: (((\r\n", b"To: a@b, <c@d\r\n", b"Date: Mon, 99 Foo 99999\r\n",
        b"Final-Recipient: rfc822;\r\n", b"Action: failed\r\n", b"Message-ID: <<<>>>\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n", b"begin 644 x\r\n!!\r\nend\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n", b"Content-Type: text/plain; charset*=utf-9''%FF\r\n",
    ]),
)  # fmt: skip


@st.composite
def _broken(draw: st.DrawFn) -> bytes:
    octets = bytearray(draw(st.sampled_from(_SOUND)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(octets)))
        end = draw(st.integers(start, min(len(octets), start + 60)))
        octets[start:end] = draw(_PIECES)
    return bytes(octets)


def _is_answered(octets: bytes) -> Incoming:
    incoming = read_mail(octets)
    assert isinstance(incoming, get_args(Incoming))
    assert incoming.envelope.date is None or incoming.envelope.date.tzinfo is UTC
    assert "\n" not in incoming.envelope.subject
    if isinstance(incoming, Bounce):
        assert incoming.undelivered
        assert all("@" in one.address and " " not in one.address for one in incoming.undelivered)
    return incoming


@given(_broken())
def test_a_broken_report_never_breaks_the_reader(octets: bytes) -> None:
    _is_answered(octets)


@given(st.binary(max_size=600))
def test_octets_of_any_kind_have_an_answer(octets: bytes) -> None:
    _is_answered(octets)


@given(st.lists(_PIECES, max_size=30).map(b"".join))
def test_headers_of_any_kind_have_an_answer(octets: bytes) -> None:
    _is_answered(octets)


@pytest.mark.parametrize("cut", range(0, 1000, 37))
def test_a_mail_that_was_cut_off_has_an_answer(cut: int) -> None:
    for octets in _SOUND:
        _is_answered(octets[:cut])


def test_a_mail_of_30_mb_is_read_from_its_start() -> None:
    """What somebody has to say stands first; an attachment is not read."""
    head = mail(
        """
        From: ada@dest.example
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="b1"
        """,
        "--b1\nContent-Type: text/plain\n\nSee the pictures.\n--b1\nContent-Type: image/png",
    )
    reply = _is_answered(head + b"\r\n" + b"A" * 76 + b"\r\n" * (30 * 1024 * 1024 // 2))
    assert isinstance(reply, Reply)
    assert reply.text.strip() == "See the pictures."


def test_a_report_with_30_mb_of_returned_mail_is_understood() -> None:
    octets, expected = FORMATS["qmail"]
    bounce = _is_answered(octets + b"spam spam <x@y.example>\r\n" * (30 * 1024 * 1024 // 26))
    assert isinstance(bounce, Bounce)
    assert tuple((one.address, one.verdict) for one in bounce.undelivered) == expected


@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822"])
def test_a_mail_that_is_nested_without_end_is_read_as_text(kind: str) -> None:
    octets = b"From: ada@dest.example\r\n"
    for depth in range(3000):
        octets += f"Content-Type: {kind}; boundary=b{depth}\r\n\r\n--b{depth}\r\n".encode()
    assert isinstance(_is_answered(octets), Reply)


@pytest.mark.parametrize(
    "charset", ["no-such", "unknown-8bit", "utf-16", "idna", "rot13", "base64", ""]
)
def test_a_charset_that_is_none_is_no_trouble(charset: str) -> None:
    reply = _is_answered(
        f"From: ada@dest.example\r\nSubject: =?{charset}?q?Gr=C3=BC=C3=9Fe?=\r\n"
        f'Content-Type: text/plain; charset="{charset}"\r\n\r\nGrüße\r\n'.encode()
    )
    assert isinstance(reply, Reply)


def test_a_body_in_an_unnamed_charset_is_read_as_what_it_looks_like() -> None:
    reply = _is_answered("From: a@b.example\r\n\r\nGrüße".encode("latin-1"))
    assert isinstance(reply, Reply)
    assert reply.text == "Grüße"


@pytest.mark.parametrize(
    "fields",
    [
        b"From: " + b"(" * 100_000,
        b"From: " + b"a@b.c, " * 100_000,
        b"Subject: " + b"message " * 100_000,
        b"Subject: " + b"\r" * 1_000_000 + b"x",
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000,
        b"To: a@b.c\r\n" * 20_000,
        b"Content-Type: text/plain; " + b"x*0=a; " * 2_000,
    ],
    ids=["comments", "addresses", "words", "returns", "encoded words", "fields", "parameters"],
)
def test_fields_without_measure_are_read_from_their_start(fields: bytes) -> None:
    assert isinstance(_is_answered(fields + b"\r\n\r\nHello\r\n"), Reply)


@pytest.mark.parametrize(
    "text",
    [b"\n" * 60_000, b">\n" * 30_000, b"to:" + b" " * 60_000, b"to=\n" + b"\n" * 60_000],
    ids=["lines", "quoted lines", "blanks", "lines behind a name"],
)
def test_a_report_of_blanks_is_read_as_fast_as_any(text: bytes) -> None:
    """One such mail would stand still for hours, and every process that holds it with it."""
    head = b"From: mailer-daemon@dest.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    _is_answered(head + b"\r\ncould not be delivered\n" + text)


def test_a_copy_of_blanks_is_read_as_fast_as_any() -> None:
    head = b"From: mailer-daemon@dest.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    copy = b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nto:" + b" " * 50_000 + b"x" * 3_000
    kind = b"Content-Type: multipart/report; boundary=b\r\n\r\n"
    _is_answered(head + kind + (copy + b"\r\n") * 30 + b"--b--\r\n")


@pytest.mark.parametrize(("charset", "half"), [("utf-7", b"+2AA-"), ("unicode_escape", rb"\ud800")])
def test_half_a_character_is_none(
    charset: str, half: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Some charsets can spell one; nobody could store it."""
    failed = b"could not be delivered to <ada@x.example>: 550 5.1.1 no such user " + half
    bounce = _is_answered(
        b"From: mailer-daemon@x.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        + f'Content-Type: text/plain; charset="{charset}"\r\n\r\n'.encode()
        + failed
    )
    assert isinstance(bounce, Bounce)
    assert bounce.undelivered[0].text.endswith("no such user")
    assert caplog.records == []


def _nested(depth: int, line: bytes, lines: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    )
    return b"From: ada@dest.example\r\n" + head + b"Content-Type: text/plain\r\n\r\n" + line * lines


@pytest.mark.parametrize("line", [b"\n", b"\r", b"x\r\n", b"--\n", b"--b0\n\n"])
@pytest.mark.parametrize("depth", [0, 1, 30, 99])
def test_a_longer_mail_is_no_more_work_behind_its_measure(
    depth: int, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two MiB of empty lines in a hundred parts took 16 seconds: each line was held against each part."""
    monkeypatch.setattr(parts, "_MOST_LINES", 1_000)
    mails = [_nested(depth, line, many) for many in (1_000, 20_000)]
    short, long = (calls(lambda octets=octets: read_mail(octets)) for octets in mails)  # type: ignore[misc]
    assert long <= short * 1.1 + 500


def test_a_mail_within_its_measure_is_read_to_its_end() -> None:
    reply = _is_answered(_nested(20, b"", 0) + b"x\n" * 5_000 + b"the end\n")
    assert isinstance(reply, Reply)
    assert reply.text.endswith("the end")
