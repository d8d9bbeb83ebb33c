"""Random conditions for property tests, and the instants and values that they are about.

Instants lie at the edges of the windows that the conditions use, to the microsecond; days on which
clocks change, month ends and leap days come often.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product

from engine.domain import condition as c
from engine.domain.lifecycle import STAGES
from tests import chance as st
from tests.chance import Chance

ZONES = ("America/New_York", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")
NOWS = (
    datetime(2026, 6, 15, 12, tzinfo=UTC),
    datetime(2027, 3, 14, 5, tzinfo=UTC),  # midnight in New York, the day its clocks go forward
    datetime(2027, 11, 7, 5, 30, tzinfo=UTC),  # 01:30 there, the day they go back
    datetime(2007, 11, 4, 2, 31, tzinfo=UTC),  # St John's: 00:01 becomes 23:01 of the day before
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia has no such day
    datetime(2027, 10, 31, 1, tzinfo=UTC),  # Berlin's clocks go back
    datetime(2028, 2, 28, 23, tzinfo=UTC),  # midnight in Berlin, before a leap day
    datetime(2027, 2, 28, 5, tzinfo=UTC),  # midnight in New York, in a year without one
    datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
)
DAY, MICROSECOND, NONE = timedelta(days=1), timedelta(microseconds=1), timedelta(0)
LENGTHS = (
    7 * DAY, DAY, 30 * DAY, 60 * DAY, 182 * DAY, 366 * DAY, DAY + timedelta(minutes=1),
    timedelta(minutes=30), NONE,
)  # fmt: skip
THRESHOLDS = LENGTHS[:3]
NUDGES = (NONE, MICROSECOND, -MICROSECOND, timedelta(hours=1), timedelta(seconds=-7))
EVENTS = ("order.placed", "app.opened")
EMOTIONS = ("angry", "frustrated", "delighted")
LEVELS = ("low", "medium", "high")
TOPICS = ("promotion", "onboarding", "profiling_emotion")
SEGMENTS = ("a", "b", "c")
PERSONAS = ("p", "q")
TEXTS = (
    "trial", "Trial", "team", "3", "yes", "true", "", "no", "0", "-1.5", "3.0", "100%", "a_b", "ä", "Ä",
    "it's", '"q"', "\\", "🎉", "null", " trial", "trial\n", "007", "1e3",
)  # fmt: skip
NO_MOMENTS = (
    "2027-02-29", "2026-02-31", "2026-04-31", "2026-13-01", "2026-6-1", "0000-01-01", "1900-02-29",
    "2026-02-28T24:00:00.000000Z", "2026-02-30T10:00:00.000000Z", "2026-02-28 10:00:00.000000Z",
    "2026-02-28T10:60:00.000000Z", "2026-02-28T10:00:00Z", "２０２６-01-01", "2026-01-01\n",
)  # fmt: skip
PIECES = ("tri", "person-", "0", "al", "T", "", "🎉", "%", "_", "trial", "i", "\\", "l\n")
NUMBERS = (
    3, 3.0, 0, 1, -1.5, 0.1, 0.2, 0.3, 49.99, 50, 1_000_000, 10**12, 2**53, 2**53 + 1, -0.0, 1e300, 10**400,
)  # fmt: skip


# ── time ──────────────────────────────────────────────────────────────────────────────────────

lengths = st.sampled_from(LENGTHS)
maybe_lengths = st.sampled_from((None, *LENGTHS))


@cache
def past_pool(now: datetime) -> tuple[datetime, ...]:
    """Instants at or before `now`, at and near the edges of windows."""
    pairs = [(one, NONE) for one in LENGTHS] * 4 + list(product(LENGTHS[:3], LENGTHS))
    near = [now - one - two + nudge for (one, two), nudge in product(pairs, (NONE, *NUDGES))]
    return tuple(min(at, now) for at in near)


@cache
def past(now: datetime) -> Chance:
    return st.sampled_from(past_pool(now))


@cache
def instants(now: datetime) -> Chance:
    """Instants most of which lie at or before `now`."""
    later = [now + length + nudge for length, nudge in product(LENGTHS, NUDGES)]
    return st.sampled_from((*past_pool(now), *later))


@cache
def date_pool(now: datetime) -> tuple[date, ...]:
    """Dates at and near the edges of windows."""
    edges = [now + sign * length for length, sign in product((NONE, *THRESHOLDS), (-1, 1))]
    return tuple(sorted({at.date() + days * DAY for at in edges for days in (-1, 0, 1)}))


@cache
def birthdays(now: datetime) -> Chance:
    """Dates of a leap year, so that none is missing, with their anniversaries near the edges."""
    born = [day.replace(year=1984) for day in date_pool(now)]
    return st.sampled_from((*born, date(1984, 2, 29), date(1, 1, 1), date(9999, 12, 31)))


def text_of(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


@cache
def dates(now: datetime) -> Chance:
    return st.sampled_from(date_pool(now))


@cache
def moments(now: datetime) -> Chance:
    """Dates and instants as values hold them."""
    return st.one_of(
        dates(now).map(date.isoformat),
        instants(now).map(text_of),
        dates(now).map(date.isoformat),
        st.sampled_from(NO_MOMENTS),
    )


# ── values and tests of them ──────────────────────────────────────────────────────────────────

texts = st.one_of(st.sampled_from(TEXTS[:6]), st.sampled_from(TEXTS))
decimals = st.integers(-(10**9), 10**9).map(lambda millionths: millionths / 1_000_000)
numbers = st.one_of(st.sampled_from(NUMBERS[:4]), st.sampled_from(NUMBERS), decimals)
lists = st.lists(texts, max_size=3).map(tuple)


@cache
def values(now: datetime) -> Chance:
    return st.one_of(texts, numbers, st.booleans(), lists, moments(now))


text_tests = st.one_of(
    st.tuples(texts, texts).map(c.OneOf),
    st.builds(
        c.TextTest,
        st.sampled_from(("starts_with", "ends_with", "contains")),
        st.sampled_from(PIECES),
    ),
    st.just(c.IsSet()),
)
thresholds = st.sampled_from((3.0, 0.0, 0.1, 0.3, -1.5, 50.0, float(2**53), 1e300))
ops = st.sampled_from(list(c.Op))
number_tests = st.one_of(
    st.builds(c.Compare, ops, thresholds),
    st.builds(lambda low, high: c.Between(*sorted((low, high))), thresholds, thresholds),
    st.sampled_from((c.OneOf(("3", "0")), c.OneOf(("-1.5", "007", "1e3", "50")), c.IsSet())),
)


@cache
def moment_tests(now: datetime) -> Chance:
    edges = st.one_of(
        dates(now),
        instants(now),
        instants(now).map(lambda at: at.replace(tzinfo=None)),
        st.sampled_from((date(1, 1, 1), date(9999, 12, 31))),
    )
    return st.one_of(
        st.builds(c.Within, lengths),
        st.builds(c.WithinNext, lengths),
        st.builds(c.WithinNext, lengths, st.just(True)),
        st.builds(c.Before, edges),
        st.builds(c.After, edges),
    )


@cache
def tests(now: datetime) -> Chance:
    return st.one_of(text_tests, number_tests, moment_tests(now))


@cache
def attribute_tests(now: datetime, *, in_run: bool) -> Chance:
    """Tests of attributes that mostly hold what the test is for."""
    of = st.sampled_from(("person", "entry")) if in_run else st.just("person")
    anything = st.sampled_from(("plan", "seats", "tags", "birthday", "signed_up_at", "country"))
    return st.one_of(
        st.builds(c.Attribute, st.sampled_from(("plan", "tags", "email", "id")), text_tests),
        st.builds(c.Attribute, st.just("seats"), number_tests),
        st.builds(
            c.Attribute, st.sampled_from(("birthday", "signed_up_at")), moment_tests(now), of
        ),
        st.builds(c.Attribute, anything, tests(now), of),
    )


@cache
def wheres(now: datetime) -> Chance:
    one = st.one_of(
        st.builds(c.PropertyTest, st.just("total"), number_tests, st.booleans()),
        st.builds(c.PropertyTest, st.just("order_id"), text_tests, st.booleans()),
        st.builds(c.PropertyTest, st.just("at_date"), moment_tests(now), st.booleans()),
    )
    return st.one_of(st.just(()), one.map(lambda test: (test,)), st.tuples(one, one))


# ── conditions ────────────────────────────────────────────────────────────────────────────────


def some(words: tuple[str, ...]) -> Chance:
    return st.sampled_from([*((word,) for word in words), *product(words, words)])


@cache
def leaves(now: datetime, *, in_run: bool) -> Chance:
    same = st.sampled_from((None, None, "order_id")) if in_run else st.none()
    totals = st.sampled_from((0.3, 0.0, 0.6, 49.99, 100.0, 1e12, -1.5, 1e15))
    names, times = st.sampled_from(EVENTS), st.sampled_from((1, 2, 3, 0))
    kinds: list[Chance] = [
        attribute_tests(now, in_run=in_run),
        st.builds(c.Did, names, ops, times, maybe_lengths, wheres(now), same),
        st.builds(c.TotalOf, names, st.just("total"), ops, totals, maybe_lengths, wheres(now)),
        st.builds(c.InStage, some(STAGES)),
        st.builds(c.QuietFor, st.sampled_from((1000, 500, 2000, 2333, 0))),
        st.builds(c.Feels, some(EMOTIONS), st.sampled_from(LEVELS), lengths),
        st.builds(c.MoodUnknown, lengths),
        st.builds(c.Disposition, some(EMOTIONS)),
        st.builds(c.IsPersona, some((*PERSONAS, "nobody"))),
        st.builds(c.InSegment, st.sampled_from((*SEGMENTS, "unheard-of"))),
        st.builds(
            c.ConsentIs,
            st.sampled_from(TOPICS),
            some(("given", "pending", "unsubscribed", "unknown")),
        ),
        st.just(c.OpenTicket()),
    ]
    attribute, did, total = kinds[:3]
    return st.one_of(attribute, did, total, attribute, did, *kinds)


@cache
def conditions(now: datetime, *, in_run: bool = False) -> Chance:
    """Mostly single conditions, so that a wrong one is not hidden by another beside it."""
    leaf = leaves(now, in_run=in_run)
    one = st.one_of(leaf, leaf, leaf, st.builds(c.Not, leaf), several(leaf))
    return st.one_of(leaf, leaf, leaf, st.builds(c.Not, one), several(one))


def several(parts: Chance) -> Chance:
    few = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(c.All, few), st.builds(c.AnyOf, few))
