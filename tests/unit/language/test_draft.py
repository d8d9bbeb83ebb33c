"""Reading drafts: what is surely wrong is doubted, and good letters are left alone."""

from __future__ import annotations

import pytest

from engine.language.draft import doubts


def codes(text: str, *, html: str = "", subject: str = "Hello", serves: bool = False) -> list[str]:
    return [one.code for one in doubts(subject, "", html, text, serves=serves)]


def test_one_exclamation_mark_is_joy_and_two_are_noise() -> None:
    assert codes("How lovely!") == []
    assert codes("How lovely! So good!") == ["T504"]
    assert codes("How lovely!", subject="Hello!") == ["T504"]
    assert codes("See https://cozy.example/#!/a and https://cozy.example/#!/b") == []


@pytest.mark.parametrize("text", ["BUY NOW AND SAVE", "this is FREE SHIPPING TODAY for all"])
def test_three_words_in_capitals_shout(text: str) -> None:
    assert codes(text) == ["T505"]


@pytest.mark.parametrize(
    "text",
    ["The EU VAT ID is enough", "BIRTHDAY-CUP", "Made in the USA, UK, EU and CH", "OK, IBAN"],
)
def test_abbreviations_do_not_shout(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("words", ["here", "Click here", "<b>click here!</b>", "this link →"])
def test_a_link_says_where_it_leads(words: str) -> None:
    assert codes("", html=f'<p><a href="x">{words}</a></p>') == ["T506"]
    assert codes("", html=f'<p><a href="x">{words} to choose a bag from June</a></p>') == []


@pytest.mark.parametrize(
    "text", ["Last chance to save", "Hurry, it ends", "So act now.", "Hurry up"]
)
def test_false_urgency_presses(text: str) -> None:
    assert codes(text) == ["T507"]


@pytest.mark.parametrize(
    "text",
    ["There is no reason to hurry.", "people in a hurry", "never a last chance", "No hurry."],
)
def test_calm_words_about_urgency_are_fine(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We are sorry for any inconvenience.",
        "We apologize if you were affected.",
        "Sorry, but the parcel was late.",
        "We're sorry for any\ninconvenience caused.",
    ],
)
def test_an_apology_does_not_argue(text: str) -> None:
    assert codes(text, serves=True) == ["T508"]
    assert codes(text) == []


def test_a_plain_apology_is_left_alone() -> None:
    text = "Your parcel is two days late. I am sorry: that was our mistake, but it is on its way."
    assert codes(text, serves=True) == []


def test_what_is_quoted_stands_in_the_mail() -> None:
    text = "How lovely! So good!\nBUY NOW AND SAVE\nLast chance to save"
    found = list(doubts("Hello", "", "", text, serves=False))
    assert len(found) == 3
    assert all(one.quote in text for one in found)
