"""What must be true before a mail leaves for a real recipient."""

from __future__ import annotations

from engine.adapters.mail.addresses import NotAnAddress, normal
from engine.domain.errors import SetupError
from engine.domain.message import Message


def unaddressable(message: Message) -> str:
    """Why nothing can be addressed like this, or nothing. Import looked at the address already; it is
    looked at once more, because one that is not in its normal form can hide a second command."""
    for address in (message.sender, message.to):
        try:
            if normal(address.email) != address.email:
                return f"{address.email!r} is not in its normal form"
        except NotAnAddress as refused:
            return str(refused)
    return ""


def objection(message: Message) -> str:
    """Why this mail must not leave for a real recipient, or nothing. Marketing without a way out never
    leaves (R5.6); folder and console show it all the same."""
    if message.klass == "marketing":
        for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
            if name not in message.headers:
                return f"D205: a marketing mail needs a way out, and this one has no {name}"
    return unaddressable(message)


def marketing_ready(*, site: str | None, address: str, has_link_key: bool) -> list[SetupError]:
    """What is still missing before marketing may leave by SMTP or SendGrid; empty when all is there.
    `site` and `address` are those of `company`. Raise the first, or show them all."""
    missing = []
    if not site:
        missing.append(
            SetupError(
                "`company.site` is not set, so no mail could say how to unsubscribe",
                help="write the https address of your web side there: `site: https://…`",
                code="D206",
            )
        )
    elif not site.startswith("https://"):
        missing.append(
            SetupError(
                f"`company.site` is {site}, and one-click unsubscribe needs https (RFC 8058)",
                help="write its https address",
                code="D206",
            )
        )
    if not has_link_key:
        missing.append(
            SetupError(
                "`secrets.links` is not set, so no unsubscribe link could be signed",
                help="put a long random text into the environment and name it: `links: $NAME`",
                code="D207",
            )
        )
    if not address.strip():
        missing.append(
            SetupError(
                "`company.address` is empty, and marketing must carry a postal address",
                help="write the address of the business there",
                code="D208",
            )
        )
    return missing
