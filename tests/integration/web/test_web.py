"""The web side over real HTTP: leaving, pictures, health."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from engine.adapters.links import Links
from engine.application.ports.intake import Taken
from engine.application.ports.past_mails import PastMail
from engine.application.ports.tasks import Task
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry
from engine.domain.journey import Class
from engine.domain.turn import TaskOpened
from engine.web.app import build_app
from engine.web.doors import Doors
from engine.web.page import Look, page
from engine.web.server import server_for

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
LINKS = Links("https://cozy.example", [b"a key of the coffee shop"])
SEND_ID = "5f" * 16
TASK_ID = "7a" * 16
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Desk:
    """The tasks of a team: one."""

    task: Task = Task(
        TaskOpened(TASK_ID, "r", "late", "call", "care", "<Angry>", "now", NOW, None), "p1"
    )

    def find(self, start: str) -> Task | None:
        return self.task if TASK_ID.startswith(start) else None

    def close(self, task_id: str, now: datetime, by: str, note: str) -> bool:
        is_open = self.task.closed_at is None
        if is_open:
            self.task = replace(self.task, closed_at=now, closed_by=by, note=note)
        return is_open


@dataclass
class Shop:
    """What the web side knows: one mail, its person's ledger, a picture."""

    mail: PastMail = PastMail(SEND_ID, "p1", "a/b", "special-offers", Class.MARKETING, NOW)
    entries: list[ConsentEntry] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    tasks: Desk = field(default_factory=lambda: Desk())
    port: int = 0

    def find(self, token_id: str) -> PastMail | None:
        known = self.mail.send_id.startswith(token_id)
        return replace(self.mail, consents=tuple(self.entries)) if known else None

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        self.events.extend(a.event.name for a in arrivals if isinstance(a, EventArrived))
        self.entries.extend(a.entry for a in arrivals if isinstance(a, ConsentArrived))
        return Taken()

    def picture(self, digest: str) -> tuple[str, bytes] | None:
        return {
            "cafe": ("cups/mug.PNG", b"\x89PNG octets"),
            "bad": ("run.html", b"<script>"),
        }.get(digest)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            content = answer.read().decode("utf-8", "replace")
        return answer, content


@pytest.fixture(scope="module")
def served() -> Iterator[Shop]:
    shop = Shop()
    doors = Doors(
        look=Look("Café <Größe>", "#fc0"),
        links=LINKS,
        past_mails=shop,
        intake=shop,
        now=lambda: NOW,
        topics=("special-offers", "news", "reviews"),
    )
    app = build_app(doors, shop.picture, shop.tasks)
    listening = socket.create_server(("127.0.0.1", 0))
    shop.port = listening.getsockname()[1]
    server = server_for(app)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield shop
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def shop(served: Shop) -> Shop:
    served.entries.clear()
    served.events.clear()
    served.mail = Shop.mail
    served.tasks.task = Desk.task
    return served


def path(purpose: str = "u", send_id: str = SEND_ID) -> str:
    return f"/u/{LINKS.token(purpose, send_id)}"


def link(purpose: str) -> str:
    return f"/{purpose}/{LINKS.token(purpose, SEND_ID)}"


def test_scenario_30_a_scanner_that_opens_the_link_changes_nothing(shop: Shop) -> None:
    for method in ("GET", "HEAD", "GET"):
        answer, _ = shop.ask(method, path())
        assert answer.status == 200
    assert shop.entries == []


def test_the_page_has_one_button_and_says_what_will_end(shop: Shop) -> None:
    _, content = shop.ask("GET", path())
    assert content.count("<button") == 1
    assert "special offers" in content
    assert "Café &lt;Größe&gt;" in content
    assert '<html lang="en"' in content
    assert 'method="post"' in content
    assert "<script" not in content
    assert not re.search(r'(src|href)="(?!\.\./p/)', content), "nothing from elsewhere"


MULTIPART = b"\r\n".join(
    (
        b"--xyz",
        b'Content-Disposition: form-data; name="List-Unsubscribe"',
        b"",
        b"One-Click",
        b"--xyz--",
        b"",
    )
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [(ONE_CLICK, FORM), (MULTIPART, "multipart/form-data; boundary=xyz")],
    ids=["urlencoded", "multipart"],
)
def test_R5_6_one_click_acts_at_once_and_a_repeat_is_200(
    shop: Shop, body: bytes, kind: str
) -> None:
    """RFC 8058: no cookie, no redirect, no further step."""
    for _ in range(3):
        answer, _ = shop.ask("POST", path(), body, content_type=kind)
        assert answer.status == 200
        assert answer.getheader("Set-Cookie") is None
    [entry] = shop.entries
    assert (entry.topic, entry.state, entry.own_act) == ("special-offers", "unsubscribed", True)
    assert entry.basis == "one-click unsubscribe"


def test_the_button_unsubscribes_and_offers_the_rest(shop: Shop) -> None:
    answer, content = shop.ask("POST", path(), b"", content_type=FORM)
    assert answer.status == 200
    assert "You are unsubscribed" in content
    assert 'name="all" value="1"' in content
    assert shop.entries[0].basis == "page unsubscribe"
    answer, content = shop.ask("GET", path())
    assert "You are unsubscribed" in content


@pytest.mark.parametrize("body", [b"all=1", b"all=1&all=0&x=y"])
def test_all_leaves_all(shop: Shop, body: bytes) -> None:
    _, content = shop.ask("POST", path(), body, content_type=FORM)
    assert shop.entries[0].topic == ALL_TOPICS
    assert "<button" not in content


def test_a_transactional_mail_s_link_leaves_all_and_names_no_topic(shop: Shop) -> None:
    shop.mail = replace(shop.mail, klass=Class.TRANSACTIONAL, topic="receipt")
    _, content = shop.ask("GET", path())
    assert "receipt" not in content
    shop.ask("POST", path(), b"", content_type=FORM)
    assert shop.entries[0].topic == ALL_TOPICS


@pytest.mark.parametrize(
    "bad",
    ["/u/abc", "/u/" + "A" * 32, path("p"), path(send_id="60" * 16)],
    ids=["short", "forged", "of another purpose", "of an unknown mail"],
)
def test_an_unknown_token_is_404_without_detail(shop: Shop, bad: str) -> None:
    pages = set()
    for method in ("GET", "POST"):
        answer, content = shop.ask(method, bad, ONE_CLICK if method == "POST" else None)
        assert answer.status == 404
        pages.add(content)
    assert len(pages) == 1
    assert shop.entries == []


@pytest.mark.parametrize("where", [path(), "/u/abc"], ids=["known", "unknown"])
def test_what_is_behind_a_token_is_kept_and_told_to_nobody(shop: Shop, where: str) -> None:
    answer, content = shop.ask("GET", where)
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("X-Robots-Tag") == "noindex"
    assert answer.getheader("Server") is None
    [style] = re.findall(r"<style>(.*?)</style>", content, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = answer.getheader("Content-Security-Policy")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_no_address_redirects_for_the_host_may_be_anybody_s(shop: Shop) -> None:
    """RFC 8058 3.1: and a one-click POST is never redirected."""
    for method in ("GET", "POST"):
        response, _ = shop.ask(method, f"{path()}/")
        assert response.status == 404
        assert response.getheader("location") is None


def test_other_methods_are_not_allowed(shop: Shop) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer, _ = shop.ask(method, path(), b"")
        assert answer.status == 405
    answer, _ = shop.ask("POST", "/healthz", b"")
    assert answer.status == 405
    assert shop.entries == []


def test_a_body_that_is_too_large_is_refused_and_changes_nothing(shop: Shop) -> None:
    for body in (b"x" * 20_000, b"a=1&" * 500):
        for where in (path(), link("p")):
            answer, _ = shop.ask("POST", where, body, content_type=FORM)
            assert answer.status == 413
    assert shop.entries == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe&&==%zz", FORM),
        (b"a=1&" * 100, FORM),
        (b"--nothing", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\n\r\nno name\r\n--xyz--", "multipart/form-data; boundary=xyz"),
        (MULTIPART, "multipart/form-data"),
        (b'{"all": 1}', "application/json"),
    ],
)
def test_a_post_that_is_no_proper_form_still_unsubscribes_from_the_topic(
    shop: Shop, body: bytes, kind: str
) -> None:
    """Whoever posts wants to leave; how well their program writes forms is not their fault."""
    answer, _ = shop.ask("POST", path(), body, content_type=kind)
    assert answer.status == 200
    assert [entry.topic for entry in shop.entries] == ["special-offers"]


def agreed(topic: str, state: str = "express", **more: object) -> ConsentEntry:
    return ConsentEntry(topic, state, NOW - timedelta(days=9), confirmed=True, **more)


def test_the_preferences_show_what_is_agreed_to_and_nothing_ticked_beforehand(shop: Shop) -> None:
    shop.entries += [agreed("news"), agreed("reviews", "unsubscribed")]
    answer, content = shop.ask("GET", link("p"))
    assert answer.status == 200
    ticked = dict(re.findall(r'name="topic\.([\w-]+)" value="1"( checked)?>', content))
    assert ticked == {"special-offers": "", "news": " checked", "reviews": ""}
    assert len(shop.entries) == 2
    assert shop.events == []


def test_R5_5_the_choice_is_the_person_s_own_act_and_may_lead_back(shop: Shop) -> None:
    shop.entries += [agreed("news"), agreed("reviews", "unsubscribed")]
    _, content = shop.ask("POST", link("p"), b"keep=1&topic.reviews=1", content_type=FORM)
    assert "reviews" in content
    written = {entry.topic: entry for entry in shop.entries[2:]}
    assert {topic: entry.state for topic, entry in written.items()} == {
        "news": "unsubscribed",
        "reviews": "express",
    }
    assert all(entry.own_act and entry.wording for entry in written.values())
    assert written["reviews"].confirmed
    assert shop.events == ["consent.withdrawn", "consent.confirmed", "preferences.confirmed"]


def test_who_keeps_everything_confirms_it_and_writes_nothing_new(shop: Shop) -> None:
    """A sunset waits for `preferences.confirmed`."""
    shop.entries.append(agreed("news"))
    shop.ask("POST", link("p"), b"keep=1&topic.news=1&topic.invented=1", content_type=FORM)
    assert len(shop.entries) == 1
    assert shop.events == ["preferences.confirmed"]


@pytest.mark.parametrize("body", [b"", b'{"keep": 1}', b"topic.news=1"])
def test_a_body_that_is_not_our_form_chooses_nothing(shop: Shop, body: bytes) -> None:
    shop.entries.append(agreed("news"))
    answer, _ = shop.ask("POST", link("p"), body, content_type=FORM)
    assert answer.status == 400
    assert (len(shop.entries), shop.events) == (1, [])


def test_why_says_what_the_person_said_and_leads_out(shop: Shop) -> None:
    shop.entries.append(agreed("special-offers", basis="sign-up <form>"))
    answer, content = shop.ask("GET", link("w"))
    assert answer.status == 200
    assert "You agreed to it on February 23, 2026, and confirmed it." in content
    assert "sign-up &lt;form&gt;" in content
    for purpose in ("u", "p"):
        assert f'href="..{link(purpose)}"' in content
    answer, _ = shop.ask("POST", link("w"), b"")
    assert answer.status == 405


@pytest.mark.parametrize(
    ("basis", "said"), [("express", ""), ("sign-up form", "<p>Das war über unser Anmeldeformular.")]
)
def test_why_has_no_word_of_ours_in_a_page_of_another_language(
    shop: Shop, basis: str, said: str
) -> None:
    shop.entries.append(agreed("special-offers", basis=basis))
    _, content = shop.ask("GET", link("w"), accept_language="de")
    assert said in content
    assert basis not in content


@pytest.mark.parametrize(
    ("klass", "entry", "says"),
    [
        (Class.TRANSACTIONAL, None, "ordered or asked for"),
        (Class.MARKETING, None, "no longer hold a record"),
        (
            Class.MARKETING,
            agreed("special-offers", "implied"),
            "because you have been a customer since",
        ),
    ],
    ids=["transactional", "no record", "implied"],
)
def test_why_is_honest_where_there_was_no_word_of_theirs(
    shop: Shop, klass: Class, entry: ConsentEntry | None, says: str
) -> None:
    shop.mail = replace(shop.mail, klass=klass)
    shop.entries += [entry] if entry else []
    _, content = shop.ask("GET", link("w"))
    assert says in content


@pytest.mark.parametrize("purpose", ["p", "w"])
def test_a_token_of_another_page_opens_none_of_these(shop: Shop, purpose: str) -> None:
    answer, _ = shop.ask("GET", f"/{purpose}/{LINKS.token('u', SEND_ID)}")
    assert answer.status == 404


def test_a_picture_may_be_kept_for_ever(shop: Shop) -> None:
    answer, content = shop.ask("GET", "/a/cafe/mug.PNG")
    assert answer.status == 200
    assert answer.getheader("Content-Type") == "image/png"
    assert "immutable" in answer.getheader("Cache-Control")
    again, content = shop.ask("GET", "/a/cafe/mug.PNG", if_none_match=answer.getheader("ETag"))
    assert (again.status, content) == (304, "")


@pytest.mark.parametrize("where", ["/a/none/x.png", "/a/bad/run.html", "/a/cafe", "/", "/etc"])
def test_what_is_not_there_or_is_no_picture_is_404(shop: Shop, where: str) -> None:
    answer, content = shop.ask("GET", where)
    assert answer.status == 404
    assert "<script>" not in content


def test_it_says_that_it_is_well(shop: Shop) -> None:
    answer, content = shop.ask("GET", "/healthz")
    assert (answer.status, content) == (200, "ok")


@pytest.mark.parametrize(
    ("colour", "on_it"),
    [("#fc0", "#000"), ("#ffffff", "#000"), ("#2f5d50", "#fff"), ("#000", "#fff")],
)
def test_the_button_can_be_read_on_the_company_s_colour(colour: str, on_it: str) -> None:
    content = bytes(page(Look("Cozy", colour), "Hello", "").body).decode()
    assert f"--accent: {colour}; --on-accent: {on_it}" in content


def test_a_team_closes_its_task_with_a_post_and_a_scanner_that_looks_does_not(shop: Shop) -> None:
    """R2.7: GET shows, POST closes, and closing it twice is closing it once."""
    place = f"/h/{LINKS.token('h', TASK_ID)}"
    answer, content = shop.ask("GET", place)
    assert answer.status == 200
    assert "&lt;Angry&gt;" in content
    assert content.count("<button") == 1
    assert shop.tasks.task.closed_at is None
    answer, content = shop.ask("POST", place, b"note=They+are+happy.", Content_Type=FORM)
    assert (answer.status, "The task is closed" in content) == (200, True)
    shop.ask("POST", place, b"note=Again", Content_Type=FORM)
    assert (shop.tasks.task.closed_at, shop.tasks.task.note) == (NOW, "They are happy.")
    assert "The task is closed" in shop.ask("GET", place)[1]
    assert shop.ask("POST", place, b"x" * 20_000, Content_Type=FORM)[0].status == 413


def test_a_link_to_a_mail_opens_no_task(shop: Shop) -> None:
    for token in (LINKS.token("u", TASK_ID), LINKS.token("h", "9b" * 16), "A" * 32):
        assert shop.ask("GET", f"/h/{token}")[0].status == 404
