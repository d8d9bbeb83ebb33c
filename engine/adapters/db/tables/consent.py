"""The consent ledger: append-only, so that any past mail can be justified (R5.1)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import DDL, Index, event
from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, SEQUENCE, Row, table_of
from engine.adapters.db.tables.person import PERSON


class ConsentRow(Row, table=True):
    """One line (`domain.consent.ConsentEntry`) with its `Evidence`; the state is a fold of them
    (`domain.consent.in_force`). The database refuses to change a line, and to delete one of somebody
    who is not erased (migration 0002); to whom it belongs may change, by a merge or a new key."""

    __tablename__ = "consent"
    __table_args__: ClassVar[Any] = (
        Index("ix_consent_person_id_topic_at", "person_id", "topic", "at", "seq"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=SEQUENCE)
    person_id: str
    mailbox_key: str = Field(index=True)
    topic: str
    state: str
    basis: str = ""
    at: int = Field(sa_type=MICROS)
    recorded_at: int = Field(sa_type=MICROS)
    confirmed: bool = False
    expires_at: int | None = Field(default=None, sa_type=MICROS)
    own_act: bool = False
    source: str = ""
    wording: str = ""
    counts: bool = True
    channel: str | None = None
    jurisdiction: str | None = None
    captured_at: int | None = Field(default=None, sa_type=MICROS)
    url: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    language: str | None = None
    wording_hash: str | None = None
    document: str | None = None
    actor: str | None = None


CONSENT = table_of(ConsentRow)
CONSENT.add_is_dependent_on(PERSON)  # whose erasure lets lines go

_FIXED = ", ".join(c.name for c in CONSENT.c if c.name not in ("person_id", "mailbox_key"))
_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER consent_is_never_changed BEFORE UPDATE OF {_FIXED} ON consent"
        " BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END",
        "CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent"
        " WHEN EXISTS (SELECT 1 FROM person WHERE id = OLD.person_id AND NOT erased)"
        " BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION consent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF TG_OP = 'DELETE' AND NOT EXISTS"
        " (SELECT 1 FROM person WHERE id = OLD.person_id AND NOT erased) THEN RETURN OLD; END IF;"
        " RAISE EXCEPTION 'the consent ledger is append-only'; END $$",
        f"CREATE TRIGGER consent_is_never_changed BEFORE UPDATE OF {_FIXED} ON consent"
        " FOR EACH ROW EXECUTE FUNCTION consent_is_append_only()",
        "CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent"
        " FOR EACH ROW EXECUTE FUNCTION consent_is_append_only()",
    ),
}
for _dialect, _statements in _GUARDS.items():
    for _statement in _statements:
        _guard = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(CONSENT, "after_create", _guard.execute_if(dialect=_dialect))
