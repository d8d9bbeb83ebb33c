"""What an order says about mail, where the law says that it says anything (R5.2, R5.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.consent import ConsentEntry
from engine.domain.journey import Again, Category, Class, Enter, WhenEvent
from engine.domain.jurisdiction import Jurisdiction, law_of
from engine.domain.turn import ConsentImplied

DAY = timedelta(days=1)
CANADA = Jurisdiction(
    "canada", countries=frozenset({"CA"}), purchase="purchase",
    enough={"double opt-in": None, "express": None, "purchase": 730 * DAY},
)  # fmt: skip
FRANCE = Jurisdiction(
    "france", countries=frozenset({"FR"}), purchase="soft opt-in",
    enough={"double opt-in": None, "express": None, "soft opt-in": None},
)  # fmt: skip
NONE = Jurisdiction("none", countries=frozenset({"XK"}), enough={"double opt-in": None})
SOFT = {
    "news": Category("news", Class.MARKETING, consent="soft opt-in"),
    "promotion": Category("promotion", Class.MARKETING),
}


def shop(theatre: Any, country: str, *consents: ConsentEntry) -> Any:
    again = Enter(WhenEvent("order.placed"), again=Again(allowed=True))
    return theatre.play(
        theatre.journey("similar", theatre.send("similar"), enter=again),
        attributes={"country": country}, consents=consents, categories=SOFT,
        law=law_of([CANADA, FRANCE, NONE]),
    )  # fmt: skip


def implied(play: Any) -> list[ConsentEntry]:
    return [change.entry for _, change in play.changes if isinstance(change, ConsentImplied)]


def test_an_order_in_canada_implies_consent_for_two_years(theatre: Any) -> None:
    """CASL s. 10(10): and the mail of the same instant may go."""
    play = shop(theatre, "CA").event(theatre.noon, "order.placed", id="o1")
    [line] = implied(play)
    assert (line.topic, line.state, line.basis, line.at) == (
        "news", "implied", "purchase", theatre.noon,
    )  # fmt: skip
    assert (line.source, line.own_act, line.expires_at) == ("order.placed o1", False, None)
    [evidence] = [c.evidence for _, c in play.changes if isinstance(c, ConsentImplied)]
    assert evidence.jurisdiction == "CA"
    assert len(play.mails) == 1


def test_a_soft_opt_in_needs_an_order_that_says_so(theatre: Any) -> None:
    """ePrivacy Article 13(2): offered to refuse when the address was taken."""
    for said, lines in ((None, 0), (True, 1), ("yes", 1), (False, 0), ("no", 0)):
        more = {} if said is None else {"soft_opt_in": said}
        play = shop(theatre, "fr").event(theatre.noon, "order.placed", wording="till 2", **more)
        assert [(one.basis, one.wording) for one in implied(play)] == [
            ("soft opt-in", "till 2")
        ] * lines


def test_who_refused_at_the_till_is_implied_nothing_anywhere(theatre: Any) -> None:
    assert implied(shop(theatre, "CA").event(theatre.noon, "order.placed", soft_opt_in=False)) == []


@pytest.mark.parametrize("country", ["XK", "JP", ""])
def test_where_the_law_gives_nothing_an_order_gives_nothing(theatre: Any, country: str) -> None:
    """R5.2: nor where the country is unknown."""
    play = shop(theatre, country).event(theatre.noon, "order.placed", soft_opt_in=True)
    assert (implied(play), play.mails) == ([], [])


def test_a_purchase_never_undoes_an_opt_out(theatre: Any) -> None:
    """R5.5: of the topic, or of all; before it, or dated after it by another clock."""
    for topic, at in (("news", -DAY), ("*", -DAY), ("news", DAY)):
        left = ConsentEntry(topic, "unsubscribed", theatre.noon + at)
        play = shop(theatre, "CA", left).event(theatre.noon, "order.placed")
        assert (implied(play), play.mails) == ([], [])


def test_a_sign_up_that_nobody_confirmed_does_not_open_the_way_for_a_purchase(theatre: Any) -> None:
    """R5.4, R5.5: whoever left may have been signed up by somebody else."""
    left = ConsentEntry("news", "unsubscribed", theatre.noon - 2 * DAY)
    for state, lines in (("pending", 0), ("express", 1)):
        back = ConsentEntry("news", state, theatre.noon - DAY, own_act=True)
        play = shop(theatre, "CA", left, back).event(theatre.noon, "order.placed")
        assert len(implied(play)) == lines


def test_a_new_purchase_renews_and_the_end_is_announced_once(theatre: Any) -> None:
    """R5.7: 30 days before the end of the newest one."""
    play = shop(theatre, "CA").event(theatre.noon, "order.placed")
    play.event(theatre.noon + 600 * DAY, "order.placed")
    play.until(theatre.noon + 1400 * DAY)
    assert len(implied(play)) == 2
    [announced] = play.noted("consent.expiring")
    assert announced.at == theatre.noon + (600 + 730 - 30) * DAY


def test_where_consent_lasts_nothing_is_written_twice(theatre: Any) -> None:
    play = shop(theatre, "FR")
    for day in range(3):
        play.event(theatre.noon + day * DAY, "order.placed", soft_opt_in=True)
    assert len(implied(play)) == 1


def test_an_order_that_comes_again_adds_nothing(theatre: Any) -> None:
    """R1.4"""
    play = shop(theatre, "CA")
    for _ in range(2):
        play.event(theatre.noon, "order.placed", id="o1")
    assert len(implied(play)) == 1


def test_implied_consent_that_ends_during_a_wait_blocks(theatre: Any) -> None:
    """R5.7: tested when the message leaves, not when it is planned."""
    ending = ConsentEntry("news", "implied", theatre.noon - 730 * DAY + DAY, basis="purchase")
    play = shop(theatre, "CA", ending)
    assert play.event(theatre.noon, "order.placed", soft_opt_in="no").mails != []
    late = shop(theatre, "CA", ending)
    late.event(theatre.noon + DAY, "order.placed", soft_opt_in="no")
    assert late.mails == []
    assert [t.reason for t in late.traced("dropped")] == ["consent_unknown"]
