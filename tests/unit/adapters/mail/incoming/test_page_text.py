"""The text of a page of HTML: what a reader sees, in time that grows with the page and no faster."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.incoming.page_text import shown, text_of_html
from engine.adapters.nlp.cleaning.html import markup
from tests.standins.work import calls


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Your mail to <b>ada@x.example</b><br>was not delivered</p>",
         "Your mail to\nada@x.example\nwas not delivered"),
        ("a &lt; b &amp; c&nbsp;d &#8364;", "a < b & c\xa0d €"),
        ("<head><title>No</title><style>p > a {}</style></head><p>Yes</p>", "Yes"),
        ("<script>if (a < b) { '</p>' }</script>Yes<SCRIPT>no</SCRIPT >!", "Yes\n!"),
        ("<a title='1 > 0' href=\"x>y\">here</a>", "here"),
        ("<p don't>Yes</p>", "Yes"),
        ("<!DOCTYPE html><?xml version='1.0'?><![if !mso]>Yes<![endif]>", "Yes"),
        ("Yes<!-- no <b>no</b> -->!", "Yes\n!"),
        ("1 < 2, <3 and a<", "1 < 2, <3 and a<"),
        ("Yes<!-- no", "Yes"),
        ("Yes<style>no", "Yes"),
        ("Yes<a title='no>", "Yes"),
        ("Yes<a", "Yes"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_reader_sees_is_left(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize("number", ["9" * 8, "9" * 5_000, "x110000", "0"])
def test_the_number_of_no_character_is_none(number: str) -> None:
    """Python refuses to read a number of more than 4,300 digits."""
    assert text_of_html(f"a&#{number};b") == "a\ufffdb"


@given(
    st.lists(
        st.sampled_from(
            ["<div", ">", "<!--", "-->", "</", "<script", "'", '"', "=", " ", "a", "&#9"]
        )
    )
)
def test_no_character_is_looked_at_twice(pieces: list[str]) -> None:
    """The texts stand one behind the other, within the page."""
    html = "".join(pieces)
    places = [place for span in shown(html) for place in span]
    assert places == sorted(places)
    assert all(start < end for start, end in shown(html))
    assert all(0 <= place <= len(html) for place in places)
    text_of_html(html)


HOSTILE = {
    "open elements": "<div>",
    "closed elements": "</div>",
    "elements in elements": "<p><b><i><a>",
    "tables in tables": "<table><tr><td>",
    "half tags": "<div ",
    "values without an end": "<a b='",
    "values in values": "<a b='\">",
    "comments without an end": "<!--",
    "scripts without an end": "<script>",
    "ends of scripts": "</script",
    "entities": "&amp;&#1;",
    "half entities": "&#99999999",
    "brackets": "<<<",
    "equal signs": "<a = = =",
    "quotation marks": '<a "',
}


@pytest.mark.parametrize(
    "read", [text_of_html, lambda html: list(markup(html))], ids=["page", "reply"]
)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_twice_as_long_is_twice_the_work(name: str, read: Callable[[str], object]) -> None:
    pages = [HOSTILE[name] * many for many in (500, 1_000)]
    once, twice = (calls(lambda page=page: read(page)) for page in pages)  # type: ignore[misc]
    assert twice < 3 * once + 50, "twice the work, not four times"


def test_a_quarter_of_a_megabyte_of_open_elements_is_read() -> None:
    """A parser looked at all of them with each: seconds, and every process stood still with it."""
    assert text_of_html("<div>" * 52_000 + "ada@x.example") == "ada@x.example"


@pytest.mark.parametrize("inside", ['"', '"a', "' \"", '""" '])
def test_a_tag_of_nothing_but_quotation_marks_ends_the_reading_of_a_reply(inside: str) -> None:
    """Two ways to read a mark are two to the power of their number: thirty took minutes, a hundred would
    never have ended."""
    assert list(markup("<p>Hello<a " + inside * 2_000 + "<")) != []


def test_text_is_told_from_tags_by_their_places() -> None:
    html = "one<b>two</b>three"
    assert [html[start:end] for start, end in shown(html)] == ["one", "two", "three"]
    assert all(before[1] <= after[0] for before, after in pairwise(shown(html)))
