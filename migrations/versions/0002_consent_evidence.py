"""consent evidence

Revision: 0002
After: 0001

Every line of the consent ledger keeps its evidence, and the database refuses to change or delete one.
To whom a line belongs may change (a merge, a new key for addresses), and the lines of somebody who was
erased may go.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EVIDENCE = (
    "channel", "jurisdiction", "captured_at", "url", "ip", "user_agent", "language", "wording_hash",
    "document", "actor",
)  # fmt: skip
FIXED = (
    "seq, topic, state, basis, at, recorded_at, confirmed, expires_at, own_act, source, wording, counts, "
    + ", ".join(EVIDENCE)
)
SQLITE = (
    f"CREATE TRIGGER consent_is_never_changed BEFORE UPDATE OF {FIXED} ON consent"
    " BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END",
    "CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent"
    " WHEN EXISTS (SELECT 1 FROM person WHERE id = OLD.person_id AND NOT erased)"
    " BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION consent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN IF TG_OP = 'DELETE' AND NOT EXISTS"
    " (SELECT 1 FROM person WHERE id = OLD.person_id AND NOT erased) THEN RETURN OLD; END IF;"
    " RAISE EXCEPTION 'the consent ledger is append-only'; END $$",
    f"CREATE TRIGGER consent_is_never_changed BEFORE UPDATE OF {FIXED} ON consent"
    " FOR EACH ROW EXECUTE FUNCTION consent_is_append_only()",
    "CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent"
    " FOR EACH ROW EXECUTE FUNCTION consent_is_append_only()",
)


def upgrade() -> None:
    for name in EVIDENCE:
        kind = sa.BigInteger() if name == "captured_at" else sa.String()
        op.add_column("consent", sa.Column(name, kind, nullable=True))
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON consent"
    op.execute(f"DROP TRIGGER consent_is_never_changed{on}")
    op.execute(f"DROP TRIGGER consent_is_never_deleted{on}")
    if on:
        op.execute("DROP FUNCTION consent_is_append_only()")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        for name in EVIDENCE:
            batch_op.drop_column(name)
