"""human hands: why a draft was rejected

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approval", sa.Column("because", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("approval", "because")
