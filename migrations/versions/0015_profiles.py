"""profiles: how moods are kept, cheaper to write

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_reading_person_id_emotion_at", "reading")
    op.create_index("ix_reading_person_id", "reading", ["person_id"])
    _replace("seen", sa.Column("sources", sa.String(), server_default="[]", nullable=False))


def downgrade() -> None:
    _replace("sources", sa.Column("seen", DOCUMENT, server_default="{}", nullable=False))
    op.drop_index("ix_reading_person_id", "reading")
    op.create_index(
        "ix_reading_person_id_emotion_at", "reading", ["person_id", "emotion", "at"]
    )


def _replace(old: str, new: sa.Column) -> None:
    """Every profile is worked out anew from its scores with its person's next message: as it is where the
    settings that it names are not those in force."""
    with op.batch_alter_table("profile") as profile:
        profile.drop_column(old)
        profile.add_column(new)
    with op.batch_alter_table("profile") as profile:
        profile.alter_column(new.name, server_default=None)
    op.execute("UPDATE profile SET config = 'stored otherwise'")
