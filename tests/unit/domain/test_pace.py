"""How fast mail may leave (R3.9, R10.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.journey import Class
from engine.domain.pace import ALL, WARM_UP, Paces, Rate, Wanted, ramp_on, stream_to, take

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
GMAIL, WEB = "ann@gmail.com", "bea@web.de"


def wanted(*mailboxes: str, klass: Class = Class.MARKETING) -> list[Wanted]:
    return [Wanted(f"m{n}", mailbox, klass) for n, mailbox in enumerate(mailboxes)]


@given(
    count=st.integers(1, 50),
    per=st.sampled_from([SECOND, MINUTE, timedelta(hours=1)]),
    visits=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 40)), min_size=1, max_size=30),
    window=st.integers(1, 600),
)
def test_no_window_ever_holds_more_than_its_rate_and_one_second_of_slack(
    count: int, per: timedelta, visits: list[tuple[int, int]], window: int
) -> None:
    rate, free_at, now, left = Rate(count, per), {}, NOON, []
    for passes, several in visits:
        now += passes * SECOND
        waiting, taken = take(wanted(*[WEB] * several), {ALL: rate}, free_at, {}, now)
        free_at = {**free_at, **taken}
        left += [now] * (several - len(waiting))
    length = window * SECOND
    for start in left:
        inside = sum(start <= at < start + length for at in left)
        assert inside <= length / rate.gap + 1 + rate.slack / rate.gap + 1e-6


@given(count=st.integers(1, 20), several=st.integers(1, 60))
def test_who_waits_is_told_an_instant_at_which_it_can_go(count: int, several: int) -> None:
    """They come back one after the other; at its instant each finds its token there."""
    rates, free_at = {ALL: Rate(count, MINUTE)}, {}
    waiting, taken = take(wanted(*[WEB] * several), rates, free_at, {}, NOON)
    free_at |= taken
    for at in sorted(waiting.values()):
        again, taken = take(wanted(WEB), rates, free_at, {}, at)
        assert again == {}
        free_at |= taken


def test_one_provider_counts_all_its_domains_together() -> None:
    rates = Paces(to={"googlemail.com": Rate(1, MINUTE)}).rates(NOON.date())
    waiting, _ = take(wanted(GMAIL, WEB, "carl@googlemail.com"), rates, {}, {}, NOON)
    assert waiting == {"m2": NOON + MINUTE}


def test_a_stopped_lane_lets_nothing_through_and_holds_nobody_else() -> None:
    until = NOON + timedelta(hours=2)
    waiting, _ = take(wanted(GMAIL, WEB), {}, {}, {stream_to(GMAIL): until}, NOON)
    assert waiting == {"m0": until}


def test_the_warm_up_is_the_published_one() -> None:
    """SendGrid's automated warm-up, in mails an hour."""
    hours = {day: rate.count for day in (0, 7, 14, 21, 30) if (rate := ramp_on(day))}
    assert hours == {0: 20, 7: 211, 14: 2222, 21: 23427, 30: 484029}
    assert ramp_on(36) is None
    assert ramp_on(-3) == ramp_on(0)


def test_transactional_mail_uses_up_the_warm_up_and_never_waits_for_it() -> None:
    rates = Paces(warm_up=date(2026, 3, 4)).rates(NOON.date())
    waiting, taken = take(wanted(WEB, WEB, klass=Class.TRANSACTIONAL), rates, {}, {}, NOON)
    assert waiting == {}
    again, _ = take(wanted(WEB), rates, taken, {}, NOON)
    assert again == {"m0": NOON + 2 * rates[WARM_UP].gap}


@pytest.mark.parametrize("per_second", [1, 50])
def test_a_second_s_worth_may_go_at_once(per_second: int) -> None:
    waiting, _ = take(wanted(*[WEB] * 100), {ALL: Rate(per_second, SECOND)}, {}, {}, NOON)
    assert 100 - len(waiting) == per_second
