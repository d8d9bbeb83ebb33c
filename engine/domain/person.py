"""A customer of the business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.domain.event import Value

ANONYMOUS = "anonymous:"
"""Before the id of a visitor, who is known by their device alone: it can never be the business's own."""


def is_visitor(person_id: str) -> bool:
    """Whether this is the id of a visitor."""
    return person_id.startswith(ANONYMOUS)


@dataclass(frozen=True, slots=True)
class Person:
    """Who a decision is about.

    `id` is the business's own. `email` is the address as given, `mailbox` its normal form, by which
    caps and suppression count (R3.5); both are empty when there is none. `attributes` holds all the
    rest, the known ones too (`first_name`, `locale`, `time_zone`, `country`, `birthday`, `tags` …).
    """

    id: str
    email: str = ""
    mailbox: str = ""
    attributes: Mapping[str, Value] = field(default_factory=dict)
    created_at: datetime | None = None
    erased: bool = False

    def attribute(self, name: str) -> Value | None:
        """An attribute by its name in conditions; `email` and `id` are attributes too."""
        if name == "email":
            return self.mailbox or None
        if name == "id":
            return self.id
        return self.attributes.get(name)
