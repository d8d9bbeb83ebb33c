"""Links of mails by the commands alone: tagged where the config asks for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import group

SAMPLE = Path(__file__).parents[2]
AT = "2026-03-04T10:00:00+01:00"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample shop."""
    for folder in ("journeys", "segments", "templates"):
        shutil.copytree(SAMPLE / folder, tmp_path / folder)
    shutil.copy(SAMPLE / "config.example.yaml", tmp_path / "config.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_draft_shows_its_tags(shop: Path, kind: str) -> None:
    """R7.1: it is written as the mail that leaves is."""
    config = shop / "config.yaml"
    config.write_text(config.read_text() + "links: { utm: yes }\n")
    preview = ["--at", AT, "preview", "onboarding:welcome", "--as", kind, "--out", "draft"]
    result = CliRunner().invoke(group, preview)
    assert result.exit_code == 0, result.output
    draft = (shop / "draft").read_text().replace("&amp;", "&")
    assert (
        "utm_source=onboarding&utm_medium=email&utm_campaign=onboarding"
        "&utm_content=onboarding/welcome" in draft
    )
    assert "unsubscribe?utm" not in draft
