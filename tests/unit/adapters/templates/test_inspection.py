"""A rendered mail is looked at before it leaves (R9.4)."""

from __future__ import annotations

import pytest

from engine.adapters.templates.inspection import inspect
from engine.application.ports.renderer import Finding
from engine.domain.journey import Class
from engine.domain.message import Rendered

LINKS = {"unsubscribe": "https://cozy.example/u/T", "preferences": "https://cozy.example/p/T"}
ADDRESS = "Example Street 1, 10115 Berlin"
WAYS_OUT = "".join(f'<a href="{url}">{name}</a>' for name, url in LINKS.items())
GOOD = (
    '<!doctype html><html lang="en"><head><title>Hello</title><style>p { color: red }</style></head>'
    f'<body><table role="presentation"><tr><td><p>Hello</p><img src="https://x.example/a.png" alt="" '
    f'width="1" height="1">{WAYS_OUT}<p>Example Street 1,<br>10115 Berlin</p></td></tr></table></body></html>'
)
TEXT = f"Hello\n{' '.join(LINKS.values())}\nExample Street 1,\n10115 Berlin\n"


def look(
    html: str = GOOD, text: str = TEXT, *, subject: str = "Hello", preheader: str = "Pre",
    klass: Class = Class.MARKETING,
) -> list[Finding]:  # fmt: skip
    return inspect(Rendered(subject, preheader, html, text), klass, links=LINKS, address=ADDRESS)


def says(found: list[Finding], severity: str, words: str) -> bool:
    return any(f.severity == severity and words in f.message and f.help for f in found)


def test_a_good_mail_has_no_findings() -> None:
    assert look() == []


@pytest.mark.parametrize(
    ("was", "is_now", "severity", "words"),
    [
        ('lang="en"', "", "error", "no `lang`"),
        ("<title>Hello</title>", "", "error", "no title"),
        (' alt=""', "", "error", "no `alt`"),
        ('width="1" ', "", "warning", "no width and height"),
        (' role="presentation"', "", "warning", "layout tables"),
        ("<p>Hello</p>", "<p>Hello {{ first_name }}</p>", "error", "left in the body"),
        ("<p>Hello</p>", "<p>Hello {first_name}</p>", "error", "`{first_name}` is left"),
        ("<p>Hello</p>", "<script>1</script>", "error", "no scripts"),
        ("<p>Hello</p>", '<p onclick="x()">Hello</p>', "error", "no scripts"),
        ("<p>Hello</p>", '<a href="javascript:x">x</a>', "error", "`javascript:`"),
        ("<p>Hello</p>", '<a href="menu">x</a>', "error", "leads nowhere"),
        ("https://cozy.example/u/T", "https://cozy.example/", "error", "unsubscribe is missing in the HTML"),
        ("https://cozy.example/p/T", "https://cozy.example/", "warning", "choose topics"),
        ("10115 Berlin", "", "error", "postal address is missing in the HTML"),
        ("<p>Hello</p>", "<p>" + "x" * 81_000 + "</p>", "warning", "close to Gmail"),
        ("<p>Hello</p>", "<p>" + "x" * 102_000 + "</p>", "error", "Gmail cuts it"),
    ],
)  # fmt: skip
def test_a_fault_in_the_html_is_found(was: str, is_now: str, severity: str, words: str) -> None:
    assert was in GOOD
    assert says(look(GOOD.replace(was, is_now)), severity, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "text part is empty"),
        (TEXT.replace("10115", ""), "postal address is missing in the text"),
        (TEXT.replace("/u/T", ""), "unsubscribe is missing in the text"),
        (TEXT + "{% if %}", "left in the text"),
    ],
)
def test_a_fault_in_the_text_is_found(text: str, words: str) -> None:
    assert says(look(text=text), "error", words)


def test_service_needs_no_way_to_unsubscribe() -> None:
    html = GOOD.replace(WAYS_OUT, "")
    assert look(html, "Hello", klass=Class.SERVICE) == []


def test_a_table_of_data_needs_heads_not_a_role() -> None:
    html = GOOD.replace("<p>Hello</p>", "<table><tr><th>A</th><td>1</td></tr></table>")
    assert look(html) == []


def test_no_preheader_is_a_warning_and_errors_come_first() -> None:
    found = look(GOOD.replace('lang="en"', ""), preheader="")
    assert [finding.severity for finding in found] == ["error", "warning"]


def test_a_mail_without_words_is_an_error() -> None:
    assert says(
        look("<html lang='en'><title>x</title><img alt='' src='x'></html>"), "error", "no words"
    )
