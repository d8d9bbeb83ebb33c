"""A nursery and a receiver for the session, and shops copied from one that was opened once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.conftest import _administer, _named, empty
from tests.reliability.harness import Nursery, Stage
from tests.reliability.receiver import Receiver, receiving
from tests.reliability.shop import LINK_KEY, open_shop, write_project


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def shop_keys() -> Iterator[None]:
    """What the shop reads from the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SINCERELY_LINK_KEY", LINK_KEY)
        yield


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stages(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    receiver: Receiver,
    shop_keys: None,
) -> Iterator[Callable[[], Stage]]:
    """Gives a fresh stage at each call: the shop, just opened, and everybody has ordered."""
    folder = tmp_path_factory.mktemp("crash")
    write_project(folder, receiver.port)
    if request.param == "sqlite":
        yield from _on_sqlite(folder, receiver)
    else:
        server, template = (
            request.getfixturevalue("postgres_server"),
            request.getfixturevalue("postgres_template"),
        )
        yield from _on_postgresql(folder, receiver, server, template)


def _on_sqlite(folder: Path, receiver: Receiver) -> Iterator[Callable[[], Stage]]:
    from engine.adapters.db.schema import upgrade

    full, place = folder / "full.db", folder / "sincerely.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SINCERELY_DATABASE", f"sqlite:///{full}")
        upgrade(f"sqlite:///{full}")
        open_shop(folder)
        patch.setenv("SINCERELY_DATABASE", f"sqlite:///{place}")
        nursery = Nursery(folder, dict(os.environ))

        def fresh() -> Stage:
            for suffix in ("", "-wal", "-shm"):
                place.with_name(place.name + suffix).unlink(missing_ok=True)
            shutil.copy(full, place)
            receiver.forget()
            return Stage(folder, f"sqlite:///{place}", nursery, receiver)

        fresh().warm_up()
        yield fresh
        nursery.close()


def _on_postgresql(
    folder: Path, receiver: Receiver, server: str, template: str
) -> Iterator[Callable[[], Stage]]:
    url = _named(make_url(server), "crash")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SINCERELY_DATABASE", _named(make_url(server), "crash_full"))
        _administer(server, f'CREATE DATABASE "crash_full" TEMPLATE "{template}"')
        open_shop(folder)
        patch.setenv("SINCERELY_DATABASE", url)
        nursery = Nursery(folder, dict(os.environ))

        def fresh() -> Stage:
            _administer(server, 'DROP DATABASE IF EXISTS "crash" WITH (FORCE)')
            _administer(server, 'CREATE DATABASE "crash" TEMPLATE "crash_full"')
            receiver.forget()
            return Stage(folder, url, nursery, receiver)

        fresh().warm_up()
        yield fresh
        nursery.close()
        for name in ("crash", "crash_full"):
            _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def open_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver, shop_keys: None
) -> Iterator[Callable[[str, datetime], Stage]]:
    """Opens a shop at an instant, where nobody sleeps; what its database held is gone."""
    nurseries = []

    def opened(database: str, start: datetime) -> Stage:
        empty(database)
        monkeypatch.setenv("SINCERELY_DATABASE", database)
        write_project(tmp_path, receiver.port, night=False)
        open_shop(tmp_path, start, abroad=False)
        receiver.forget()
        nurseries.append(Nursery(tmp_path, dict(os.environ)))
        nurseries[-1].ask(do="reset", kills=[])
        return Stage(tmp_path, database, nurseries[-1], receiver)

    yield opened
    for nursery in nurseries:
        nursery.close()
