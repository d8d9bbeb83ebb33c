"""Signing up in real Chromium: on our page and by the copy on another one, on a phone and on a desk."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from engine.adapters.page_words import words_for
from engine.cli.main import group

CONFIG = """\
company: {{ name: Café Größe, address: "Street 1, Berlin", time_zone: UTC, site: "http://127.0.0.1:{port}" }}
secrets: {{ links: $LINKS }}
senders: {{ lena: {{ name: Lena, email: lena@shop.example }} }}
policy: {{ categories: {{ news: {{ class: marketing }} }} }}
forms:
  letters:
    topics: news
    version: "1"
    title: {{ en: Letters from the roastery, de: Briefe aus der Rösterei }}
    wording: {{ en: "Yes, once a week.", de: "Ja, einmal in der Woche." }}
    fields: [first_name, last_name, country]
"""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[str]:
    """The address of a shop that is served."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", sqlite_url)
    monkeypatch.setenv("LINKS", "k" * 40)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    Path("config.yaml").write_text(CONFIG.format(port=port))
    assert CliRunner().invoke(group, ["db", "upgrade"]).exit_code == 0
    command = [sys.executable, "-m", "engine", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert "Serving" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def look(page: Page) -> None:
    """WCAG 2.2 AA by axe, and nothing to scroll sideways."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert results.violations_count == 0, results.generate_snapshot()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("device", [PHONE, DESK, {**PHONE, "color_scheme": "dark"}])
@pytest.mark.parametrize("language", ["en", "de"])
def test_signing_up_by_keyboard_with_a_mistake_first(
    browser: Browser, site: str, device: dict[str, Any], language: str
) -> None:
    words = words_for(language)
    context = browser.new_context(**device, locale=language)
    page = context.new_page()
    page.goto(f"{site}/s/letters")
    look(page)
    page.wait_for_timeout(2_100)
    page.get_by_label(words.text("sign_email")).fill("ann@nowhere")
    page.get_by_label(words.text("sign_first_name")).fill("Ann")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(words.text("sign_no_address"))
    expect(page.get_by_label(words.text("sign_first_name"))).to_have_value("Ann")
    look(page)
    page.get_by_label(words.text("sign_email")).fill("ann@example.com")
    page.get_by_role("button", name=words.text("sign_button"), exact=True).click()
    expect(page.get_by_role("status")).to_have_text(words.text("sign_done"))
    look(page)
    context.close()


def test_the_copy_on_another_page_signs_up_without_a_script(browser: Browser, site: str) -> None:
    written = CliRunner().invoke(group, ["form", "snippet", "letters"])
    assert written.exit_code == 0, written.output
    context = browser.new_context(**DESK, java_script_enabled=False)
    page = context.new_page()
    page.route(
        "https://cozy.example/**",
        lambda route: route.fulfill(
            body=f"<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1>{written.output}",
            content_type="text/html; charset=utf-8",
        ),
    )
    page.goto("https://cozy.example/about")
    page.get_by_label("Your email address").fill("bob@example.com")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("status")).to_have_text(words_for("en").text("sign_done"))
    context.close()
    listed = CliRunner().invoke(group, ["--format", "json", "person", "show", "bob@example.com"])
    assert '"pending"' in listed.output
