"""SMTP servers for tests: a real one (aiosmtpd), and one that follows a bad script."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "cozy", "correct horse"


@dataclass
class Arrived:
    """One mail as the server got it, with its envelope."""

    sender: str
    recipients: list[str]
    content: bytes
    utf8: bool


class Inbox:
    """An aiosmtpd handler that keeps what comes."""

    def __init__(self) -> None:
        self.mails: list[Arrived] = []
        self.peers: set[Any] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.peers.add(session.peer)
        self.mails.append(
            Arrived(
                envelope.mail_from, envelope.rcpt_tos, envelope.original_content, envelope.smtp_utf8
            )
        )
        return "250 2.0.0 Ok: queued as 4XYZ"


@contextmanager
def real_server(inbox: Inbox, **options: Any) -> Iterator[int]:
    """A real SMTP server on a free port of the loopback; `options` are aiosmtpd's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        inbox, hostname="127.0.0.1", port=port, decode_data=False, enable_SMTPUTF8=True, **options
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def authenticator(
    server: SMTP, session: Any, envelope: Any, mechanism: str, data: LoginPassword
) -> AuthResult:
    """Lets in whoever knows `USER` and `PASSWORD`."""
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for `localhost`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


DROP = "drop"
HANG = "hang"


@dataclass
class Script:
    """What the bad server says: a reply by what it was told (`connect`, `EHLO`, `MAIL`, `RCPT`,
    `DATA`, `body` while the mail is coming, `end` after the final dot), or `DROP` or `HANG` there.
    A list is used up reply by reply; its last one stays."""

    replies: dict[str, str | list[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME")
    said: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def reply(self, told: str) -> str:
        usual = {"connect": "220 bad.example", "DATA": "354 go on", "QUIT": "221 bye"}
        wanted = self.replies.get(told, usual.get(told, "250 ok"))
        if isinstance(wanted, list):
            wanted = wanted.pop(0) if len(wanted) > 1 else wanted[0]
        return wanted


@contextmanager
def bad_server(script: Script) -> Iterator[int]:
    """A server on a free port of the loopback that follows the script."""
    listening = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            script.connections += 1
            connections.append(connection)
            threading.Thread(target=_converse, args=(connection, script), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        script.closing.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for connection in connections:
            connection.close()


def _converse(connection: socket.socket, script: Script) -> None:
    reading = connection.makefile("rb")

    def answer(told: str, text: str | None = None) -> bool:
        wanted = script.reply(told) if text is None else text
        if wanted == HANG:
            script.closing.wait(30)
        if wanted in (DROP, HANG):
            return False
        connection.sendall(f"{wanted}\r\n".encode())
        return True

    try:
        going = answer("connect")
        while going and (line := reading.readline()):
            verb = line.split()[0].decode().upper() if line.split() else ""
            script.said.append(line.decode("utf-8").strip())
            if verb == "EHLO":
                names = ["bad.example", *script.extensions]
                going = answer(verb, "\r\n".join(f"250-{name}" for name in names) + "\r\n250 HELP")
            elif verb == "DATA":
                going = answer(verb) and _take(reading, script, answer)
            else:
                going = answer(verb) and verb != "QUIT"
    except OSError:
        pass
    finally:
        reading.close()
        connection.close()


def _take(reading: Any, script: Script, answer: Callable[..., bool]) -> bool:
    if not script.said[-1].upper().startswith("DATA"):
        return True
    if script.reply("DATA")[:1] != "3":
        return True
    if script.reply("body") in (DROP, HANG):
        reading.readline()
        return answer("body")
    lines = []
    while (line := reading.readline()) not in (b".\r\n", b""):
        lines.append(line)
    if lines:
        script.bodies.append(b"".join(lines))
        return answer("end")
    return answer("nothing", "554 no valid recipients")
