"""A stand-in for whoever signs SendGrid's webhooks: a key of its own, and posts signed with it."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass
class Signer:
    """Signs as SendGrid does: the timestamp, then the octets of the body."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def public_key(self) -> str:
        """As SendGrid shows it."""
        key = self.private.public_key()
        return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()

    def headers(self, body: bytes, timestamp: str) -> dict[str, str]:
        """The two headers of a signed post."""
        signed = self.private.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": b64encode(signed).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
            "Content-Type": "application/json",
        }


def body_of(*events: dict[str, Any]) -> bytes:
    """Events as SendGrid writes them, with its final line end."""
    return json.dumps(events).encode() + b"\r\n"
