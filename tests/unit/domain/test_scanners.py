"""R8.3: clicks and opens by machines move nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.scanners import Touch, by_machine

DELIVERED = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.1 Mobile/15E148 Safari/604.1"
)


def after(seconds: float, link: str = "https://x.org/1", agent: str = FIREFOX) -> Touch:
    return Touch(DELIVERED + timedelta(seconds=seconds), link, agent)


@pytest.mark.parametrize(
    "agent", [FIREFOX, PHONE, "", "Mozilla/4.0 (compatible; MSIE 6.1; Windows XP)"]
)
def test_somebody_who_clicks_after_a_minute_is_a_person(agent: str) -> None:
    click = after(60, agent=agent)
    assert by_machine(click, [click], DELIVERED) == ""
    assert by_machine(click, [click], None) == ""


@pytest.mark.parametrize(
    "agent",
    [
        "curl/8.5.0", "python-requests/2.32", "Barracuda Sentinel (EE)", "HeadlessChrome/120",
        "Mozilla/5.0 (compatible; bingbot/2.0)", "Go-http-client/1.1", "Slackbot-LinkExpanding 1.0",
        "Mozilla/5.0 ... (via ggpht.com GoogleImageProxy)", "Java/17.0.2", "SkypeUriPreview",
    ],
)  # fmt: skip
def test_a_program_that_names_itself_is_a_machine(agent: str) -> None:
    click = after(600, agent=agent)
    assert by_machine(click, [click], DELIVERED).startswith("a program")


@pytest.mark.parametrize(
    ("seconds", "because"),
    [(-1, "before the delivery"), (0, "within seconds"), (4.9, "within seconds"), (5, "")],
)
def test_nobody_reads_within_five_seconds(seconds: float, because: str) -> None:
    click = after(seconds)
    assert by_machine(click, [click], DELIVERED).startswith(because)
    assert bool(by_machine(click, [click], DELIVERED)) == bool(because)


def test_three_links_within_seconds_are_a_scanner_and_all_its_clicks_go() -> None:
    burst = [after(60, "a"), after(63, "b"), after(66, "c")]
    person = after(300, "a")
    for click in burst:
        assert "links" in by_machine(click, [*burst, person], DELIVERED)
    assert by_machine(person, [*burst, person], DELIVERED) == ""


def test_an_impatient_person_clicks_one_link_three_times() -> None:
    clicks = [after(60), after(61), after(62)]
    assert [by_machine(click, clicks, DELIVERED) for click in clicks] == ["", "", ""]


def test_two_links_in_ten_seconds_or_three_in_a_minute_are_a_person() -> None:
    two = [after(60, "a"), after(65, "b")]
    three = [after(60, "a"), after(80, "b"), after(110, "c")]
    assert not any(by_machine(click, two, DELIVERED) for click in two)
    assert not any(by_machine(click, three, DELIVERED) for click in three)


def test_the_provider_knows_machines_too() -> None:
    opened = Touch(DELIVERED + timedelta(hours=1), "", PHONE, machine=True)
    assert by_machine(opened, [], DELIVERED) == "the provider says so"


@given(
    st.permutations(
        [after(60, "a"), after(63, "b"), after(66, "c"), after(90, "d"), after(200, "a")]
    )
)
def test_the_order_in_which_clicks_are_told_of_does_not_matter(clicks: list[Touch]) -> None:
    people = {click for click in clicks if not by_machine(click, clicks, DELIVERED)}
    assert people == {after(90, "d"), after(200, "a")}
