"""The engine's own mails: readable by day and by night, on a phone, and in the business's colour."""

from __future__ import annotations

import pytest

from engine.application.own_mail import COLOUR, button, document, heading, link, paragraph
from engine.language.config_types import Company

SHOP = Company("Bean & Cup", colour="#ffee00")


def test_a_mail_fits_a_phone_and_says_that_it_knows_the_night() -> None:
    html = document(SHOP, "Hello <you>", paragraph("Hi"), "de")
    assert '<html lang="de" dir="ltr">' in html
    assert 'content="width=device-width, initial-scale=1"' in html
    assert 'name="color-scheme" content="light dark"' in html
    assert "overflow-wrap:anywhere" in html
    assert "<title>Hello &lt;you&gt;</title>" in html
    assert "Bean &amp; Cup" in html


@pytest.mark.parametrize(
    ("colour", "words"), [("#ffee00", "#000"), ("#7a4b2a", "#fff"), (None, "#fff")]
)
def test_words_on_the_button_can_be_read(colour: str | None, words: str) -> None:
    shown = button(Company("Shop", colour=colour), "Go", "https://shop.example/d/x")
    assert f"background:{colour or COLOUR};color:{words}" in shown


@pytest.mark.parametrize("part", [heading, paragraph])
def test_what_somebody_wrote_is_never_markup(part: object) -> None:
    assert "<b>" not in part("<b>")  # type: ignore[operator]
    assert '" onclick' not in button(SHOP, "<b>", 'x" onclick="y')
    assert "<b>" not in link("<b>", 'x"')
