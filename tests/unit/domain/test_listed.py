"""What a provider's lists say of an address (R5.8)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.domain.consent import ALL_TOPICS
from engine.domain.listed import LISTS, Listed, because_of, topic_of

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
RECORDS = Path(__file__).parents[2] / "data/sendgrid/old_bounces"


@pytest.mark.parametrize(
    ("listed", "because"),
    [
        (Listed("bounces", "a@x.org", NOW, "5.1.1", "550 5.1.1 no such user"), "hard_bounce"),
        (Listed("bounces", "a@x.org", NOW, "5.2.2", "mailbox full"), "provider"),
        (Listed("bounces", "a@x.org", NOW), "provider"),
        (Listed("invalid", "a@x.org", NOW, reason="Mail domain is unknown"), "hard_bounce"),
        (Listed("spam reports", "a@x.org", NOW), "complaint"),
        (Listed("unsubscribes", "a@x.org", NOW), None),
        (Listed("groups", "a@x.org", NOW, group="News"), None),
    ],
)
def test_each_list_has_its_reason(listed: Listed, because: str | None) -> None:
    assert because_of(listed) == because


def test_a_complaint_is_read_before_a_bounce() -> None:
    assert LISTS.index("spam reports") < LISTS.index("bounces")


def test_of_the_published_bounces_those_with_a_bad_address_are_hard() -> None:
    """Full boxes, policy and silence are not; the text says what an old status of three digits hides."""
    verdicts = {
        because: sorted(
            {
                row.get("reason", "").split("<")[0].strip()[:40]
                for file in RECORDS.iterdir()
                for row in json.loads(file.read_text("utf-8"))
                if because_of(
                    Listed("bounces", "a", NOW, row.get("status") or "", row.get("reason", ""))
                )
                == because
            }
        )
        for because in ("hard_bounce", "provider")
    }
    assert "550 Unknown user kijitora@example.ne.jp" in verdicts["hard_bounce"]
    assert "550 5.1.1 The email account that you tri" in verdicts["hard_bounce"]
    assert {"550 5.2.2", "525 5.7.13 Disabled recipient address", ""} <= set(verdicts["provider"])


@pytest.mark.parametrize(
    ("group", "topic"),
    [("news", "news"), ("Special Offers", "special-offers"), ("special_offers", "special-offers"),
     ("Weekly", ALL_TOPICS), ("", ALL_TOPICS)],
)  # fmt: skip
def test_a_group_is_the_topic_of_its_name_or_else_everything(group: str, topic: str) -> None:
    listed = Listed("groups", "a@x.org", NOW, group=group)
    assert topic_of(listed, ("news", "special-offers")) == topic
    assert topic_of(Listed("unsubscribes", "a@x.org", NOW), ("news",)) == ALL_TOPICS
