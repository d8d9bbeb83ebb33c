"""Calls of Segment's tracking API, and what they say to us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.addresses import mailbox, normal
from engine.application.ports.joining import Join
from engine.application.ports.write_keys import SCOPES, WriteKey
from engine.application.row_kinds import Reader
from engine.application.row_values import BadValue
from engine.application.segment_calls import KINDS, NETWORK, Envelope, Heard, event_name, hear
from engine.domain.arrival import ConsentArrived, EventArrived, PersonArrived

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)
READER = Reader(
    NOW,
    ZoneInfo("Europe/Berlin"),
    lambda text: (normal(text), mailbox(text)),
    "shop",
    actor="key k",
)


def key(*scopes: str) -> WriteKey:
    return WriteKey("k", "shop", frozenset(scopes or SCOPES), NOW)


def heard(
    kind: str,
    *,
    place: int = 0,
    sent_at: datetime | None = None,
    by: WriteKey | None = None,
    **call: Any,
) -> Heard:
    envelope = Envelope(by or key(), NOW, sent_at, READER)
    return hear({"type": kind, "userId": "u", "messageId": "m", **call}, place, envelope)


def person(kind: str = "identify", **call: Any) -> PersonArrived:
    [arrival] = heard(kind, **call).arrivals
    assert isinstance(arrival, PersonArrived)
    return arrival


def event(kind: str = "track", **call: Any) -> EventArrived:
    [arrival] = heard(kind, **call).arrivals
    assert isinstance(arrival, EventArrived)
    return arrival


# ── who and what ──────────────────────────────────────────────────────────────────────────────


def test_traits_become_attributes_by_the_names_that_we_know() -> None:
    traits = {
        "email": "Ann@Example.com", "firstName": "Ann", "lastName": "Bo", "plan": "pro",
        "address": {"country": "de", "city": "Bonn"}, "id": "theirs", "gone": None,
    }  # fmt: skip
    context = {"locale": "de-DE", "timezone": "Europe/Vienna", "ip": "192.0.2.1"}
    found = person(traits=traits, context=context)
    assert (found.person_id, found.email, found.mailbox) == (
        "u",
        "Ann@example.com",
        "ann@example.com",
    )
    assert found.values == {
        "first_name": "Ann", "last_name": "Bo", "plan": "pro", "gone": None, "country": "DE",
        "address_country": "de", "address_city": "Bonn", "locale": "de-DE",
        "time_zone": "Europe/Vienna",
    }  # fmt: skip
    assert found.timed


def test_the_language_of_a_device_does_not_overrule_a_person() -> None:
    assert person(context={"locale": "de"}).if_missing == {"locale"}
    assert person(context={"locale": "de"}, traits={"locale": "fr"}).values == {"locale": "fr"}
    assert person(context={"timezone": "Mars/Base"}).values == {}


def test_somebody_without_a_user_id_can_never_be_taken_for_one() -> None:
    assert person(userId=None, anonymousId="a-1").person_id == "anonymous:a-1"
    with pytest.raises(BadValue, match="anonymousId"):
        heard("identify", userId=None)


@pytest.mark.parametrize("field", ["userId", "previousId"])
def test_no_user_id_looks_like_a_visitor(field: str) -> None:
    """Else whoever may send could join any visitor to anybody."""
    with pytest.raises(BadValue, match="begins like an id of ours"):
        heard("alias", **{"previousId": "p", field: "anonymous:a"})


def test_who_names_both_ids_is_one_human() -> None:
    assert heard("identify", anonymousId="a").joins == (Join("anonymous:a", "u"),)
    assert heard("track", event="a.b", anonymousId="a").joins == ()


def test_alias_leads_from_the_previous_id_whichever_kind_it_was() -> None:
    found = heard("alias", previousId="p")
    assert found.joins == (Join("p", "u", asked=True), Join("anonymous:p", "u", asked=True))
    assert [one.person_id for one in found.arrivals] == ["u"]
    with pytest.raises(BadValue, match="who are they now"):
        hear(
            {"type": "alias", "previousId": "p", "anonymousId": "a"},
            0,
            Envelope(key(), NOW, None, READER),
        )


def test_a_group_is_attributes() -> None:
    assert person("group", groupId=7, traits={"name": "Acme"}).values == {
        "group_id": "7",
        "group_name": "Acme",
    }


def test_pages_and_screens_are_events() -> None:
    found = event("page", name="Home", category="Docs", properties={"url": "https://x"}).event
    assert (found.name, found.properties) == (
        "page.viewed",
        {"name": "Home", "category": "Docs", "url": "https://x"},
    )
    assert event("screen").event.name == "screen.viewed"


def test_an_event_is_known_by_its_message_and_the_source_of_the_key() -> None:
    """R1.4."""
    found = event(event="cart.left", properties={"items": 2, "none": None}).event
    assert (found.id, found.source, found.name, found.properties) == (
        "m", "shop", "cart.left", {"items": 2},
    )  # fmt: skip


def test_traits_that_come_with_an_event_come_before_it() -> None:
    """R1.2."""
    described = {"traits": {"email": "ann@x.org"}}
    found = heard("track", event="a.b", context=described).arrivals
    assert [type(one) for one in found] == [PersonArrived, EventArrived]
    found = heard("track", event="a.b", context=described, by=key("events")).arrivals
    assert [type(one) for one in found] == [EventArrived]


# ── names of events ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("cart.left", "cart.left"),
        ("Product Viewed", "product.viewed"),
        ("Cart Item Removed", "cart_item.removed"),
        ("productViewed", "product.viewed"),
        ("signup", "track.signup"),
        ("Signed Up", "signed.up"),
        ("Order Completed", "order.placed"),
        ("Order Refunded", "order.refunded"),
        ("Order Cancelled", "order.cancelled"),
        ("Order Updated", "order.updated"),
        ("Article 42", "track.article_42"),
        ("42 Articles Read", "articles.read"),
    ],
)
def test_events_get_names_that_journeys_can_say(said: str, name: str) -> None:
    found = event(event=said).event
    assert found.name == name
    assert found.properties.get("event") == (None if said == name else said)


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_journeys_can_say_or_is_refused(said: str) -> None:
    from engine.language.leaf import event_name as in_a_journey

    try:
        name = event_name(said)
    except BadValue:
        return
    assert in_a_journey(name) == name


def test_a_shop_may_call_its_orders_otherwise() -> None:
    """R6.1: `order_event` of the config."""
    assert event_name("Order Completed", "purchase.made") == "purchase.made"
    assert event_name("Order Refunded", "purchase.made") == "purchase.refunded"


def test_an_order_without_a_total_has_its_revenue() -> None:
    assert (
        event(event="Order Completed", properties={"revenue": 24.5}).event.properties["total"]
        == 24.5
    )
    both = {"revenue": 20, "total": 24.5}
    assert event(event="Order Completed", properties=both).event.properties["total"] == 24.5


@pytest.mark.parametrize("name", ["mail.bounced", "Mail Complained", "stage.changed", "task.done"])
def test_nobody_else_notes_what_only_the_engine_knows(name: str) -> None:
    with pytest.raises(BadValue, match="the engine itself"):
        heard("track", event=name)


# ── when ──────────────────────────────────────────────────────────────────────────────────────


def test_a_clock_that_is_wrong_is_set_right_as_segment_does() -> None:
    """`timestamp = receivedAt - (sentAt - originalTimestamp)`."""
    ahead = NOW + timedelta(hours=5)
    said = (ahead - 7 * SECOND).isoformat()
    assert event(event="a.b", timestamp=said, sent_at=ahead).at == NOW - 7 * SECOND
    assert event(event="a.b", timestamp=said, sentAt=ahead.isoformat()).at == NOW - 7 * SECOND
    assert event(event="a.b", originalTimestamp=said, sent_at=ahead).at == NOW - 7 * SECOND


def test_the_same_call_sent_twice_has_the_same_time() -> None:
    """What a request takes in the network is no fault of a clock."""
    said = (NOW - 90 * SECOND).isoformat()
    times = {
        event(event="a.b", timestamp=said, sent_at=NOW - late).at for late in (0 * SECOND, NETWORK)
    }
    assert times == {NOW - 90 * SECOND}


def test_what_segment_set_right_already_stays() -> None:
    """A call that Segment itself passes on has both times."""
    found = event(
        event="a.b",
        timestamp="2026-03-04T10:00:00Z",
        originalTimestamp="2020-01-01T00:00:00Z",
        sentAt="2020-01-01T00:00:05Z",
    )
    assert found.at == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_without_a_time_it_is_now() -> None:
    assert event(event="a.b").at == NOW


@pytest.mark.parametrize(
    "ahead", [timedelta(0), 5 * SECOND, timedelta(hours=5), timedelta(days=900)]
)
def test_of_what_was_said_in_one_millisecond_the_later_counts(ahead: timedelta) -> None:
    """Whatever the sender's clock says."""
    said = (NOW + ahead).isoformat(timespec="milliseconds")
    sent_at = NOW + ahead + timedelta(microseconds=77)
    first, second = (person(timestamp=said, place=place, sent_at=sent_at).at for place in (3, 4))
    assert second - first == timedelta(microseconds=1)


def test_a_clock_that_runs_ahead_does_not_have_the_last_word_for_long() -> None:
    assert person(timestamp="2030-01-01T00:00:00Z").at == NOW + NETWORK


# ── feedback and consent ──────────────────────────────────────────────────────────────────────


def test_feedback_is_what_a_row_of_feedback_is() -> None:
    found = heard(
        "feedback", source="ticket", ticket=7, text="late again", properties={"order": "o1"}
    )
    assert [one.event.name for one in found.arrivals if isinstance(one, EventArrived)] == [
        "feedback.received",
        "ticket.opened",
    ]
    [first, _] = found.arrivals
    assert isinstance(first, EventArrived)
    assert first.event.properties == {
        "source": "ticket", "ticket": "7", "text": "late again", "order": "o1", "id": "m",
    }  # fmt: skip


def test_consent_names_the_key_as_its_witness() -> None:
    """R5.1, R5.5: a key is never the person."""
    [found] = heard("consent", topic="news", state="given", wording="Yes").arrivals
    assert isinstance(found, ConsentArrived)
    assert (found.entry.topic, found.entry.own_act, found.evidence.actor) == (
        "news",
        False,
        "key k",
    )
    assert found.entry.source == "shop"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("actor", "person"),
        ("source", "provider"),
        ("source", "unsubscribe"),
        ("source", "preferences"),
    ],
)
def test_no_key_speaks_for_the_person_or_the_provider(field: str, value: str) -> None:
    with pytest.raises(BadValue) as refused:
        heard("consent", topic="news", state="given", **{field: value})
    assert refused.value.column == field


@pytest.mark.parametrize("kind", ["feedback", "consent"])
@pytest.mark.parametrize("column", ["id", "person", "at"])
def test_a_column_of_a_file_is_told_its_name_here(kind: str, column: str) -> None:
    with pytest.raises(BadValue, match="is called"):
        heard(kind, **{column: "x"})


# ── who may ───────────────────────────────────────────────────────────────────────────────────

WHOLE: dict[str, dict[str, Any]] = {
    "identify": {},
    "track": {"event": "a.b"},
    "page": {},
    "screen": {},
    "group": {"groupId": "g"},
    "alias": {"previousId": "p"},
    "feedback": {"text": "hello"},
    "consent": {"topic": "news", "state": "given"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_sends_only_what_it_may(kind: str) -> None:
    scope = KINDS[kind][0]
    assert heard(kind, by=key(scope), **WHOLE[kind]).arrivals
    others = set(SCOPES) - {scope}
    with pytest.raises(BadValue, match=f"needs the scope `{scope}`"):
        heard(kind, by=key(*others), **WHOLE[kind])


def test_feedback_by_its_name_needs_a_key_for_feedback() -> None:
    assert heard("track", event="feedback.received", by=key("events", "feedback")).arrivals
    with pytest.raises(BadValue, match="needs the scope `feedback`"):
        heard("track", event="feedback.received", by=key("events"))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
_FIELDS = (
    "type", "userId", "anonymousId", "messageId", "timestamp", "sentAt", "originalTimestamp", "traits",
    "properties", "context", "event", "previousId", "groupId", "name", "topic", "state", "text",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON), st.sampled_from(list(KINDS)))
def test_whatever_comes_is_understood_or_refused_with_a_reason(
    call: dict[str, Any], kind: str
) -> None:
    envelope = Envelope(key(), NOW, None, READER)
    for one in (call, {**WHOLE[kind], **call, "type": kind}):
        try:
            hear(one, 0, envelope)
        except BadValue as refused:
            assert refused.reason
