"""What must be true before a mail leaves for a real recipient."""

from __future__ import annotations

from engine.adapters.mail.addresses import NotAnAddress, normal
from engine.domain.message import Message


def unaddressable(message: Message) -> str:
    """Why nothing can be addressed like this, or nothing. Import looked at the address already; it is
    looked at once more, because one that is not in its normal form can hide a second command."""
    for address in (message.sender, message.to):
        try:
            if normal(address.email).lower() != address.email.lower():
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


def marketing_ready(*, site: str, address: str, has_link_key: bool) -> tuple[str, ...]:
    """What is still missing before marketing may leave by SMTP or SendGrid, one sentence each with
    its code first; empty when all is there. `site` and `address` are those of `company`."""
    missing = []
    if not site:
        missing.append("D206: `company.site` is not set, so no mail could say how to unsubscribe")
    elif not site.startswith("https://"):
        missing.append(f"D206: `company.site` is {site}, and one-click unsubscribe needs https")
    if not has_link_key:
        missing.append("D207: `secrets.links` is not set, so no unsubscribe link could be signed")
    if not address.strip():
        missing.append("D208: `company.address` is empty; marketing must carry a postal address")
    return tuple(missing)
