"""`/t/TOKEN` and `/o/TOKEN` over real HTTP on both databases: on to where the link led, and noted only of
people who agree."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.erasure import erase
from engine.adapters.db.events import ingest
from engine.adapters.db.export import export
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.keeping import DatabaseKeeping
from engine.adapters.db.past_mails import DatabasePastMails
from engine.adapters.db.sent_mails import DatabaseSentMails
from engine.adapters.db.touches import DatabaseTouches
from engine.adapters.db.tracked import DatabaseTracked
from engine.adapters.links import Links
from engine.application.judge_touches import judge_touches
from engine.application.ports.tracked import TrackedMail
from engine.application.tracking import purposes_of
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry
from engine.language.project import read_project
from engine.web.app import build_app
from engine.web.clicks import ClickDoor
from engine.web.doors import Doors
from engine.web.page import Look
from engine.web.shell.shell import Shell, Site
from tests.integration.news_shop import queue
from tests.standins.running import running

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SITE = "https://cozy.example"
LINKS = Links(SITE, [b"a key of the coffee shop"])
SEND_ID = "5f" * 16
TARGETS = (
    "https://cozy.example/menu?a=1&b=%2F#x",
    "https://other.example/|{}",
    "https://c.example/",
)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@dataclass
class Shop:
    """One mail with tracked links that was sent to somebody a minute ago."""

    engine: Engine
    now: datetime = NOW
    port: int = 0
    tracks: tuple[str, ...] = ("tracking_clicks", "tracking_opens")

    def app(self) -> Shell:
        intake, mails = DatabaseIntake(self.engine), DatabasePastMails(self.engine)
        doors = Doors(
            Look("Shop"), LINKS, mails, intake, lambda: self.now, site=SITE, tracks=self.tracks
        )
        door = ClickDoor(
            doors.look, SITE, LINKS, mails, DatabaseTracked(self.engine),
            DatabaseSentMails(self.engine), lambda: self.now,
        )  # fmt: skip
        tasks: Any = None
        return Shell(build_app(doors, lambda _: None, tasks, door.routes()), Site(SITE))

    def ask(
        self,
        path: str,
        method: str = "GET",
        agent: str = BROWSER,
        body: str | None = None,
        **headers: str,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            agents = {"User-Agent": agent} if agent else {}
            connection.request(method, path, body, {"Host": "cozy.example", **agents, **named})
            answer = connection.getresponse()
            return answer, answer.read()

    def click(self, number: int = 0, **more: Any) -> int:
        """Follow a link; it always leads on."""
        answer, _ = self.ask(path(number), **more)
        assert (answer.status, answer.getheader("location")) == (302, TARGETS[number])
        return answer.status

    def says(self, topic: str, state: Any, days: int) -> None:
        entry = ConsentEntry(topic, state, NOW - timedelta(days=days), own_act=True)
        with writing(self.engine) as connection:
            ingest(connection, [ConsentArrived("p1", entry)], NOW)

    def heard(self) -> list[tuple[Any, ...]]:
        """The events that come of it, once judged."""
        self.now += timedelta(minutes=2)
        intake = DatabaseIntake(self.engine)
        judge_touches(DatabaseTouches(self.engine), intake, self.now)
        return self.rows("SELECT name FROM event WHERE name LIKE 'mail.%' ORDER BY at, seq")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(text(statement))]


def path(number: int, send_id: str = SEND_ID) -> str:
    return LINKS.link(send_id, number).removeprefix(SITE)


PIXEL = LINKS.url("o", SEND_ID).removeprefix(SITE)


@pytest.fixture
def shop(store_engine: Engine) -> Iterator[Shop]:
    shop = Shop(store_engine)
    with writing(store_engine) as connection:
        ingest(connection, [PersonArrived("p1", "p1@x.org", "p1@x.org", {}, NOW)], NOW)
    queue(store_engine, "p1", SEND_ID, NOW - timedelta(minutes=1))
    with writing(store_engine) as connection:
        sent = "UPDATE outbox SET status = 'sent', attempt = 1, sent_at = queued_at"
        connection.execute(text(sent))
    DatabaseTracked(store_engine).keep([TrackedMail(SEND_ID, "p1", TARGETS)], NOW)
    with running(shop.app()) as shop.port:
        yield shop


def test_a_click_leads_on_and_is_heard_of(shop: Shop) -> None:
    """R8.3: once it is judged; `clicked` and `when: mail.clicked` then know of it."""
    shop.says("tracking_clicks", "express", 5)
    answer, body = shop.ask(path(0))
    assert (answer.status, answer.getheader("location"), body) == (302, TARGETS[0], b"")
    assert answer.getheader("referrer-policy") == "no-referrer"
    assert answer.getheader("cache-control") == "no-store"
    assert shop.heard() == [("mail.clicked",)]
    [(properties,)] = shop.rows("SELECT properties FROM event WHERE name = 'mail.clicked'")
    assert TARGETS[0] in str(properties)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_target_is_what_was_kept_to_the_letter(shop: Shop, number: int) -> None:
    shop.click(number)


def test_without_consent_a_link_leads_on_and_nothing_is_noted(shop: Shop) -> None:
    """R5.3, R5.7: never given, and given once and taken back since."""
    shop.click()
    shop.says("tracking_opens", "express", 5)
    shop.click()
    shop.says("tracking_clicks", "express", 4)
    shop.says(ALL_TOPICS, "unsubscribed", 3)
    shop.click()
    assert shop.rows("SELECT key FROM touch") == []
    assert shop.heard() == []


@pytest.mark.parametrize(
    "more",
    [{"method": "HEAD"}, {"agent": "curl/8.5"}, {"agent": ""}, {"agent": "Mozilla/5.0"},
     {"agent": "BarracudaCentral bot"}, {"Sec_Purpose": "prefetch;prerender"},
     {"Purpose": "prefetch"}],
    ids=str,
)  # fmt: skip
def test_what_is_no_person_gets_on_and_counts_for_nothing(shop: Shop, more: dict[str, Any]) -> None:
    """R8.3."""
    shop.says("tracking_clicks", "express", 5)
    shop.click(**more)
    assert shop.heard() == []


def test_a_scanner_that_follows_all_links_at_once_is_seen_through(shop: Shop) -> None:
    """R8.3: in the disguise of a browser, too; the person who comes later is heard."""
    shop.says("tracking_clicks", "express", 5)
    for number in range(3):
        shop.click(number)
    assert shop.heard() == []
    shop.click(1)
    assert shop.heard() == [("mail.clicked",)]


def test_seconds_after_the_mail_left_nobody_clicks(shop: Shop) -> None:
    """R8.3."""
    shop.says("tracking_clicks", "express", 5)
    shop.now = NOW - timedelta(minutes=1) + timedelta(seconds=2)
    shop.click()
    assert shop.heard() == []


def test_an_impatient_person_counts_once(shop: Shop) -> None:
    shop.says("tracking_clicks", "express", 5)
    for _ in range(4):
        shop.click()
    assert len(shop.rows("SELECT key FROM touch")) == 1


@pytest.mark.parametrize(
    "dead",
    ["/t/abc", "/t/" + "A" * 32, path(3), path(255), path(0, "6a" * 16),
     "/t/" + LINKS.token("u", SEND_ID), "/t/" + LINKS.token("o", SEND_ID), "/t/%C3%A9%00",
     "/t/https:evil.example", path(0) + "?url=https://evil.example/x"],
)  # fmt: skip
def test_a_dead_link_shows_the_way_to_the_shop(shop: Shop, dead: str) -> None:
    """No open redirect: nothing in the address says where it leads."""
    shop.says("tracking_clicks", "express", 5)
    answer, body = shop.ask(dead)
    if dead.endswith("evil.example/x"):
        assert answer.getheader("location") == TARGETS[0]
        return
    assert (answer.status, answer.getheader("location")) == (404, None)
    assert f'href="{SITE}/"' in body.decode()
    assert shop.rows("SELECT key FROM touch") == []


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "//evil.example", "https://a.example/\r\nSet-Cookie: x=1", ""]
)
def test_a_target_that_is_no_address_leads_nowhere(shop: Shop, target: str) -> None:
    """However it came into the store."""
    DatabaseTracked(shop.engine).keep([TrackedMail(SEND_ID, "p1", (target,))], NOW)
    answer, _ = shop.ask(path(0))
    assert (answer.status, answer.getheader("set-cookie")) == (404, None)


def test_the_picture_tells_of_an_open_and_of_nothing_without_consent(shop: Shop) -> None:
    """With a consent of its own; a machine's open is none (Apple's proxy, Gmail's)."""
    shop.says("tracking_clicks", "express", 5)
    answer, body = shop.ask(PIXEL)
    assert (answer.status, answer.getheader("content-type"), body[:3]) == (200, "image/gif", b"GIF")
    assert answer.getheader("cross-origin-resource-policy") == "cross-origin"
    assert shop.heard() == []
    shop.says("tracking_opens", "express", 5)
    for agent in ("Mozilla/5.0", "Mozilla/5.0 (Windows NT 5.1) (via ggpht.com GoogleImageProxy)"):
        shop.ask(PIXEL, agent=agent)
        assert shop.heard() == []
    shop.ask(PIXEL)
    assert shop.heard() == [("mail.opened",)]
    assert shop.ask("/o/" + LINKS.token("t", SEND_ID))[0].status == 404


def test_links_work_after_the_journey_is_gone_and_end_with_the_person(shop: Shop) -> None:
    """R5.6, R5.9: no project is asked; erasing takes them away, an export has them."""
    shop.click()
    with reading(shop.engine) as connection:
        held = export(connection, "p1", NOW)["holds"]["tracked"]["rows"]
    assert held[0]["targets"] == list(TARGETS)
    with writing(shop.engine) as connection:
        erase(connection, "p1", "nobody", NOW)
    assert shop.ask(path(0))[0].status == 404
    assert shop.rows("SELECT * FROM tracked") == []


def test_people_say_on_their_preferences_page_what_may_be_noticed(shop: Shop) -> None:
    """R5.3: each for itself, unticked until they do, and taken back as easily as given."""
    page = LINKS.url("p", SEND_ID).removeprefix(SITE)
    _, shown = shop.ask(page)
    for purpose in shop.tracks:
        assert f'name="{purpose}" value="1">' in shown.decode()
    shop.ask(page, "POST", body="keep=1&tracking=1&tracking_clicks=1")
    shop.click()
    shop.ask(PIXEL)
    assert shop.heard() == [("mail.clicked",)]
    assert 'name="tracking_clicks" value="1" checked' in shop.ask(page)[1].decode()
    shop.ask(page, "POST", body="keep=1")
    shop.now += timedelta(minutes=1)
    shop.ask(page, "POST", body="keep=1&tracking=1")
    shop.click()
    assert len(shop.rows("SELECT key FROM touch")) == 1
    states = shop.rows("SELECT topic, state FROM consent WHERE topic LIKE 'tracking%' ORDER BY seq")
    assert states == [("tracking_clicks", "express"), ("tracking_clicks", "unsubscribed")]


def test_nobody_is_asked_for_what_no_mail_does() -> None:
    project = read_project({"config.yaml": "company: { name: Shop }"})
    assert purposes_of(project) == ()


def test_old_links_are_not_kept_for_ever(shop: Shop) -> None:
    keeping = DatabaseKeeping(shop.engine)
    assert keeping.remove_tracked(NOW) == 0
    assert keeping.remove_tracked(NOW + timedelta(seconds=1)) == 1
    assert shop.ask(path(0))[0].status == 404
