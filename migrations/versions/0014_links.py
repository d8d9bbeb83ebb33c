"""links: tracked clicks and sign-up forms

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_wording")),
    )
    op.create_table(
        "tracked",
        sa.Column("send_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("targets", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("send_id", name=op.f("pk_tracked")),
    )
    op.create_index(op.f("ix_tracked_person_id"), "tracked", ["person_id"])
    op.create_index(op.f("ix_tracked_at"), "tracked", ["at"])


def downgrade() -> None:
    op.drop_table("tracked")
    op.drop_table("wording")
