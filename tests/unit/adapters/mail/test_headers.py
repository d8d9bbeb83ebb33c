"""List headers: a marketing mail says how to leave; others say nothing of lists."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.adapters.links import Links
from engine.adapters.mail.headers import automatic_headers, marketing_headers
from engine.adapters.mail.mime import write
from engine.adapters.mail.ways_out import NoWaysOut, SignedWaysOut
from engine.domain.journey import Class
from engine.domain.message import Address, Message

SEND_ID = "5f" * 16
WAYS = SignedWaysOut(Links("https://cozy.example", [b"a key of the shop"]), "Café Größenwahn")
MARKETING = {
    "klass": Class.MARKETING,
    "topic": "promotion",
    "journey": "win-back",
    "mail": "win-back/we-miss-you",
    "sender": "lena@mail.cozy.example",
}


def test_a_marketing_mail_carries_one_click_unsubscribe() -> None:
    """RFC 8058 3.1: one https address, and exactly this Post header."""
    headers = WAYS.headers(SEND_ID, **MARKETING)
    assert headers["List-Unsubscribe"] == f"<{WAYS.links(SEND_ID)['unsubscribe']}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"].endswith(" <promotion.mail.cozy.example>")


def test_the_feedback_id_names_groups_and_never_a_recipient() -> None:
    feedback = WAYS.headers(SEND_ID, **MARKETING)["Feedback-ID"]
    assert feedback == WAYS.headers("60" * 16, **MARKETING)["Feedback-ID"]
    *groups, sender = feedback.split(":")
    assert groups == ["win-back-we-miss-you", "win-back", "promotion"]
    assert 5 <= len(sender) <= 15


def test_a_short_company_name_still_makes_a_sender_of_five_letters() -> None:
    headers = marketing_headers(
        unsubscribe="https://x/u/t", topic="t", domain="x.y", company="Ö", journey="j", mail="m"
    )
    assert len(headers["Feedback-ID"].split(":")[3]) >= 5


def test_all_of_them_are_headers_that_can_be_written() -> None:
    mail = Message(
        send_id=SEND_ID,
        sender=Address("lena@mail.cozy.example"),
        to=Address("zoe@example.com"),
        subject="s",
        html="h",
        text="t",
        date=datetime(2026, 3, 4, tzinfo=UTC),
        headers=WAYS.headers(SEND_ID, **MARKETING) | automatic_headers(),
    )
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in write(mail)
    assert b"Auto-Submitted: auto-generated\r\n" in write(mail)


def test_transactional_and_service_mail_is_no_list() -> None:
    for klass in (Class.TRANSACTIONAL, Class.SERVICE):
        assert WAYS.headers(SEND_ID, **MARKETING | {"klass": klass}) == {}


def test_without_a_site_a_mail_to_look_at_holds_no_live_link() -> None:
    assert set(NoWaysOut().links(SEND_ID)) == {
        "unsubscribe", "preferences", "why", "confirm"
    }  # fmt: skip
    assert all(link.startswith("#") for link in NoWaysOut().links(SEND_ID).values())
    assert NoWaysOut().headers(SEND_ID, **MARKETING) == {}
