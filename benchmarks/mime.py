"""P4: our MIME writer against `EmailMessage.as_bytes()`, for the same personal mails, from a message to
octets ready for DATA. Both are parsed back and found equal first. Also printed: microseconds a mail,
octets on the wire, and allocations a mail."""

from __future__ import annotations

import email
import email.policy
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime

from engine.adapters.mail.mime import message_id, write
from engine.domain.message import Address, Message

IDS = ("P4",)
ROUNDS = 7
MAILS = 300
KEY = b"a key of the coffee shop"
CELL = (
    "margin:0;padding:12px 24px;font-family:Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.5;color:#24211e"
)
NAMES = ("Zoë Müller", "Ada Lovelace", "José García", "Anna Nowak", "Søren Ø. Holm", "Bob Smith")


def main() -> None:
    mails = [mail(number) for number in range(MAILS)]
    for one in mails[:20]:
        same(ours(one), standard(one))
    ratios, micros = [], []
    for _ in range(ROUNDS):
        slow = seconds(standard, mails[:40]) / 40
        fast = seconds(ours, mails) / MAILS
        ratios.append(slow / fast)
        micros.append(fast * 1e6)
    tracemalloc.start()
    octets = ours(mails[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"{statistics.median(micros):.0f} µs a mail of {len(octets):,} octets"
        f" ({len(standard(mails[0])):,} by the standard library), {peak:,} bytes at most",
        file=sys.stderr,
    )
    print(
        json.dumps({
            "P4": {
                "value": round(statistics.median(ratios), 1),
                "low": round(min(ratios), 1),
                "high": round(max(ratios), 1),
                "rounds": ROUNDS,
                "unit": "ratio",
            }
        })
    )  # fmt: skip


def mail(number: int) -> Message:
    """A personal mail of about 13 KB of HTML with inlined CSS and 0.5 KB of text."""
    name = f"{NAMES[number % len(NAMES)]} {number}"
    links = [f"https://cozy.example/t/{number:08x}{link:024x}" for link in range(19)]
    rows = [
        f'<tr><td style="{CELL}">Tip {row} for {name}: grind it just before you brew.\n'
        f'<a href="{link}" style="color:#7a4b2a;text-decoration:underline;font-weight:600">'
        f"Read more about beans, water and patience</a></td></tr>\n"
        f'<tr><td style="{CELL};border-bottom:1px solid #e8e2db">\n'
        f"Order {number * 31 + row} is on its way – it should be with you by Friday.</td></tr>"
        for row, link in enumerate(links)
    ]
    html = (
        '<!doctype html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8">\n'
        f"<title>Good news, {name}</title></head>\n<body>\n"
        '<table role="presentation" width="100%" style="border-collapse:collapse">\n'
        + "\n".join(rows)
        + "\n</table>\n</body></html>\n"
    )
    text = f"Hello {name},\n\nyour parcel is there.\n\n" + "\n".join(
        f"{row}. Read more: {link}" for row, link in enumerate(links[:6])
    )
    return Message(
        send_id=f"{number:032x}",
        sender=Address("lena@mail.cozy.example", "Lena from The Cozy Coffee Shop"),
        to=Address(f"person{number}@example.com", name),
        subject=f"Good news, {name}",
        html=html,
        text=text + "\n",
        date=datetime(2026, 3, 4, 10, 30, number % 60, tzinfo=UTC),
        reply_to=Address("hello@cozy.example"),
        headers={
            "List-Unsubscribe": f"<https://cozy.example/u/{number:032x}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": "The Cozy Coffee Shop <promotion.mail.cozy.example>",
            "Feedback-ID": "good-news:welcome:promotion:thecozycoffee",
        },
    )


def ours(message: Message) -> bytes:
    return write(message, KEY)


def standard(message: Message) -> bytes:
    built = EmailMessage(policy=email.policy.SMTP)
    built["Date"] = format_datetime(message.date)
    built["From"] = HeaderAddress(message.sender.name, addr_spec=message.sender.email)
    if message.reply_to:
        built["Reply-To"] = HeaderAddress(addr_spec=message.reply_to.email)
    built["To"] = HeaderAddress(message.to.name, addr_spec=message.to.email)
    built["Subject"] = message.subject
    built["Message-ID"] = message_id(message, KEY)
    for name, value in message.headers.items():
        built[name] = value
    built.set_content(message.text)
    built.add_alternative(message.html, subtype="html")
    return built.as_bytes()


def same(first: bytes, second: bytes) -> None:
    """Raises SystemExit where the two, parsed back, do not say the same."""
    one, other = (email.message_from_bytes(o, policy=email.policy.default) for o in (first, second))
    fields = ("Date", "From", "To", "Subject", "Message-ID", "List-Unsubscribe", "List-Id")
    told = [[mail[name].strip() for name in fields] for mail in (one, other)]
    bodies = [
        [mail.get_body((kind,)).get_content().splitlines() for kind in ("plain", "html")]
        for mail in (one, other)
    ]
    if told[0] != told[1] or bodies[0] != bodies[1]:
        raise SystemExit("the two writers do not say the same")


def seconds(build: Callable[[Message], bytes], mails: list[Message]) -> float:
    start = time.process_time()
    for one in mails:
        build(one)
    return time.process_time() - start


if __name__ == "__main__":
    main()
