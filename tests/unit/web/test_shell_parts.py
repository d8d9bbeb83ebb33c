"""The parts of the shell: who asks, how often, by which name, and with how much."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.types import Message

from engine.web.shell.bounds import ELSEWHERE, ONE_CLICK, SIGN_UP, Bounds, bounds_of
from engine.web.shell.client import client_of, household, networks
from engine.web.shell.headers import Hosts
from engine.web.shell.posted import Posted, Room
from engine.web.shell.rates import Rates

BEHIND = networks(["127.0.0.1", "10.0.0.0/8"])
SLOW = Bounds("slow", body=0, seconds=1, rate=0.5, burst=3)


class Clock:
    """Seconds that rise when told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


# ── who asks ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["1.2.3.4"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["1.2.3.4", "203.0.113.9, 10.1.1.1"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::ffff:127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["<script>"], "127.0.0.1"),
        ("127.0.0.1", ["1.2.3.4, nonsense"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        (None, ["1.2.3.4"], "unknown"),
    ],
)
def test_only_a_proxy_of_ours_is_believed_and_only_as_far_as_ours_wrote(
    peer: str | None, forwarded: list[str], client: str
) -> None:
    assert client_of(peer, forwarded, BEHIND) == client


@given(st.lists(st.text(max_size=40), max_size=5))
@settings(max_examples=100)
def test_whatever_stands_in_the_header_there_is_a_client(forwarded: list[str]) -> None:
    assert client_of("198.51.100.1", forwarded, BEHIND) == "198.51.100.1"
    assert len(client_of("127.0.0.1", forwarded, BEHIND)) < 50


def test_a_household_of_ipv6_shares_an_allowance() -> None:
    """Whoever has one such address has 2^64 of them."""
    assert household("2001:db8:0:1::1") == household("2001:db8:0:1:ffff::9")
    assert household("2001:db8:0:1::1") != household("2001:db8:0:2::1")
    assert household("203.0.113.9") == "203.0.113.9"
    assert household("unknown") == "unknown"


# ── how often ─────────────────────────────────────────────────────────────────────────────────


def test_a_burst_passes_then_one_request_as_often_as_the_rate_says() -> None:
    clock = Clock()
    rates = Rates(clock)
    assert [rates.wait(SLOW, "a") for _ in range(4)] == [0, 0, 0, 2]
    assert rates.wait(SLOW, "b") == 0
    clock.now += 1
    assert rates.wait(SLOW, "a") == 1
    clock.now += 1
    assert rates.wait(SLOW, "a") == 0
    clock.now += 1_000_000
    assert [rates.wait(SLOW, "a") for _ in range(4)] == [0, 0, 0, 2]


def test_what_it_remembers_is_bounded_and_the_longest_unseen_is_forgotten() -> None:
    rates = Rates(Clock(), most=100)
    for number in range(1_000):
        rates.wait(SLOW, f"client {number}")
        rates.wait(SLOW, "regular")
    assert len(rates) == 100
    assert rates.wait(SLOW, "regular") > 0


def test_R5_6_a_provider_that_posts_thousands_of_one_clicks_from_one_address_is_not_refused() -> (
    None
):
    """A mail to a million people: one in a hundred leaves at once, all through one provider."""
    rates = Rates(Clock())
    assert not any(rates.wait(ONE_CLICK, "192.0.2.1") for _ in range(10_000))


def test_signing_up_by_hand_bears_less_than_looking_at_the_form() -> None:
    assert bounds_of("POST", "/s/news") is SIGN_UP
    assert bounds_of("GET", "/s/news") is not SIGN_UP
    assert bounds_of("GET", "/wp-admin") is ELSEWHERE


# ── by which name ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("cozy.example", True),
        ("COZY.example.", True),
        ("cozy.example:443", True),
        ("mail.cozy.example", True),
        ("localhost:8000", True),
        ("[::1]:8000", True),
        ("127.0.0.1", True),
        ("evil.example", False),
        ("cozy.example.evil.example", False),
        ("evil.example:cozy.example", False),
        ("", False),
        ("cozy.example@evil.example", False),
    ],
)
def test_it_answers_to_its_own_names_only(host: str, ours: bool) -> None:
    assert (host in Hosts("https://Cozy.example:8443/", ["mail.cozy.example"])) == ours


# ── how much together ─────────────────────────────────────────────────────────────────────────


def test_strangers_cannot_make_us_hold_more_than_there_is_room_for() -> None:
    """A body is judged when all of it is here. What is held until then is bounded, whoever posts it; what
    is small finds its way all the same, and a request that is over takes up nothing."""
    mails = Bounds("mail-in", body=1_000_000, seconds=5, rate=1, burst=1)
    room = Room(300_000)

    def posting(*parts: int) -> Posted:
        said = iter(parts)

        async def receive() -> Message:
            octets = next(said, None)
            return {"type": "http.request", "body": b"x" * (octets or 0), "more_body": bool(octets)}

        return Posted(receive, mails, room)

    async def come() -> None:
        first, second, small = posting(200_000, 50_000), posting(200_000), posting(1_000)
        await first.receive()
        with pytest.raises(HTTPException) as refused:
            await second.receive()
        assert refused.value.status_code == 503
        assert refused.value.headers == {"Retry-After": "10"}
        await small.receive()
        second.release()
        await first.receive()
        first.release()
        small.release()
        assert room.held == 0
        await posting(200_000).receive()

    asyncio.run(come())
