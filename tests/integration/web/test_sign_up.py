"""`/s/NAME` over real HTTP on both databases: what a sign-up leaves behind, and what it never tells."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.consents import ledger_of
from engine.adapters.db.erasure import erase
from engine.adapters.db.events import ingest
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.keeping import DatabaseKeeping
from engine.adapters.db.sign_ups import DatabaseSignUps
from engine.adapters.db.suppressions import suppress
from engine.adapters.links import Links
from engine.adapters.page_words import languages, words_for
from engine.application.sign_up import SigningUp
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry, Evidence
from engine.domain.event import Event
from engine.domain.forms import Form
from engine.domain.journey import Category, Class
from engine.language.form_words import LANGUAGES
from engine.web.app import build_app
from engine.web.doors import Doors
from engine.web.page import Look
from engine.web.shell.shell import Shell, Site
from engine.web.sign_up import STALE, SignUpPage, snippet
from tests.laws import LAW
from tests.standins.running import running

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SITE = "https://cozy.example"
LINKS = Links(SITE, [b"a key of the coffee shop"])
NEWS = Form(
    "news",
    ("news",),
    "2026-11",
    {"en": "Send me <news>.", "de": "Schickt mir Neues."},
    title={"en": "Letters", "de": "Briefe"},
    fields=("first_name", "country"),
    frames=("https://shop.example",),
)
AMERICAN = Form("american", ("news",), "1", {"en": "Yes."}, country="US")
ABROAD = Form(
    "abroad", ("news",), "1", {"en": "Yes."}, fields=("first_name", "country"), country="US"
)
STRICT = Form("strict", ("offers",), "1", {"en": "Yes."}, country="US")
CATEGORIES = {
    "news": Category("news", Class.MARKETING),
    "offers": Category("offers", Class.MARKETING, consent="double opt-in"),
}


class NoMail:
    """No mail has left."""

    def find(self, token_id: str) -> None:
        return None


@dataclass
class Shop:
    """A shop with forms, served on a port; its clock stands until it is put forward."""

    engine: Engine
    now: datetime = NOW
    port: int = 0
    answers: list[str] = field(default_factory=list)

    def app(self) -> Shell:
        intake = DatabaseIntake(self.engine)
        mails: Any = NoMail()
        doors = Doors(
            Look("Shop"), LINKS, mails, intake, lambda: self.now, law=LAW, site=SITE
        )  # fmt: skip
        forms = {form.name: form for form in (NEWS, AMERICAN, ABROAD, STRICT)}
        signing_up = SigningUp(forms, CATEGORIES, LAW, DatabaseSignUps(self.engine), intake)
        tasks: Any = None
        route = SignUpPage(doors, signing_up).route()
        return Shell(build_app(doors, lambda _: None, tasks, [route]), Site(SITE))

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Host": "cozy.example", **named})
            answer = connection.getresponse()
            return answer, answer.read().decode()

    def form(self, name: str = "news", **headers: str) -> dict[str, str]:
        """The form as a browser would send it, empty."""
        answer, html = self.ask("GET", f"/s/{name}", **headers)
        assert answer.status == 200
        return fields_of(html)

    def send(self, name: str = "news", **filled: str) -> tuple[int, str]:
        """Fill the form in after a while, and press the button."""
        fields = self.form(name)
        self.now += timedelta(seconds=20)
        answer, html = self.ask(
            "POST", f"/s/{name}", urlencode(fields | filled),
            Content_Type="application/x-www-form-urlencoded", User_Agent="Firefox",
        )  # fmt: skip
        return answer.status, html

    def lines(self, person_id: str) -> list[tuple[ConsentEntry, Evidence, datetime]]:
        with reading(self.engine) as connection:
            return ledger_of(connection, person_id)

    def rows(self, statement: str) -> list[Any]:
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def events(self) -> list[str]:
        found = self.rows("SELECT name FROM event WHERE source = 'form' ORDER BY seq")
        return [row[0] for row in found]

    def knows(self, *arrivals: Arrival) -> None:
        with writing(self.engine) as connection:
            ingest(connection, arrivals, self.now)


def fields_of(html: str) -> dict[str, str]:
    named = re.findall(r'<input[^>]*? name="(\w+)"(?: value="([^"]*)")?', html)
    return {name: unescape(value) for name, value in named}


def person(email: str = "ann@shop.example", who: str = "ann") -> PersonArrived:
    return PersonArrived(who, email, email, {"country": "DE"}, NOW - timedelta(days=9))


def says(state: Any, days: int, topic: str = "news", **more: Any) -> ConsentArrived:
    return ConsentArrived(
        "ann", ConsentEntry(topic, state, NOW - timedelta(days=days), own_act=True, **more)
    )


@pytest.fixture
def shop(store_engine: Engine) -> Iterator[Shop]:
    shop = Shop(store_engine)
    with running(shop.app()) as shop.port:
        yield shop


def test_countries_stand_where_their_readers_look_for_them(shop: Shop) -> None:
    _, html = shop.ask("GET", "/s/abroad?lang=en")
    names = re.findall(r'<option value="[A-Z]{2}">([^<]*)</option>', html)
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"], (
        "a mark sends no letter to the end"
    )


def test_a_stranger_waits_for_a_confirmation_and_the_words_are_evidence(shop: Shop) -> None:
    """R5.1, R5.4: no country, so the strictest law; and everything that proves it."""
    status, html = shop.send(email="Ann@Shop.example", first_name="Ann")
    assert (status, "Thank you" in html) == (200, True)
    [(who, email, attributes)] = shop.rows("SELECT id, email, attributes FROM person")
    assert (who.startswith("form-"), email) == (True, "Ann@shop.example")
    assert "Ann" in str(attributes)
    [(line, proof, _)] = shop.lines(who)
    assert (line.topic, line.state, line.at, line.wording) == (
        "news",
        "pending",
        shop.now,
        "2026-11",
    )
    assert (line.own_act, line.basis, line.source) == (True, "sign-up form", "form news")
    assert (proof.url, proof.ip, proof.user_agent) == (f"{SITE}/s/news", "127.0.0.1", "Firefox")
    assert (proof.language, proof.actor) == ("en", "the person")
    kept = DatabaseSignUps(shop.engine).wording(proof.wording_hash)
    assert kept is not None
    assert (kept.text, kept.version) == ("Send me <news>.", "2026-11")
    assert shop.events() == ["form.submitted"]


def test_where_words_are_enough_a_yes_is_one(shop: Shop) -> None:
    """R5.2: in the US; but not where the category wants it confirmed."""
    shop.send("american", email="bob@shop.example")
    shop.send("strict", email="cy@shop.example")
    states = shop.rows("SELECT topic, state, jurisdiction FROM consent ORDER BY seq")
    assert states == [("news", "express", "US"), ("offers", "pending", "US")]
    assert shop.events() == ["consent.confirmed", "form.submitted"]


def test_the_answer_is_the_same_whatever_we_know(shop: Shop) -> None:
    """No page tells who is a customer, who left and who bounced."""
    shop.knows(person(), says("express", 5, confirmed=True))
    shop.knows(person("left@shop.example", "left"))
    with writing(shop.engine) as connection:
        suppress(connection, "left@shop.example", "hard_bounce", NOW)
    answers = {shop.send(email=address) for address in (
        "ann@shop.example", "left@shop.example", "new@shop.example", "new@shop.example",
    )}  # fmt: skip
    assert len(answers) == 1


def test_who_gets_it_already_leaves_no_trace(shop: Shop) -> None:
    shop.knows(person(), says("express", 5, confirmed=True))
    shop.send(email="ann@shop.example", first_name="Mallory")
    assert len(shop.lines("ann")) == 1
    assert "Mallory" not in str(shop.rows("SELECT attributes FROM person"))
    assert shop.events() == []


def test_who_left_comes_back_by_confirming_only(shop: Shop) -> None:
    """R5.5: also where any yes would do, for anybody can type an address."""
    american = PersonArrived("ann", "ann@shop.example", "ann@shop.example", {"country": "US"}, NOW)
    shop.knows(american, says("unsubscribed", 3, ALL_TOPICS))
    shop.send("american", email="ANN@shop.example")
    assert [line.state for line, _, _ in shop.lines("ann")] == ["unsubscribed", "pending"]
    assert shop.events() == ["form.submitted"]


def test_what_is_typed_decides_nothing_about_somebody_known(shop: Shop) -> None:
    """A country of one's choice is no way around the law of somebody else's."""
    nowhere = PersonArrived("ann", "ann@shop.example", "ann@shop.example", {}, NOW)
    shop.knows(nowhere)
    shop.send(email="ann@shop.example", country="US")
    assert [line.state for line, _, _ in shop.lines("ann")] == ["pending"]
    assert shop.rows("SELECT country FROM person") == [(None,)]
    assert shop.events() == ["form.submitted"]


@pytest.mark.parametrize(
    ("form", "typed", "state"),
    [
        ("news", "US", "pending"),
        ("abroad", "US", "express"),
        ("abroad", "", "express"),
        ("abroad", "DE", "pending"),
        ("abroad", "XX", "express"),
        ("abroad", "ZW", "pending"),
    ],
)
def test_R5_2_a_country_that_is_typed_makes_the_law_stricter_only(
    shop: Shop, form: str, typed: str, state: str
) -> None:
    """Whoever types an address can type a country, too: a yes in words is enough where it is in both, in
    that country and in the one that the business named for its form. Twice makes it no milder."""
    shop.send(form, email="ann@shop.example", country=typed)
    shop.now += timedelta(days=2)
    shop.send(form, email="ann@shop.example", country=typed)
    assert {found for (found,) in shop.rows("SELECT state FROM consent")} == {state}


def test_who_gets_it_by_their_own_law_is_not_asked_by_a_stricter_form(shop: Shop) -> None:
    american = PersonArrived("ann", "ann@shop.example", "ann@shop.example", {"country": "US"}, NOW)
    shop.knows(american, says("express", 5))
    shop.send("news", email="ann@shop.example")
    assert (len(shop.lines("ann")), shop.events()) == (1, [])


def test_a_sign_up_that_nobody_confirms_is_forgotten(shop: Shop) -> None:
    """Nothing stays of an address that somebody typed in, not even what would keep it out later."""
    shop.knows(person("cy@shop.example", "cy"))
    for address in ("ann@shop.example", "bob@shop.example", "cy@shop.example", "dee@shop.example"):
        shop.send(email=address)
    who = {mail: key for key, mail in shop.rows("SELECT id, email FROM person")}
    yes = ConsentEntry("news", "express", shop.now, confirmed=True)
    order = Event("o1", "order.placed", shop.now, {})
    shop.knows(
        ConsentArrived(who["bob@shop.example"], yes, confirms=True),
        EventArrived(who["dee@shop.example"], order),
    )
    keeping = DatabaseKeeping(shop.engine)
    asked = shop.now
    assert keeping.remove_unconfirmed(asked - timedelta(minutes=5), asked) == 0
    assert keeping.remove_unconfirmed(asked + timedelta(days=30), asked) == 1
    left = {row[0] for row in shop.rows("SELECT email FROM person WHERE NOT erased")}
    assert left == {"bob@shop.example", "cy@shop.example", "dee@shop.example"}
    assert shop.rows("SELECT key FROM tombstone") == []
    shop.knows(person())
    assert len(shop.rows("SELECT id FROM person WHERE id = 'ann' AND NOT erased")) == 1


def test_an_address_is_asked_once_a_day(shop: Shop) -> None:
    """Whoever types it however often, into whichever form: no mailbox is bombed."""
    for name in ("news", "news", "strict"):
        shop.send(name, email="ann@shop.example")
    assert shop.events() == ["form.submitted"]
    assert shop.rows("SELECT topic, state FROM consent ORDER BY seq") == [
        ("news", "pending"), ("offers", "pending"),
    ]  # fmt: skip
    shop.now += timedelta(days=1)
    shop.send(email="ann@shop.example")
    assert shop.events() == ["form.submitted"] * 2


def test_a_bounced_address_stays_suppressed(shop: Shop) -> None:
    """R5.8."""
    shop.knows(person())
    with writing(shop.engine) as connection:
        suppress(connection, "ann@shop.example", "hard_bounce", NOW)
    shop.send(email="ann@shop.example")
    assert shop.rows("SELECT lifted_at FROM suppression") == [(None,)]


def test_somebody_who_was_forgotten_may_come_back(shop: Shop) -> None:
    """R5.9: by their own newer act, and as somebody new."""
    shop.knows(person(), says("express", 5, confirmed=True))
    with writing(shop.engine) as connection:
        erase(connection, "ann", "nobody", NOW)
    shop.send(email="ann@shop.example")
    [(who,)] = shop.rows("SELECT id FROM person WHERE NOT erased")
    assert [line.state for line, _, _ in shop.lines(who)] == ["pending"]


@pytest.mark.parametrize(
    "filled",
    [{"website": "https://spam.example"}, {"stamp": "0.AAAAAAAAAAAAAAAA"},
     {"wording": "sha256:0"}, {"wording": ""}, {"email": "no address"}, {"email": ""},
     {"email": "a@b.example\r\nBcc: c@d.example"}, {"first_name": "Win! https://x.example"},
     {"first_name": "www.x.example"}, {"first_name": "{{ 7 * 7 }}"}, {"first_name": "x" * 61},
     {"first_name": "a\nb"}],
    ids=str,
)  # fmt: skip
def test_what_no_person_means_leaves_nothing(shop: Shop, filled: dict[str, str]) -> None:
    status, html = shop.send(**({"email": "ann@shop.example"} | filled))
    assert status in (200, 422)
    assert shop.rows("SELECT id FROM person") == []
    assert shop.events() == []
    assert "<news>" not in html


def test_a_machine_is_too_quick_and_a_person_who_presses_again_is_not(shop: Shop) -> None:
    fields = shop.form() | {"email": "ann@shop.example"}
    answer, html = shop.ask("POST", "/s/news", urlencode(fields))
    assert answer.status == 422
    assert shop.rows("SELECT id FROM person") == []
    shop.now += timedelta(seconds=3)
    again = fields_of(html)
    assert again["email"] == "ann@shop.example"
    answer, _ = shop.ask("POST", "/s/news", urlencode(again))
    assert answer.status == 200
    assert len(shop.rows("SELECT id FROM person")) == 1


def test_a_form_that_lay_open_for_days_is_read_once_more(shop: Shop) -> None:
    fields = shop.form() | {"email": "ann@shop.example"}
    shop.now += timedelta(seconds=STALE)
    answer, html = shop.ask("POST", "/s/news", urlencode(fields))
    assert answer.status == 422
    assert fields_of(html)["stamp"] != fields["stamp"]


def test_the_copy_on_another_page_works_without_a_script(shop: Shop) -> None:
    """Cross-site posts are what it is for: nothing but a question can come of one."""
    copied = snippet(NEWS, "de", SITE)
    assert "<script" not in copied
    assert f'action="{SITE}/s/news"' in copied
    fields = fields_of(copied) | {"email": "ann@shop.example"}
    page = "https://shop.example/about"
    answer, html = shop.ask("POST", "/s/news", urlencode(fields), Referer=page, Origin=page)
    assert (answer.status, words_for("de").html("sign_done_title") in html) == (200, True)
    [(who,)] = shop.rows("SELECT id FROM person")
    [(_, proof, _)] = shop.lines(who)
    assert (proof.url, proof.language) == (page, "de")


def test_a_copy_with_older_words_counts_for_these(shop: Shop) -> None:
    old = Form("news", ("news",), "2025-01", {"en": "The old words."})
    fields = fields_of(snippet(old, "en", SITE)) | {"email": "ann@shop.example"}
    answer, _ = shop.ask("POST", "/s/news", urlencode(fields))
    assert answer.status == 422, "nobody knows these words"
    DatabaseSignUps(shop.engine).keep(old_words := wording(old), NOW)
    answer, _ = shop.ask("POST", "/s/news", urlencode(fields))
    assert answer.status == 200
    assert shop.rows("SELECT wording, wording_hash FROM consent") == [("2025-01", old_words.hash)]


def wording(form: Form) -> Any:
    from engine.domain.forms import wording_of

    return wording_of(form, "en")


def test_only_the_web_sites_of_the_config_may_frame_it(shop: Shop) -> None:
    for name, allowed in (("news", "https://shop.example"), ("american", "'none'")):
        answer, _ = shop.ask("GET", f"/s/{name}")
        policy = answer.getheader("content-security-policy", "")
        assert f"frame-ancestors {allowed}" in policy
        assert answer.getheader("set-cookie") is None


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [("", "", "en"), ("?lang=de", "en", "de"), ("?lang=xx", "de-AT,de;q=0.9", "de"),
     ("?lang=fr", "fr", "en"), ("?lang=%22%3E", "\"><script>", "en")],
)  # fmt: skip
def test_it_speaks_the_languages_of_its_words(
    shop: Shop, query: str, accepts: str, language: str
) -> None:
    _, html = shop.ask("GET", f"/s/news{query}", Accept_Language=accepts)
    assert f'<html lang="{language}"' in html
    assert words_for(language).html("sign_email") in html
    assert NEWS.title[language] in html


def test_what_is_typed_is_shown_and_not_run(shop: Shop) -> None:
    _, html = shop.send(email='"><script>alert(1)</script>', first_name='" onfocus="x')
    assert "<script" not in html
    assert 'onfocus="x' not in html
    assert 'aria-invalid="true"' in html


def test_an_unknown_form_is_404_and_a_body_that_no_form_has_413(shop: Shop) -> None:
    assert shop.ask("GET", "/s/none")[0].status == 404
    assert shop.ask("POST", "/s/none", "email=a@b.example")[0].status == 404
    assert shop.ask("POST", "/s/news", "x" * 70_000)[0].status == 413
    assert (
        shop.ask("POST", "/s/news", b"\xff\xfe" * 4000, Content_Type="multipart/form-data")[
            0
        ].status
        == 422
    )


def test_a_page_is_small_in_every_language() -> None:
    """Under 50 KB, with all countries to choose from."""
    assert set(LANGUAGES) == set(languages())
    for language in LANGUAGES:
        form = Form("news", ("news",), "1", {language: "x"}, fields=("country", "first_name"))
        assert len(snippet(form, language, SITE).encode()) < 50_000
