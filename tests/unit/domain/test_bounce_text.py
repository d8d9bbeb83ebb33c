"""What a refusal means, by the words of mail servers that people meet (R5.8)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.bounce_text import judge, status_in

_FILE = Path(__file__).parents[2] / "data" / "bounces" / "refusals.tsv"
SAID = [line.split("\t") for line in _FILE.read_text().splitlines()[1:]]


@pytest.mark.parametrize(("verdict", "status", "text"), SAID)
def test_the_words_count_beside_the_code(verdict: str, status: str, text: str) -> None:
    """R5.8: hard is only what says that the address is bad; a code alone is often wrong."""
    found, _ = judge(status, text)
    assert (found == "hard") == (verdict == "hard"), found


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550-5.1.1 The account", "5.1.1"),
        ("550 #5.1.0 Address rejected", "5.1.0"),
        ("smtp; 550 from 192.0.2.1: no", ""),
        ("Exim 4.96.2 said no", ""),
        ("host 5.1.1.20 said: 550 5.2.2 full", "5.2.2"),
        ("<mx.dest.example #5.1.1>", "5.1.1"),
    ],
)
def test_a_code_is_told_from_other_numbers(text: str, status: str) -> None:
    """RFC 3463"""
    assert status_in(text) == status


@given(st.text(max_size=300), st.sampled_from(["", "5.1.1", "5.7.1", "4.2.2", "x"]))
def test_any_words_have_a_verdict(text: str, status: str) -> None:
    assert judge(status, text)[0] in ("hard", "soft", "unknown")


@given(st.text(max_size=100), st.booleans())
def test_what_is_still_tried_is_never_hard(text: str, with_code: bool) -> None:
    """RFC 3464 2.3.3: a delay is no failure."""
    assert judge("5.1.1" if with_code else "", text, final=False)[0] == "soft"
