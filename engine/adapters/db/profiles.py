"""`application.ports.profiles.Profiles` on a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from engine.adapters.db import erasure, export, identities, merging, message_erasure, people
from engine.adapters.db.connect import reading, writing
from engine.application.ports.profiles import Erased, Merged
from engine.domain.emotion import EmotionConfig
from engine.domain.facts import Rulebook


class DatabaseProfiles:
    """Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, id_or_address: str) -> str | None:
        """The id of today of somebody."""
        with reading(self._engine) as connection:
            return people.find(connection, id_or_address)

    def erased_at(self, id_or_address: str) -> datetime | None:
        """When somebody of this id or address was erased."""
        with reading(self._engine) as connection:
            return erasure.erased_at(connection, id_or_address)

    def erase(self, person_id: str, name: str, now: datetime) -> Erased | None:
        """Erase; committed on return."""
        with writing(self._engine) as connection:
            return erasure.erase(connection, person_id, name, now)

    def erase_message(
        self, person_id: str, message: str, config: EmotionConfig, now: datetime
    ) -> Mapping[str, int] | None:
        """Erase a message; committed on return."""
        with writing(self._engine) as connection:
            return message_erasure.erase_message(connection, person_id, message, config, now)

    def export(self, person_id: str, now: datetime) -> dict[str, Any]:
        """Everything held of a person."""
        with reading(self._engine) as connection:
            return export.export(connection, person_id, now)

    def was_merged(self, other: str, keep: str) -> bool:
        """Whether the id `other` leads to `keep`."""
        with reading(self._engine) as connection:
            return other != keep and identities.led_to(connection, other) == keep

    def merge(self, keep: str, other: str, rules: Rulebook, now: datetime) -> Merged | None:
        """Merge; committed on return."""
        with writing(self._engine) as connection:
            return merging.merge(connection, keep, other, rules, now)
