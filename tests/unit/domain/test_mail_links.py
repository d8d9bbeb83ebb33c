"""Tagging links: only our own pages, never over what is there, and never to another place."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.mail_links import LinkRules, Utm, host_of, left_alone, may_track, tagged

SITE = "https://cozy.example"
RULES = LinkRules(utm=Utm(), site=SITE)
ABOUT = {"category": "news", "journey": "welcome", "mail": "welcome/hello"}
TAGS = "utm_source=news&utm_medium=email&utm_campaign=welcome&utm_content=welcome/hello"


def tag(url: str, rules: LinkRules = RULES) -> str:
    return tagged(url, rules, ABOUT)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://cozy.example", f"https://cozy.example?{TAGS}"),
        ("https://cozy.example/menu", f"https://cozy.example/menu?{TAGS}"),
        ("https://www.cozy.example/menu", f"https://www.cozy.example/menu?{TAGS}"),
        ("https://COZY.example:8443/", f"https://COZY.example:8443/?{TAGS}"),
        ("http://cozy.example/a?b=1&c=%2F", f"http://cozy.example/a?b=1&c=%2F&{TAGS}"),
        ("https://cozy.example/a?", f"https://cozy.example/a?{TAGS}"),
        ("https://cozy.example/a?x&", f"https://cozy.example/a?x&{TAGS}"),
        ("https://cozy.example/#/cups?x=1", f"https://cozy.example/?{TAGS}#/cups?x=1"),
    ],
)
def test_tags_stand_behind_the_query_and_before_the_fragment(url: str, wanted: str) -> None:
    assert tag(url) == wanted


def test_what_the_writer_tagged_stays() -> None:
    url = "https://cozy.example/a?UTM_Source=me&utm_medium=x"
    assert tag(url) == f"{url}&utm_campaign=welcome&utm_content=welcome/hello"
    assert tag(tag(url)) == tag(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/", "https://cozy.example.evil.example/", "https://notcozy.example/",
        "//cozy.example/", "javascript:alert(1)", "mailto:hello@cozy.example", "#top", "", "/menu",
        "https://me@cozy.example/", "https://cozy.example\\@evil.example/", "https:cozy.example",
        "https://cozy.example/a\r\nX: y", "https://cozy.example/a b", "ftp://cozy.example/",
        "https://cozy.example:0/", "https://cozy.example:99999999/", "https://[cozy.example/",
    ],
)  # fmt: skip
def test_whatever_is_not_plainly_a_page_of_the_business_stays_as_it_is(url: str) -> None:
    assert tag(url) == url


@pytest.mark.parametrize(
    "path",
    ["/u/token", "/p/token", "/a/hash/mug.png", "/imprint", "/en/privacy-policy.html",
     "/Datenschutz", "/mentions-legales/", "/company/facts"],
)  # fmt: skip
def test_pages_of_ours_and_of_the_law_are_never_tagged_nor_tracked(path: str) -> None:
    rules = LinkRules(utm=Utm(), site=SITE, legal=("/company/facts",))
    assert tag(SITE + path, rules) == SITE + path
    assert not may_track(SITE + path, rules)


def test_the_list_of_hosts_takes_the_place_of_the_site() -> None:
    rules = LinkRules(utm=Utm(), site=SITE, hosts=("bücher.example",))
    assert tag(f"{SITE}/", rules) == f"{SITE}/"
    assert tag("https://xn--bcher-kva.example/", rules).endswith(TAGS)
    assert tag("https://BÜCHER.example/", rules).endswith(TAGS)


def test_words_of_a_tag_cannot_break_out_of_it() -> None:
    rules = LinkRules(utm=Utm(source="a&b=c#d {mail}", term="über"), site=SITE)
    query = dict(parse_qsl(urlsplit(tag(f"{SITE}/", rules)).query))
    assert query["utm_source"] == "a&b=c#d welcome/hello"
    assert query["utm_term"] == "über"
    assert "b" not in query


def test_what_a_mail_lacks_is_no_empty_tag() -> None:
    assert "utm_campaign" not in tagged(SITE, RULES, {"mail": "a/b"})


ADDRESSES = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(("http", "https")),
    st.sampled_from(("cozy.example", "www.cozy.example", "other.example", "x.cozy.example")),
    st.sampled_from(("", "/", "/a/b", "/a%20b", "/é", "/;x=1", "//evil.example")),
    st.one_of(st.just(""), st.text("abc=&%?é+;/", max_size=12).map("?{}".format)),
    st.one_of(st.just(""), st.text("abc=&?#é/", max_size=8).map("#{}".format)),
)


@given(ADDRESSES)
def test_tagging_never_changes_where_a_link_leads(url: str) -> None:
    """Everything that was there is there, in its order; a second time adds nothing."""
    new, old = urlsplit(tag(url)), urlsplit(url)
    assert (new.scheme, new.netloc, new.path) == (old.scheme, old.netloc, old.path)
    assert new.fragment == old.fragment
    assert new.query.startswith(old.query)
    before, after = (parse_qsl(one.query, keep_blank_values=True) for one in (old, new))
    assert after[: len(before)] == before
    assert {name for name, _ in after[len(before) :]} <= set(dict(parse_qsl(TAGS)))
    assert tag(tag(url)) == tag(url)


@given(st.text(max_size=40))
def test_nothing_that_stands_in_a_mail_makes_it_stumble(text: str) -> None:
    for url in (text, f"https://cozy.example/{text}", f"https://{text}/", f"{SITE}?{text}"):
        assert host_of(tag(url)) == host_of(url)
        assert isinstance(left_alone(url, RULES) or may_track(url, RULES), bool)


@given(st.text(max_size=30))
def test_what_is_tracked_can_stand_in_a_header(text: str) -> None:
    url = f"https://other.example/{text}"
    if may_track(url, RULES):
        assert url.isascii()
        assert url.isprintable()
        assert not any(c.isspace() for c in url)
