"""The stand-in refuses what SendGrid refuses: the OpenAPI's rules, and each limit of its prose."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.standins.sendgrid import KEY, SendGridStandIn, refusals

NOW = 1_772_620_200.0
FINE: dict[str, Any] = {
    "personalizations": [
        {"to": [{"email": "zoe@example.com", "name": "Zoë"}], "custom_args": {"id": "1"}}
    ],
    "from": {"email": "lena@mail.cozy.example", "name": "Lena"},
    "subject": "Welcome",
    "content": [
        {"type": "text/plain", "value": "Hello"},
        {"type": "text/html", "value": "<p>Hello</p>"},
    ],
}


def changed(*path: Any, to: Any) -> dict[str, Any]:
    body = copy.deepcopy(FINE)
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return body


def test_a_good_request_is_taken() -> None:
    assert refusals(FINE, NOW) == []


def many(count: int) -> list[dict[str, str]]:
    return [{"email": f"p{number}@example.com"} for number in range(count)]


FIRST = ("personalizations", 0)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (changed("personalizations", to=[]), "at least one"),
        (changed("personalizations", to=[FINE["personalizations"][0]] * 1001), "too long"),
        (changed(*FIRST, to={}), "'to' is a required"),
        (changed(*FIRST, "to", to=[]), "needs a recipient"),
        (changed(*FIRST, "to", to=many(1001)), "1,000 recipients"),
        (
            changed("personalizations", to=[{"to": many(501)}, {"to": many(501)}]),
            "1,000 recipients",
        ),
        (changed(*FIRST, "cc", to=[{"email": "ZOE@example.com"}]), "twice"),
        (changed(*FIRST, "to", to=[{"email": "not an address"}]), "valid address"),
        (changed(*FIRST, "to", to=[{"email": "jörg@example.com"}]), "valid address"),
        (changed(*FIRST, "to", to=[{"email": "a@b.com", "name": "Miller, Zoë"}]), "; or ,"),
        (changed(*FIRST, "to", to=[{"email": "a@b.com", "name": "Zoë;"}]), "; or ,"),
        (changed(*FIRST, "custom_args", to={"id": 1}), "strings"),
        (changed(*FIRST, "custom_args", to={"id": "x" * 10_000}), "10,000 bytes"),
        (changed("custom_args", to={"other": "x" * 10_000}), "10,000 bytes"),
        (changed(*FIRST, "substitutions", to={"id": "x" * 10_000}), "10,000 bytes"),
        (changed("categories", to=[str(number) for number in range(11)]), "too long"),
        (changed("categories", to=["a", "a"]), "non-unique"),
        (changed("categories", to=["x" * 256]), "too long"),
        (changed("asm", to={"group_id": 1, "groups_to_display": list(range(26))}), "too long"),
        (changed("ip_pool_name", to="x"), "too short"),
        (changed("ip_pool_name", to="x" * 65), "too long"),
        (changed("reply_to_list", to=many(1001)), "too long"),
        ({**FINE, "reply_to": many(1)[0], "reply_to_list": many(1)}, "exclude"),
        (changed("send_at", to=int(NOW) + 72 * 3600 + 1), "72 hours"),
        (changed(*FIRST, "send_at", to=int(NOW) + 72 * 3600 + 1), "72 hours"),
        (changed("from", to={"email": "lena@mail.cozy.example", "name": "Zoë"}), "Unicode"),
        (changed("from", to={"email": "lena@bücher.example"}), "Unicode"),
        (changed("headers", to={"X-Count": 1}), "string"),
        (changed("headers", to={"X-SG-EID": "1"}), "reserved"),
        (changed("headers", to={"Content-Type": "text/plain"}), "reserved"),
        (changed("headers", to={"Received": "1"}), "reserved"),
        (changed("headers", to={"DKIM-Signature": "1"}), "reserved"),
        (changed("headers", to={"Bcc": "x@example.com"}), "reserved"),
        (changed("content", to=FINE["content"][::-1]), "text/plain comes first"),
        (changed("content", 0, "value", to=""), "too short|non-empty"),
        (changed("content", to=[]), "needed"),
        (changed("subject", to=""), "too short|non-empty"),
    ],
)
def test_what_breaks_a_limit_is_refused(body: dict[str, Any], why: str) -> None:
    found = refusals(body, NOW)
    assert found
    assert any(part in "\n".join(found) for part in why.split("|")), found


def test_a_wrong_key_a_wrong_type_and_a_body_that_is_too_large_have_their_own_answers() -> None:
    stand_in = SendGridStandIn()
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    send = "/v3/mail/send"
    assert (
        stand_in.answer(send, {**headers, "authorization": "Bearer no"}, b"{}", NOW).status == 401
    )
    assert (
        stand_in.answer(send, {**headers, "content-type": "text/plain"}, b"{}", NOW).status == 415
    )
    assert stand_in.answer(send, headers, b" " * 30 * 1024 * 1024, NOW).status == 413
    assert stand_in.answer(send, headers, b"no json", NOW).status == 400
    assert stand_in.answer("/v3/else", headers, b"{}", NOW).status == 404
    assert stand_in.accepted == []


def test_the_sandbox_answers_200_and_sends_nothing() -> None:
    stand_in = SendGridStandIn()
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    body = {**FINE, "mail_settings": {"sandbox_mode": {"enable": True}}}
    answer = stand_in.answer("/v3/mail/send", headers, json.dumps(body).encode(), NOW)
    assert answer.status == 200
    assert stand_in.accepted == []
