"""Where the store holds something of a person: the one list that export, erasure and merge go by.

A test compares it with the tables, so that a new table or column cannot be forgotten: whoever adds one
says here what becomes of it when its person asks to be forgotten (R5.9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ALL = "true"
"""SQL for every row."""


@dataclass(frozen=True, slots=True)
class Holding:
    """How one table holds people.

    `what` it holds, for people who read an export. `by` is the column with the person's id, or with the
    key of their mailbox where `of_mailbox` is true. `clockwork` are columns that say nothing of the
    person; an export leaves them out. `lengths` are times of microseconds that are no instants.

    At an erasure the rows of which `gone` holds (SQL) are deleted. In those that stay, so that totals
    do, `by` becomes an id that means nothing, `blank` columns become what their SQL says, of the
    documents in `stripped` a function says what stays, and the `kept` ones stay as they are. Of a table
    that is `append_only` new rows take the place of the old ones.
    """

    what: str
    by: str = "person_id"
    of_mailbox: bool = False
    clockwork: frozenset[str] = frozenset()
    lengths: frozenset[str] = frozenset()
    gone: str = "false"
    kept: frozenset[str] = frozenset()
    blank: Mapping[str, str] = field(default_factory=dict)
    stripped: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    append_only: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _only(*names: str) -> Callable[[Any], Any]:
    return lambda document: {name: document[name] for name in names if name in document}


# The profile comes first: the ledger lets lines go only of somebody who is not there.
HOLDINGS: Mapping[str, Holding] = {
    "person": Holding(
        "the profile",
        by="id",
        clockwork=_words("shard mailbox_key erased said_at"),
        lengths=_words("own_gap"),
        blank={
            "shard": ":shard", "mailbox_key": ":key", "erased": "true", "attributes": "'{}'",
            "orders": "0",
            **dict.fromkeys(
                (
                    "email", "mailbox", "said_at", "address_since", "zone", "zone_source", "country",
                    "locale", "created_at", "recorded_at", "first_order_at", "last_order_at",
                    "own_gap", "won_back_at", "stage", "disposition", "disposition_since",
                    "disposition_until",
                ),
                "NULL",
            ),
        },
    ),
    "alias": Holding("other ids of the person", gone=ALL),
    "event": Holding(
        "what happened",
        clockwork=_words("seq pending"),
        gone=(
            "NOT (source IN ('engine', 'provider')"
            " AND (name LIKE 'mail.%' OR name LIKE 'journey.%'))"
        ),
        kept=_words("seq id source name at received_at starts clock_skew"),
        blank={"pending": "false"},
        stripped={
            "properties": _only("mail", "category", "journey", "step", "run", "send_id", "because")
        },
    ),
    "consent": Holding(
        "what the person agreed to, and when they left",
        clockwork=_words("seq mailbox_key"),
        gone="state <> 'unsubscribed'",
        kept=_words(
            "seq mailbox_key topic state at recorded_at confirmed expires_at own_act counts channel"
            " jurisdiction"
        ),
        blank={
            "basis": "''", "source": "''", "wording": "''",
            **dict.fromkeys(
                (
                    "captured_at", "url", "ip", "user_agent", "language", "wording_hash", "document",
                    "actor",
                ),
                "NULL",
            ),
        },
        append_only=True,
    ),
    "touch": Holding(
        "opens and clicks, told of lately", clockwork=_words("key judged"), gone=ALL
    ),
    "preference": Holding(
        "what the person chose about their mails", clockwork=_words("seq mailbox_key"), gone=ALL
    ),
    "tracked": Holding("where the links in mails to the person lead", gone=ALL),
    "reading": Holding("moods read from what the person wrote", clockwork=_words("seq"), gone=ALL),
    "score": Holding("what was read of each message of the person", gone=ALL),
    "profile": Holding(
        "what these messages come to", clockwork=_words("config"), gone=ALL
    ),
    "membership": Holding("segments that the person is in", gone=ALL),
    "run": Holding(
        "journeys that the person was in",
        clockwork=_words("kept"),
        kept=_words(
            "id journey entered_at version step since wake_at ended_at because held_out goal_at"
        ),
        blank={"entry_key": "id", "kept": "false"},
        stripped={"state": _only("variants", "visited", "sent")},
    ),
    "trace": Holding(
        "what was decided at each step, and why",
        clockwork=_words("seq"),
        kept=_words("seq at journey run step what reason version"),
        blank={
            "because": "CASE WHEN what = 'chose' THEN because ELSE '' END",
            "detail": "'{}'",
        },
    ),
    "outbox": Holding(
        "mails, and what became of each",
        clockwork=_words("rank priority lease_owner lease_until"),
        kept=_words(
            "send_id run journey step mail category klass rank priority due ready_at expires queued_at"
            " sender status reason attempt lease_owner lease_until sent_at"
        ),
        blank={
            "entry": "NULL", "tone": "NULL", "detail": "''", "provider_id": "''", "message_id": "''",
        },
    ),
    "slot": Holding(
        "mails that caps count",
        clockwork=_words("mailbox_key"),
        kept=_words("send_id mailbox_key mail category klass at tags run step ghost"),
    ),
    "task": Holding(
        "tasks of the team about the person",
        kept=_words("id run journey step team urgency at until closed_at closed_by"),
        blank={"because": "''", "briefing": "NULL", "sensitive": "false", "note": "''"},
    ),
    "approval": Holding(
        "drafts that somebody looked at",
        kept=_words("version subject approved at by"),
        blank={"because": "''"},
    ),
    "due": Holding(
        "when the person's turn comes",
        clockwork=_words("shard mailbox_key changed lease_owner lease_until"),
        gone=ALL,
    ),
    "former": Holding("what was before each change", clockwork=_words("seq"), gone=ALL),
    "suppression": Holding(
        "since when the address is not written to, and why",
        by="mailbox_key",
        of_mailbox=True,
        clockwork=_words("seq mailbox_key"),
        kept=_words("seq because since lifted_at"),
        blank={"address": "''", "source": "''", "lifted_by": "''"},
    ),
    "bounce": Holding(
        "mails that came back", by="mailbox_key", of_mailbox=True,
        clockwork=_words("mailbox_key"), gone=ALL,
    ),
}  # fmt: skip

NOBODYS: Mapping[str, str] = {
    "address_key": "the key of all addresses",
    "alert": "troubles of the engine",
    "asset": "pictures of the business",
    "base_rate": "how often each mood is read in messages of each source",
    "collected": "how far mailboxes are read",
    "mark": "when the engine did something last",
    "notice": "notices on their way, by the id of a task or a mail",
    "pace": "how fast mail may leave, by stream",
    "switch": "what is paused",
    "threshold": "lengths learned from everybody",
    "told": "keyed hashes of what a provider told already",
    "tombstone": "hashes of ids and addresses of those who are forgotten",
    "trial": "sums of experiments",
    "version": "the project's files",
    "wording": "the words of sign-up forms",
    "write_key": "hashes of the keys by which other programs send data in",
}
"""Tables that hold nothing of a person, and what they hold instead."""

RAW: Mapping[str, str] = {"inbox": "what came in and could not be understood, as it came"}
"""Tables that hold people inside of raw bodies: they have no column for it, so export and erasure look
through what was kept (`inbox_people`). What still waits to be processed is nobody's yet: it meets the
tombstone when it is."""
