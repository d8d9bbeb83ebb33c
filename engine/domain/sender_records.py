"""What a domain says in the DNS of who may send in its name: SPF (RFC 7208), DKIM keys (RFC 6376, 8301)
and DMARC (RFC 9989), read from the texts of their records."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SPF_MOST_LOOKUPS = 10
"""RFC 7208 4.6.4: a record that asks for more is an error, and then nothing passes."""
_LOOKING_UP = ("include", "a", "mx", "ptr", "exists", "redirect")
_TERM = re.compile(r"([+?~-]?)([a-z]+)(?:[:=](.*))?$|([+?~-]?)([a-z]+)(/.*)$", re.IGNORECASE)
FREE_MAIL = frozenset(
    "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr ymail.com outlook.com hotmail.com live.com"
    " msn.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de"
    " orange.fr free.fr laposte.net libero.it proton.me protonmail.com mail.ru yandex.ru qq.com 163.com"
    .split()
)  # fmt: skip
"""Mailbox providers whose DMARC lets nobody else send in their name."""


@dataclass(frozen=True, slots=True)
class Spf:
    """An SPF record: the domains that it includes or redirects to, how many look-ups it asks for by
    itself, and what becomes of everybody else (`-`, `~`, `?`, `+`; empty where it does not say)."""

    includes: tuple[str, ...]
    lookups: int
    everybody_else: str


@dataclass(frozen=True, slots=True)
class Dmarc:
    """A DMARC record: what receivers are asked to do, and where reports go."""

    policy: str
    reports: str


def spf_among(texts: Iterable[str]) -> list[str]:
    """The SPF records among the texts of a domain. Two are an error for receivers, as none is."""
    return [text for text in texts if re.match(r"v=spf1( |$)", text, re.IGNORECASE)]


def read_spf(record: str) -> Spf:
    """An SPF record."""
    includes, lookups, everybody_else = [], 0, ""
    for term in record.split()[1:]:
        found = _TERM.match(term)
        if found is None:
            continue
        sign, name, value = found[1] or found[4] or "+", (found[2] or found[5]).lower(), found[3]
        if name == "all":
            everybody_else = sign
        lookups += name in _LOOKING_UP
        if name in ("include", "redirect") and value:
            includes.append(value.rstrip(".").lower())
    return Spf(tuple(includes), lookups, everybody_else)


def tags(record: str) -> Mapping[str, str]:
    """`v=DMARC1; p=none` as names and values. Of a repeated one the first."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def dmarc_among(texts: Iterable[str]) -> list[str]:
    """The DMARC records among the texts of `_dmarc.DOMAIN`."""
    return [text for text in texts if re.match(r"\s*v\s*=\s*DMARC1\s*(;|$)", text)]


def read_dmarc(record: str) -> Dmarc | None:
    """A DMARC record; None if it asks for nothing that receivers know."""
    found = tags(record)
    policy = found.get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        return None
    return Dmarc(policy, found.get("rua", ""))


def above(domain: str) -> list[str]:
    """The domain and those above it, down to two labels: where DMARC looks, by its tree walk."""
    labels = domain.lower().rstrip(".").split(".")
    return [".".join(labels[at:]) for at in range(len(labels) - 1)][:8] or [domain]


def key_of(record: str) -> bytes | None:
    """The octets of the key in a DKIM record; empty for one that was revoked, None for no DKIM key."""
    found = tags(record)
    if found.get("v", "DKIM1") != "DKIM1" or "p" not in found:
        return None
    try:
        return b64decode("".join(found["p"].split()), validate=True)
    except NotBase64:
        return None


def kind_of_key(record: str) -> str:
    """`rsa` or `ed25519`."""
    return tags(record).get("k", "rsa").lower()


# ── one mail ──────────────────────────────────────────────────────────────────────────────────

MUST_BE_SIGNED = ("from", "list-unsubscribe", "list-unsubscribe-post")
"""RFC 8058 4: without the last two, receivers do not believe the one-click header."""


def signs(signature: str) -> tuple[str, frozenset[str]]:
    """Of one DKIM-Signature header: its domain, and the names of the headers that it covers."""
    found = tags(re.sub(r"\s+", " ", signature))
    covered = (name.strip().lower() for name in found.get("h", "").split(":"))
    return found.get("d", "").lower(), frozenset(name for name in covered if name)


def aligned(domain: str, signer: str) -> bool:
    """Whether a signature of `signer` speaks for mail from `domain` (relaxed: one is above the other)."""
    return bool(signer) and (signer in above(domain) or domain in above(signer))
