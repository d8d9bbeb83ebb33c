"""pages: what people choose for themselves

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("mailbox_key", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_preference")),
    )
    op.create_index("ix_preference_person_id", "preference", ["person_id"])
    op.create_index("ix_preference_mailbox_key", "preference", ["mailbox_key"])


def downgrade() -> None:
    op.drop_table("preference")
