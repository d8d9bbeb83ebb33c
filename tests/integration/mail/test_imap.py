"""Mailboxes that are read by IMAP: whatever dies in between, nothing is lost and nothing comes twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from engine.adapters.db.collected import DatabaseCollected
from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.mail.imap import ImapServer, MailboxError, open_mailbox
from engine.application.collect_mail import collect
from engine.application.ports.collected import Read
from tests.standins.imap import PASSWORD, USER, Server, imap_server
from tests.standins.smtp import certificate

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SEEN = {r"\Seen"}


def mail(number: int) -> bytes:
    return f"Message-ID: <{number}@x>\r\n\r\nmail {number}\r\n".encode()


def collecting(engine: Engine, port: int, move_to: str | None = None, folder: str = "INBOX") -> int:
    server = ImapServer("127.0.0.1", USER, PASSWORD, port, "none", folder)
    with open_mailbox(server) as mailbox:
        return collect(mailbox, "box", DatabaseCollected(engine), NOW, move_to=move_to)


def stored(engine: Engine) -> list[bytes]:
    return [one.body for one in DatabaseInbox(engine).take(["mail"], NOW, 100)]


def test_new_mail_is_stored_and_marked_as_read(store_engine: Engine) -> None:
    server = Server()
    for number in range(23):
        server.put(mail(number))
    with imap_server(server) as port:
        assert collecting(store_engine, port) == 23
        assert collecting(store_engine, port) == 0
        server.put(mail(23))
        assert collecting(store_engine, port) == 1
    assert stored(store_engine) == [mail(number) for number in range(24)]
    assert all(flags == SEEN for flags in server.flags().values())


def test_it_is_stored_before_it_is_marked(store_engine: Engine) -> None:
    """The mark may be lost, the mail never."""
    server = Server()
    server.put(mail(1))
    with imap_server(server) as port:
        collecting(store_engine, port)
    fetched = next(i for i, said in enumerate(server.heard) if said.startswith("UID FETCH"))
    marked = next(i for i, said in enumerate(server.heard) if said.startswith("UID STORE"))
    assert fetched < marked
    assert "BODY.PEEK[]" in server.heard[fetched]


@pytest.mark.parametrize("move_to", [None, "Done"])
@pytest.mark.parametrize(
    "dies_at", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "UID MOVE", "LOGOUT"]
)
def test_a_server_that_dies_midway_loses_nothing_and_doubles_nothing(
    store_engine: Engine, dies_at: str, move_to: str | None
) -> None:
    server = Server(dies_at=dies_at)
    for number in range(12):
        server.put(mail(number))
    with imap_server(server) as port:
        for _ in range(2):
            try:
                collecting(store_engine, port, move_to)
            except MailboxError:
                continue
    assert sorted(stored(store_engine)) == sorted(mail(number) for number in range(12))
    if move_to is None:
        assert all(flags == SEEN for flags in server.flags().values())
    else:
        assert server.folders["INBOX"] == []
        assert len(server.folders["Done"]) == 12


def test_our_own_death_after_storing_doubles_nothing(store_engine: Engine) -> None:
    """Stored and noted in one transaction: what was not marked any more is marked by the next call."""
    server = Server()
    server.put(mail(1))
    DatabaseCollected(store_engine).store("box", None, Read(server.validity, 1), [mail(1)], NOW)
    with imap_server(server) as port:
        assert collecting(store_engine, port) == 0
    assert stored(store_engine) == [mail(1)]
    assert server.flags() == {1: SEEN}


def test_of_two_that_read_at_once_one_stores(store_engine: Engine) -> None:
    collected = DatabaseCollected(store_engine)
    assert collected.store("box", None, Read(7, 1), [mail(1)], NOW)
    assert not collected.store("box", None, Read(7, 1), [mail(1)], NOW)
    assert collected.store("box", Read(7, 1), Read(7, 2), [mail(2)], NOW)
    assert not collected.store("box", Read(7, 1), Read(7, 2), [mail(2)], NOW)
    assert stored(store_engine) == [mail(1), mail(2)]


def test_what_somebody_has_read_before_us_is_left_alone(store_engine: Engine) -> None:
    server = Server()
    server.put(mail(1), "INBOX", r"\Seen")
    server.put(mail(2))
    server.put(mail(3), "INBOX", r"\Seen")
    with imap_server(server) as port:
        assert collecting(store_engine, port) == 1
        assert collecting(store_engine, port) == 0
        server.put(mail(4), "INBOX", r"\Seen")  # read on a phone before we came
        assert collecting(store_engine, port) == 1
    assert stored(store_engine) == [mail(2), mail(4)]


def test_a_new_numbering_takes_what_nobody_has_read(store_engine: Engine) -> None:
    """RFC 9051 2.3.1.1: with another UIDVALIDITY the old numbers mean nothing."""
    server = Server()
    server.put(mail(1))
    with imap_server(server) as port:
        collecting(store_engine, port)
        server.validity, server.next_uid = 8, 1
        server.folders["INBOX"] = []
        server.put(mail(2))
        assert collecting(store_engine, port) == 1
    assert stored(store_engine) == [mail(1), mail(2)]


@pytest.mark.parametrize("can", ["MOVE UIDPLUS", "UIDPLUS", ""])
def test_mail_is_moved_however_the_server_can(store_engine: Engine, can: str) -> None:
    """RFC 6851, RFC 4315."""
    server = Server(can=can)
    server.put(mail(1))
    with imap_server(server) as port:
        assert collecting(store_engine, port, "Erledigt & abgelegt für immer") == 1
    assert [one.octets for one in server.folders["Erledigt &- abgelegt f&APw-r immer"]] == [mail(1)]
    left = server.flags()
    assert left == ({} if can else {1: {r"\Seen", r"\Deleted"}})


def test_a_large_mail_comes_as_far_as_it_says_something(store_engine: Engine) -> None:
    server = Server()
    server.put(mail(1) + b"A" * 5_000_000)
    with imap_server(server) as port:
        assert collecting(store_engine, port) == 1
    [octets] = stored(store_engine)
    assert octets.startswith(mail(1))
    assert len(octets) == 2 * 1024 * 1024


def test_what_goes_wrong_is_said_without_the_password() -> None:
    with imap_server(Server()) as port:
        wrong = ImapServer("127.0.0.1", USER, "battery staple", port, "none")
        with (
            pytest.raises(MailboxError, match="AUTHENTICATIONFAILED") as error,
            open_mailbox(wrong),
        ):
            pass
        assert "battery" not in str(error.value)
        nowhere = ImapServer("127.0.0.1", USER, PASSWORD, port, "none", "Nowhere")
        with pytest.raises(MailboxError, match="no such folder"), open_mailbox(nowhere):
            pass
        with (
            pytest.raises(MailboxError),
            open_mailbox(ImapServer("127.0.0.1", USER, PASSWORD, port)),
        ):
            pass
    with (
        pytest.raises(MailboxError),
        open_mailbox(ImapServer("127.0.0.1", USER, PASSWORD, 1, "none")),
    ):
        pass


def test_a_server_is_believed_only_with_a_certificate_that_is_trusted(
    store_engine: Engine, tmp_path: Path
) -> None:
    theirs, ours = certificate(tmp_path)
    server = Server()
    server.put(mail(1))
    with imap_server(server, theirs) as port:
        trusted = ImapServer("localhost", USER, PASSWORD, port, "tls", trust=ours)
        with open_mailbox(trusted) as mailbox:
            assert collect(mailbox, "box", DatabaseCollected(store_engine), NOW) == 1
        with (
            pytest.raises(MailboxError),
            open_mailbox(ImapServer("localhost", USER, PASSWORD, port, "tls")),
        ):
            pass
    assert stored(store_engine) == [mail(1)]
