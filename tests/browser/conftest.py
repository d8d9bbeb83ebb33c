"""Real Chromium, driven through Playwright, and axe: what a visitor sees, and what a screen reader does.

Chromium is Debian's package, or whichever of its names is on the path (`apt-get install chromium`; the
continuous integration does so). Without one these tests are skipped and say so, unless `CI` or
`SINCERELY_BROWSER=required` is set: then they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from engine.adapters.db.connect import connect
from tests.standins.site import Site, serving, settle

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a file: while its driver lives, the event loop of this process is its own."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        missing = f"none of {', '.join(NAMES)} is here: `apt-get install chromium` brings one"
        if os.environ.get("CI") or os.environ.get("SINCERELY_BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
        )
        yield started
        started.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Engine]:
    """An engine on a fresh database."""
    engine = connect(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def site(sqlite_store: Engine) -> Iterator[Site]:
    """Zoe's pages, in English."""
    with serving(sqlite_store) as served:
        settle(served)
        yield served
