"""What a mail may tell of its reader: what they agree to, and never by another way than the one it had."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.links import Links
from engine.adapters.mail.ways_out import NoWaysOut, SignedWaysOut
from engine.application.tracking import MOST, Tells, tracked, what_tells
from engine.domain.consent import ALL_TOPICS, ConsentEntry
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Policy
from engine.domain.mail_links import LinkRules
from engine.domain.message import Rendered
from engine.domain.person import Person

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SITE = "https://cozy.example"
LINKS = Links(SITE, [b"a key of the coffee shop"])
WAYS = SignedWaysOut(LINKS, "Shop")
SEND_ID = "5f" * 16
BOOK = Rulebook({}, {}, (), Policy(categories={}), {})
CLICKS = Tells(clicks=True)
UNSUBSCRIBE = WAYS.links(SEND_ID)["unsubscribe"]


def follow(url: str, targets: tuple[str, ...]) -> str:
    """Where an address leads, by way of us or not."""
    if not url.startswith(f"{SITE}/t/"):
        return url
    found = LINKS.read_link(url.removeprefix(f"{SITE}/t/"))
    assert found is not None
    assert SEND_ID.startswith(found[0])
    return targets[found[1]]


def mail(*urls: str) -> Rendered:
    html = "".join(f'<a href="{url.replace("&", "&amp;")}">look</a>' for url in urls)
    text = " ".join(f"look <{url}>" for url in urls)
    return Rendered("s", "p", f"<html><body>{html}</body></html>", text)


def lead(
    *urls: str, rules: LinkRules | None = None, **more: Any
) -> tuple[Rendered, tuple[str, ...]]:
    return tracked(mail(*urls), SEND_ID, CLICKS, rules or LinkRules(site=SITE), WAYS, **more)


def hrefs(found: Rendered) -> list[str]:
    return [unescape(url) for url in re.findall(r'href="([^"]*)"', found.html)]


def test_a_link_leads_by_way_of_us_to_where_it_led() -> None:
    urls = (
        "https://cozy.example/menu?a=1&b=2#x",
        "https://other.example/",
        f"{SITE}/menu?a=1&b=2#x",
    )
    found, targets = lead(*urls)
    assert targets == urls[:2]
    assert [follow(url, targets) for url in hrefs(found)] == list(urls)
    assert [follow(url, targets) for url in re.findall(r"<(\S+)>", found.text)] == list(urls)
    assert all(url not in found.html + found.text for url in ("menu", "other.example"))


@pytest.mark.parametrize(
    "url",
    [UNSUBSCRIBE, WAYS.links(SEND_ID)["preferences"], WAYS.links(SEND_ID)["confirm"],
     f"{SITE}/p/another", f"{SITE}/imprint", "https://shop.example/privacy", "mailto:a@b.example",
     "tel:+4930", "#top", "javascript:alert(1)", "//evil.example/", "https:/evil.example",
     "https://a@evil.example/", "https://evil.example\\@cozy.example/", "https://bücher.example/",
     "https://a.example/\r\nSet-Cookie: x", "https://a.example/\u2028", "ftp://a.example/"],
)  # fmt: skip
def test_what_is_never_tracked_stays_as_it_is(url: str) -> None:
    found, targets = lead(url)
    assert hrefs(found) == [url]
    assert targets == ()


def test_a_link_that_shows_its_address_leads_there() -> None:
    """What people read and where they get is the same; mail programs warn of the difference."""
    shown = Rendered("s", "p", f'<a href="{SITE}/a">{SITE}/a</a>', f"{SITE}/a")
    assert tracked(shown, SEND_ID, CLICKS, LinkRules(site=SITE), WAYS) == (shown, ())


def test_a_second_try_keeps_the_numbers_of_the_first() -> None:
    """R10.1: the first may have arrived."""
    _, first = lead(f"{SITE}/a", f"{SITE}/b")
    found, second = lead(f"{SITE}/c", f"{SITE}/b", before=first)
    assert second == (*first, f"{SITE}/c")
    assert [follow(url, second) for url in hrefs(found)] == [f"{SITE}/c", f"{SITE}/b"]


def test_links_past_the_last_number_are_plain() -> None:
    urls = [f"{SITE}/{number}" for number in range(MOST + 3)]
    found, targets = lead(*urls)
    assert [follow(url, targets) for url in hrefs(found)] == urls
    assert hrefs(found)[-3:] == urls[-3:]


def test_the_picture_of_an_open_stands_at_the_end() -> None:
    found, targets = tracked(mail(SITE), SEND_ID, Tells(opens=True), LinkRules(site=SITE), WAYS)
    assert found.html.count("<img") == 1
    assert found.html.endswith('height:1px"></body></html>')
    assert (hrefs(found), targets) == ([SITE], ())
    bare = Rendered("s", "p", "<p>x</p>", "x")
    assert "<img" in tracked(bare, SEND_ID, Tells(opens=True), LinkRules(), WAYS)[0].html


def test_without_a_site_or_a_key_nothing_is_tracked() -> None:
    tells = Tells(clicks=True, opens=True)
    plain = mail(SITE)
    assert tracked(plain, SEND_ID, tells, LinkRules(), NoWaysOut()) == (plain, ())


@pytest.mark.parametrize(
    ("said", "clicks", "opens"),
    [
        ((), False, False),
        ((("tracking_clicks", "express", 1),), True, False),
        ((("tracking_opens", "express", 1),), False, True),
        ((("tracking_clicks", "express", 2), ("tracking_clicks", "unsubscribed", 1)), False, False),
        ((("tracking_clicks", "express", 2), (ALL_TOPICS, "unsubscribed", 1)), False, False),
        (((ALL_TOPICS, "express", 1),), False, False),
        ((("tracking_clicks", "pending", 1),), False, False),
    ],
)
def test_only_what_the_person_agrees_to_is_told(said: Any, clicks: bool, opens: bool) -> None:
    """R5.3: each purpose for itself; a yes to all mail is none to these."""
    ledger = tuple(ConsentEntry(t, s, NOW - timedelta(days=d), own_act=True) for t, s, d in said)
    facts = Facts(person=Person("p"), consents=ledger)
    both = LinkRules(clicks=True, opens=True)
    assert what_tells(both, facts, BOOK, NOW, mail_asks=False) == Tells(clicks, opens)
    assert what_tells(LinkRules(), facts, BOOK, NOW, mail_asks=True) == Tells(clicks, opens=False)
    assert not what_tells(LinkRules(), facts, BOOK, NOW, mail_asks=False)


URLS = st.builds(
    "{}{}{}".format,
    st.sampled_from((
        "https://cozy.example/", "http://a.example/", "https://bü.example/", "mailto:", "//",
        "https://cozy.example/u/", "javascript:", "",
    )),
    st.text("abc/?&=#%.é'", max_size=10),
    st.sampled_from(("", "?utm_source=x", "#y")),
)  # fmt: skip


@given(st.lists(URLS, max_size=6))
def test_tracking_never_changes_where_a_link_leads(urls: list[str]) -> None:
    """Round trip: each link, followed, is the one that was written."""
    found, targets = lead(*urls)
    assert [follow(url, targets) for url in hrefs(found)] == urls
    assert hrefs(lead(*urls, before=targets)[0]) == hrefs(found)
