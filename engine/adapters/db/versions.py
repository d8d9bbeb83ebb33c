"""Applied versions of the whole project: daemon and workers read nothing else of it (R2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due
from engine.adapters.db.people import document
from engine.adapters.db.tables import ASSET
from engine.adapters.db.tables.base import instant, micros
from engine.application.ports.deployments import Version


def apply_version(
    connection: Connection, version: Version, pictures: Mapping[str, tuple[str, bytes]]
) -> int:
    """Store a version as the one in force, and make everybody due: the rules have changed for all.

    `pictures` has, by hash, each picture's file name and bytes; those there already are kept. Answers
    how many people are due now.
    """
    assets = [(digest, name, content) for digest, (name, content) in pictures.items()]
    batch.insert(
        connection, ASSET, ("hash", "name", "content"), assets, "ON CONFLICT (hash) DO NOTHING"
    )
    since = {
        kind: {name: micros(at) for name, at in named.items()}
        for kind, named in (
            ("segments", version.segments_since),
            ("journeys", version.journeys_since),
        )
    }
    as_json = "CAST(:{0} AS jsonb)" if connection.dialect.name == "postgresql" else ":{0}"
    documents = ", ".join(as_json.format(name) for name in ("files", "assets", "since"))
    connection.execute(
        sql(
            "INSERT INTO version (hash, files, assets, since, applied_at, by)"
            f" VALUES (:hash, {documents}, :applied_at, :by)"
        ),
        {
            "hash": version.hash,
            "files": codec.dump(dict(version.files)),
            "assets": codec.dump(dict(version.assets)),
            "since": codec.dump(since),
            "applied_at": micros(version.applied_at),
            "by": version.by,
        },
    )
    return due.mark_everybody(connection, version.applied_at)


def current_version(connection: Connection) -> Version | None:
    """The version in force, or None before the first `apply`."""
    found = connection.execute(
        sql(f"SELECT {_COLUMNS} FROM version ORDER BY seq DESC LIMIT 1")
    ).first()
    return None if found is None else _version(found._asdict())


def current_hash(connection: Connection) -> str | None:
    """The hash of the version in force: cheap enough to ask at every tick."""
    found: str | None = connection.execute(
        sql("SELECT hash FROM version ORDER BY seq DESC LIMIT 1")
    ).scalar()
    return found


def version_by_hash(connection: Connection, digest: str) -> Version | None:
    """A version that was applied once, to look into the past."""
    found = connection.execute(
        sql(f"SELECT {_COLUMNS} FROM version WHERE hash = :hash ORDER BY seq DESC LIMIT 1"),
        {"hash": digest},
    ).first()
    return None if found is None else _version(found._asdict())


def picture(connection: Connection, digest: str) -> tuple[str, bytes] | None:
    """A picture's file name and bytes, by the hash in its address."""
    found = connection.execute(
        sql("SELECT name, content FROM asset WHERE hash = :hash"), {"hash": codec.text(digest)}
    ).first()
    return None if found is None else (found[0], bytes(found[1]))


_COLUMNS = "hash, files, assets, since, applied_at, by"


def _version(row: Mapping[str, Any]) -> Version:
    since = document(row["since"])
    return Version(
        hash=row["hash"],
        files=document(row["files"]),
        applied_at=instant(row["applied_at"]),
        by=row["by"],
        assets=document(row["assets"]),
        segments_since={name: instant(at) for name, at in since["segments"].items()},
        journeys_since={name: instant(at) for name, at in since["journeys"].items()},
    )
