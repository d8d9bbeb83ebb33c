"""A mailbox that is read by IMAP (RFC 9051, with `imaplib`)."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.adapters.mail.incoming.parts import ENOUGH

_UID = re.compile(rb"\bUID (\d+)")
_NUMBER = re.compile(rb"\d+")
_TIMEOUT = 30.0


class MailboxError(Exception):
    """A mailbox cannot be read now. The text says why, and holds no password."""


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where a mailbox is. `trust` is for a certificate of one's own."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    folder: str = "INBOX"
    trust: ssl.SSLContext | None = None


class ImapMailbox:
    """One folder, open. All numbers are UIDs; `can` is what the server offers beside the basics."""

    def __init__(self, link: imaplib.IMAP4, validity: int, can: frozenset[str]) -> None:
        self._link = link
        self._can = can
        self.validity = validity

    def after(self, last: int) -> list[int]:
        """The mails behind a number, in order."""
        found = _numbers(_ok(self._link.uid("SEARCH", f"UID {last + 1}:*")))
        return [uid for uid in found if uid > last]  # `n:*` always names the last one

    def unread(self, last: int) -> list[int]:
        """The mails up to a number that nobody has marked as read."""
        if last < 1:
            return []
        return _numbers(_ok(self._link.uid("SEARCH", f"UID 1:{last} UNSEEN")))

    def up_to(self, last: int) -> list[int]:
        """All mails up to a number."""
        return _numbers(_ok(self._link.uid("SEARCH", f"UID 1:{last}"))) if last > 0 else []

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The mails of these numbers, as far as there is something to say in them; without marking them as
        read. One that somebody has deleted is missing."""
        data = _ok(self._link.uid("FETCH", _set(uids), f"(UID BODY.PEEK[]<0.{ENOUGH}>)"))
        found = {}
        for answer in data:
            if isinstance(answer, tuple) and (uid := _UID.search(answer[0])):
                found[int(uid[1])] = bytes(answer[1])
        return found

    def mark_as_read(self, uids: Sequence[int]) -> None:
        """Mark mails as read."""
        if uids:
            _ok(self._link.uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)"))

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails to another folder, which is made if it is not there."""
        if not uids:
            return
        self._link.create(_quoted(folder))  # says NO if it is there
        if "MOVE" in self._can:
            _ok(self._link.uid("MOVE", _set(uids), _quoted(folder)))
            return
        _ok(self._link.uid("COPY", _set(uids), _quoted(folder)))
        _ok(self._link.uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Deleted \Seen)"))
        if "UIDPLUS" in self._can:
            _ok(self._link.uid("EXPUNGE", _set(uids)))


@contextmanager
def open_mailbox(server: ImapServer) -> Iterator[ImapMailbox]:
    """A folder, as long as the block runs.

    Raises:
        MailboxError: if the server cannot be reached, does not let us in, or fails in the middle.
    """
    link: imaplib.IMAP4 | None = None
    try:
        link = _connect(server)
        _ok(link.login(server.user, server.password))
        can = _offered(_ok(link.capability()))
        _ok(link.select(_quoted(server.folder)))
        [validity] = _ok(link.response("UIDVALIDITY")) or [None]
        yield ImapMailbox(link, int(validity or 0), can)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        said = str(error).replace(server.password, "…") if server.password else str(error)
        raise MailboxError(f"{said or type(error).__name__}"[:300]) from error
    finally:
        if link is not None:
            _close(link)


def _connect(server: ImapServer) -> imaplib.IMAP4:
    trust = server.trust or ssl.create_default_context()
    if server.security == "tls":
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=trust, timeout=_TIMEOUT)
    link = imaplib.IMAP4(server.host, server.port, timeout=_TIMEOUT)
    if server.security == "starttls":
        try:
            _ok(link.starttls(trust))
        except (imaplib.IMAP4.error, OSError):
            _close(link)
            raise
    return link


def _offered(data: list[Any]) -> frozenset[str]:
    """What a server can do for who is logged in: many tell nothing of it before (RFC 9051 6.2), and
    `imaplib` asks only then."""
    return frozenset(" ".join(map(_text, data)).upper().split())


def _close(link: imaplib.IMAP4) -> None:
    """Say good-bye, if anybody still listens. Everything is done by now."""
    try:
        link.logout()
    except (imaplib.IMAP4.error, OSError):
        link.sock.close()


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status not in ("OK", "UIDVALIDITY"):
        raise imaplib.IMAP4.error(" ".join(_text(line) for line in data))
    return data


def _text(line: object) -> str:
    return line.decode("utf-8", "replace") if isinstance(line, bytes) else str(line)


def _numbers(data: list[Any]) -> list[int]:
    joined = b" ".join(line for line in data if isinstance(line, bytes))
    return sorted(int(number) for number in _NUMBER.findall(joined))


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _quoted(folder: str) -> str:
    """A folder's name as IMAP wants it: in quotes, and what is not ASCII in its own UTF-7 (RFC 3501
    5.1.3)."""
    pieces, odd = [], ""
    for letter in f"{folder}\0":
        if not letter.isascii():
            odd += letter
            continue
        if odd:
            coded = odd.encode("utf-16-be")
            pieces.append("&" + _base64(coded) + "-")
            odd = ""
        pieces.append("&-" if letter == "&" else letter)
    name = "".join(pieces)[:-1].replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'


def _base64(octets: bytes) -> str:
    from base64 import b64encode

    return b64encode(octets).decode("ascii").rstrip("=").replace("/", ",")
