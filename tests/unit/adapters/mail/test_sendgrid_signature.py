"""SendGrid's signature, by its own vectors and two real posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.mail.sendgrid_signature import Signatures

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "data/sendgrid/event_webhook_signature_vectors.json").read_text(
        encoding="utf-8"
    )
)
REAL = next(vector for vector in VECTORS if vector["valid"])
OTHER_KEY = next(v["public_key"] for v in VECTORS if v["public_key"] != REAL["public_key"])


def _verify(vector: dict[str, Any], *keys: str) -> bool:
    signatures = Signatures(keys or [vector["public_key"]])
    payload = vector["payload"].encode("utf-8")
    return signatures.verify(vector["signature"], vector["timestamp"], payload)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_every_public_vector_has_the_right_answer(vector: dict[str, Any]) -> None:
    assert _verify(vector) is vector["valid"]


def test_ten_vectors_are_there() -> None:
    assert len(VECTORS) == 10
    assert sum(vector["valid"] for vector in VECTORS) == 2


def test_while_a_key_is_replaced_both_count() -> None:
    assert _verify(REAL, OTHER_KEY, REAL["public_key"])
    assert not _verify(REAL, OTHER_KEY)


def test_without_a_key_nothing_is_signed() -> None:
    assert not Signatures([]).verify(REAL["signature"], REAL["timestamp"], b"[]")


@pytest.mark.parametrize("signature", ["", "é", "****", "AAAA", "MEUC\n", "=" * 88])
@pytest.mark.parametrize("timestamp", ["", "1600112502", "٣", "\u2028"])
def test_what_is_no_signature_is_none_and_raises_nothing(signature: str, timestamp: str) -> None:
    assert not Signatures([REAL["public_key"]]).verify(signature, timestamp, b"[]")


def test_each_octet_of_the_body_counts() -> None:
    body = REAL["payload"].encode()
    signatures = Signatures([REAL["public_key"]])
    assert body.endswith(b"\r\n")
    for place in range(0, len(body), 7):
        forged = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert not signatures.verify(REAL["signature"], REAL["timestamp"], forged)


@pytest.mark.parametrize("key", ["", "MFkw", "not base64!", OTHER_KEY[:-8]])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Signatures([key])
