"""The end of a process: what it has in hand is given back, if the database can hear of it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from engine.adapters.db.connect import passes
from engine.domain.errors import SetupError

log = logging.getLogger("sincerely.daemon")


def give_back(*releases: Callable[[], object]) -> bool:
    """Call these. False if the database is away: then claims run out by themselves within minutes."""
    try:
        for release in releases:
            release()
    except (SetupError, SQLAlchemyError) as error:
        if not passes(error):
            raise
        log.error("claims are left", extra={"action": "stop", "because": str(error)})
        return False
    return True
