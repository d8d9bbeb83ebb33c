"""pacing

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_until", sa.BigInteger(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_pace")),
    )


def downgrade() -> None:
    op.drop_table("pace")
