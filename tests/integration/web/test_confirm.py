"""`/c/TOKEN`: a sign-up is confirmed by a button, once, and never after an unsubscribe (R5.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from engine.adapters.links import Links
from engine.application.ports.intake import Taken
from engine.application.ports.past_mails import PastMail
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.consent import ConsentEntry, Evidence, State
from engine.domain.journey import Class
from engine.web.app import build_app
from engine.web.doors import Doors
from engine.web.page import Look
from tests.laws import LAW

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
LINKS = Links("https://cozy.example", [b"a key of the coffee shop"])
SEND_ID = "5f" * 16
MAIL = PastMail(SEND_ID, "p1", "join/ask", "please-confirm", Class.TRANSACTIONAL, NOW, country="DE")
WAITS = ConsentEntry("news", "pending", NOW - timedelta(hours=1), own_act=True, wording="footer 3")


@dataclass
class Shop:
    """One mail that asked, and its person's ledger."""

    entries: list[ConsentEntry] = field(default_factory=lambda: [WAITS])
    proofs: list[Evidence] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def find(self, token_id: str) -> PastMail | None:
        known = MAIL.send_id.startswith(token_id)
        return replace(MAIL, consents=tuple(self.entries)) if known else None

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        for arrival in arrivals:
            if isinstance(arrival, ConsentArrived):
                self.entries.append(arrival.entry)
                self.proofs.append(arrival.evidence)
            elif isinstance(arrival, EventArrived):
                self.events.append(arrival.event.name)
        return Taken()

    def says(self, state: State, hours: int) -> None:
        """Something else is said, some hours from now."""
        at = NOW + timedelta(hours=hours)
        self.entries.append(ConsentEntry("news", state, at, own_act=True, confirmed=True))


@pytest.fixture
def shop() -> Shop:
    return Shop()


class NoTasks:
    """No team has anything to do."""

    def find(self, start: str) -> None:
        return None

    def close(self, task_id: str, now: datetime, by: str, note: str) -> bool:
        return False


@dataclass
class Answer:
    status_code: int
    text: str


@dataclass
class Browser:
    """Asks the app as a server would."""

    app: Starlette

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, content: bytes = b"") -> Answer:
        return self.request("POST", path, content)

    def request(self, method: str, path: str, content: bytes = b"") -> Answer:
        sent: list[Message] = []
        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"", "root_path": "",
            "headers": [(b"user-agent", b"Firefox")], "client": ("192.0.2.7", 1), "scheme": "https",
        }  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        body = b"".join(message.get("body", b"") for message in sent)
        return Answer(sent[0]["status"], body.decode())


def browser(shop: Shop, now: datetime = NOW, confirms: str = "please-confirm") -> Browser:
    doors = Doors(
        look=Look("Shop", "#fc0"), links=LINKS, past_mails=shop, intake=shop, now=lambda: now,
        confirms={confirms: ("news",)}, law=LAW,
    )  # fmt: skip
    return Browser(build_app(doors, lambda _: None, NoTasks()))


LINK = f"/c/{LINKS.token('c', SEND_ID)}"


def test_a_scanner_that_opens_the_link_confirms_nothing(shop: Shop) -> None:
    """R5.4: scanners open every link, and press no button."""
    for method in ("GET", "HEAD", "GET"):
        assert browser(shop).request(method, LINK).status_code == 200
    assert shop.entries == [WAITS]
    assert browser(shop).get(LINK).text.count("<button") == 1


def test_the_button_confirms_once(shop: Shop) -> None:
    """Scenario 32: with the proof of it, and a repeat is 200."""
    for _ in range(2):
        answer = browser(shop).post(LINK)
        assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    [_, yes] = shop.entries
    assert (yes.topic, yes.state, yes.confirmed, yes.own_act) == ("news", "express", True, False)
    assert (yes.at, yes.basis, yes.wording) == (NOW, "double opt-in", "footer 3")
    [proof] = shop.proofs
    assert (proof.captured_at, proof.user_agent) == (WAITS.at, "Firefox")
    assert proof.wording_hash.startswith("sha256:")
    assert proof.ip == "192.0.2.7"
    assert shop.events == ["consent.confirmed"]
    assert "<button" not in browser(shop).get(LINK).text


def test_a_confirmation_after_an_unsubscribe_changes_nothing(shop: Shop) -> None:
    """R5.4, scenario 32."""
    shop.says("unsubscribed", 0)
    before = list(shop.entries)
    for method in ("GET", "POST"):
        answer = browser(shop, NOW + timedelta(hours=1)).request(method, LINK)
        assert "You are unsubscribed" in answer.text
    assert shop.entries == before
    assert shop.events == []


def test_a_link_runs_out_with_its_sign_up(shop: Shop) -> None:
    """R5.4: 30 days, by the law where the person lives."""
    for method in ("GET", "POST"):
        answer = browser(shop, WAITS.at + timedelta(days=30)).request(method, LINK)
        assert "This link has run out" in answer.text
    assert shop.entries == [WAITS]


def test_a_yes_without_a_confirmation_can_be_confirmed(shop: Shop) -> None:
    """Scenario 34: what a file brought from Germany waits for just this."""
    shop.entries[:] = [replace(WAITS, state="express", own_act=False)]
    browser(shop).post(LINK)
    assert shop.entries[-1].confirmed


@pytest.mark.parametrize("bad", ["/c/abc", f"/c/{LINKS.token('u', SEND_ID)}"])
def test_a_link_that_is_none_of_ours_is_404(shop: Shop, bad: str) -> None:
    assert browser(shop).post(bad).status_code == 404
    assert browser(shop, confirms="other").post(LINK).status_code == 404
    assert shop.entries == [WAITS]


def test_a_body_that_no_form_has_is_refused(shop: Shop) -> None:
    assert browser(shop).post(LINK, content=b"x" * 20_000).status_code == 413
    assert shop.entries == [WAITS]
