import pytest

from engine.adapters.mail.incoming.read import read_mail
from engine.domain.incoming import Bounce
from tests.unit.adapters.mail.incoming.formats import FORMATS, mail


@pytest.mark.parametrize("server", FORMATS)
def test_a_server_is_understood(server: str) -> None:
    """R5.8: who was not reached, and whether the address is bad, by code and text."""
    octets, expected = FORMATS[server]
    bounce = read_mail(octets)
    assert isinstance(bounce, Bounce)
    assert tuple((one.address, one.verdict) for one in bounce.undelivered) == expected


def test_the_subject_of_our_own_mail_says_nothing_of_its_reader() -> None:
    """R5.8: "full" in the subject of a mail that came back is not a full mailbox."""
    octets, _ = FORMATS["notes"]
    bounce = read_mail(octets.replace(b"News from Cozy", b"A mailbox full of offers, no spam"))
    assert isinstance(bounce, Bounce)
    assert [one.verdict for one in bounce.undelivered] == ["hard"]


@pytest.mark.parametrize(
    "text",
    [
        "A message is delayed for more than 10 minutes for the following\nlist of recipients:",
        "Please note that this is only a temporary failure report.",
        "You DO NOT NEED to re-send the message to these recipients.",
        "The server will continue trying for up to 21 hours.",
    ],
)
def test_a_server_that_still_tries_has_not_given_up(text: str) -> None:
    """RFC 3464 2.3.3: a delay is no bounce."""
    fields = "From: MAILER-DAEMON@mx.dest.example\nSubject: Delivery status notification"
    bounce = read_mail(
        mail(fields, f"{text}\n\nada@dest.example: Network error on destination MXs")
    )
    assert isinstance(bounce, Bounce)
    assert [(one.address, one.verdict, one.final) for one in bounce.undelivered] == [
        ("ada@dest.example", "soft", False)
    ]
