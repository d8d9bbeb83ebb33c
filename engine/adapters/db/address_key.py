"""The key by which addresses are hashed, so that nobody can look through a stolen table of hashes with
a list of addresses (R5.9).

It is made once, when the schema is. It lies in the environment (`secrets.addresses`) or else in the
database, in a table of its own; a fingerprint says which one it was, for with another key every
suppression and every tombstone would silently be forgotten.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import reading
from engine.domain.errors import SetupError

_SECRET = "sincerely_address_secret"
_KEY = "sincerely_address_key"


def use_secret(engine: Engine, secret: str | None) -> Engine:
    """Give an engine the secret that the environment has, if it has one."""
    if secret:
        engine.update_execution_options(**{_SECRET: secret})
    return engine


def key_of(connection: Connection) -> bytes:
    """The key of this database, read once per engine.

    Raises:
        SetupError: D104 if it is not there, or is another than the one addresses were hashed with.
    """
    known: bytes | None = connection.engine.get_execution_options().get(_KEY)
    if known is None:
        known = _derived(_secret_of(connection))
        connection.engine.update_execution_options(**{_KEY: known})
    return known


def require_key(engine: Engine) -> None:
    """Pass if the key is the one that addresses were hashed with; else raise as `key_of` does."""
    with reading(engine) as connection:
        key_of(connection)


def make_key(connection: Connection) -> None:
    """Make the key of a new database, within the transaction that makes its tables; or note which one
    the environment has."""
    given = connection.engine.get_execution_options().get(_SECRET)
    secret = given or secrets.token_hex(32)
    connection.execute(
        sql("INSERT INTO address_key (fingerprint, secret) VALUES (:fingerprint, :secret)"),
        {"fingerprint": fingerprint(secret), "secret": None if given else secret},
    )


def lies_inside(connection: Connection) -> bool:
    """Whether the database itself holds the key."""
    found = connection.execute(sql("SELECT count(secret) FROM address_key")).scalar_one()
    return bool(found)


def take_out(connection: Connection) -> str | None:
    """Take the secret out of the database and answer it; None if it lies outside already."""
    secret: str | None = connection.execute(sql("SELECT secret FROM address_key")).scalar()
    connection.execute(sql("UPDATE address_key SET secret = NULL"))
    return secret


def fingerprint(secret: str) -> str:
    """What shows that a secret is the right one, and nothing else of it."""
    return blake2b(b"fingerprint", key=_derived(secret), digest_size=8).hexdigest()


def _secret_of(connection: Connection) -> str:
    given: str | None = connection.engine.get_execution_options().get(_SECRET)
    row = connection.execute(sql("SELECT fingerprint, secret FROM address_key")).first()
    if row is None:
        raise _trouble(
            "the key that addresses are hashed with is gone from the database",
            "restore table address_key from a backup: without it nobody's suppression is known",
        )
    if given is None and row.secret is None:
        raise _trouble(
            "this database's addresses are hashed with a key from the environment, which is not set",
            "name it in config.yaml, `secrets: { addresses: $SINCERELY_ADDRESS_KEY }`, and set it",
        )
    if given is not None and fingerprint(given) != row.fingerprint:
        raise _trouble(
            "`secrets.addresses` is another key than the one this database's addresses are hashed with",
            "set the old one: with another, every suppression would be forgotten"
            if row.secret is None
            else "run `sincerely db key --take-out` without it, and set what that prints",
        )
    return given or str(row.secret)


def _derived(secret: str) -> bytes:
    return blake2b(secret.encode(), digest_size=32, person=b"addresses").digest()


def _trouble(message: str, help: str) -> SetupError:
    return SetupError(message, help=help, code="D104")
