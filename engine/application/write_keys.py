"""Write keys: made, shown once, kept as a hash, and recognised."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from engine.application.ports.write_keys import SCOPES, WriteKey, WriteKeys
from engine.domain.errors import MistakeError
from engine.domain.event import OWN_SOURCES, PROVIDER

USUAL_SCOPES = ("people", "events", "feedback")
"""What a new key may send where nothing is said: neither consent nor who is who."""
PREFIX = "wk_"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_LONGEST = 200


def hash_of(key: str) -> str:
    """What is stored in place of a key. Keys are made by chance, so a plain hash cannot be turned back,
    and who compares hashes tells nothing by how long it takes."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def make_key(
    keys: WriteKeys,
    name: str,
    chance: str,
    now: datetime,
    *,
    scopes: Collection[str] = USUAL_SCOPES,
    source: str = "api",
    by: str = "",
) -> str:
    """Make a key and answer it: nobody can ask for it a second time. `chance` must be by chance, at
    least 128 bits as text that fits into an address.

    Raises:
        MistakeError: if the name is taken or none, the source is the engine's own, or a scope unknown.
    """
    if not _NAME.fullmatch(name):
        raise MistakeError(
            f"`{name}` is no name for a key",
            help="use small letters, digits, dots and dashes, for example `shop` or `web-2026`",
        )
    if source in OWN_SOURCES or source == PROVIDER or not _NAME.fullmatch(source):
        raise MistakeError(
            f"a key cannot write events of the source `{source}`",
            help="name the system that they come from, for example `--source shop`",
        )
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise MistakeError(
            f"`{', '.join(unknown)}` is nothing that a key may send",
            help=f"choose of {', '.join(SCOPES)}",
        )
    key = PREFIX + chance
    if not keys.add(WriteKey(name, source, frozenset(scopes), now, by), hash_of(key)):
        raise MistakeError(
            f"there is, or was, a key `{name}`",
            help="choose another name: what came through a revoked key still bears its name",
        )
    return key


def recognise(keys: WriteKeys, key: str) -> WriteKey | None:
    """The key in use that this is, or None."""
    if not key or len(key) > _LONGEST:
        return None
    return keys.by_hash(hash_of(key))
