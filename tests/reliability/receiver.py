"""A mail server that counts: one line a mail that came whole, by its Message-ID."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import Message


class Receiver:
    """What came. A mail counts from its final dot on, whether its sender heard of it or not."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.port = 0
        self._guard = threading.Lock()

    def take(self, octets: bytes) -> None:
        with self._guard:
            self.mails.append(message_from_bytes(octets))

    def forget(self) -> None:
        with self._guard:
            self.mails.clear()

    def counts(self) -> Counter[str]:
        """How often each message came, by send id (the first part of its Message-ID)."""
        with self._guard:
            return Counter(send_id(mail) for mail in self.mails)


def send_id(mail: Message) -> str:
    return str(mail["Message-ID"]).strip("<> ").partition(".")[0]


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with suppress(ConnectionError):  # killed in the middle of a word
            self._say("220 receiver")
            while (line := self.rfile.readline()) and self._answer(line[:4].upper()):
                pass

    def _answer(self, verb: bytes) -> bool:
        if verb == b"DATA":
            self._say("354 go on")
            return self._take()
        replies = {b"EHLO": "250-receiver\r\n250-8BITMIME\r\n250 PIPELINING", b"QUIT": "221 bye"}
        self._say(replies.get(verb, "250 ok"))
        return verb != b"QUIT"

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                return False
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.receiver.take(b"".join(lines))
        self._say("250 2.0.0 Ok: queued as 1A2B")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    receiver: Receiver


@contextmanager
def receiving() -> Iterator[Receiver]:
    """The server on a free port of the loopback."""
    receiver = Receiver()
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.receiver = receiver
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
