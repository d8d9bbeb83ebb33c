"""The address of its own that each mail comes back to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.verp import LONGEST_NAME, Verp

KEY, OLD, OTHER = b"a key of the coffee shop", b"the key of last year", b"somebody else's key"
SEND_ID = "5f" * 16
_IDS = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(_IDS)
def test_every_mail_has_an_address_that_leads_back_to_it(send_id: str) -> None:
    verp = Verp("bounce@cozy.example", [KEY])
    address = verp.sender(send_id)
    assert verp.read(address) == send_id[:20]
    assert verp.read(address.upper()) == send_id[:20], "some servers change the letters"
    local, _, domain = address.rpartition("@")
    assert len(local) <= 64
    assert domain == "cozy.example"


@given(_IDS, st.text("0123456789abcdef.+@", min_size=1, max_size=50))
def test_an_address_that_was_changed_is_not_ours(send_id: str, other: str) -> None:
    verp = Verp("bounce@cozy.example", [KEY])
    local = verp.sender(send_id).partition("@")[0]
    mark = local.partition("+")[2]
    if other != mark:
        assert verp.read(f"bounce+{other}@cozy.example") is None
    assert verp.read(f"bounce+{mark}@evil.example") is None
    assert verp.read(f"other+{mark}@cozy.example") is None
    assert Verp("bounce@cozy.example", [OTHER]).read(f"{local}@cozy.example") is None


def test_an_older_key_is_still_read_and_the_newest_signs() -> None:
    before = Verp("bounce@cozy.example", [OLD]).sender(SEND_ID)
    turned = Verp("bounce@cozy.example", [KEY, OLD])
    assert turned.read(before) == SEND_ID[:20]
    assert turned.sender(SEND_ID) == Verp("bounce@cozy.example", [KEY]).sender(SEND_ID)


@pytest.mark.parametrize("text", ["", "@", "bounce+@cozy.example", "bounce@cozy.example", "ü+ü@ü"])
def test_what_has_no_mark_is_not_ours(text: str) -> None:
    assert Verp("bounce@cozy.example", [KEY]).read(text) is None


def test_a_name_leaves_room_for_the_mark_and_a_key_must_be_there() -> None:
    """RFC 5321 4.5.3.1.1: 64 octets."""
    assert len(Verp(f"{'b' * LONGEST_NAME}@x.org", [KEY]).sender(SEND_ID).partition("@")[0]) == 64
    with pytest.raises(ValueError, match="characters"):
        Verp(f"{'b' * (LONGEST_NAME + 1)}@x.org", [KEY])
    with pytest.raises(ValueError, match="key"):
        Verp("bounce@x.org", [])
