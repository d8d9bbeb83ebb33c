"""Was the database restored from a backup? What it lost must not be sent again blindly (R10.1).

A copy that `db backup` made says so itself. Any other way back in time (a dump, a snapshot of a disk, a
managed server) is noticed by the heartbeat: every minute the time is noted in the database and in a small
file beside the project, the witness. A database that is behind its witness has gone back. Where a
machine has no witness yet and the heartbeat is old, nobody can know, and somebody is asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

HEARTBEAT_EVERY = timedelta(minutes=1)
_BEHIND = timedelta(minutes=3)
_STRANGE = timedelta(hours=1)


def lost_since(
    copied: datetime | None, heartbeat: datetime | None, witness: datetime | None, now: datetime
) -> datetime | None:
    """Since when the database may have lost what happened, or None where it has lost nothing.

    `copied` is when `db backup` made this copy, `heartbeat` the last time that it noted, `witness` the last
    that this machine noted of it.
    """
    if copied is not None:
        return copied
    if heartbeat is None:
        return None
    if witness is not None:
        return heartbeat if witness - heartbeat > _BEHIND else None
    return heartbeat if now - heartbeat > _STRANGE else None
