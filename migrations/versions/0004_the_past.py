"""the past

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("was", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_former")),
    )
    op.create_index("ix_former_person_id_seq", "former", ["person_id", "seq"])
    op.create_index(
        "ix_former_slot",
        "former",
        ["about"],
        postgresql_where=sa.text("what = 'slot'"),
        sqlite_where=sa.text("what = 'slot'"),
    )
    op.add_column("person", sa.Column("recorded_at", sa.BigInteger(), nullable=True))
    op.add_column("reading", sa.Column("recorded_at", sa.BigInteger(), nullable=True))
    _make_switch("journey", "since", until=True)


def downgrade() -> None:
    op.execute("DELETE FROM switch WHERE until IS NOT NULL")
    _make_switch("journey", until=False)
    op.drop_column("reading", "recorded_at")
    op.drop_column("person", "recorded_at")
    op.drop_table("former")


def _make_switch(*key: str, until: bool) -> None:
    """The table anew, with another key; its rows stay."""
    op.execute("CREATE TABLE switch_before AS SELECT journey, since, by FROM switch")
    op.drop_table("switch")
    ended = [sa.Column("until", sa.BigInteger(), nullable=True)] if until else []
    op.create_table(
        "switch",
        sa.Column("journey", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        *ended,
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_switch")),
    )
    op.execute("INSERT INTO switch (journey, since, by) SELECT journey, since, by FROM switch_before")
    op.drop_table("switch_before")
