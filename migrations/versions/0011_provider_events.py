"""provider events: what was told already, and touches that wait for a judgement

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_told")),
    )
    named = sa.text("twin <> ''")
    op.create_index(
        "ux_told_twin", "told", ["twin"], unique=True, postgresql_where=named, sqlite_where=named
    )
    op.create_index(op.f("ix_told_at"), "told", ["at"])
    op.create_table(
        "touch",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("send_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_touch")),
    )
    op.create_index(op.f("ix_touch_send_id"), "touch", ["send_id"])
    op.create_index(op.f("ix_touch_received_at"), "touch", ["received_at"])
    waiting = sa.text("NOT judged")
    op.create_index(
        "ix_touch_waiting", "touch", ["received_at"], postgresql_where=waiting, sqlite_where=waiting
    )


def downgrade() -> None:
    op.drop_table("touch")
    op.drop_table("told")
