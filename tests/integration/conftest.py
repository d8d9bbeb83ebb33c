"""What the integration tests share: engines on both databases, and statements counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from engine.adapters.db.connect import connect


@pytest.fixture
def store_engine(database: str) -> Iterator[Engine]:
    """An engine on a migrated, empty database; the test runs on SQLite and on PostgreSQL."""
    engine = connect(database)
    yield engine
    engine.dispose()


@pytest.fixture
def statements(store_engine: Engine) -> Callable[[], object]:
    """A context manager that collects the statements sent within it (BEGIN and COMMIT aside)."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
            if not statement.startswith(("PRAGMA", "BEGIN")):
                sent.append(" ".join(statement.split()))

        event.listen(store_engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(store_engine, "before_cursor_execute", note)

    return collecting
