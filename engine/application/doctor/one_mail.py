"""Is a mail that really arrived signed as receivers ask? No document of a provider says which headers its
DKIM covers; one mail does."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.utils import parseaddr

from engine.domain.finding import Finding, fine, mistake
from engine.domain.sender_records import MUST_BE_SIGNED, aligned, signs

_ABOUT = "the mail"


def look_at_mail(octets: bytes) -> Iterator[Finding]:
    """Look at a mail as it arrived, headers and all."""
    mail = message_from_bytes(octets)
    sender = parseaddr(str(mail.get("From", "")))[1].rpartition("@")[2].lower()
    signatures = [signs(str(value)) for value in mail.get_all("DKIM-Signature", [])]
    if not sender or not signatures:
        yield mistake(
            f"{_ABOUT}: signature",
            "it is not signed by DKIM" if sender else "it is no mail: it has no From",
            "save it as it arrived (`Show original`, `Download`); if it was, set up DKIM",
        )
        return
    own = [(signer, covered) for signer, covered in signatures if aligned(sender, signer)]
    if not own:
        others = ", ".join(sorted({signer for signer, _ in signatures}))
        yield mistake(
            f"{_ABOUT}: signature",
            f"it is from {sender} and signed by {others}, so that DMARC does not pass by DKIM",
            "set up domain authentication for your domain at your provider",
        )
        return
    yield fine(f"{_ABOUT}: signature", f"signed by {own[0][0]} for {sender}")
    covered = frozenset[str]().union(*(names for _, names in own))
    missing = [name for name in MUST_BE_SIGNED if name not in covered]
    unsent = [name for name in MUST_BE_SIGNED if name not in mail]
    if unsent:
        yield mistake(
            f"{_ABOUT}: one-click",
            f"it has no {' and no '.join(unsent)}",
            "look at a marketing mail; only those carry a way out in their headers",
        )
    elif missing:
        yield mistake(
            f"{_ABOUT}: h=",
            f"its DKIM does not cover {' and '.join(missing)}, so that one-click is not believed",
            "ask your provider to sign them, or send through one that does (RFC 8058 4)",
        )
    else:
        yield fine(f"{_ABOUT}: h=", "its DKIM covers both headers of one-click")
