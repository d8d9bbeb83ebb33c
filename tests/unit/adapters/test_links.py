"""Signed links: forged ones open nothing, old ones keep working."""

from __future__ import annotations

from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adapters.links import Links, Purpose, link_keys

OLD, NEW = b"an older key of the shop", b"a newer key of the shop"
SEND_ID = "0123456789abcdef0123" + "f" * 44
LINKS = Links("https://cozy.example/", [NEW, OLD])


def test_a_token_has_32_characters_and_leads_back_to_its_mail() -> None:
    token = LINKS.token("u", SEND_ID)
    assert len(token) == 32
    assert LINKS.read("u", token) == SEND_ID[:20]
    assert LINKS.url("u", SEND_ID) == f"https://cozy.example/u/{token}"


def test_a_token_is_good_for_one_purpose_only() -> None:
    for purpose, other in permutations(get_args(Purpose), 2):
        assert LINKS.read(other, LINKS.token(purpose, SEND_ID)) is None


def test_a_key_that_is_turned_over_signs_and_the_older_ones_go_on_verifying() -> None:
    """docs/how-to/run-in-production.md, "Turn over the link key"."""
    before = Links("https://cozy.example", link_keys("the oldest key of the shop"))
    after = Links(
        "https://cozy.example", link_keys("the newest key of the shop,the oldest key of the shop")
    )
    done = Links("https://cozy.example", link_keys("the newest key of the shop"))
    old, new = before.token("u", SEND_ID), after.token("u", SEND_ID)
    assert old != new
    assert after.read("u", old) == after.read("u", new) == SEND_ID[:20]
    assert done.read("u", new) == SEND_ID[:20]
    assert done.read("u", old) is None


def test_R5_6_a_link_signed_with_an_older_key_keeps_working() -> None:
    token = Links("https://cozy.example", [OLD]).token("u", SEND_ID)
    assert LINKS.read("u", token) == SEND_ID[:20]
    assert Links("https://cozy.example", [NEW]).read("u", token) is None


@given(st.integers(0, 31), st.sampled_from("ABCDefgh0123-_"))
@settings(max_examples=60, deadline=None)
def test_a_token_with_another_letter_is_not_ours(place: int, letter: str) -> None:
    token = LINKS.token("u", SEND_ID)
    forged = token[:place] + letter + token[place + 1 :]
    assert (LINKS.read("u", forged) is None) == (forged != token)


@pytest.mark.parametrize("token", ["", "short", "é" * 32, "A" * 31, "A" * 33, "A" * 31 + "\n"])
def test_what_is_no_token_is_not_read(token: str) -> None:
    assert LINKS.read("u", token) is None


@pytest.mark.parametrize("send_id", ["abc", "", "no hex at all, really"])
def test_a_send_id_without_80_bits_makes_no_token(send_id: str) -> None:
    with pytest.raises(ValueError):
        LINKS.token("u", send_id)


def test_keys_stand_between_commas_the_newest_first() -> None:
    assert link_keys("a newer key of the shop, an older key of the shop") == (NEW, OLD)


@pytest.mark.parametrize("secret", ["", "short", "long enough to be a key, short", " , "])
def test_a_key_that_is_too_easy_to_guess_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="16"):
        link_keys(secret)


def test_a_stamp_is_good_for_its_form_and_its_second() -> None:
    stamp = LINKS.stamp("news", 1_772_620_200)
    assert LINKS.second_of("news", stamp) == 1_772_620_200
    assert LINKS.second_of("offers", stamp) is None
    second, _, mac = stamp.partition(".")
    for forged in (f"{second}0.{mac}", f"{second}.{mac[::-1]}", "", ".", "0.", stamp + "A", "é.é"):
        assert LINKS.second_of("news", forged) is None
