"""Delivery by SMTP (RFC 5321), pipelined where the server offers it (RFC 2920).

One connection carries many mails, and one mail has one recipient. `smtplib` opens the connection, with
TLS and AUTH; the transaction is our own, because every reply decides what becomes of the mail, and
because MAIL, RCPT and DATA in one go save two round trips out of four.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Literal

from engine.adapters.mail.addresses import needs_smtputf8
from engine.adapters.mail.departure import objection
from engine.adapters.mail.fields import flatten
from engine.adapters.mail.mime import message_id, write
from engine.adapters.mail.verp import Verp
from engine.domain.message import Message, Receipt

_SOON = timedelta(minutes=5)
_GREYLISTED = timedelta(minutes=30)
"""The first retry of a refused-for-now recipient (RFC 5321 4.5.4.1)."""
_QUEUED_AS = re.compile(r"queued as (\S+)", re.IGNORECASE)
_ENVELOPE_ID = re.compile(r"[A-Za-z0-9._@-]{1,100}")
"""What needs no writing in other letters (RFC 3461 4.4)."""
_WANTED = (2, 2, 3)
"""The first digits of good replies to MAIL, RCPT and DATA."""
_ACCESS_DENIED = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to connect. `security`: `starttls` (required, never a silent fallback), `tls` from
    the start, or `none`, where no password is ever said. Times are in seconds; after the final dot a
    server may take ten minutes (RFC 5321 4.5.3.2.6). `trust` is for a certificate of one's own."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 10.0
    timeout_after_dot: float = 600.0
    mails_per_connection: int = 100
    seconds_per_connection: float = 60.0
    trust: ssl.SSLContext | None = None


class SmtpMailer:
    """Sends over one reused connection; one mailer belongs to one worker."""

    def __init__(self, server: SmtpServer, key: bytes = b"", verp: Verp | None = None) -> None:
        """With `verp` a mail that comes back does so to an address of its own, else to its sender.

        Raises:
            ValueError: if a password would be said in the clear.
        """
        if server.username and server.security == "none":
            raise ValueError("a password is only ever said over TLS")
        self._server = server
        self._key = key
        self._verp = verp
        self._link: smtplib.SMTP | None = None
        self._opened_at = 0.0
        self._carried = 0

    def send(self, message: Message, now: datetime) -> Receipt:
        """Hand the mail to the server. Before the final dot nothing has left, so a reused connection
        that turns out dead is replaced without a word; from the dot until its reply nobody can tell
        (RFC 1047), and a lost reply is `unknown`."""
        against = objection(message)
        if against:
            return Receipt("refused", detail=against)
        try:
            octets = write(message, self._key)
        except ValueError as unwritable:
            return Receipt("refused", detail=str(unwritable))
        while True:
            reused = self._usable()
            try:
                link = self._link if reused and self._link else self._connect()
            except _Broken as broken:
                return Receipt(
                    "later",
                    detail=broken.detail,
                    retry_at=now + _SOON,
                    stops_lane=broken.needs_mending,
                )
            try:
                return self._transaction(link, message, octets, now)
            except (smtplib.SMTPException, OSError) as lost:
                self._drop()
                if not reused:
                    return Receipt("later", detail=_said(lost), retry_at=now + _SOON)

    def recall(self, send_id: str) -> None:
        """A server is not asked twice about one mail: SMTP has no such question."""

    def close(self) -> None:
        """Say QUIT, if there is anyone to say it to."""
        if self._link is not None:
            try:
                self._link.quit()
            except (smtplib.SMTPException, OSError):
                self._link.close()
            self._link = None

    # ── the connection ──

    def _usable(self) -> bool:
        if self._link is None:
            return False
        age = monotonic() - self._opened_at
        if self._carried < self._server.mails_per_connection:
            if age < self._server.seconds_per_connection:
                return True
        self.close()
        return False

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        place, name = (server.host, server.port), socket.gethostname()
        link: smtplib.SMTP | None = None
        try:
            if server.security == "tls":
                trust = server.trust or ssl.create_default_context()
                link = smtplib.SMTP_SSL(*place, name, timeout=server.timeout, context=trust)
            else:
                link = smtplib.SMTP(*place, name, timeout=server.timeout)
            link.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                link.starttls(context=server.trust or ssl.create_default_context())
                link.ehlo()
            if server.username:
                link.login(server.username, server.password)
        except (smtplib.SMTPException, OSError) as failed:
            if link is not None:
                link.close()
            raise _Broken(_said(failed), needs_mending=_needs_mending(failed)) from failed
        self._link, self._opened_at, self._carried = link, monotonic(), 0
        return link

    def _drop(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    # ── one mail ──

    def _transaction(
        self, link: smtplib.SMTP, message: Message, octets: bytes, now: datetime
    ) -> Receipt:
        """MAIL, RCPT, DATA, the mail. Raises what the connection raises before the final dot."""
        commands, obstacle = self._envelope(link, message, octets)
        if obstacle:
            return Receipt("refused", detail=obstacle)
        for (code, text), wanted in zip(self._say(link, commands), _WANTED, strict=False):
            if code // 100 != wanted:
                self._reset(link, code)
                return _before_the_mail(_verdict(code, text, now), now)
        link.send(octets.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        self._carried += 1
        try:
            _be_patient(link, self._server.timeout_after_dot)
            code, text = link.getreply()
            _be_patient(link, self._server.timeout)
        except (smtplib.SMTPException, OSError) as lost:
            self._drop()
            return Receipt("unknown", detail=f"no answer after the mail: {_said(lost)}")
        if not 200 <= code < 300:
            self._reset(link, code)
        return _verdict(code, text, now)

    def _envelope(
        self, link: smtplib.SMTP, message: Message, octets: bytes
    ) -> tuple[list[str], str]:
        """The three commands, or why this server cannot take the mail."""
        sender, recipient = message.sender.email, message.to.email
        if self._verp is not None:
            sender = self._verp.sender(message.send_id)
        options = ""
        if link.has_extn("size"):
            limit = link.esmtp_features["size"]
            if limit.isdigit() and 0 < int(limit) < len(octets):
                return [], f"the mail has {len(octets)} octets, and the server takes {limit}"
            options = f" SIZE={len(octets)}"
        if link.has_extn("dsn"):
            options += self._if_it_comes_back(message)
        if needs_smtputf8(recipient):
            if not link.has_extn("smtputf8"):
                return [], f"the server cannot carry the foreign letters of {recipient}"
            options += " SMTPUTF8 BODY=8BITMIME"
            link.command_encoding = "utf-8"
        else:
            link.command_encoding = "ascii"
        return [f"MAIL FROM:<{sender}>{options}", f"RCPT TO:<{recipient}>", "DATA"], ""

    def _if_it_comes_back(self, message: Message) -> str:
        """What a report about the mail shall hold (RFC 3461): its header, and our Message-ID as the name of
        the envelope, which says whose mail it was even where nothing is returned."""
        name = message_id(message, self._key)[1:-1]
        return f" RET=HDRS ENVID={name}" if _ENVELOPE_ID.fullmatch(name) else " RET=HDRS"

    def _say(self, link: smtplib.SMTP, commands: list[str]) -> list[tuple[int, bytes]]:
        """The replies, up to the first refusal. Pipelined, a server may ask for data that has no
        recipient left; it gets none, and the refusal stands (RFC 2920 3.1)."""
        if not link.has_extn("pipelining"):
            replies = []
            for command, wanted in zip(commands, _WANTED, strict=True):
                replies.append(link.docmd(command))
                if replies[-1][0] // 100 != wanted:
                    break
            return replies
        link.send("".join(f"{command}\r\n" for command in commands))
        replies = []
        for _ in commands:
            replies.append(link.getreply())
            if replies[-1][0] == 421:
                return replies
        if replies[-1][0] == 354 and any(code // 100 != 2 for code, _ in replies[:-1]):
            link.send(b".\r\n")
            link.getreply()
        return replies

    def _reset(self, link: smtplib.SMTP, code: int) -> None:
        """Make the connection fit for the next mail, or give it up."""
        if code == 421 or code < 200 or 300 <= code < 400:
            self._drop()
            return
        try:
            link.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()


class _Broken(Exception):
    """No connection. `needs_mending`: trying again will not help until somebody changes something."""

    def __init__(self, detail: str, needs_mending: bool) -> None:
        super().__init__(detail)
        self.detail = detail
        self.needs_mending = needs_mending


def _be_patient(link: smtplib.SMTP, seconds: float) -> None:
    if link.sock is not None:
        link.sock.settimeout(seconds)


def _needs_mending(failed: Exception) -> bool:
    if isinstance(failed, smtplib.SMTPAuthenticationError):
        return failed.smtp_code >= 500
    return isinstance(failed, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError)


def _verdict(code: int, text: bytes, now: datetime) -> Receipt:
    """What a reply means for the mail (RFC 5321 4.2.1)."""
    said = flatten(f"{code} {text.decode('utf-8', 'replace')}")[:300]
    if 200 <= code < 300:
        queued = _QUEUED_AS.search(said)
        return Receipt("accepted", provider_id=queued[1] if queued else "", detail=said)
    if code == 421:
        return Receipt("later", detail=said, retry_at=now + _SOON)
    if 400 <= code < 500:
        return Receipt("later", detail=said, retry_at=now + _GREYLISTED, paced=True)
    if code in _ACCESS_DENIED:
        return Receipt("later", detail=said, retry_at=now + _SOON, stops_lane=True)
    if code >= 500:
        return Receipt("refused", detail=said)
    return Receipt("unknown", detail=said)


def _before_the_mail(receipt: Receipt, now: datetime) -> Receipt:
    """Nothing has left yet, so an answer that makes no sense here means later, never unknown."""
    if receipt.outcome in ("refused", "later"):
        return receipt
    return Receipt("later", detail=f"out of step: {receipt.detail}", retry_at=now + _SOON)


def _said(failed: Exception) -> str:
    """The reason in short; a password is in none of them."""
    if isinstance(failed, smtplib.SMTPResponseException):
        error = failed.smtp_error
        words = error.decode("utf-8", "replace") if isinstance(error, bytes) else error
        return flatten(f"{failed.smtp_code} {words}")[:300]
    return flatten(str(failed) or type(failed).__name__)[:300]
