"""Alerts: told once, again after a day, and when they are over; by mail and webhook, safely."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from engine.adapters.db.alerts import DatabaseAlerts, open_alerts
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.notices import DatabaseNotices, undelivered
from engine.application.alerts import Alerts
from engine.application.ports.notices import Notice, Told
from engine.application.status import Attention
from engine.application.tell import Post, tell
from engine.application.watch import LATE, watch
from engine.cli.main import group
from engine.daemon.house import House
from engine.domain.arrival import PersonArrived
from engine.domain.message import Address, Message, Receipt
from engine.domain.reasons import Reason
from engine.settings import load

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy: { categories: { receipt: { class: service } } }
operator: { email: ops@shop.example }
"""


class PostOffice:
    """A mailer and a webhook in one: it says what it is told to say, and keeps what it got."""

    def __init__(self, *answers: Receipt) -> None:
        self.answers = list(answers)
        self.mails: list[Message] = []
        self.posts: list[dict] = []

    def send(self, message: Message, now: datetime) -> Receipt:
        self.mails.append(message)
        return self.answers.pop(0) if self.answers else Receipt("accepted")

    def post(self, url: str, said, now: datetime) -> Receipt:
        self.posts.append({"url": url, **said})
        return self.answers.pop(0) if self.answers else Receipt("accepted")

    def close(self) -> None:
        pass


def write(notice: Notice, now: datetime) -> Message | Post | Told:
    if notice.channel == "webhook":
        return Post("https://chat.example/hook", notice.said)
    text = json.dumps(dict(notice.said))
    address = Address("ops@shop.example")
    return Message(notice.id, address, address, notice.about, text, text, now)


def hand_over(engine: Engine, office: PostOffice, now: datetime, owner: str = "w") -> int:
    return tell(DatabaseNotices(engine), write, office, office, now, owner)


@pytest.fixture
def alerts(store_engine: Engine) -> Alerts:
    return Alerts(DatabaseAlerts(store_engine), ("mail", "webhook"))


def test_an_alert_is_told_once_by_every_channel_and_again_after_a_day(store_engine, alerts):
    assert alerts.raise_alert("bounces", "Many bounces\nPaused by itself.", NOW)
    assert not alerts.raise_alert("bounces", "Many bounces, still", NOW + HOUR)
    office = PostOffice()
    hand_over(store_engine, office, NOW + HOUR)
    assert (len(office.mails), len(office.posts)) == (1, 1)
    assert office.posts[0]["state"] == "open"
    assert office.posts[0]["text"] == "Many bounces\nPaused by itself."
    assert alerts.raise_alert("bounces", "Many bounces", NOW + DAY)
    hand_over(store_engine, office, NOW + DAY)
    assert len(office.posts) == 2
    assert office.posts[1]["since"] == "2026-03-04T11:00:00Z"
    with reading(store_engine) as connection:
        assert [alert.name for alert in open_alerts(connection)] == ["bounces"]


def test_the_all_clear_is_told_once_and_the_next_time_is_a_new_alert(store_engine, alerts):
    assert not alerts.all_clear("lag", NOW)
    alerts.raise_alert("lag", "Mail is late", NOW)
    assert alerts.all_clear("lag", NOW + HOUR)
    assert not alerts.all_clear("lag", NOW + HOUR)
    assert alerts.raise_alert("lag", "Mail is late", NOW + 2 * HOUR)
    office = PostOffice()
    hand_over(store_engine, office, NOW + 2 * HOUR)
    assert [post["state"] for post in office.posts] == ["open", "over", "open"]
    assert office.posts[2]["since"] == "2026-03-04T13:00:00Z"


def test_of_many_processes_that_find_the_same_trouble_one_tells(store_engine, alerts):
    barrier, told = Barrier(4), []

    def find() -> None:
        barrier.wait()
        told.append(alerts.raise_alert("lag", "Mail is late", NOW))

    threads = [Thread(target=find) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False, False, False, True]


def test_a_notice_is_marked_before_it_leaves_so_a_crash_never_makes_it_three(store_engine, alerts):
    """R10.1: a hand-off that nobody finished is tried once more, under the same id."""
    Alerts(DatabaseAlerts(store_engine), ("mail",)).raise_alert("lag", "Mail is late", NOW)

    class Killed(BaseException):
        pass

    class Crash(PostOffice):
        def send(self, message: Message, now: datetime) -> Receipt:
            super().send(message, now)
            raise Killed

    office = Crash()
    for tries in range(3):
        try:
            hand_over(store_engine, office, NOW + tries * HOUR, f"w{tries}")
        except Killed:
            pass
    assert len(office.mails) == 2
    assert len({mail.send_id for mail in office.mails}) == 1
    with reading(store_engine) as connection:
        assert undelivered(connection) == {"the hand-off was begun and never finished": 1}


def test_what_the_provider_says_decides_what_becomes_of_a_notice(store_engine):
    cases = [
        (Receipt("refused", detail="no such user"), {"no such user": 1}, 1),
        (Receipt("later", retry_at=NOW + HOUR), {}, 2),
        (Receipt("unknown", detail="cut"), {}, 2),
    ]
    for number, (answer, lost, mails) in enumerate(cases):
        begin = NOW + number * DAY
        Alerts(DatabaseAlerts(store_engine), ("mail",)).raise_alert(f"a{number}", "x", begin)
        office = PostOffice(answer)
        hand_over(store_engine, office, begin)
        hand_over(store_engine, office, begin + 3 * HOUR)
        assert len(office.mails) == mails
        if number == 0:
            with reading(store_engine) as connection:
                assert undelivered(connection) == lost


def test_lag_and_needy_messages_are_found_and_over_when_they_are(store_engine, alerts):
    trouble = Attention("j", "s", "a/b", Reason.MISSING_VALUE, "no name", 3, NOW, "ann")
    look = {"overdue_since": NOW - LATE - HOUR, "attention": [trouble], "undelivered": {}}
    assert watch(alerts, NOW, **look) == 2
    assert watch(alerts, NOW, **look) == 0
    office = PostOffice()
    hand_over(store_engine, office, NOW)
    said = [post["text"] for post in office.posts]
    assert "the longest wait is 1 hour 10 minutes" in said[1] + said[0]
    assert any("3 of a/b (j/s)" in text for text in said)
    assert not any("ann" in text for text in said), "nothing of a person goes to a chat"
    assert watch(alerts, NOW, overdue_since=NOW - LATE, attention=[], undelivered={}) == 2
    lost = {"550 no such user": 2}
    assert watch(alerts, NOW, overdue_since=None, attention=[], undelivered=lost) == 1


@pytest.fixture
def house(store_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Housekeeping of a shop whose config is in force."""
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", store_engine.url.render_as_string(hide_password=False))
    result = CliRunner().invoke(group, ["--at", "2026-03-01", "apply", "--yes"])
    assert result.exit_code == 0, result.output
    return House(store_engine, load(tmp_path, os.environ, "2026-03-04"), "test")


def ticking(house: House, at: datetime) -> int:
    return next(tick.work for tick in house.ticks() if tick.name == "watch")(at, lambda: False)


def test_what_fell_due_while_nothing_ran_is_no_alarm_at_the_start(store_engine, house):
    """A machine that was off overnight is late for ten minutes at most, and says nothing of it."""
    with writing(store_engine) as connection:
        ingest(connection, [PersonArrived("ann", "a@x.org", "a@x.org", {}, NOW - DAY)], NOW - DAY)
    assert ticking(house, NOW) == 0
    ticking(house, NOW + LATE + timedelta(seconds=1))
    with reading(store_engine) as connection:
        assert [alert.name for alert in open_alerts(connection)] == ["lag"]


def test_a_process_that_fails_leaves_word_and_the_next_that_lives_takes_it_back(
    store_engine, house
):
    house.failed("advance", LookupError("ann@x.org is not there"), NOW)
    ticking(house, NOW)
    with reading(store_engine) as connection:
        [alert] = open_alerts(connection)
    assert alert.name == "failed advance"
    assert "LookupError" in alert.text
    assert "ann@x.org" not in alert.text, "what an error says may be of a person"
    assert ticking(house, NOW + timedelta(minutes=6)) == 1
    with reading(store_engine) as connection:
        assert open_alerts(connection) == []
