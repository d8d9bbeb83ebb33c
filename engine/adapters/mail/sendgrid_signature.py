"""SendGrid's signature: ECDSA on P-256 with SHA-256, over the timestamp and the octets as they came.

The SDK's helper takes text, and raises where a signature is not base64; octets stay octets here, for a
body that is decoded and encoded again need not be the same.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


class Signatures:
    """Knows what is signed with one of some keys: while one is replaced, both count."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` as SendGrid shows them: base64 of a public key.

        Raises:
            ValueError: if one is none, or not of the curve P-256.
        """
        self._keys = tuple(_public(key) for key in keys)

    def verify(self, signature: str, timestamp: str, body: bytes) -> bool:
        """Whether this timestamp and body were signed by the holder of one of the keys."""
        try:
            signed = b64decode(signature, validate=True)
            content = timestamp.encode("ascii") + body
        except ValueError:
            return False
        return any(_signed(key, signed, content) for key in self._keys)


def _signed(key: EllipticCurvePublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _public(key: str) -> EllipticCurvePublicKey:
    found = load_der_public_key(b64decode("".join(key.split()), validate=True))
    if not isinstance(found, EllipticCurvePublicKey) or not isinstance(found.curve, SECP256R1):
        raise ValueError("this is no key of the curve P-256")
    return found
