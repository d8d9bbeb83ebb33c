"""How mistakes are shown."""

from __future__ import annotations

import json

from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.frame import as_github, as_json, as_text, frame
from engine.language.suggest import did_you_mean, listed, nearest

FILE = "journeys/onboarding.yaml"
SOURCE = "\n" * 21 + "    upto: 2 days\n"
UPTO = Diagnostic(
    "J104",
    "error",
    FILE,
    22,
    5,
    22,
    9,
    "`upto` is not a word for a `wait_for` step",
    "did you mean `up_to`?",
)


def test_the_anatomy_is_that_of_the_language_page() -> None:
    assert frame(UPTO, {FILE: SOURCE}) == (
        "journeys/onboarding.yaml:22:5: J104 `upto` is not a word for a `wait_for` step\n"
        "   |\n"
        "22 |     upto: 2 days\n"
        "   |     ^^^^\n"
        "   = help: did you mean `up_to`?"
    )


def test_a_doubt_says_that_it_is_one() -> None:
    doubt = at(Place(1, 1, 1, 5), "Y135", "a.yaml", "perhaps", "look", "warning")
    assert frame(doubt, {"a.yaml": "word: x"}).startswith("a.yaml:1:1: Y135 warning: perhaps\n")


def test_carets_stand_below_what_is_meant_even_behind_tabs() -> None:
    found = at(Place(1, 3, 1, 5), "Y110", "a.yaml", "wrong")
    assert frame(found, {"a.yaml": "\t\tab"}).split("\n")[2:] == ["1 | \t\tab", "  | \t\t^^"]


def test_a_very_long_line_is_cut_around_the_mistake() -> None:
    source = "x" * 5_000 + "HERE" + "y" * 5_000
    found = at(Place(1, 5_001, 1, 5_005), "Y110", "a.yaml", "wrong")
    lines = frame(found, {"a.yaml": source}).split("\n")
    assert len(lines[2]) < 200
    assert lines[2][lines[3].index("^") : lines[3].rindex("^") + 1] == "HERE"


def test_no_control_character_reaches_the_terminal() -> None:
    found = at(Place(1, 1, 1, 2), "Y101", "a.yaml", "wrong")
    assert "\x1b" not in frame(found, {"a.yaml": "\x1b[31mred"})


def test_a_mistake_of_a_whole_file_has_no_frame() -> None:
    found = at(Place(), "Y103", "a.yaml", "this file is empty", "write something")
    assert frame(found, {"a.yaml": ""}) == (
        "a.yaml:1:1: Y103 this file is empty\n  = help: write something"
    )


def test_twenty_are_shown_and_the_rest_is_counted() -> None:
    many = [at(Place(n, 1, n, 2), "Y105", "a.yaml", "twice") for n in range(1, 24)]
    text = as_text(many, {})
    assert text.count("Y105") == 20
    assert text.endswith("… and 3 more; mend these first")


def test_json_has_all_fields_in_order_of_the_files() -> None:
    first = at(Place(1, 1, 1, 2), "Y105", "a.yaml", "twice")
    assert [found["file"] for found in json.loads(as_json([UPTO, first]))] == ["a.yaml", FILE]
    assert json.loads(as_json([UPTO]))[0] == {
        "code": "J104",
        "severity": "error",
        "file": FILE,
        "line": 22,
        "column": 5,
        "end_line": 22,
        "end_column": 9,
        "message": "`upto` is not a word for a `wait_for` step",
        "help": "did you mean `up_to`?",
    }


def test_github_gets_one_line_a_mistake_with_everything_escaped() -> None:
    found = at(Place(2, 3, 2, 4), "Y110", "a,b:c.yaml", "50% of\nit", "mend")
    assert as_github([found]) == (
        "::error file=a%2Cb%3Ac.yaml,line=2,col=3,endLine=2,endColumn=4,title=Y110"
        "::50%25 of%0Ait%0Ahelp: mend"
    )


def test_suggestions_forgive_a_swap_a_slip_and_a_hyphen() -> None:
    words = ("wait_for", "wait_until", "send", "choose")
    assert nearest("sned", words) == "send"
    assert nearest("wait-for", words) == "wait_for"
    assert nearest("chose", words) == "choose"
    assert nearest("zebra", words) is None
    assert nearest("x" * 1_000, words) is None
    assert did_you_mean("Send", words) == "did you mean `send`?"
    assert listed(["a", "b", "c"]) == "`a`, `b` or `c`"
