"""Whether a mail came from whom it says: the checks of the server that took it in (SPF, DKIM, DMARC).

A check proves a domain, and counts for From only where the two belong together (alignment, RFC 7489 3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Proof = Literal["pass", "fail", "none"]
"""pass: the sender's domain vouches for the mail. fail: it says that the mail is not its own. none: nobody
has looked, or nothing can be said."""


@dataclass(frozen=True, slots=True)
class Check:
    """One result (RFC 8601 2.7). `method` is spf, dkim or dmarc; `domain` is the one that was checked, of the
    envelope's sender, of a signature, or of From; empty where it is not named."""

    method: str
    result: str
    domain: str = ""


def proof_of(sender: str, checks: Iterable[Check]) -> Proof:
    """What checks say of the address in From.

    DMARC is about From itself. What fails it is not its domain's, whatever else passed: a domain may ask
    for more than we do here, and what else is written there may be a sender's own words. DKIM and SPF vouch
    where their domain is the sender's, one above or one below it. A mail that was passed on breaks SPF, and
    a signature at times, so that their failure proves nothing but where nobody asked for DMARC: an SPF
    record that ends in `-all` (fail) for an envelope of its own, beside which no signature stands.
    """
    domain = sender.rpartition("@")[2]
    ours = [one for one in checks if domain and _aligned(one, domain)]
    failed = {one.method for one in ours if one.result == "fail"}
    if "dmarc" in failed:
        return "fail"
    if any(one.result == "pass" for one in ours):
        return "pass"
    asked = {one.method for one in ours if one.result != "none"}
    return "fail" if "spf" in failed and not asked & {"dmarc", "dkim"} else "none"


def _aligned(check: Check, domain: str) -> bool:
    if check.method == "dmarc":
        return check.domain == domain
    short, long = sorted((check.domain, domain), key=len)
    return "." in short and (long == short or long.endswith(f".{short}"))
