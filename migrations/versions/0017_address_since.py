"""address since: when another address came to a profile that was there before

Revision: 0017
After: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of when addresses changed before: they open what they opened."""
    op.add_column("person", sa.Column("address_since", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "address_since")
