"""A small IMAP server for tests (RFC 9051): one user, folders with mails, and a way to die."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "bounces@cozy.example", "correct horse"


@dataclass
class Held:
    """A mail in a folder."""

    uid: int
    octets: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Server:
    """What a server holds, and how it behaves. `dies_at` is the beginning of a command (without its tag)
    at which it drops the connection, once; `can` what it offers beside the basics, once somebody has logged
    in, as most servers have it; `heard` all commands."""

    folders: dict[str, list[Held]] = field(default_factory=lambda: {"INBOX": []})
    validity: int = 7
    can: str = "MOVE UIDPLUS"
    dies_at: str = ""
    heard: list[str] = field(default_factory=list)
    next_uid: int = 1

    def put(self, octets: bytes, folder: str = "INBOX", *flags: str) -> int:
        """A mail comes."""
        self.folders.setdefault(folder, []).append(Held(self.next_uid, octets, set(flags)))
        self.next_uid += 1
        return self.next_uid - 1

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """The flags of the mails of a folder."""
        return {one.uid: one.flags for one in self.folders[folder]}


@contextmanager
def imap_server(server: Server, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The server on a free port of the loopback, as long as the block runs."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _Session(server, self).run()

    class Threaded(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def get_request(self) -> tuple[socket.socket, object]:
            link, peer = super().get_request()
            if tls is not None:  # the handshake waits for the session's own thread
                link = tls.wrap_socket(link, server_side=True, do_handshake_on_connect=False)
            return link, peer

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that goes away is no trouble."""

    with Threaded(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield listening.server_address[1]
        finally:
            listening.shutdown()
            thread.join()


class _Session:
    def __init__(self, server: Server, wire: socketserver.StreamRequestHandler) -> None:
        self.server, self.wire, self.folder, self.is_in = server, wire, "", False

    def run(self) -> None:
        self.say("* OK [CAPABILITY IMAP4rev1] ready")
        while line := self.wire.rfile.readline().decode().rstrip("\r\n"):
            tag, _, command = line.partition(" ")
            self.server.heard.append(command)
            if self.server.dies_at and command.startswith(self.server.dies_at):
                self.server.dies_at = ""
                return
            self.say(f"{tag} {self.answer(command)}")
            if command == "LOGOUT":
                return

    def say(self, line: str | bytes) -> None:
        self.wire.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def answer(self, command: str) -> str:
        name, _, rest = command.partition(" ")
        if name == "CAPABILITY":
            self.say(f"* CAPABILITY IMAP4rev1 {self.server.can if self.is_in else ''}".rstrip())
        elif name == "LOGIN":
            self.is_in = _words(rest) == [USER, PASSWORD]
            if not self.is_in:
                return "NO [AUTHENTICATIONFAILED] wrong"
        elif name == "LOGOUT":
            self.say("* BYE")
        elif not self.is_in:
            return "NO log in first"
        elif name == "SELECT":
            return self.select(_words(rest)[0])
        elif name == "CREATE":
            if _words(rest)[0] in self.server.folders:
                return "NO it is there"
            self.server.folders[_words(rest)[0]] = []
        elif name == "UID":
            return self.by_uid(*rest.split(" ", 1))
        else:
            return "BAD unknown"
        return "OK done"

    def select(self, folder: str) -> str:
        if folder not in self.server.folders:
            return "NO no such folder"
        self.folder = folder
        self.say(f"* {len(self.server.folders[folder])} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        return "OK [READ-WRITE] selected"

    def by_uid(self, name: str, rest: str) -> str:
        mails = self.server.folders[self.folder]
        if name == "SEARCH":
            found = self.matching(rest.removeprefix("UID ").split(" ")[0])
            if rest.endswith("UNSEEN"):
                found = [one for one in found if r"\Seen" not in one.flags]
            self.say("* SEARCH " + " ".join(str(one.uid) for one in found))
            return "OK done"
        numbers, _, what = rest.partition(" ")
        found = self.matching(numbers)
        if name == "FETCH":
            cut = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", what)
            assert cut is not None
            for place, one in enumerate(found, 1):
                octets = one.octets[: int(cut[1])]
                self.say(
                    f"* {place} FETCH (UID {one.uid} BODY[]<0> {{{len(octets)}}}\r\n".encode()
                    + octets
                    + b")"
                )
        elif name == "STORE":
            for one in found:
                one.flags.update(re.findall(r"\\\w+", what))
        elif name in ("MOVE", "COPY"):
            for one in found:
                self.server.put(one.octets, _words(what)[0], *one.flags)
            if name == "MOVE":
                mails[:] = [one for one in mails if one not in found]
        elif name == "EXPUNGE":
            mails[:] = [one for one in mails if one not in found or r"\Deleted" not in one.flags]
        return "OK done"

    def matching(self, numbers: str) -> list[Held]:
        mails = self.server.folders[self.folder]
        found: list[Held] = []
        for part in numbers.split(","):
            first, _, last = part.partition(":")
            top = max((one.uid for one in mails), default=0)
            low = int(first)
            high = top if last == "*" else int(last or first)
            low, high = min(low, high), max(low, high)  # `n:*` names the last one at least
            found += [one for one in mails if low <= one.uid <= high]
        return found


def _words(text: str) -> list[str]:
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', text)]
