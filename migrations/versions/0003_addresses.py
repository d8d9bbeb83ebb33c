"""addresses

Revision: 0003
After: 0002

Addresses were known by a plain hash; from here on by one with a key (docs/decisions). What is hashed
with the key is the plain hash, so every row there is can be brought to it, also of addresses that
nobody has any more.
"""

import secrets
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEYED = ("person", "due", "consent", "slot")
AT_ONCE = 10_000


def upgrade() -> None:
    op.create_table(
        "address_key",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_address_key")),
    )
    op.create_table(
        "alias",
        sa.Column("old_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_alias")),
    )
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alias_person_id"), ["person_id"], unique=False)
    op.create_table(
        "bounce",
        sa.Column("mailbox_key", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_key", "message", name=op.f("pk_bounce")),
    )
    op.create_table(
        "tombstone",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tombstone")),
    )
    connection = op.get_bind()
    key = _make_key(connection)
    _history_of_suppressions(connection, key)
    _hash_with(connection, key)


def downgrade() -> None:
    raise RuntimeError(
        "keyed hashes cannot be turned back: restore the backup that was made before the upgrade"
    )


def _make_key(connection: sa.Connection) -> bytes:
    given = connection.engine.get_execution_options().get("sincerely_address_secret")
    secret = given or secrets.token_hex(32)
    key = blake2b(secret.encode(), digest_size=32, person=b"addresses").digest()
    connection.execute(
        sa.text("INSERT INTO address_key (fingerprint, secret) VALUES (:fingerprint, :secret)"),
        {
            "fingerprint": blake2b(b"fingerprint", key=key, digest_size=8).hexdigest(),
            "secret": None if given else secret,
        },
    )
    return key


def _history_of_suppressions(connection: sa.Connection, key: bytes) -> None:
    before = connection.execute(
        sa.text("SELECT mailbox_key, because, since, source, address FROM suppression")
    ).all()
    op.drop_table("suppression")
    table = op.create_table(
        "suppression",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("mailbox_key", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_suppression")),
    )
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.create_index("ix_suppression_mailbox_key", ["mailbox_key"], unique=False)
        batch_op.create_index(
            "ux_suppression_in_force",
            ["mailbox_key"],
            unique=True,
            postgresql_where=sa.text("lifted_at IS NULL"),
            sqlite_where=sa.text("lifted_at IS NULL"),
        )
    rows = [
        {**row._asdict(), "mailbox_key": _keyed(key, row.mailbox_key), "lifted_by": ""}
        for row in before
    ]
    if rows:
        connection.execute(sa.insert(table), rows)


def _hash_with(connection: sa.Connection, key: bytes) -> None:
    """Every plain hash, wherever it stands, by way of a table of old and new ones."""
    connection.execute(
        sa.text(
            "CREATE TEMPORARY TABLE rehashed (before VARCHAR PRIMARY KEY, after VARCHAR, shard SMALLINT)"
        )
    )
    everywhere = " UNION ".join(f"SELECT mailbox_key FROM {name}" for name in KEYED)
    connection.execute(sa.text(f"INSERT INTO rehashed (before) {everywhere}"))
    last = ""
    while found := list(
        connection.execute(
            sa.text(
                "SELECT before FROM rehashed WHERE before > :last"
                f" ORDER BY before LIMIT {AT_ONCE}"
            ),
            {"last": last},
        ).scalars()
    ):
        last = found[-1]
        pairs = ((before, _keyed(key, before)) for before in found)
        connection.execute(
            sa.text("UPDATE rehashed SET after = :after, shard = :shard WHERE before = :before"),
            [{"before": b, "after": a, "shard": int(a[:2], 16)} for b, a in pairs],
        )
    for name in KEYED:
        shard = ", shard = rehashed.shard" if name in ("person", "due") else ""
        connection.execute(
            sa.text(
                f"UPDATE {name} SET mailbox_key = rehashed.after{shard} FROM rehashed"
                f" WHERE {name}.mailbox_key = rehashed.before"
            )
        )
    connection.execute(sa.text("DROP TABLE rehashed"))


def _keyed(key: bytes, plain_hash: str) -> str:
    return blake2b(plain_hash.encode(), key=key, digest_size=16).hexdigest()
