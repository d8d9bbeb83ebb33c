"""`Y101` to `Y110`: text that is no readable YAML."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, JOURNEY, SEGMENT, Entry, edit

_LOYAL = BASE[SEGMENT]


def _segment(code: str, title: str, why: str, wrong: str) -> Entry:
    return Entry(code, title, why, {SEGMENT: wrong}, {SEGMENT: _LOYAL})


ENTRIES = (
    _segment(
        "Y101", "This is not readable text",
        "A file holds plain text in UTF-8. Other bytes and invisible characters come from office programs, "
        "from other encodings, or from a picture that was saved under the wrong name.",
        _LOYAL.replace("Loyal customers", "Loyal\x07 customers"),
    ),
    _segment(
        "Y102", "This file is too large",
        "A file has at most 1,000,000 characters and 50,000 values. Nothing that a person writes comes near.",
        f"{_LOYAL}# {'x' * 1_000_000}\n",
    ),
    _segment("Y103", "This file is empty", "An empty file says nothing; it was probably left behind.", "# only a comment\n"),
    _segment(
        "Y104", "This is nested too deep",
        "Fifty levels are the most. More of them come from brackets that never close.",
        "segment: loyal\nwho: " + "{ not: " * 60 + "{ lifecycle: loyal }" + " }" * 60 + "\n",
    ),
    edit(
        "Y105", "A word stands here twice",
        "If one word stands twice in a block, YAML keeps the last one and forgets the first without a sound. "
        "So it is an error here.",
        SEGMENT, "title: Loyal customers\n", "title: Loyal customers\ntitle: Our best\n",
    ),
    edit(
        "Y106", "Something is repeated from elsewhere",
        "Anchors (`&`), aliases (`*`) and `<<` make a file that nobody can read from top to bottom. This "
        "language has no such thing: conditions that are needed twice become a segment.",
        SEGMENT, "{ lifecycle: loyal }", "&best { lifecycle: loyal }",
    ),
    edit(
        "Y107", "A tag says what a value is",
        "What a value is follows from the word before it. Tags (`!!str`) are for programs.",
        SEGMENT, "Loyal customers", "!!str Loyal customers",
    ),
    _segment("Y108", "A second document begins", "One file holds one thing: a journey, a segment, a persona.", f"{_LOYAL}---\n{_LOYAL}"),
    _segment("Y109", "A list or a block stands where a word should", "Before a `:` stands a word.", f"{_LOYAL}[a, b]: c\n"),
    edit(
        "Y110", "YAML cannot be read here",
        "The line does not follow the rules of YAML: mostly a bracket or a quote that is not closed, an "
        "indentation that does not fit, or a `: ` inside a value without quotes.",
        JOURNEY, "{ when: order.placed }", "{ when: order.placed",
    ),
)  # fmt: skip
