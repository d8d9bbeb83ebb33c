"""The pages on a real database: what a person chooses holds, and nothing else happens."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from string import Formatter

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.profiles import DatabaseProfiles
from engine.adapters.db.tables import OUTBOX
from engine.adapters.links import Purpose
from engine.adapters.page_words import languages, words_for
from engine.application.preferences import WORDING
from engine.domain.arrival import PersonArrived
from engine.domain.consent import PROFILING, standing
from engine.domain.jurisdiction import ANY_YES
from engine.domain.preference import Wishes
from tests.standins.site import ASKING_MAIL, MAIL, NOW, SERVICE_MAIL, Site, agreed, serving, settle

BERLIN_APRIL = datetime(2027, 3, 31, 22, tzinfo=UTC)
"""The first of April, where Zoe lives."""
ALL = ("u", "p", "c", "w")


@pytest.fixture
def site(store_engine: Engine) -> Iterator[Site]:
    with serving(store_engine) as served:
        settle(served)
        yield served


def post(site: Site, body: str, purpose: str = "p", mail: str = MAIL) -> str:
    answer, content = site.ask("POST", site.path(purpose, mail), body.encode())  # type: ignore[arg-type]
    assert answer.status == 200, content
    assert answer.getheader("Set-Cookie") is None
    return content


def test_less_often_a_break_and_a_theme_hold_from_now_on(site: Site) -> None:
    content = post(
        site, "keep=1&topic.news=1&pace=less&pause=month&themes=1&theme.mothers-day=1&moods=1"
    )
    assert 'role="status">Saved' in content
    assert site.facts().wishes() == Wishes(True, BERLIN_APRIL, frozenset({"mothers-day"}))
    said = content.replace("\N{NO-BREAK SPACE}", " ")
    assert "A break until March 31, 2027, as chosen" in said


def test_what_a_form_does_not_say_stays_as_it_is(site: Site) -> None:
    post(site, "keep=1&topic.news=1&pace=less&pause=4&themes=1&theme.wine=1&moods=1&moods.yes=1")
    before, lines = site.facts().wishes(), len(site.facts().preferences)
    post(site, "keep=1&topic.news=1&pause=kept")
    assert site.facts().wishes() == before
    assert len(site.facts().preferences) == lines
    assert standing(site.facts().consents, PROFILING, NOW, ANY_YES) == "given"


def test_everything_can_be_taken_back(site: Site) -> None:
    post(site, "keep=1&topic.news=1&pace=less&pause=12&themes=1&theme.wine=1&moods=1&moods.yes=1")
    site.now += timedelta(hours=1)
    post(site, "keep=1&topic.news=1&pace=usual&pause=none&themes=1&moods=1")
    assert site.facts().wishes() == Wishes()
    assert standing(site.facts().consents, PROFILING, site.now, ANY_YES) == "unsubscribed"


def test_a_break_of_weeks_ends_at_the_same_wall_time_across_a_clock_change(site: Site) -> None:
    """R2.1: Berlin's clocks go forward on 28 March."""
    post(site, "keep=1&pause=4")
    assert site.facts().wishes().paused_until == NOW + timedelta(days=28) - timedelta(hours=1)


def test_R5_10_profiling_is_an_act_of_its_own_with_the_words_that_were_shown(site: Site) -> None:
    post(site, "keep=1&topic.news=1&moods=1&moods.yes=1")
    line = site.facts().consents[-1]
    assert (line.topic, line.state, line.own_act, line.wording) == (
        PROFILING,
        "express",
        True,
        WORDING,
    )


def test_a_chosen_language_is_that_of_the_pages_and_survives_an_import(site: Site) -> None:
    content = post(site, "keep=1&topic.news=1&language=de")
    assert '<html lang="de" dir="ltr">' in content
    assert "Gespeichert" in content
    row = PersonArrived("zoe", None, None, {"locale": "fr"}, NOW)
    site.tell(row)
    assert site.facts().person.attributes["locale"] == "de"
    post(site, "keep=1&topic.news=1&language=xx")
    assert site.facts().person.attributes["locale"] == "de"


@pytest.mark.parametrize(
    ("spoken", "selected"), [("es", "es"), ("en-GB", "en"), ("pl", "en"), (None, "en")]
)
def test_who_saves_something_else_has_chosen_no_language(
    store_engine: Engine, spoken: str | None, selected: str
) -> None:
    """The page selects a language for everybody. British dates and a later import would be lost."""
    with serving(store_engine) as site:
        settle(site, spoken)
        assert f'value="{selected}" selected' in site.ask("GET", site.path("p"))[1]
        post(site, f"keep=1&topic.news=1&pace=less&language={selected}")
        assert [line.what for line in site.facts().preferences] == ["pace"]
        assert site.facts().person.attributes.get("locale") == spoken


@pytest.mark.parametrize("purpose", ALL)
def test_a_look_changes_nothing(site: Site, purpose: str) -> None:
    """Scenario 30: scanners open every link."""
    before = site.facts()
    mail = ASKING_MAIL if purpose == "c" else MAIL
    for method in ("GET", "HEAD"):
        assert site.ask(method, site.path(purpose, mail))[0].status == 200  # type: ignore[arg-type]
    assert site.facts() == before


def test_scenario_32_the_confirmation_takes_a_post(site: Site) -> None:
    assert standing(site.facts().consents, "promotion", NOW, ANY_YES) == "pending"
    content = post(site, "", "c", ASKING_MAIL)
    assert "You hear from us about" in content
    assert standing(site.facts().consents, "promotion", NOW, ANY_YES) == "given"


def test_why_tells_since_when_and_what_is_known_and_never_its_content(site: Site) -> None:
    """R6.6: and a link is forwarded with its mail, so it names kinds of things only."""
    _, content = site.ask("GET", site.path("w"))
    text = re.sub(r"<[^>]+>", "", content.split("</style>")[1])
    for said in (
        "news from the café",
        "A coffee for old friends”, which began for you on March 1, 2027",
        "You agreed to it on February 2, 2027, and confirmed it.",
        "It was on our sign-up form.",
        "your birthday",
        "what you ordered, since December 4, 2026",
        "other notes of the shop about you (1)",
    ):
        assert said in text
    for secret in ("Zoe", "zoe@", "1990", "gold", "24.5", "mood", "win-back", "lead", "active"):
        assert secret not in text
    site.tell(agreed(PROFILING))
    assert "the mood of what you wrote to us" in site.ask("GET", site.path("w"))[1]


def test_mail_that_belongs_to_an_order_says_so(site: Site) -> None:
    _, content = site.ask("GET", site.path("w", SERVICE_MAIL))
    assert "something that you ordered or asked for" in content


# ── my data ───────────────────────────────────────────────────────────────────────────────────


def data_page(site: Site) -> str:
    assert "on its way to your mailbox" in post(site, "data=1")
    [mail] = site.deliver()
    assert mail.to.email == "Zoe@example.com"
    assert mail.klass == "transactional"
    [address] = re.findall(r"https://cozy\.example(/d/[\w-]{32})", mail.text)
    assert address in mail.html
    return str(address)


def test_the_link_to_ones_data_is_mailed_once_however_often_it_is_asked_for(site: Site) -> None:
    for mail in (MAIL, SERVICE_MAIL, MAIL):
        post(site, "data=1", mail=mail)
    assert len(site.deliver()) == 1
    site.now += timedelta(minutes=10) - timedelta(microseconds=1)
    post(site, "data=1")
    assert site.deliver() == []
    site.now += timedelta(microseconds=1)
    post(site, "data=1")
    assert len(site.deliver()) == 1


def test_three_links_a_day_go_to_one_mailbox_and_the_page_says_the_same(site: Site) -> None:
    """Each is a mail to somebody, and whoever was passed a mail of ours can ask. Any 24 hours count, not
    the days of a calendar."""
    site.now = NOW.replace(hour=23, minute=30)
    told = [post(site, "data=1")]
    for _ in range(8):
        site.now += timedelta(minutes=15)
        told.append(post(site, "data=1"))
    assert len(site.deliver()) == 3
    assert set(told) == set(told[:1])
    site.now = NOW.replace(hour=23, minute=30) + timedelta(days=1, microseconds=-1)
    post(site, "data=1")
    assert site.deliver() == []
    site.now += timedelta(microseconds=1)
    post(site, "data=1")
    assert len(site.deliver()) == 1
    site.now += timedelta(minutes=15) - timedelta(microseconds=1)
    post(site, "data=1")
    assert site.deliver() == []
    site.now += timedelta(microseconds=1)
    post(site, "data=1")
    assert len(site.deliver()) == 1


def test_profiles_of_one_mailbox_share_its_links(site: Site) -> None:
    """R3.5: two profiles with one mailbox are one mailbox."""
    site.tell(PersonArrived("zoe-2", "zoe@example.com", "zoe@example.com", {}, NOW))
    with writing(site.engine) as connection:
        connection.execute(
            OUTBOX.update().where(OUTBOX.c.send_id == SERVICE_MAIL).values(person_id="zoe-2")
        )
    post(site, "data=1", mail=SERVICE_MAIL)
    post(site, "data=1", mail=MAIL)
    assert len(site.deliver()) == 1


def test_the_data_comes_as_one_file_and_by_a_post_only(site: Site) -> None:
    where = data_page(site)
    answer, content = site.ask("GET", where)
    assert (answer.status, "Zoe" in content) == (200, False)
    answer, content = site.ask("POST", where, b"do=download")
    assert answer.getheader("Content-Type") == "application/json"
    assert answer.getheader("Content-Disposition") == 'attachment; filename="my-data.json"'
    assert answer.getheader("Cache-Control") == "no-store"
    held = json.loads(content)["holds"]
    assert held["person"]["rows"][0]["email"] == "Zoe@example.com"
    assert held["consent"]["rows"]


def test_R5_9_erasing_asks_once_more_and_then_forgets(site: Site) -> None:
    where = data_page(site)
    for body in (b"do=erase", b"", b"do=nonsense"):
        answer, content = site.ask("POST", where, body)
        assert answer.status == 200
    answer, content = site.ask("POST", where, b"do=erase")
    assert "Delete everything for good?" in content
    assert site.facts().person.email
    answer, content = site.ask("POST", where, b"do=erase-for-good")
    assert (answer.status, "It is deleted" in content) == (200, True)
    assert site.ask("GET", where)[0].status == 404


def test_R5_9_the_links_of_who_was_forgotten_say_so_and_do_nothing(site: Site) -> None:
    site.ask("POST", data_page(site), b"do=erase-for-good")
    tried: list[tuple[Purpose, bytes | None]] = [
        ("u", None), ("u", b"all=1"), ("p", None), ("p", b"keep=1&pace=less"), ("p", b"data=1"),
        ("w", None), ("c", None), ("c", b""),
    ]  # fmt: skip
    for purpose, body in tried:
        where = site.path(purpose, ASKING_MAIL if purpose == "c" else MAIL)
        answer, content = site.ask("GET" if body is None else "POST", where, body)
        assert (answer.status, "It is deleted" in content) == (410, True), purpose
        assert "Zoe" not in content
    assert site.ask("POST", site.path("u"), b"List-Unsubscribe=One-Click")[0].status == 200
    with reading(site.engine) as connection:
        for table in ("preference", "consent", "event WHERE name LIKE 'consent%'"):
            kept = connection.execute(sql(f"SELECT count(*) FROM {table}")).scalar_one()
            assert kept == 0, "of somebody who was forgotten nothing is kept"


def test_the_copy_of_the_mail_with_the_link_goes_too(site: Site) -> None:
    """R5.9."""
    data_page(site)
    [mail] = site.post.sent
    erased = DatabaseProfiles(site.engine).erase("zoe", "erased-1", NOW)
    assert erased is not None
    assert mail.send_id in erased.mails


def test_a_link_to_ones_data_runs_out_after_seven_days(site: Site) -> None:
    where = data_page(site)
    site.now += timedelta(days=7) - timedelta(seconds=1)
    assert site.ask("GET", where)[0].status == 200
    site.now += timedelta(seconds=1)
    for method, body in (("GET", None), ("POST", b"do=erase-for-good")):
        answer, content = site.ask(method, where, body)
        assert (answer.status, "This link has run out" in content) == (410, True)
    assert site.facts().person.email


def test_no_other_link_opens_ones_data(site: Site) -> None:
    where = data_page(site)
    for bad in (site.path("d"), where.replace("/d/", "/p/"), "/d/" + "A" * 32, "/d/x"):
        assert site.ask("GET", bad)[0].status == 404


def test_who_asked_and_has_no_address_any_more_gets_no_mail(site: Site) -> None:
    post(site, "data=1")
    site.tell(PersonArrived("zoe", "", "", {}, NOW))
    assert site.deliver() == []


# ── languages ─────────────────────────────────────────────────────────────────────────────────


def texts(language: str) -> dict[str, str]:
    place = files("engine.adapters") / "page_texts" / f"{language}.toml"
    return tomllib.loads(place.read_text(encoding="utf-8"))


def test_there_are_pages_in_seven_languages() -> None:
    assert languages() == ("de", "en", "es", "fr", "it", "nl", "pt")


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_with_the_same_things_put_in(language: str) -> None:
    english, here = texts("en"), texts(language)
    assert list(here) == list(english)
    for key, said in here.items():
        assert said.strip(), key
        assert _fields(said) == _fields(english[key]), key
        if language != "en":
            assert said != english[key] or key == "join", key


def _fields(said: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(said) if name is not None}


@pytest.mark.parametrize(
    ("wanted", "accepts", "company", "language"),
    [
        ("de", "fr", ("en",), "de"),
        ("pt-BR", "", ("en",), "pt"),
        ("pt_PT", "", ("en",), "pt"),
        (None, "fr-CH, en;q=0.8", ("de",), "fr"),
        (None, "en;q=0.2, nl;q=0.9", ("de",), "nl"),
        (None, "xx, *;q=0.5", ("de",), "de"),
        ("tlh", "", ("pl", "it"), "it"),
        ("", "q=;;,,en;q=x", (), "en"),
        ("not a language at all", "de;q=0", ("pl",), "en"),
        ("x" * 5000, "é" * 5000, (), "en"),
    ],
)
def test_the_words_are_the_readers_then_the_browsers_then_the_businesss(
    wanted: str | None, accepts: str, company: tuple[str, ...], language: str
) -> None:
    assert words_for(wanted, accepts=accepts, company=company).language == language


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es", "it", "nl", "pt-BR"])
def test_every_page_is_small_and_in_one_language(store_engine: Engine, locale: str) -> None:
    """Under 50 KB with everything, for there is nothing else to load."""
    with serving(store_engine) as site:
        settle(site, locale)
        for purpose in ALL:
            mail = ASKING_MAIL if purpose == "c" else MAIL
            _, content = site.ask("GET", site.path(purpose, mail))  # type: ignore[arg-type]
            assert f'<html lang="{locale[:2]}" dir="ltr">' in content
            assert len(content.encode()) < 20_000
            assert "<script" not in content
            assert not re.search(r'(?:src|href|url\()="?(?:https?:|//)', content)


def test_who_has_no_language_reads_their_browsers(store_engine: Engine) -> None:
    with serving(store_engine) as site:
        settle(site, None)
        _, content = site.ask("GET", site.path("p"), accept_language="it-IT,it;q=0.9")
        assert '<html lang="it"' in content
        _, content = site.ask("GET", "/p/nothing", accept_language="fr")
        assert "Ce lien ne fonctionne pas" in content
