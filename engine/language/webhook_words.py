"""`webhooks:` of the config: who may tell us things, and how we know that it is them."""

from __future__ import annotations

from base64 import b64decode

from engine.language import leaf
from engine.language.config_types import Webhooks
from engine.language.pen import Pen
from engine.language.reader import Got, NotAPhrase, Shape, Word, one_or_more, phrase, short
from engine.language.values import LOOKING_BACK

_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""How every public key of the curve P-256 begins (RFC 5480); its point has 64 octets more."""


def _verification_key(text: str) -> str:
    if text.startswith("$"):
        return leaf.secret(text)
    if not is_verification_key(text):
        raise NotAPhrase(
            "C131",
            f"`{short(text)}` is no verification key",
            "copy it whole from SendGrid, Settings, Mail Settings, Event Webhook; it begins with `MFkw`",
        )
    return text


def is_verification_key(text: str) -> bool:
    """Whether this is the base64 of a public key of the curve P-256, as SendGrid shows it."""
    try:
        octets = b64decode(text, validate=True)
    except ValueError:
        return False
    return octets.startswith(_P256) and len(octets) == len(_P256) + 64


SENDGRID = Word(
    "sendgrid",
    one_or_more(
        phrase(
            "a verification key, or a variable that holds it", _verification_key, "$SENDGRID_EVENTS"
        )
    ),
    "The key that SendGrid signs its events with; two while one is replaced.",
    "$SENDGRID_EVENTS",
)
INBOUND = Word(
    "inbound",
    one_or_more(
        phrase(
            "a verification key, or a variable that holds it",
            _verification_key,
            "$SENDGRID_INBOUND",
        )
    ),
    "The key that SendGrid signs mails to you with, where a security policy says so.",
    "$SENDGRID_INBOUND",
)
INBOUND_SECRET = Word(
    "inbound_secret",
    phrase("the name of an environment variable", leaf.secret),
    "Without a security policy: the secret in the address that mails to you are posted to.",
    "$INBOUND_SECRET",
)
REFUSE_AFTER = Word(
    "refuse_after",
    LOOKING_BACK,
    "Refuse what was signed so long ago. Where nothing is said, it is only logged.",
    "24 hours",
)
WEBHOOKS = Shape("`webhooks`", (SENDGRID, INBOUND, INBOUND_SECRET, REFUSE_AFTER))


def read_webhooks(got: Got, pen: Pen) -> Webhooks:
    """Who may tell us things."""
    return Webhooks(
        sendgrid=got.get(SENDGRID) or (),
        inbound=got.get(INBOUND) or (),
        inbound_secret=got.get(INBOUND_SECRET),
        refuse_after=got.get(REFUSE_AFTER),
    )
