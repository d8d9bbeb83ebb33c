"""The small grammars: what each phrase means, and what is no such phrase."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from engine.domain.caps import CalendarCap, GapCap, RollingCap
from engine.domain.duration import Duration
from engine.domain.journey import FixedMoment, Overflow, RelativeMoment, WeekdayMoment, Window
from engine.language import leaf, leaf_time
from engine.language.reader import NotAPhrase

HOUR = timedelta(hours=1)
ALL_WEEK = frozenset(range(7))

MEANINGS: list[tuple[Callable[[str], Any], str, Any]] = [
    (leaf_time.duration, "30 minutes", Duration(elapsed=timedelta(minutes=30))),
    (leaf_time.duration, "1 day 12 hours", Duration(days=1, elapsed=12 * HOUR)),
    (leaf_time.duration, "2 weeks", Duration(days=14)),
    (leaf_time.duration, "1 month", Duration(months=1)),
    (leaf_time.duration, "2 years 1 month", Duration(months=25)),
    (leaf_time.duration, "0 days", Duration()),
    (leaf_time.looking_back, "7 days", timedelta(days=7)),
    (leaf_time.looking_back, "1 week", timedelta(days=7)),
    (leaf_time.elapsed, "0 minutes", timedelta(0)),
    (leaf_time.how_often, "every hour", HOUR),
    (leaf_time.how_often, "every 10 minutes", timedelta(minutes=10)),
    (leaf_time.after, "after 28 days", Duration(days=28)),
    (leaf_time.time_of_day, "09:00", time(9)),
    (leaf_time.time_of_day, "9:05", time(9, 5)),
    (leaf_time.time_of_day, "23:59", time(23, 59)),
    (leaf_time.day, "2028-02-29", date(2028, 2, 29)),
    (leaf_time.wall_time, "2026-12-24 18:00", datetime(2026, 12, 24, 18)),
    (leaf_time.wall_time, "Wednesday 2026-03-04 10:00", datetime(2026, 3, 4, 10)),
    (leaf_time.weekly, "Monday 09:00", (0, time(9))),
    (leaf_time.weekly, "day 09:00", (None, time(9))),
    (leaf_time.day_and_time, "day 12 15:00", (12, time(15))),
    (
        leaf_time.moment,
        "2 days before trial_ends_at, 10:00",
        RelativeMoment("trial_ends_at", "person", Duration(days=2), -1, time(10)),
    ),
    (
        leaf_time.moment,
        "1 week after event.started_at",
        RelativeMoment("started_at", "entry", Duration(days=7), 1),
    ),
    (leaf_time.moment, "renews_at, 10:00", RelativeMoment("renews_at", at=time(10))),
    (leaf_time.moment, "Tuesday 09:00", WeekdayMoment(1, time(9))),
    (leaf_time.moment, "tue 09:00", WeekdayMoment(1, time(9))),
    (leaf_time.moment, "2026-12-24 18:00", FixedMoment(datetime(2026, 12, 24, 18))),
    (leaf_time.window, "Mon-Fri 09:00-18:00", Window(time(9), time(18), frozenset(range(5)))),
    (leaf_time.window, "20:00-08:00", Window(time(20), time(8), ALL_WEEK)),
    (leaf_time.window, "Fri-Mon 10:00-24:00", Window(time(10), time(0), frozenset({4, 5, 6, 0}))),
    (leaf_time.window, "Tue,Thu 10:00-16:00", Window(time(10), time(16), frozenset({1, 3}))),
    (leaf.cap, "1 per calendar day", CalendarCap(1, "day")),
    (leaf.cap, "8 per calendar month", CalendarCap(8, "month")),
    (leaf.cap, "3 per 7 days", RollingCap(3, timedelta(days=7))),
    (leaf.cap, "at least 16 hours apart", GapCap(16 * HOUR)),
    (leaf.share, "45%", 4500),
    (leaf.share, "12.5%", 1250),
    (leaf.share, "100%", 10_000),
    (leaf.overflow, "skip", Overflow("skip")),
    (leaf.overflow, "leave", Overflow("leave")),
    (leaf.overflow, "postpone up to 3 days, then drop", Overflow("postpone", Duration(days=3))),
    (leaf.times, "3 times", 3),
    (leaf.times, "once", 1),
    (leaf.times, "2", 2),
    (leaf.people, "400 people", 400),
    (leaf.usual_gaps, "2 times their usual gap", 2000),
    (leaf.usual_gaps, "1.5 times their usual gap", 1500),
    (leaf.number, "-2.5", -2.5),
    (leaf.secret, "$SMTP_PASSWORD", "$SMTP_PASSWORD"),
    (leaf.mail_address, "hello@cozy.example", "hello@cozy.example"),
]


@pytest.mark.parametrize(("parse", "text", "meaning"), MEANINGS)
def test_a_phrase_means_what_it_says(parse: Callable[[str], Any], text: str, meaning: Any) -> None:
    assert parse(text) == meaning


MISTAKES: list[tuple[Callable[[str], Any], str, str]] = [
    (leaf_time.duration, "3", "Y301"),
    (leaf_time.duration, "three days", "Y302"),
    (leaf_time.duration, "3days", "Y302"),
    (leaf_time.duration, "1.5 hours", "Y302"),
    (leaf_time.duration, "3 fortnights", "Y302"),
    (leaf_time.duration, "3 days and more", "Y302"),
    (leaf_time.duration, "999999999 years", "Y302"),
    (leaf_time.duration, "٣ days", "Y302"),
    (leaf_time.longer_than_nothing, "0 days", "Y303"),
    (leaf_time.looking_back, "1 month", "Y304"),
    (leaf_time.looking_back, "1 year", "Y304"),
    (leaf_time.looking_ahead_days, "36 hours", "Y304"),
    (leaf_time.time_of_day, "24:00", "Y305"),
    (leaf_time.time_of_day, "9", "Y305"),
    (leaf_time.time_of_day, "09:60", "Y305"),
    (leaf_time.day, "2027-02-29", "Y306"),
    (leaf_time.day, "24.12.2026", "Y306"),
    (leaf_time.wall_time, "2026-12-24", "Y306"),
    (leaf_time.wall_time, "Thursday 2026-03-04 10:00", "Y307"),
    (leaf_time.weekly, "someday 09:00", "Y308"),
    (leaf_time.moment, "tomorrow at noon", "Y308"),
    (leaf_time.moment, "Tuesday", "Y308"),
    (leaf_time.window, "09:00", "Y309"),
    (leaf_time.window, "Mo-Fr 09:00-18:00", "Y309"),
    (leaf_time.window, "09:00-09:00", "Y309"),
    (leaf_time.window, "Mon - Fri 09:00-18:00", "Y309"),
    (leaf_time.day_and_time, "day 1", "Y310"),
    (leaf.cap, "1 per day", "Y125"),
    (leaf.cap, "0 per 7 days", "Y125"),
    (leaf.cap, "3 per 1 month", "Y304"),
    (leaf.cap, "a lot", "Y125"),
    (leaf.share, "45", "Y124"),
    (leaf.share, "101%", "Y124"),
    (leaf.overflow, "postpone up to 3 days", "Y126"),
    (leaf.times, "often", "Y122"),
    (leaf.people, "0 people", "Y123"),
    (leaf.usual_gaps, "0 times their usual gap", "Y127"),
    (leaf.number, "1e9", "Y121"),
    (leaf.number, "1,5", "Y121"),
    (leaf.number, "0x10", "Y121"),
    (leaf.kebab, "Win Back", "Y128"),
    (leaf.snake, "first-name", "Y128"),
    (leaf.event_name, "order", "Y128"),
    (leaf.mail_name, "welcome", "Y128"),
    (leaf.mail_name, "../secrets/key", "Y128"),
    (leaf.mail_address, "lena@cozy", "Y129"),
    (leaf.mail_address, "lena@cozy.example\nBcc: all@cozy.example", "Y129"),
    (leaf.secret, "hunter2", "C110"),
]


@pytest.mark.parametrize(("parse", "text", "code"), MISTAKES)
def test_what_is_no_phrase_gets_its_code_and_a_next_action(
    parse: Callable[[str], Any], text: str, code: str
) -> None:
    with pytest.raises(NotAPhrase) as wrong:
        parse(text)
    assert wrong.value.code == code
    assert wrong.value.help
