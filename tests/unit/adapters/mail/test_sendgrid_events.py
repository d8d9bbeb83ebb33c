"""Every example that SendGrid's docs and others have published is read, whole or not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.mail.sendgrid_events import read_events
from engine.domain.bounce import word_of
from engine.domain.told import Told, dropped_because, event_of

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "data/sendgrid/event_webhook_events.json").read_text("utf-8")
)
CASES = PUBLISHED["anymail_cases"]
WHAT = {
    "queued": "accepted", "rejected": "dropped", "opened": "opened", "clicked": "clicked",
    "delivered": "delivered", "bounced": "bounced", "deferred": "deferred",
}  # fmt: skip
REJECTED = {"invalid": "provider", "bounced": "provider", "unsubscribed": "provider"}


def read(*events: Any) -> list[Told]:
    found = read_events(json.dumps(events).encode(), NOW, b"key")
    assert not found.unread
    return list(found.told)


def test_all_33_events_of_the_docs_are_understood() -> None:
    told = [one for example in PUBLISHED["docs_examples"] for one in read(*example)]
    assert len(told) == 33
    assert {one.what for one in told} == {
        "accepted", "dropped", "deferred", "delivered", "bounced", "opened", "clicked", "complained",
        "unsubscribed", "resubscribed",
    }  # fmt: skip
    assert all("@" in one.address and one.at.tzinfo for one in told)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_another_project_reads_the_same(case: dict[str, Any]) -> None:
    payload, expected = case["payload"][0], case["expected"]
    ours = {("sincerely_send_id" if k == "anymail_id" else k): v for k, v in payload.items()}
    [told] = read(ours)
    same_as = {
        "event_type": WHAT.get(expected.get("event_type"), told.what) == told.what,
        "message_id": expected.get("message_id") in (told.send_id, payload.get("smtp-id")),
        "recipient": expected.get("recipient") == told.address,
        "mta_response": expected.get("mta_response")
        in (told.text or None, payload.get("response")),
        "reject_reason": REJECTED.get(expected.get("reject_reason", ""))
        == dropped_because(told.reason),
        "user_agent": expected.get("user_agent") == told.agent,
        "click_url": expected.get("click_url") == told.link,
        "metadata": expected.get("metadata", {}) == json.loads(told.other or "{}"),
        "event_id": bool(told.twin),
        "tags": True,  # our own categories stand with the mail, not with the event
    }
    assert all(same_as[part] for part in expected), (same_as, told)


def test_a_bounce_without_a_status_is_not_the_address_s_fault() -> None:
    """R5.8: no name server answered; SendGrid calls it blocked."""
    case = next(c for c in PUBLISHED["edge_cases"] if "without_status" in c["name"])
    [told] = read(*case["payload"])
    assert (told.status, told.kind, told.classification) == ("", "blocked", "Unclassified")
    assert word_of(event_of(told, {})) == "blocked"


def test_an_asynchronous_bounce_names_no_mail_and_is_hard() -> None:
    case = next(c for c in PUBLISHED["edge_cases"] if "async" in c["name"])
    [told] = read(*case["payload"])
    assert (told.send_id, told.provider_id) == ("", "")
    assert word_of(event_of(told, {})) == "hard"


BOUNCE = {"event": "bounce", "email": "Ann@X.org", "timestamp": 1600112492, "sg_message_id": "m.1"}


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"status": "5.1.1", "reason": "550 5.1.1 no"}, "hard"),
        ({"status": "5.0.0", "reason": "500 unknown recipient"}, "hard"),
        ({"status": "5.0.0", "reason": "550 5.1.1 The account you tried does not exist"}, "hard"),
        ({"status": "5.0.0", "reason": "550 no"}, "soft"),
        ({"status": "5.4.1", "bounce_classification": "Invalid Address"}, "hard"),
        ({"status": "4.4.1", "bounce_classification": "Invalid Address"}, "soft"),
        ({"status": "5.1.1", "bounce_classification": "Reputation"}, "blocked"),
        ({"status": "5.2.1", "bounce_classification": "Frequency or Volume Too High"}, "blocked"),
        ({"status": "5.1.1", "bounce_classification": "Content"}, "soft"),
        ({"status": "5.2.2", "bounce_classification": "Mailbox Unavailable"}, "soft"),
        ({"status": "5.7.1", "type": "blocked"}, "blocked"),
        ({"type": "blocked", "bounce_classification": "Technical"}, "soft"),
        ({"type": "bounce"}, "soft"),
    ],
)
def test_bounces_are_classed_by_code_text_and_class_and_never_by_the_first_digit(
    said: dict[str, str], word: str
) -> None:
    """R5.8"""
    [told] = read({**BOUNCE, **said})
    assert word_of(event_of(told, {})) == word


@pytest.mark.parametrize("timestamp", [1600112492, "1600112492", 1600112492.0, 1600112492000])
def test_a_time_is_seconds_text_or_milliseconds(timestamp: object) -> None:
    [told] = read({**BOUNCE, "timestamp": timestamp})
    assert told.at == datetime(2020, 9, 14, 19, 41, 32, tzinfo=UTC)


def test_an_event_without_a_time_has_that_of_its_receipt() -> None:
    [told] = read({key: value for key, value in BOUNCE.items() if key != "timestamp"})
    assert told.at == NOW


def test_an_address_is_known_in_any_case() -> None:
    assert read(BOUNCE)[0].address == "ann@x.org"


def test_our_own_message_id_names_the_mail_where_our_argument_is_missing() -> None:
    [told] = read({**BOUNCE, "smtp-id": f"<{'5f' * 16}.{'0a' * 8}@mail.cozy.example>"})
    assert told.send_id == "5f" * 16


def test_a_repetition_is_known_by_what_it_says_and_by_its_id() -> None:
    """The id changes now and then when SendGrid tries again (sendgrid-nodejs#1435)."""
    first, again, renamed, other = read(
        {**BOUNCE, "sg_event_id": "a"},
        {**BOUNCE, "sg_event_id": "a", "category": ["x"], "attempt": "2"},
        {**BOUNCE, "sg_event_id": "b"},
        {**BOUNCE, "sg_event_id": "c", "timestamp": 1600112493},
    )
    assert first.key == again.key == renamed.key != other.key
    assert first.twin == again.twin != renamed.twin
    elsewhere = read_events(json.dumps([BOUNCE]).encode(), NOW, b"other key").told[0]
    assert elsewhere.key != first.key, "a keyed hash: nobody can try addresses on it"


def test_two_clicks_on_two_places_of_one_link_are_two() -> None:
    click = {**BOUNCE, "event": "click", "url": "https://x.org"}
    top, bottom = read(
        {**click, "url_offset": {"index": 0, "type": "html"}},
        {**click, "url_offset": {"index": 3, "type": "html"}},
    )
    assert top.key != bottom.key


def test_unknown_keys_are_kept() -> None:
    [told] = read({**BOUNCE, "brand_new": {"a": [1]}, "pool": {"id": 210}, "tls": 1})
    assert json.loads(told.other) == {"brand_new": {"a": [1]}}


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (
            {"event": "email_forwarded", "email": "a@x.org"},
            "unknown type of event: email_forwarded",
        ),
        ({"email": "a@x.org"}, "unknown type of event: none"),
        ({"event": "bounce"}, "names neither an address nor a mail"),
        ({**BOUNCE, "timestamp": "soon"}, "`timestamp` is no time"),
        ({**BOUNCE, "timestamp": -1e300}, "`timestamp` is no time"),
        ({**BOUNCE, "timestamp": {}}, "`timestamp` is no time"),
        ("bounce", "this is no event"),
        (None, "this is no event"),
        ([[]], "this is no event"),
    ],
)
def test_one_bad_event_of_a_batch_stops_only_itself(event: object, problem: str) -> None:
    """R10.4: it is kept with its reason, as it came."""
    found = read_events(json.dumps([BOUNCE, event, BOUNCE]).encode(), NOW, b"key")
    assert len(found.told) == 2
    [part] = found.unread
    assert problem in part.problem
    assert json.loads(part.body) == [event]


def test_a_change_of_the_account_is_told_apart() -> None:
    event = {
        "event": "account_status_change",
        "type": "compliance_suspend",
        "timestamp": 1600112492,
    }
    found = read_events(json.dumps([event]).encode(), NOW, b"key")
    assert [one.text for one in found.troubles] == ["compliance_suspend"]
    assert not found.told


def test_a_single_event_without_a_list_is_read() -> None:
    assert len(read_events(json.dumps(BOUNCE).encode(), NOW, b"key").told) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"event=bounce"])
def test_what_is_no_json_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_events(body, NOW, b"key")


@pytest.mark.parametrize("depth", [50, 900, 980, 50_000])
def test_however_deep_it_is_nested_it_is_read_or_kept(depth: int) -> None:
    place = b"[" * depth + b"]" * depth
    body = b'[{"event": "open", "email": "a@x.org", "url_offset": ' + place + b"}]"
    try:
        found = read_events(body, NOW, b"key")
    except ValueError as problem:
        assert depth > 50, problem
    else:
        assert len(found.told) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
NAMES = st.sampled_from(
    "event email timestamp sg_event_id sg_message_id status reason type url url_offset category smtp-id"
    " sincerely_send_id bounce_classification useragent sg_machine_open asm_group_id response".split()
)
TYPES = st.sampled_from(["bounce", "OPEN", "click", "dropped", "processed", "spamreport"])


@given(st.lists(st.dictionaries(NAMES, JSON | TYPES | st.just("a@x.org"), max_size=8), max_size=4))
def test_nothing_that_json_can_say_breaks_it(events: list[dict[str, Any]]) -> None:
    found = read_events(json.dumps(events).encode(), NOW, b"key")
    assert len(found.told) + len(found.troubles) + len(found.unread) == len(events)
    for told in found.told:
        event_of(told, {})
