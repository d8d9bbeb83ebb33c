"""The sample's past: real facts kept whole, made ones reproducible and harmless."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import pytest

from engine.adapters.sample import history, labels, provenance
from engine.adapters.sample.draws import between, draw, pick, weighted
from engine.adapters.sample.people import customer
from engine.adapters.sample.purchases import purchases, sentences


@pytest.fixture(scope="module")
def rows():
    return list(history())


def of_type(rows, kind):
    return [row for row in rows if row["type"] == kind]


def named(rows, name):
    return [row for row in of_type(rows, "event") if row["name"] == name]


def test_the_same_seed_gives_the_same_past(rows):
    assert list(history()) == rows


def test_another_seed_gives_other_people_with_the_same_purchases(rows):
    other = list(history(2026))
    assert of_type(other, "person") != of_type(rows, "person")

    def bought(past):
        return Counter(row["properties"]["total"] for row in named(past, "order.placed"))

    assert bought(other) == bought(rows)


def test_rows_come_in_time_order(rows):
    instants = [datetime.fromisoformat(row["at"]) for row in rows]
    assert instants == sorted(instants)
    assert all(instant.tzinfo is not None for instant in instants)


def test_every_line_of_the_source_is_there_once(rows):
    package = files("engine.adapters.sample")
    lines = package.joinpath("cdnow_sample.txt").read_text().split("\n")
    bought = Counter()
    for line in filter(str.strip, lines):
        _, number, _, items, total = line.split()
        bought[(f"c{int(number):04d}", int(items), float(total))] += 1
    placed = Counter(
        (row["person"], row["properties"]["items"], row["properties"]["total"])
        for row in named(rows, "order.placed")
    )
    assert placed == bought
    assert sum(placed.values()) == 6919
    assert len(of_type(rows, "person")) == 2357


def test_every_sentence_was_written_once_by_somebody_who_had_ordered(rows):
    assert Counter(row["text"] for row in of_type(rows, "feedback")) == Counter(
        sentence.text for sentence in sentences()
    )
    first_order = {}
    for row in named(rows, "order.placed"):
        first_order.setdefault(row["person"], row["at"])
    assert all(row["at"] > first_order[row["person"]] for row in of_type(rows, "feedback"))


def test_stars_follow_the_label_and_no_mood_is_made_up(rows):
    positive = labels()
    for row in of_type(rows, "feedback"):
        assert (row.get("rating", 1) >= 4) == positive[row["id"]]
        assert "mood" not in row


def test_orders_of_nothing_are_kept(rows):
    """R6.2: they do not count, which only shows if they are there."""
    totals = [row["properties"]["total"] for row in named(rows, "order.placed")]
    assert totals.count(0.0) == sum(one.total == 0 for one in purchases()) == 8


def test_an_order_falls_on_its_real_day_in_the_customers_own_zone(rows):
    days = {f"{10_000 + one.number}-placed": (one.customer, one.day) for one in purchases()}
    for row in named(rows, "order.placed"):
        number, day = days[row["id"]]
        local = datetime.fromisoformat(row["at"]).astimezone(customer(1997, number).zone)
        assert local.date() == day
        assert 7 <= local.hour <= 22


def test_nobody_can_ever_be_reached(rows):
    addresses = [row["email"] for row in of_type(rows, "person")]
    assert all(address.endswith("@example.com") and address.isascii() for address in addresses)
    assert len(set(addresses)) == len(addresses)


def test_a_person_exists_before_anything_happens_to_them(rows):
    seen = set()
    for row in rows:
        if row["type"] == "person":
            seen.add(row["id"])
        else:
            assert row["person"] in seen


def test_a_late_parcel_is_announced_before_it_comes(rows):
    came = {row["properties"]["order_id"]: row["at"] for row in named(rows, "order.delivered")}
    late = named(rows, "order.delayed")
    assert 100 < len(late) < 300
    lost = [row for row in late if row["properties"]["order_id"] not in came]
    assert 0 < len(lost) < len(late) / 5
    for row in late:
        assert row["properties"]["days_late"] >= 1
        assert row["at"] < came.get(row["properties"]["order_id"], "9999")


def test_people_are_as_incomplete_as_in_life(rows):
    people = of_type(rows, "person")
    for attribute in ("first_name", "birthday", "time_zone", "brews_with"):
        assert 0.4 < sum(attribute in row for row in people) / len(people) < 0.995
    zones = {row["time_zone"] for row in people if "time_zone" in row}
    assert zones - available_timezones() == {"GMT-8 Pacific"}
    for row in people:
        assert not ("birthday" in row and date.fromisoformat(row["birthday"]).year < 1924)


def test_most_confirm_some_do_not_and_some_leave(rows):
    consents = of_type(rows, "consent")
    about_offers = Counter(row["state"] for row in consents if row["topic"] == "promotion")
    assert about_offers["confirmed"] > about_offers["given"] > about_offers["pending"] > 0
    assert about_offers["unsubscribed"] > 0
    assert any(row["topic"] == "all" and row["state"] == "unsubscribed" for row in consents)
    silent = {row["id"] for row in of_type(rows, "person")} - {row["person"] for row in consents}
    assert len(silent) > 300


def test_what_is_real_and_what_is_made_is_counted(rows):
    told = provenance()
    assert list(told.real.values()) == [2357, 6919, 1000]
    assert told.made["parcels that came late"] == len(named(rows, "order.delayed"))
    assert told.made["consents and opt-outs"] == len(of_type(rows, "consent"))


def test_a_draw_depends_on_its_words_alone():
    assert draw(1, "a") == draw(1, "a") != draw(1, "b")
    assert draw("a", "b") != draw("ab")
    assert 0 <= draw("x") < 1


def test_weights_and_bounds_are_kept():
    drawn = Counter(weighted((("often", 3), ("seldom", 1)), n) for n in range(2000))
    assert 1400 < drawn["often"] < 1600
    assert {between(1, 3, n) for n in range(200)} == {1, 2, 3}
    assert {pick("xyz", n) for n in range(200)} == set("xyz")


def test_a_birthday_on_a_leap_day_exists_somewhere():
    """R4.6 needs somebody to try it on."""
    days = [customer(1997, n).attributes.get("birthday", "") for n in range(1, 2358)]
    assert any(day.endswith("-02-29") for day in days)


def test_a_customer_shops_where_they_live():
    assert customer(1997, 1).zone == ZoneInfo("Europe/Amsterdam")
