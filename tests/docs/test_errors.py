"""docs/errors holds what `explain` says today: every example was run, every code has its page.

`pytest tests/docs/test_errors.py --accept` writes the pages anew.
"""

from pathlib import Path

from engine.cli.error_pages import pages

FOLDER = Path(__file__).parents[2] / "docs/errors"


def test_every_code_has_a_page_that_says_what_explain_says(golden):
    for name, text in pages():
        golden(FOLDER / name, text)


def test_no_page_is_left_of_a_code_that_is_gone():
    assert {file.name for file in FOLDER.iterdir()} == {name for name, _ in pages()}
