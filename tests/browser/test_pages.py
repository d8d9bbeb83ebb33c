"""Every page and every flow in real Chromium, on a phone and on a desk, by day and by night, in each
language: what can be done can be done by thumb, by keyboard and without script, and axe finds nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy import Engine

from engine.adapters.page_words import Words, words_for
from engine.domain.consent import PROFILING, standing
from engine.domain.jurisdiction import ANY_YES
from engine.web.look import Look
from tests.standins.site import ASKING_MAIL, COMPANY, MAIL, NOW, Site, serving, settle

PICTURES = Path(__file__).parents[2] / "docs/pictures"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True,
    "has_touch": True,
}  # fmt: skip
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
NIGHT = {**PHONE, "color_scheme": "dark"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST = 50_000
"""Octets of a page with everything that it loads."""


class Visit:
    """One visitor in a browser window of their own, who looks at every page with axe."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site, self.page = site, page
        self.loaded: list[Response] = []
        page.on("response", lambda response: self.loaded.append(response))

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(f"http://127.0.0.1:{self.site.port}{path}")
        self.look()

    def press(self, name: str) -> None:
        """Press the button of this name, and look at what comes."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.look()

    def look(self) -> None:
        """WCAG 2.2 AA by axe, reflow at this width, everything small and from here."""
        page = self.page
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_snapshot()}"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"
        for response in self.loaded:
            assert response.url.startswith(f"http://127.0.0.1:{self.site.port}/"), response.url
        assert len(page.content().encode()) < MOST

    def picture(self, name: str, accept: bool) -> None:
        """Keep what is seen for the docs; `--accept` takes it anew."""
        place = PICTURES / f"{name}.png"
        if accept:
            place.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=place, full_page=True)
        assert place.exists(), f"{place.name} is new: run `pytest --accept` and look at it"


@contextmanager
def visiting(browser: Browser, site: Site, **window: Any) -> Iterator[Visit]:
    """A window, until the block ends."""
    context = browser.new_context(**window)
    try:
        yield Visit(site, context.new_page())
    finally:
        context.close()


@pytest.fixture(params=["phone", "desk"])
def visit(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    window = {"phone": PHONE, "desk": DESK}[request.param]
    with visiting(browser, site, **window) as opened:
        yield opened


def data_link(site: Site) -> str:
    [mail] = site.deliver()
    [path] = re.findall(r"https://cozy\.example(/d/[\w-]{32})", mail.text)
    return str(path)


def test_R5_6_leaving_takes_one_button_and_shows_what_ended(visit: Visit) -> None:
    visit.open(visit.site.path("u"))
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Unsubscribe?")
    assert visit.page.get_by_role("button").count() == 1
    visit.press("Unsubscribe")
    expect(visit.page.get_by_role("status")).to_contain_text("news from the café")
    assert standing(visit.site.facts().consents, "news", NOW, ANY_YES) == "unsubscribed"
    visit.press("Stop all other mails, too")
    assert standing(visit.site.facts().consents, "*", NOW, ANY_YES) == "unsubscribed"


def test_a_person_chooses_and_finds_it_again(visit: Visit) -> None:
    page = visit.page
    visit.open(visit.site.path("p"))
    expect(page.get_by_label("news from the café")).to_be_checked()
    expect(page.get_by_label("promotion")).not_to_be_checked()
    page.get_by_label("Less often").check()
    page.get_by_label("Not this month").check()
    page.get_by_label("Mother's Day").check()
    page.get_by_label("You may look for the mood").check()
    visit.press("Save")
    expect(page.get_by_role("status")).to_have_text("Saved. It holds from now on.")
    expect(page.get_by_label("Less often")).to_be_checked()
    expect(page.get_by_label("A break until March 31, 2027")).to_be_checked()
    expect(page.get_by_label("Mother's Day")).to_be_checked()
    facts = visit.site.facts()
    assert facts.wishes().less_often
    assert facts.wishes().skipped == {"mothers-day"}
    assert standing(facts.consents, PROFILING, NOW, ANY_YES) == "given"


def test_who_chooses_a_language_reads_it_at_once(visit: Visit) -> None:
    visit.open(visit.site.path("p"))
    visit.page.get_by_label("Language").select_option("de")
    visit.press("Save")
    assert visit.page.locator("html").get_attribute("lang") == "de"
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Ihre Mails, wie Sie sie mögen")
    expect(visit.page.get_by_label("Neues aus dem Café")).to_be_checked()


def test_R5_4_the_sign_up_is_confirmed_by_the_button(visit: Visit) -> None:
    visit.open(visit.site.path("c", ASKING_MAIL))
    assert standing(visit.site.facts().consents, "promotion", NOW, ANY_YES) == "pending"
    visit.press("Yes, write to me")
    assert standing(visit.site.facts().consents, "promotion", NOW, ANY_YES) == "given"


def test_why_leads_to_the_choice(visit: Visit) -> None:
    visit.open(visit.site.path("w"))
    expect(visit.page.get_by_text("A coffee for old friends")).to_be_visible()
    visit.page.get_by_role("link", name="Choose what you get").click()
    visit.look()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Your mails, your way")


def test_R5_9_ones_data_comes_by_a_mailed_link_and_goes_after_a_second_yes(visit: Visit) -> None:
    page = visit.page
    visit.open(visit.site.path("p"))
    visit.press("Send me a link to my data")
    expect(page.get_by_role("status")).to_contain_text("on its way")
    visit.open(data_link(visit.site))
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download").click()
    assert coming.value.suggested_filename == "my-data.json"
    held = json.loads(coming.value.path().read_text(encoding="utf-8"))
    assert held["holds"]["person"]["rows"][0]["email"] == "Zoe@example.com"
    visit.press("Delete my data")
    visit.press("No, keep it")
    assert visit.site.facts().person.email
    visit.press("Delete my data")
    visit.press("Yes, delete everything")
    expect(page.get_by_role("heading", level=1)).to_have_text("It is deleted")


def test_a_link_that_is_none_says_so(visit: Visit) -> None:
    visit.open("/p/nothing")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("This link does not work")


@pytest.mark.parametrize("locale", COMPANY.locales)
def test_every_page_of_every_language_passes(
    browser: Browser, sqlite_store: Engine, locale: str
) -> None:
    """On the narrowest phone there is (WCAG 1.4.10: 320 CSS pixels), where long words break first."""
    words = words_for(locale)
    with serving(sqlite_store) as site:
        settle(site, locale)
        narrow = {**PHONE, "viewport": {"width": 320, "height": 640}}
        with visiting(browser, site, **narrow) as visit:
            walk_through(visit, words)
            assert visit.page.locator("html").get_attribute("lang") == words.language


@pytest.mark.parametrize("colour", ["#7a4b2a", "#ffe08a", "#101010"])
def test_every_page_can_be_read_at_night_in_any_colour(
    browser: Browser, sqlite_store: Engine, colour: str
) -> None:
    with serving(sqlite_store, Look(COMPANY.name, colour)) as site:
        settle(site)
        with visiting(browser, site, **NIGHT) as visit:
            walk_through(visit, words_for("en"))


def walk_through(visit: Visit, words: Words) -> None:
    """Every page there is."""
    site = visit.site
    for path in (site.path("w"), site.path("c", ASKING_MAIL), "/u/nothing"):
        visit.open(path)
    visit.open(site.path("p"))
    visit.press(words.text("choose_button"))
    visit.press(words.text("data_ask"))
    visit.open(data_link(site))
    visit.press(words.text("erase_button"))
    visit.press(words.text("sure_back"))
    visit.open(site.path("u"))
    visit.press(words.text("leave_button"))
    visit.press(words.text("leave_others"))


def test_everything_can_be_done_by_keyboard(browser: Browser, site: Site) -> None:
    with visiting(browser, site, **DESK) as visit:
        visit.open(site.path("p"))
        keys, page = visit.page.keyboard, visit.page
        for _ in range(3):
            keys.press("Tab")
        keys.press("ArrowDown")
        expect(page.get_by_label("Less often")).to_be_checked()
        page.get_by_role("button", name="Save").focus()
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", "the focus can be seen"
        keys.press("Enter")
        expect(page.get_by_role("status")).to_be_visible()
        assert site.facts().wishes().less_often


def test_everything_works_without_script(browser: Browser, site: Site) -> None:
    with visiting(browser, site, java_script_enabled=False, **PHONE) as visit:
        page = visit.page
        page.goto(f"http://127.0.0.1:{site.port}{site.path('p')}")
        page.get_by_label("Less often").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_be_visible()
        assert site.facts().wishes().less_often


def test_no_page_leaves_anything_in_the_browser(browser: Browser, site: Site) -> None:
    with visiting(browser, site, **PHONE) as visit:
        visit.open(site.path("p"))
        visit.press("Save")
        assert visit.page.context.cookies() == []
        assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_pictures_for_the_docs(
    browser: Browser, site: Site, request: pytest.FixtureRequest
) -> None:
    accept = bool(request.config.getoption("--accept"))
    size = {"viewport": {"width": 390, "height": 560}, "device_scale_factor": 1.5}
    with visiting(browser, site, **{**PHONE, **size}) as visit:
        for purpose, mail in (("u", MAIL), ("p", MAIL), ("w", MAIL), ("c", ASKING_MAIL)):
            visit.open(site.path(purpose, mail))  # type: ignore[arg-type]
            name = {"u": "unsubscribe", "p": "preferences", "w": "why", "c": "confirm"}[purpose]
            visit.picture(f"page-{name}", accept)
        visit.open(site.path("p"))
        visit.press("Send me a link to my data")
        link = data_link(site)
        visit.open(link)
        visit.picture("page-data", accept)
    with visiting(browser, site, **{**NIGHT, **size}) as visit:
        visit.open(site.path("p"))
        visit.picture("page-preferences-night", accept)
    with visiting(browser, site, **DESK) as visit:
        visit.open(site.path("w"))
        visit.picture("page-why-desk", accept)
