"""Applied versions of the whole project: daemon and workers read nothing else of it (R2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import ASSET
from engine.application.ports.deployments import Version
from engine.domain.facts import Rulebook


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
            ("backfills", version.backfills),
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
    return None if found is None else _reopened(connection, _version(found._asdict()))


def current_hash(connection: Connection) -> str | None:
    """The hash of the version in force."""
    found = in_force(connection)
    return None if found is None else found.hash


def in_force(
    connection: Connection, at: datetime | None = None, digest: str | None = None
) -> Version | None:
    """The version in force, or the one that was at an instant, without its files and pictures, so cheap
    enough to ask at every tick. With `digest` the version of that hash, as it stood at the instant."""
    found = connection.execute(
        sql(
            "SELECT hash, since, applied_at, by FROM version"
            " WHERE CASE WHEN CAST(:hash AS varchar) IS NULL"
            " THEN CAST(:at AS bigint) IS NULL OR applied_at <= :at ELSE hash = :hash END"
            " ORDER BY CASE WHEN applied_at <= :at THEN 1 ELSE 0 END DESC, seq DESC LIMIT 1"
        ),
        {"at": micros(at), "hash": digest},
    ).first()
    if found is None:
        return None
    return _reopened(connection, _version({**found._asdict(), "files": {}, "assets": {}}), at)


def still_in_force(connection: Connection, rules: Rulebook) -> bool:
    """Whether the version and the switches that these rules were made of are those of now: one cheap
    statement, to be asked once something was claimed (R2.9)."""
    found = connection.execute(
        sql(
            "SELECT v.hash, s.journey FROM version v LEFT JOIN switch s ON s.until IS NULL"
            " WHERE v.seq = (SELECT max(seq) FROM version)"
        )
    ).all()
    paused = rules.paused_journeys | ({""} if rules.paused else frozenset())
    return {row.hash for row in found} == {rules.version} and paused == {
        row.journey for row in found if row.journey is not None
    }


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


def _reopened(connection: Connection, version: Version, at: datetime | None = None) -> Version:
    """The version, whose journeys are open only since their last `resume`, up to `at` (R2.11): nobody
    enters by a schedule of the time in which one was paused. An engine that was paused as a whole went
    on letting people in."""
    found = connection.execute(
        sql(
            "SELECT journey, max(until) FROM switch WHERE journey <> '' AND until >= :applied_at"
            " AND (CAST(:at AS bigint) IS NULL OR until <= :at) GROUP BY journey"
        ),
        {"applied_at": micros(version.applied_at), "at": micros(at)},
    )
    again = {journey: instant(until) for journey, until in found}
    if not again:
        return version
    return replace(version, journeys_since={**version.journeys_since, **again})


def _version(row: Mapping[str, Any]) -> Version:
    since = {
        kind: {name: instant(at) for name, at in named.items()}
        for kind, named in document(row["since"]).items()
    }
    return Version(
        hash=row["hash"],
        files=document(row["files"]),
        applied_at=instant(row["applied_at"]),
        by=row["by"],
        assets=document(row["assets"]),
        segments_since=since["segments"],
        journeys_since=since["journeys"],
        backfills=since.get("backfills", {}),
    )
