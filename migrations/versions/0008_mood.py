"""mood

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("probabilities", sa.LargeBinary(), nullable=False),
        sa.Column("valence", sa.Float(), nullable=False),
        sa.Column("arousal", sa.Float(), nullable=False),
        sa.Column("urgency", sa.Float(), nullable=False),
        sa.Column("mixed", sa.Boolean(), nullable=False),
        sa.Column("sarcasm_suspected", sa.Boolean(), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "message", name=op.f("pk_score")),
    )
    op.create_index("ix_score_at", "score", ["at"])
    op.create_index(
        "ix_score_evidence",
        "score",
        ["at"],
        postgresql_where=sa.text("evidence IS NOT NULL"),
        sqlite_where=sa.text("evidence IS NOT NULL"),
    )
    op.create_table(
        "profile",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("config", sa.String(), nullable=False),
        sa.Column("seen", DOCUMENT, nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.Column("talks", DOCUMENT, nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_profile")),
    )
    op.create_table(
        "base_rate",
        sa.Column("holds_from", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("rates", DOCUMENT, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("holds_from", "source", name=op.f("pk_base_rate")),
    )
    op.add_column("person", sa.Column("disposition_since", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("disposition_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "disposition_until")
    op.drop_column("person", "disposition_since")
    op.drop_table("base_rate")
    op.drop_table("profile")
    op.drop_table("score")
