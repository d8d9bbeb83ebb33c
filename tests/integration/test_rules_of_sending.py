"""Rules of sending that only a store can prove: by turns, hand-offs and what happens between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db import outbox
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.suppressions import suppress
from engine.application.ports.renderer import RenderFailed
from engine.domain.arrival import ConsentArrived, EventArrived, PersonArrived
from engine.domain.caps import RollingCap
from engine.domain.condition import ALWAYS
from engine.domain.consent import ConsentEntry
from engine.domain.event import PROVIDER, Event
from engine.domain.facts import Rulebook
from engine.domain.journey import Category, Class, Hold, Window
from tests.integration.test_hand_off_races import (
    DAY,
    HOUR,
    MINUTE,
    MONTHLY,
    NOW,
    RULES,
    WEEKLY,
    Shop,
)

SECOND = timedelta(seconds=1)


def _policy(**changes: object) -> Rulebook:
    return replace(RULES, policy=replace(RULES.policy, **changes))  # type: ignore[arg-type]


def _leaves(shop: Shop) -> None:
    gone = ConsentEntry("news", "unsubscribed", NOW + SECOND, own_act=True)
    shop.take(ConsentArrived("ann", gone), at=NOW + SECOND)


def _is_suppressed(shop: Shop) -> None:
    with writing(shop.engine) as connection:
        suppress(connection, "one@x.org", "complaint", NOW + SECOND)


@pytest.mark.parametrize(
    ("edit", "status", "reason"),
    [
        (_policy(quiet_hours=Window(time(0), time(11))), "queued", "quiet_hours"),
        (_policy(hold_when=(Hold("news", ALWAYS),)), "queued", "hold_when"),
        (_policy(marketing_caps=(RollingCap(1, 40 * DAY),)), "dropped", "expired"),
        (
            replace(RULES, journeys={"weekly": replace(WEEKLY, leave_when=ALWAYS)}),
            "dropped",
            "left",
        ),
        (_leaves, "dropped", "unsubscribed"),
        (_is_suppressed, "dropped", "suppressed"),
    ],
    ids=["quiet hours", "hold", "cap", "exit", "consent", "suppression"],
)
def test_a_mail_that_waits_obeys_what_changed_meanwhile(
    store_engine: Engine, edit: Rulebook | Callable[[Shop], None], status: str, reason: str
) -> None:
    """R2.9: the person had a mail a day before this one, and the rules in force changed after it."""
    shop = Shop(store_engine, ann="one@x.org")
    shop.go("ann", NOW - DAY)
    shop.hand_off(NOW - DAY)
    shop.go("ann", NOW)
    if isinstance(edit, Rulebook):
        shop.rules = edit
    else:
        edit(shop)
    shop.hand_off(NOW + 5 * MINUTE)
    assert shop.sent == ["one@x.org"]
    with reading(store_engine) as connection:
        _, waits = outbox.messages_of(connection, "ann")
    assert (waits.status, waits.reason) == (status, reason)


def test_a_mail_that_was_taken_out_of_a_category_still_counts_there(store_engine: Engine) -> None:
    """Scenario 6, R3.5: the weekly was a promotion when it left, and is news today."""
    promotion = Category("promotion", Class.MARKETING, caps=(RollingCap(1, 7 * DAY),))
    categories = {**RULES.policy.categories, "promotion": promotion}
    loose = _policy(categories=categories, marketing_caps=())
    was = replace(WEEKLY, category="promotion")
    monthly = replace(MONTHLY, category="promotion")
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    for who in ("ann", "ben"):
        agreed = ConsentEntry("promotion", "express", NOW - DAY, confirmed=True, own_act=True)
        shop.take(ConsentArrived(who, agreed), at=NOW - DAY)
    shop.rules = replace(loose, journeys={"weekly": was, "monthly": monthly})
    shop.go("ann", NOW)
    shop.hand_off(NOW)
    shop.rules = replace(loose, journeys={"weekly": WEEKLY, "monthly": monthly})
    shop.go("ben", NOW + 6 * DAY)
    shop.hand_off(NOW + 6 * DAY)
    assert shop.sent == ["both@x.org"]
    shop.turns(NOW + 7 * DAY)
    shop.hand_off(NOW + 7 * DAY)
    assert shop.sent == ["both@x.org"] * 2


@pytest.mark.parametrize(("later", "mails"), [(17 * HOUR, 1), (18 * HOUR, 2)])
def test_one_mailbox_gets_the_same_mail_once_in_18_hours_whoever_it_is_for(
    store_engine: Engine, later: timedelta, mails: int
) -> None:
    """R3.8, R3.5: two profiles, two journeys, one mail, no caps."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    same = replace(MONTHLY, nodes=WEEKLY.nodes)
    shop.rules = replace(_policy(marketing_caps=()), journeys={"weekly": WEEKLY, "monthly": same})
    shop.go("ann", NOW)
    shop.hand_off(NOW)
    shop.go("ben", NOW + later)
    shop.hand_off(NOW + later)
    assert shop.sent == ["both@x.org"] * mails
    with reading(store_engine) as connection:
        asked = "SELECT reason FROM trace WHERE what = 'dropped'"
        reasons = list(connection.execute(text(asked)).scalars())
    assert reasons == ["duplicate"] * (2 - mails)


def _fails() -> None:
    raise RenderFailed("a value is missing", "weekly/hello")


def test_a_mail_that_cannot_be_written_stops_only_itself(store_engine: Engine) -> None:
    """R10.4"""
    shop = Shop(store_engine, ann="one@x.org", ben="two@x.org")
    shop.go("ann", NOW)
    shop.go("ben", NOW)
    shop.hand_off(NOW + SECOND, _fails)
    assert sorted(shop.statuses().values()) == ["needs_attention", "sent"]
    assert len(shop.sent) == 1


@pytest.mark.parametrize(("mended", "status"), [(NOW + HOUR, "sent"), (NOW + 40 * DAY, "dropped")])
def test_a_mended_mail_goes_once_if_it_is_still_worth_sending(
    store_engine: Engine, mended: datetime, status: str
) -> None:
    """Scenario 37, R9.1: the news may wait for thirty days."""
    shop = Shop(store_engine, ann="one@x.org")
    shop.go("ann", NOW)
    shop.hand_off(NOW + SECOND, _fails)
    assert (shop.sent, shop.statuses()) == ([], {"ann": "needs_attention"})
    shop.take(PersonArrived("ann", None, None, {"first_name": "Ann"}, mended), at=mended)
    for _ in range(2):
        shop.turns(mended)
        shop.hand_off(mended + MINUTE)
    assert shop.statuses() == {"ann": status}
    assert shop.sent == (["one@x.org"] if status == "sent" else [])


def test_what_was_accepted_counts_also_if_it_bounces_and_what_never_left_does_not(
    store_engine: Engine,
) -> None:
    """Scenario 12, R3.3."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    shop.go("ann", NOW)
    shop.hand_off(NOW + SECOND, _fails)
    assert shop.statuses() == {"ann": "needs_attention"}
    shop.go("ben", NOW + 2 * SECOND)
    shop.hand_off(NOW + 3 * SECOND)
    assert shop.sent == ["both@x.org"], "the slot was free again"
    with reading(store_engine) as connection:
        [accepted] = outbox.messages_of(connection, "ben")
    full = {"send_id": accepted.send_id, "status": "5.2.2"}
    said = Event("b", "mail.bounced", NOW + MINUTE, full, PROVIDER)
    shop.take(EventArrived("ben", said), at=NOW + MINUTE)
    shop.turns(NOW + MINUTE)
    shop.go("ben", NOW + HOUR)
    shop.hand_off(NOW + 2 * HOUR)
    assert shop.sent == ["both@x.org"], "bounced, and counted all the same: one in 20 hours"
    shop.turns(NOW + 21 * HOUR)
    shop.hand_off(NOW + 21 * HOUR)
    assert shop.sent == ["both@x.org"] * 2
