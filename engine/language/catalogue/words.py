"""`?101` to `?107`: words, the same for every kind of file."""

from __future__ import annotations

from engine.language.catalogue.entry import (
    CONFIG,
    JOURNEY,
    JURISDICTION,
    MAIL,
    PERSONA,
    SEGMENT,
    TEST,
    Entry,
    edit,
)

_FILES = {
    "J": JOURNEY,
    "S": SEGMENT,
    "P": PERSONA,
    "X": TEST,
    "C": CONFIG,
    "T": MAIL,
    "L": JURISDICTION,
}


def _each(number: str, title: str, why: str, examples: dict[str, tuple[str, str]]) -> list[Entry]:
    return [
        edit(letter + number, title, why, _FILES[letter], right, wrong)
        for letter, (right, wrong) in examples.items()
    ]


ENTRIES = (
    *_each(
        "101", "The name is not that of the file",
        "People, reports and other files know a thing by its name, and you find it by its file. So both are "
        "the same, and a file opens with the word that belongs to its place.",
        {
            "J": ("journey: welcome", "journey: hello"),
            "S": ("segment: loyal", "segment: loyals"),
            "P": ("persona: regular", "persona: regulars"),
            "X": ("test_journey: welcome", "test_journey: hello"),
            "L": ("jurisdiction: canada", "jurisdiction: quebec"),
        },
    ),
    *_each(
        "102", "A word is missing",
        "Without this word the block is not complete.",
        {
            "J": ("    up_to: 7 days\n", ""),
            "S": ("who: { lifecycle: loyal }\n", ""),
            "P": ("rank: 10\n", ""),
            "X": ("  starts: Wednesday 2026-03-04 10:00\n", ""),
            "C": ("name: Lena, ", ""),
            "T": ("subject: Welcome to the shop\n", ""),
            "L": ("title: Canada\n", ""),
        },
    ),
    *_each(
        "103", "Something else should stand here",
        "Some words have one value behind them, some a list (lines with `- `), some a block of further words.",
        {
            "J": ("enter: { when: order.placed }", "enter: order.placed"),
            "S": ("title: Loyal customers", "title:"),
            "P": ("voice: { greeting: \"Hello {first_name},\" }", "voice: friendly"),
            "X": ("      - { at: day 0 10:00, event: order.placed }", "      at: day 0 10:00"),
            "C": ("policy:\n", "secrets: none\npolicy:\n"),
            "T": ("{ sample: Tara, if_missing: there }", "Tara"),
            "L": ("  double opt-in: no end\n  express: no end\n  purchase: 2 years\npurchase: purchase\n", "  double opt-in\n"),
        },
    ),
    *_each(
        "104", "A word that is not known here",
        "Every block has its own words. A word that is not among them would do nothing, and nobody would notice.",
        {
            "J": ("up_to: 7 days", "upto: 7 days"),
            "S": ("title: Loyal customers", "titel: Loyal customers"),
            "P": ("rank: 10", "rank: 10\nranking: 10"),
            "X": ("email: welcome/hello", "email: welcome/hello, subject_had: Welcome"),
            "C": ("time_zone: Europe/Berlin", "timezone: Europe/Berlin"),
            "T": ("layout: letter", "lay_out: letter"),
            "L": ("title: Canada", "titel: Canada"),
        },
    ),
    *_each(
        "105", "This is none of the words to choose from",
        "Here stands one word of a short list.",
        {
            "J": ("status: live", "status: active"),
            "S": ("{ lifecycle: loyal }", "{ lifecycle: faithful }"),
            "P": ("{ orders: { at_least: 5 } }", "{ angry: very }"),
            "X": ("{ news: given }", "{ news: granted }"),
            "C": ("{ class: service }", "{ class: helpful }"),
            "T": ("layout: letter", "layout: letter\ntrack: opens"),
            "L": ("purchase: purchase", "purchase: yes"),
        },
    ),
    *_each(
        "107", "One of these words, and only one",
        "The block says one thing: a step has one verb, `enter` one way in, a line of a test one happening.",
        {
            "J": ("{ when: order.placed }", "{ when: order.placed, joins: loyal }"),
            "X": ("{ at: day 0 10:00, event: order.placed }", "{ at: day 0 10:00 }"),
        },
    ),
)  # fmt: skip
