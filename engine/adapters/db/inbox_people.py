"""Whom a kept delivery is about: raw bodies have no column for that, so they are looked through.

An address counts wherever it stands. An id counts as the whole value of a member of JSON that names
people: as bare text it may be a number that stands anywhere. What answers a mail of theirs names it by its
mark; it may be somebody else's letter, so it goes with them and is not shown to them (GDPR 15(4)).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db.inbox import Kept, kept

_NAMES = frozenset(
    {"userId", "anonymousId", "previousId", "groupId", "user_id", "person", "person_id", "id"}
)

_MARKED = 20
"""Of a send id so many digits stand in our marks (`links`, `verp`)."""
_MARK = re.compile(r"(?<![0-9a-f])[0-9a-f]{20,32}(?![0-9a-f])")


def about(connection: Connection, person_id: str) -> list[Kept]:
    """What was kept and is about a person of the store: by their id, other ids of theirs, or address."""
    ids = set(
        connection.execute(
            sql("SELECT old_id FROM alias WHERE person_id = :who"), {"who": person_id}
        ).scalars()
    )
    addresses = set(
        connection.execute(
            sql("SELECT email FROM person WHERE id = :who UNION SELECT mailbox FROM person WHERE id = :who"),
            {"who": person_id},
        ).scalars()
    ) - {None, ""}  # fmt: skip
    ids.add(person_id)
    return [one for one in kept(connection) if names(one.body, ids, addresses)]


def to_forget(connection: Connection, person_id: str) -> list[Kept]:
    """The same, and whatever was kept that answers a mail of theirs."""
    found = connection.execute(
        sql("SELECT send_id FROM outbox WHERE person_id = :who"), {"who": person_id}
    )
    mails = {send_id[:_MARKED] for send_id in found.scalars()}
    theirs = {one.id: one for one in about(connection, person_id)}
    if mails:
        theirs |= {one.id: one for one in kept(connection) if _answers(one.body, mails)}
    return list(theirs.values())


def names(body: bytes, ids: Collection[str], addresses: Collection[str]) -> bool:
    """Whether a body speaks of any of these."""
    text = body.decode("utf-8", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return _stands_in(text, addresses)
    said = list(_said(document))
    return any(name in _NAMES and value in ids for name, value in said) or any(
        _stands_in(value, addresses) for _, value in said
    )


def _answers(body: bytes, mails: Collection[str]) -> bool:
    text = body.decode("ascii", "replace")
    return any(found[0][:_MARKED] in mails for found in _MARK.finditer(text))


def _stands_in(text: str, addresses: Collection[str]) -> bool:
    return any(
        re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", text, re.IGNORECASE)
        for address in addresses
    )


def _said(document: object) -> Iterator[tuple[str, str]]:
    """All texts and whole numbers of a document, as text, with the name of the member they stand in."""
    open_ends: list[tuple[str, object]] = [("", document)]
    while open_ends:
        name, value = open_ends.pop()
        if isinstance(value, dict):
            open_ends.extend(value.items())
        elif isinstance(value, list):
            open_ends.extend((name, one) for one in value)
        elif isinstance(value, str):
            yield name, value
        elif isinstance(value, int) and not isinstance(value, bool):
            yield name, str(value)
