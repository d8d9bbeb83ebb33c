"""`sincerely serve`: it answers, and stops when told to."""

from __future__ import annotations

import http.client
import signal
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import group
from tests.standins.serve import serving

CONFIG = """\
company:
  { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin, site: "https://shop.example" }
secrets: { links: $SINCERELY_LINK_KEY }
senders: { lena: { name: Lena, email: lena@shop.example } }
"""
KEY = "a key of the coffee shop"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    monkeypatch.setenv("SINCERELY_LINK_KEY", KEY)
    assert CliRunner().invoke(group, ["db", "upgrade"]).exit_code == 0
    return tmp_path


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_cleanly_when_told_to(shop: Path, told: signal.Signals) -> None:
    with serving() as (process, port):
        for path, status in (("/healthz", 200), ("/u/" + "A" * 32, 404), ("/a/none/x.png", 404)):
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", path)
                assert connection.getresponse().status == status
        process.send_signal(told)
        assert process.wait(timeout=20) == 0


def test_without_a_link_key_it_says_which_is_missing(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SINCERELY_LINK_KEY")
    result = CliRunner().invoke(group, ["serve", "--port", "0"])
    assert result.exit_code == 1
    assert "D207" in result.stderr
    assert "secrets.links" in result.stderr


def test_a_port_that_is_taken_is_named(shop: Path) -> None:
    with serving() as (_, port):
        result = CliRunner().invoke(group, ["serve", "--port", str(port)])
    assert result.exit_code == 1
    assert f"port {port}" in result.stderr
