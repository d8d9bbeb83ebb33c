"""Care checks: what is surely wrong is doubted, and good letters are left alone."""

from __future__ import annotations

import pytest

from engine.domain.journey import Class
from engine.language.care import read
from engine.language.care.doubt import Sample


def codes(
    text: str,
    *,
    html: str = "",
    subject: str = "Hello",
    serves: bool = False,
    english: bool = True,
    used: tuple[tuple[str, str, str], ...] = (),
) -> list[str]:
    klass = Class.SERVICE if serves else Class.MARKETING
    return [
        one.code
        for one in read(Sample(subject, "", html, text, used, klass=klass, english=english))
    ]


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
    assert "T508" in codes(text, serves=True)
    assert codes(text) == []


def test_a_plain_apology_is_left_alone() -> None:
    text = "Your parcel is two days late. I am sorry: that was our mistake, but it is on its way."
    assert codes(text, serves=True) == []


def test_what_is_quoted_stands_in_the_mail() -> None:
    text = "How lovely! So good!\nBUY NOW AND SAVE\nLast chance to save"
    found = read(Sample("Hello", "", "", text))
    assert {one.code for one in found} == {"T504", "T505", "T507"}
    assert all(one.quote in text for one in found)


LATE = "Your parcel is two days late, because we packed it on Friday. I am sorry. It leaves today."


def test_a_whole_apology_names_the_harm_the_doer_and_the_remedy() -> None:
    assert codes(LATE, serves=True) == []
    without = {
        "T511": "We made a mistake, and I am sorry. You get your money back.",
        "T512": "Your parcel is two days late. I am sorry. It leaves today.",
        "T513": "Your parcel is two days late, because we packed it on Friday. I am sorry.",
    }
    for code, text in without.items():
        assert codes(text, serves=True) == [code]


def test_an_apology_does_not_sell_and_a_refund_is_no_sale() -> None:
    assert codes(LATE + " Here is 15 % off your next order.", serves=True) == ["T514"]
    assert codes(LATE + " We put 5 euros on your account.", serves=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "I am sorry to bother you with this.",
        "Sorry to see you go. Your orders stay.",
        "No need to apologise.",
    ],
)
def test_sorry_in_passing_is_no_apology(text: str) -> None:
    assert not {"T511", "T512", "T513"} & set(codes(text, serves=True))


@pytest.mark.parametrize(
    "text",
    ["We're sad that you left.", "Have you forgotten about us?", "Was it something we said?"],
)
def test_guilt_is_told(text: str) -> None:
    assert codes(text) == ["T509"]


def test_scarcity_is_a_doubt_and_a_mistake_where_the_upset_can_read_it() -> None:
    """Mood design 5.5: no scarcity and no fear for people who are anxious or angry."""
    for text in ("Only 3 bags left.", "Don't miss out.", "You will lose your points."):
        calm, upset = (Sample("Hello", "", "", text, to_upset=can) for can in (False, True))
        assert [(one.code, one.severity) for one in read(calm)] == [("T510", "warning")]
        assert [(one.code, one.severity) for one in read(upset)] == [("T515", "error")]


def test_three_personal_facts_are_a_conversation_and_four_are_a_file() -> None:
    three = "You live in Vienna, you were born in May, and you have ordered 7 times."
    assert codes(three) == []
    assert codes(three + " You looked at the decaf.") == ["T516"]
    used = (("brews_with", "an espresso machine", "sample"), ("first_name", "Tara", "customer"))
    printed = three + " Tara, you have an espresso machine."
    assert codes(printed, used=used) == ["T516"]


@pytest.mark.parametrize(
    "text",
    [
        "Five teas for your pregnancy.",
        "As a Muslim you may like our dates.",
        "Congratulations on your new baby.",
        "Now that money is tight, a cheaper bag.",
    ],
)
def test_a_sensitive_fact_is_not_told(text: str) -> None:
    assert codes(text) == ["T517"]


@pytest.mark.parametrize(
    "text",
    [
        "We noticed that you are angry.",
        "Our system detected you are quite upset.",
        "You seem a bit disappointed.",
        "Your churn risk has risen.",
        "You were classified as a friend.",
        "As one of our lapsed customers you get this.",
    ],
)
def test_a_mood_a_score_and_a_stage_are_never_said_R6_6(text: str) -> None:
    assert codes(text) == ["T518"]


def test_sympathy_is_no_printed_mood() -> None:
    assert codes("You are right to be annoyed, and you have every reason to be angry.") == []


def test_lawyers_prose_is_hard_to_read() -> None:
    heavy = "Notwithstanding previously communicated provisions, modifications necessitate " * 4
    assert codes(heavy + "notification.") == ["T523"]


def test_words_are_judged_in_english_only_and_noise_in_every_language() -> None:
    assert codes("Last chance! Hurry!", english=False) == ["T504"]
    assert codes("Letzte Gelegenheit, und alles ist noch da.", english=False) == []


def test_links_and_pictures_without_words() -> None:
    link = '<a href="x"><img src="cup.png" alt=""></a>'
    assert codes("", html=f"<p>{'words ' * 20}</p>{link}") == ["T526"]
    assert codes("", html='<p>Hello</p><img src="sale.png" alt="">') == ["T526"]
    assert codes("", html=f'<p>{"words " * 20}</p><img src="line.png" alt="">') == []
    assert codes("", html='<img src="IMG_2041.jpg" alt="IMG_2041.jpg"><p>Hello</p>') == ["T526"]


@pytest.mark.parametrize(
    ("colours", "found"),
    [
        ("color:#777777", ["T527"]),  # 4.48 : 1
        ("color:#767676", []),  # 4.54 : 1
        ("color:#777777;font-size:24px", []),
        ("color:#fff;background-color:#8a4b2a", []),
        ("color:rgb(200,200,200)", ["T527"]),
        ("color:rgba(0,0,0,0.2)", ["T527"]),
        ("color:#ccc;background:url(x.png)", []),
        ("color:#ccc;display:none", []),
        ("color:silver", ["T527"]),
    ],
)
def test_contrast_is_that_of_wcag(colours: str, found: list[str]) -> None:
    assert codes("", html=f'<div><p style="{colours}">words to read</p></div>') == found


def test_the_foot_of_the_layout_is_not_read() -> None:
    text = "Hello.\n\nHurry up, last chance.\n\nShop, Street 1, 10115 Berlin\n"
    foot = Sample(
        "Hello", "", "", text.replace("Hurry up, last chance.", "Bye."), address="Street 1"
    )
    assert read(foot) == ()


def test_no_phrase_is_made_of_words_that_may_all_be_missing() -> None:
    from engine.language.care.matching import GAP, pattern
    from engine.language.care.phrases import PHRASES

    for name, lines in PHRASES.items():
        for line in filter(None, map(str.strip, lines.split("\n"))):
            needed = [one for one in pattern(line) if not one.optional and one.kind != GAP]
            assert needed, f"{name}: {line}"
