"""`inbox:` of the config: the mailboxes that bounces, complaints and replies come to."""

from __future__ import annotations

from typing import Literal

from engine.language import leaf
from engine.language.config_types import Mailbox
from engine.language.pen import Pen
from engine.language.reader import TEXT, Got, Shape, Word, one_of, phrase
from engine.language.values import WHOLE

IMAP = Word("imap", TEXT, "The IMAP server.", "imap.cozy.example", required=True)
PORT = Word("port", WHOLE, "Its port.", "993")
SECURITY = Word(
    "security", one_of("tls", "starttls", "none"), "How the connection is kept private.", "tls"
)
USER = Word("user", TEXT, "The name to log in with.", "bounces@cozy.example", required=True)
PASSWORD = Word(
    "password",
    phrase("the name of an environment variable", leaf.secret),
    "Where the password stands.",
    "$IMAP_PASSWORD",
    required=True,
)
_TLS: Literal["tls"] = "tls"
FOLDER = Word("folder", TEXT, "The folder that is read; it should hold nothing else.", "INBOX")
MOVE_TO = Word(
    "move_to", TEXT, "Where mails go once they are stored; else they are marked as read.", "Done"
)
MAILBOX = Shape("a mailbox", (IMAP, PORT, SECURITY, USER, PASSWORD, FOLDER, MOVE_TO))


def read_mailbox(got: Got, pen: Pen) -> Mailbox:
    """A mailbox that is read. What is not said has its default."""
    security = got.get(SECURITY) or _TLS
    port = got.get(PORT)
    if port is not None and not 1 <= port <= 65_535:
        pen.error("Y121", got.value(PORT), f"{port} is no port", "write a number from 1 to 65535")
    return Mailbox(
        imap=got.need(IMAP),
        user=got.need(USER),
        password=got.need(PASSWORD),
        port=port or (993 if security == "tls" else 143),
        security=security,
        folder=got.get(FOLDER) or "INBOX",
        move_to=got.get(MOVE_TO),
    )
