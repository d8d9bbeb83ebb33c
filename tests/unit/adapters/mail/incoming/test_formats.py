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
