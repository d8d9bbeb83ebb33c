import pytest

from engine.adapters.mail.incoming.read import read_mail
from engine.domain.incoming import Bounce
from tests.unit.adapters.mail.incoming.formats import FORMATS


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
