"""Clicks by the commands and real HTTP alone: a mail leaves, its link is followed, a journey hears of it."""

from __future__ import annotations

import email
import http.client
import json
import re
from contextlib import closing
from email import policy
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest
from click.testing import CliRunner

from engine.cli.main import group
from tests.standins.serve import serving

CONFIG = """\
company: { name: Shop, address: "Street 1, Berlin", time_zone: UTC, site: "https://shop.example" }
secrets: { links: $LINKS }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy: { categories: { news: { class: marketing } } }
links: { utm: yes, track: opens }
"""
JOURNEY = """\
journey: tea
status: live
category: news
enter: { when: order.placed }
steps:
  - id: ask
    send: tea/ask
  - id: clicked
    wait_for: { clicked: tea/ask }
    up_to: 2 days
  - id: thanks
    send: tea/thanks
"""
ASK = """\
---
subject: Tea?
from: lena
track: clicks
---
Look at [our tea](https://shop.example/tea), or [elsewhere](https://other.example/x).
"""
THANKS = "---\nsubject: Thanks\nfrom: lena\n---\nLovely.\n"
BEFORE = "2026-03-01T08:00:00Z"
SENT = "2026-03-02T08:00:00Z"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("LINKS", "k" * 40)
    Path("config.yaml").write_text(CONFIG)
    Path("journeys").mkdir()
    Path("journeys/tea.yaml").write_text(JOURNEY)
    Path("templates/tea").mkdir(parents=True)
    Path("templates/tea/ask.md.j2").write_text(ASK)
    Path("templates/tea/thanks.md.j2").write_text(THANKS)
    for shared in ("_layouts", "_blocks", "_assets"):
        copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
    sincerely(BEFORE, "db", "upgrade")
    sincerely(BEFORE, "apply", "--yes")
    return tmp_path


def sincerely(at: str, *arguments: str) -> str:
    result = CliRunner().invoke(group, ["--at", at, *arguments])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def takes_in(at: str, *rows: dict[str, Any]) -> None:
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sincerely(at, "import", "history", "rows.jsonl")


def joins(who: str, *purposes: str) -> list[dict[str, Any]]:
    consent = {"type": "consent", "person": who, "state": "given", "confirmed": True, "at": BEFORE}
    return [
        {"type": "person", "id": who, "email": f"{who}@example.com", "country": "US", "at": BEFORE},
        *({**consent, "topic": topic} for topic in ("news", *purposes)),
        {"type": "event", "id": who, "person": who, "name": "order.placed", "at": SENT},
    ]


def follow(port: int, url: str) -> str | None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        path = url.removeprefix("https://shop.example")
        connection.request("GET", path, headers={"User-Agent": "Mozilla/5.0 Firefox/145.0"})
        return connection.getresponse().getheader("location")


def mails() -> dict[tuple[str, str], tuple[str, str]]:
    """HTML and text of each mail, by whom it went to and its subject."""
    found = {}
    for path in Path("outbox").rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        html, text = message.get_body(("html",)), message.get_body(("plain",))
        assert html is not None
        assert text is not None
        key = str(message["to"]).partition("@")[0], str(message["subject"])
        found[key] = html.get_content(), text.get_content()
    return found


def tokens(content: str) -> list[str]:
    return sorted(set(re.findall(r"https://shop\.example/[to]/[\w-]{32}", content)))


def test_a_journey_hears_of_a_click_of_somebody_who_agrees(shop: Path) -> None:
    """R5.3, R8.3: nobody else's mail holds a token; after the journey is gone the link still works."""
    takes_in(SENT, *joins("ann", "tracking_clicks"), *joins("bob"), *joins("cy", "tracking_opens"))
    sincerely(SENT, "run", "--once")
    sent = mails()
    html, text = sent["ann", "Tea?"]
    [one, other] = tokens(text)
    assert tokens(html) == [one, other]
    assert "/tea?" not in html + text
    assert "https://shop.example/u/" in text
    for who in ("bob", "cy"):
        html, text = sent[who, "Tea?"]
        assert tokens(text) == []
        assert "https://shop.example/tea?utm_source=news" in text
        assert len(tokens(html)) == (who == "cy")
    with serving(at="2026-03-02T09:00:00Z") as (_, port):
        assert follow(port, one) in (
            "https://shop.example/tea?utm_source=news&utm_medium=email&utm_campaign=tea"
            "&utm_content=tea/ask",
            "https://other.example/x",
        )
    later = "2026-03-03T10:00:00Z"
    sincerely(later, "run", "--once")
    assert {who for who, subject in mails() if subject == "Thanks"} == {"ann"}
    rmtree("journeys")
    Path("journeys").mkdir()
    with serving(at=later) as (_, port):
        assert follow(port, other) is not None
