"""event numbers: none is used twice, for the past is told by them

Revision: 0016
After: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """PostgreSQL never uses one twice. SQLite gives that of the newest row again once that is deleted."""
    _remade(sqlite_autoincrement=True)


def downgrade() -> None:
    _remade(sqlite_autoincrement=False)


def _remade(*, sqlite_autoincrement: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(
            "event", recreate="always", table_kwargs={"sqlite_autoincrement": sqlite_autoincrement}
        ):
            pass
