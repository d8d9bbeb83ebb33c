"""Delivery onto the terminal: a mail in brief, for trying things out."""

from __future__ import annotations

import sys
from datetime import datetime
from textwrap import indent, shorten
from typing import TextIO

from engine.adapters.mail.departure import unaddressable
from engine.adapters.mail.fields import flatten
from engine.adapters.mail.mime import message_id, write
from engine.domain.message import Address, Message, Receipt

_LINES_SHOWN = 12


class ConsoleMailer:
    """Prints to whom, from whom, what and the first lines of the text; the whole mail goes nowhere."""

    def __init__(self, out: TextIO | None = None, key: bytes = b"") -> None:
        self._out = out if out is not None else sys.stdout
        self._key = key

    def send(self, message: Message, now: datetime) -> Receipt:
        """Print it in one write, so that two processes do not mix their lines."""
        against = unaddressable(message)
        if against:
            return Receipt("refused", detail=against)
        try:
            write(message, self._key)  # what could not leave is not shown as if it had
        except ValueError as unwritable:
            return Receipt("refused", detail=str(unwritable))
        lines = [_harmless(line) for line in message.text.strip().splitlines()]
        more = len(lines) - _LINES_SHOWN
        shown = lines[:_LINES_SHOWN] + ([f"… {more} more lines"] if more > 0 else [])
        summary = [
            f"── {message.date:%Y-%m-%d %H:%M} UTC ── {message.mail or 'mail'} ({message.klass})",
            f"   To:       {_address(message.to)}",
            f"   From:     {_address(message.sender)}",
            f"   Subject:  {flatten(message.subject)}",
            *(
                f"   {name}: {shorten(flatten(value), 90)}"
                for name, value in message.headers.items()
            ),
            "",
            indent("\n".join(shown), "   "),
            "",
        ]
        self._out.write("\n".join(summary) + "\n")
        self._out.flush()
        return Receipt("accepted", provider_id=message_id(message, self._key))

    def recall(self, send_id: str) -> None:
        """What was printed leaves no trace."""

    def close(self) -> None:
        """Nothing is held open."""


def _address(address: Address) -> str:
    return f"{flatten(address.name)} <{address.email}>" if address.name else address.email


def _harmless(line: str) -> str:
    """Without the control characters that could drive a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in line)
