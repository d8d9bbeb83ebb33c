"""Links change in both parts of a mail at once, and nothing else does."""

from __future__ import annotations

from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from engine.application.mail_links import MailLink, with_links
from engine.domain.message import Rendered


def mail(html: str, text: str) -> Rendered:
    return Rendered("Hello", "Look", html, text)


def moved(link: MailLink) -> str:
    return link.url if not link.url.startswith("http") else f"{link.url}&moved=1"


def test_both_parts_hold_the_same_address() -> None:
    found = with_links(
        mail(
            '<p><a class="b" href="https://a.example/?x=1&amp;y=2">Go</a> https://other.example/</p>',
            "Go <https://a.example/?x=1&y=2>. Or https://a.example/?x=1&y=2. See https://other.example/",
        ),
        moved,
    )
    assert 'href="https://a.example/?x=1&amp;y=2&amp;moved=1"' in found.html
    assert "https://other.example/</p>" in found.html
    assert found.text == (
        "Go <https://a.example/?x=1&y=2&moved=1>. Or https://a.example/?x=1&y=2&moved=1."
        " See https://other.example/"
    )


def test_a_longer_address_is_another_one() -> None:
    found = with_links(
        mail('<a href="https://a.example/b">B</a>', "https://a.example/b https://a.example/bc"),
        moved,
    )
    assert found.text == "https://a.example/b&moved=1 https://a.example/bc"


def test_quotes_of_either_kind_and_buttons_of_outlook() -> None:
    found = with_links(
        mail(
            "<area href='https://a.example/it'><!--[if mso]>"
            '<v:roundrect href="https://b.example/it\'s"></v:roundrect><![endif]-->',
            "",
        ),
        lambda link: link.url + '"<&',
    )
    assert 'href="https://a.example/it&quot;&lt;&amp;"' in found.html
    assert 'href="https://b.example/it&#x27;s&quot;&lt;&amp;"' in found.html


def test_a_link_that_shows_its_address_says_so() -> None:
    seen: list[MailLink] = []

    def look(link: MailLink) -> str:
        seen.append(link)
        return link.url

    same = mail(
        '<a href="https://a.example/" title="x"> https://a.example/</a><a href="https://b.example/">B</a>',
        "",
    )
    assert with_links(same, look) is same
    assert [link.shows_address for link in seen] == [True, False]


@given(st.lists(st.text("abc/?&=#%<>\"'é ;", max_size=12), max_size=5))
def test_what_is_put_in_is_what_is_read(paths: list[str]) -> None:
    """An address in HTML is read back as the one that was meant, whatever stands in it."""
    urls = [f"https://a.example/{path}" for path in paths]
    html = "".join(f'<p><a href="{escape(url)}">x</a></p>' for url in urls)
    read: list[str] = []

    def note(link: MailLink) -> str:
        read.append(link.url)
        return link.url

    changed = with_links(mail(html, ""), lambda link: f"{link.url}!")
    with_links(changed, note)
    assert read == [f"{url}!" for url in urls]
    assert unescape(changed.html).count("!") == len(urls)
