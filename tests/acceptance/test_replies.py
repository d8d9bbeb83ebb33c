"""Answers of customers, from the mail that leaves by a real SMTP server to the task of the team, by the
commands alone, on both databases."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine.adapters.links import Links
from engine.cli.main import group
from tests.standins.forms import form, parsed
from tests.standins.imap import PASSWORD, USER, Server, imap_server
from tests.standins.mail_programs import Mail, answer
from tests.standins.smtp import Inbox, real_server

CONFIG = """\
company:
  {{ name: Shop, address: "Street 1, 10115 Berlin", time_zone: UTC, site: "https://shop.example" }}
database: {database}
delivery:
  {{ by: smtp, host: 127.0.0.1, port: {smtp}, security: none, replies: reply@in.shop.example }}
secrets: {{ links: $LINKS }}
webhooks: {{ inbound_secret: $INBOUND }}
senders: {{ lena: {{ name: Lena, email: lena@shop.example }} }}
teams: {{ care: {{ email: care@shop.example }} }}
policy:
  quiet_hours: 00:00-00:01
  categories: {{ promotion: {{ class: marketing, sells: yes }}, notice: {{ class: service }} }}
"""
OFFER = """\
journey: offer
title: Offer
status: live
category: promotion
enter: { when: offer.asked, again: always }
steps: [ { id: offer, send: shop/offer, expires_after: 9 days } ]
"""
MAIL = """\
---
subject: An offer for {{ first_name }}
needs: { first_name: { sample: Ann, if_missing: you } }
---
Hello!
"""
LAYOUT = (Path(__file__).parents[2] / "templates/_layouts/plain.html.j2").read_text()
MORNING, NOON, LATER = "2026-03-04T09:00:00Z", "2026-03-04T12:00:00Z", "2026-03-06T09:00:00Z"
SECRET = "a-secret-of-the-coffee-shop"


class Shop:
    """A shop that sends by SMTP, and what arrived there."""

    def __init__(self, arrived: Inbox) -> None:
        self.arrived = arrived

    def run(self, *arguments: str, at: str | None = NOON, input: bytes | None = None) -> str:
        when = ["--at", at] if at else []
        result = CliRunner().invoke(group, [*when, *arguments], input=input)
        assert result.exit_code == 0, result.output + str(result.exception)
        return result.output

    def json(self, *arguments: str, at: str | None = NOON) -> Any:
        return json.loads(self.run("--format", "json", *arguments, at=at))

    def take(self, *rows: dict[str, Any], at: str = MORNING) -> None:
        lines = "\n".join(json.dumps({"at": at, **row}) for row in rows)
        Path("rows.jsonl").write_text(lines)
        self.run("import", "history", "rows.jsonl", at=at)
        self.run("run", "--once", at=at)

    def offer(self, key: str, who: str = "ann", at: str = MORNING) -> None:
        self.take(
            {"type": "event", "id": f"{key} {who}", "person": who, "name": "offer.asked"}, at=at
        )

    def last_mail(self) -> Mail:
        """The newest mail that left, as the program of its reader has it."""
        octets = self.arrived.mails[-1].content
        message = message_from_bytes(octets, policy=policy.default)
        text = message.get_body(("plain",))
        assert text is not None
        return Mail(
            message["Message-ID"], message["Subject"], text.get_content(), message["Reply-To"]
        )

    def statuses(self, who: str = "ann") -> list[str]:
        rows = self.json("person", "export", who)["holds"]["outbox"]["rows"]
        return [row["status"] for row in rows]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Shop]:
    """Ann agreed to offers and to be read, Bob to offers only. Both got one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINKS", "a key of the coffee shop")
    monkeypatch.setenv("INBOUND", SECRET)
    monkeypatch.setenv("IMAP", PASSWORD)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    arrived = Inbox()
    with real_server(arrived) as port:
        for path, text in (
            ("config.yaml", CONFIG.format(database=json.dumps(database), smtp=port)),
            ("journeys/offer.yaml", OFFER),
            ("templates/_layouts/letter.html.j2", LAYOUT),
            ("templates/shop/offer.md.j2", MAIL),
        ):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text)
        shop = Shop(arrived)
        shop.run("db", "upgrade")
        shop.run("apply", "--yes", at="2026-03-01T09:00:00Z")
        shop.take(
            *(
                {
                    "type": "person",
                    "id": who,
                    "email": f"{who}@mail.example",
                    "first_name": who.title(),
                }
                for who in ("ann", "bob")
            ),
            *(
                {"type": "consent", "person": who, "topic": "promotion", "state": "confirmed"}
                for who in ("ann", "bob")
            ),
            {"type": "consent", "person": "ann", "topic": "profiling_emotion", "state": "given"},
            at="2026-03-01T09:00:00Z",
        )
        shop.offer("first")
        yield shop


def reply(shop: Shop, words: str, key: str = "1", **more: Any) -> bytes:
    said = {"sender": "Ann <ann@mail.example>", "date": "Wed, 04 Mar 2026 11:30:00 +0000", **more}
    return answer("gmail", "en", words, shop.last_mail(), message_id=f"<{key}@mua.example>", **said)


@contextmanager
def serving(at: str = NOON) -> Iterator[int]:
    command = [sys.executable, "-m", "engine", "--at", at, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().split("http://127.0.0.1:")[1].split()[0])
        finally:
            process.terminate()
            process.wait(timeout=30)


def by_pipe(shop: Shop, octets: bytes) -> None:
    shop.run("receive", "-", input=octets)


def by_post(kind: str, body: bytes) -> None:
    with serving() as port:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            address = f"/webhooks/sendgrid/inbound?secret={SECRET}"
            connection.request("POST", address, body, {"Content-Type": kind})
            assert connection.getresponse().status == 200


def by_raw_post(shop: Shop, octets: bytes) -> None:
    by_post(*form({"email": octets}))


def by_parsed_post(shop: Shop, octets: bytes) -> None:
    by_post(*parsed(octets, to=shop.last_mail().reply_to))


WAYS = [by_pipe, by_raw_post, by_parsed_post]


@pytest.mark.parametrize("arrives", WAYS)
def test_a_question_opens_a_task_and_marketing_waits_for_it(
    shop: Shop, arrives: Callable[[Shop, bytes], None]
) -> None:
    """R6.4, R5.10: twice delivered is once asked, and once the team is done the offer goes."""
    octets = reply(shop, "Thanks! Where is my parcel?")
    for _ in range(2):
        arrives(shop, octets)
        shop.run("run", "--once")
    [task] = shop.json("tasks", "list")
    assert (task["person"], task["team"]) == ("ann", "care")
    told = shop.run("tasks", "show", task["task"])
    assert "an answer to shop/offer \u201cThanks! Where is my parcel?\u201d" in told
    assert "mailto:ann@mail.example?subject=Re%3A%20An%20offer%20for%20Ann" in told
    assert "In-Reply-To=%3C1%40mua.example%3E" in told
    shop.offer("second", at=LATER)
    assert shop.statuses() == ["sent"]
    shop.run("tasks", "done", task["task"], "--note", "on its way", at=LATER)
    shop.run("run", "--once", at=LATER)
    assert shop.statuses() == ["sent", "sent"]


@pytest.mark.parametrize("arrives", WAYS)
def test_stop_is_an_opt_out_at_once(shop: Shop, arrives: Callable[[Shop, bytes], None]) -> None:
    """R5.5: and the words are in the ledger."""
    octets = reply(shop, "Please remove me from your list.")
    for _ in range(2):
        arrives(shop, octets)
        shop.run("run", "--once")
    rows = shop.json("person", "export", "ann")["holds"]["consent"]["rows"]
    [left] = [row for row in rows if row["state"] == "unsubscribed"]
    assert (left["topic"], left["basis"]) == ("*", "reply")
    assert left["wording"] == "\u201cPlease remove me from your list.\u201d"
    assert shop.json("tasks", "list") == []
    shop.offer("second", at=LATER)
    assert shop.statuses() == ["sent"]


STOP = b"From: Ann <ann@mail.example>\r\nMessage-ID: <f@x>\r\nSubject: hello\r\n\r\nstop\r\n"
"""What anybody can write who knows her address."""


def opt_outs(shop: Shop) -> list[str]:
    """What the ledger says of where Ann's opt-outs came from."""
    rows = shop.json("person", "export", "ann")["holds"]["consent"]["rows"]
    return [row["source"] for row in rows if row["state"] == "unsubscribed"]


def test_a_stop_that_nobody_proved_is_honoured_told_as_such_and_mended_by_its_owner(
    shop: Shop,
) -> None:
    """R5.5: nobody has to ask twice, and who never asked comes back by their own page."""
    by_pipe(shop, STOP)
    [source] = opt_outs(shop)
    assert source.endswith(", unauthenticated")
    assert len(shop.arrived.mails) == 1, "nobody is written to about it"
    shop.offer("second", at=LATER)
    assert ", unauthenticated, \u201cstop\u201d" in shop.run("why", "ann", at=LATER)
    token = Links("", [b"a key of the coffee shop"]).token("p", shop.last_mail().message_id[1:33])
    with (
        serving(LATER) as port,
        closing(http.client.HTTPConnection("127.0.0.1", port)) as connection,
    ):
        form_type = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/p/{token}", "keep=1&topic.promotion=1", form_type)
        assert connection.getresponse().status == 200
    shop.offer("third", at=LATER)
    assert shop.statuses() == ["sent", "sent"]


@pytest.mark.parametrize(
    ("result", "known"),
    [
        ("mx.shop.example; dmarc=pass header.from=mail.example", "authenticated"),
        ("mx.evil.example; dmarc=pass header.from=mail.example", "unauthenticated"),
        ("mx.shop.example; dmarc=pass header.from=evil.example", "unauthenticated"),
    ],
)
def test_our_own_server_says_who_wrote_and_no_other(shop: Shop, result: str, known: str) -> None:
    """RFC 8601."""
    believes(shop, "mx.shop.example")
    by_pipe(shop, f"Authentication-Results: {result}\r\n".encode() + STOP)
    [source] = opt_outs(shop)
    assert source.endswith(f", {known}")


def test_what_the_domain_disowns_is_kept_and_she_rests_until_somebody_has_looked(
    shop: Shop,
) -> None:
    believes(shop, "mx.shop.example")
    result = b"Authentication-Results: mx.shop.example; dmarc=fail header.from=mail.example\r\n"
    by_pipe(shop, result + STOP)
    shop.run("run", "--once")
    assert opt_outs(shop) == []
    [kept] = shop.json("inbox", "list")
    assert "the domain of its sender says that it did not send it" in kept["problem"]
    [task] = shop.json("tasks", "list")
    assert "in their name" in shop.run("tasks", "show", task["task"])
    shop.offer("second", at=LATER)
    assert shop.statuses() == ["sent"]
    shop.run("tasks", "done", task["task"], "--note", "it was not her", at=LATER)
    shop.run("run", "--once", at=LATER)
    assert shop.statuses() == ["sent", "sent"]


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"dkim": b"{@mail.example : pass}"}, "authenticated"),
        ({"SPF": b"pass"}, "unauthenticated"),
    ],
)
def test_sendgrid_says_who_wrote(shop: Shop, fields: dict[str, bytes], known: str) -> None:
    """The envelope of a forged mail may be anybody's: SPF is about that one."""
    envelope = json.dumps({"to": ["reply@in.shop.example"], "from": "eve@evil.example"}).encode()
    by_post(*form({"email": STOP, "envelope": envelope, **fields}))
    shop.run("run", "--once")
    [source] = opt_outs(shop)
    assert source.endswith(f", {known}")


def believes(shop: Shop, server: str) -> None:
    """The config names a server whose checks are believed."""
    config = Path("config.yaml")
    text = config.read_text()
    named = text.replace("security: none, ", f"security: none, checked_by: {server}, ")
    assert named != text
    config.write_text(named)
    shop.run("apply", "--yes", at="2026-03-04T09:30:00Z")


def test_an_answer_finds_its_mail_by_the_address_alone(shop: Shop) -> None:
    """Some programs drop In-Reply-To; the address that the mail is answered to is signed."""
    assert shop.last_mail().reply_to.startswith("reply+")
    by_pipe(shop, reply(shop, "What is new?", threaded=False))
    shop.run("run", "--once")
    [task] = shop.json("tasks", "list")
    assert "an answer to shop/offer" in shop.run("tasks", "show", task["task"])


def test_somebody_upset_who_agreed_to_be_read_gets_a_person_instead_of_offers(shop: Shop) -> None:
    """R6.4: and Bob, who did not agree, is read by nobody and goes on as before (R5.10)."""
    furious = "I am so angry. Worst service ever, you are liars and thieves."
    by_pipe(shop, reply(shop, furious))
    shop.offer("first", "bob")
    by_pipe(shop, reply(shop, furious, "2", sender="Bob <bob@mail.example>"))
    shop.run("run", "--once")
    assert [task["person"] for task in shop.json("tasks", "list")] == ["ann"]
    shop.offer("second", at=LATER)
    shop.offer("third", "bob", at=LATER)
    assert (shop.statuses(), shop.statuses("bob")) == (["sent"], ["sent", "sent"])


def test_thanks_alone_opens_nothing(shop: Shop) -> None:
    by_pipe(shop, reply(shop, "Thank you so much, how kind of you!"))
    shop.run("run", "--once")
    assert shop.json("tasks", "list") == []
    shop.offer("second", at=LATER)
    assert shop.statuses() == ["sent", "sent"]


def test_out_of_office_is_ignored_whatever_it_says(shop: Shop) -> None:
    """RFC 3834."""
    octets = reply(shop, "Where to? I am away. Please unsubscribe me.")
    by_pipe(shop, octets.replace(b"Date:", b"Auto-Submitted: auto-replied\r\nDate:", 1))
    by_pipe(shop, reply(shop, "I am out of the office until Monday. Please unsubscribe.", "2"))
    shop.run("run", "--once")
    assert shop.json("tasks", "list") == []
    events = shop.json("person", "export", "ann")["holds"]["event"]["rows"]
    assert [row["name"] for row in events if row["source"] == "replies"] == []


def test_a_stranger_is_visible_and_makes_nobody(shop: Shop) -> None:
    by_pipe(shop, reply(shop, "Where is my parcel?", sender="Eve <eve@elsewhere.example>"))
    [kept] = shop.json("inbox", "list")
    assert "nobody here has" in kept["problem"]
    assert shop.json("tasks", "list") == []
    assert len(shop.json("person", "list")) == 2


@pytest.mark.parametrize("arrives", WAYS)
def test_of_a_strangers_mail_only_what_it_says_is_kept(
    shop: Shop, arrives: Callable[[Shop, bytes], None]
) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Eve <eve@elsewhere.example>", "My passport"
    message.set_content("Here it is. Where is my parcel?\n" + "and so on " * 10_000)
    message.add_attachment(b"private" * 100_000, "image", "png", filename="passport.png")
    arrives(shop, message.as_bytes())
    shop.run("run", "--once")
    [kept] = shop.json("inbox", "list")
    body = shop.json("inbox", "show", str(kept["id"]))["body"]
    assert "Where is my parcel?" in body
    assert len(body) < 6_000


def test_ten_megabytes_and_broken_letters_harm_nobody(shop: Shop) -> None:
    whole = reply(shop, "Where is my parcel?")
    by_pipe(shop, whole + b"\r\n" + b"A" * 10_000_000)
    broken = whole.replace(b'charset="utf-8"', b'charset="x-klingon"').replace(b"<1@", b"<2@")
    by_pipe(shop, broken)
    by_pipe(shop, b"\xff\xfe" * 5_000)
    shop.run("run", "--once")
    assert len(shop.json("tasks", "list")) == 1


def test_a_mailbox_that_the_daemon_reads(shop: Shop) -> None:
    """In the real present, which is the only one that gets real mail; and the same mail twice."""
    mailbox = Server()
    today = format_datetime(datetime.now(UTC))
    for key, words in (("1", "Where is my parcel?"), ("1", "Where is my parcel?"), ("2", "stop")):
        mailbox.put(reply(shop, words, key, date=today))
    with imap_server(mailbox) as port:
        named = (
            f"{{ imap: 127.0.0.1, port: {port}, security: none, user: {USER}, password: $IMAP }}"
        )
        with Path("config.yaml").open("a") as config:
            config.write(f"inbox: {named}\n")
        shop.run("apply", "--yes", at=None)
        for _ in range(2):
            shop.run("run", "--once", at=None)
    [task] = shop.json("tasks", "list", at=None)
    assert "an answer to shop/offer" in shop.run("tasks", "show", task["task"], at=None)
    rows = shop.json("person", "export", "ann")["holds"]
    assert [row["topic"] for row in rows["consent"]["rows"] if row["basis"] == "reply"] == ["*"]
    heard = [row for row in rows["event"]["rows"] if row["name"] == "feedback.received"]
    assert len(heard) == 2


@pytest.mark.parametrize("arrives", WAYS)
def test_a_stranger_who_is_made_known_is_heard_after_all(
    shop: Shop, arrives: Callable[[Shop, bytes], None]
) -> None:
    """`inbox retry`, once somebody has given the address to a person."""
    arrives(shop, reply(shop, "Where is my parcel?", sender="Eve <eve@elsewhere.example>"))
    shop.run("run", "--once")
    [kept] = shop.json("inbox", "list")
    shop.take({"type": "person", "id": "eve", "email": "eve@elsewhere.example"}, at=NOON)
    shop.run("inbox", "retry", str(kept["id"]))
    shop.run("run", "--once")
    shop.run("run", "--once")
    assert [task["person"] for task in shop.json("tasks", "list")] == ["eve"]


def test_what_they_wrote_goes_after_its_time_and_that_they_wrote_stays(shop: Shop) -> None:
    """`emotion.keep_text`: the subject of a reply may be theirs, too."""
    by_pipe(shop, reply(shop, "Thank you so much!"))
    shop.run("run", "--once")
    shop.run("run", "--once", at="2026-05-04T12:00:00Z")
    rows = shop.json("person", "export", "ann")["holds"]["event"]["rows"]
    [heard] = [row for row in rows if row["name"] == "feedback.received"]
    assert not {"text", "subject"} & heard["properties"].keys()
    assert heard["properties"]["mail"] == "shop/offer"


def test_what_only_a_model_takes_for_a_wish_to_leave_is_told_with_its_words_and_nobody_is_off(
    shop: Shop,
) -> None:
    """R5.5: marketing waits until somebody has decided, and the words go after their time."""
    by_parsed_post(shop, reply(shop, "If there is some way of not getting them I'd be glad."))
    shop.run("run", "--once")
    [task] = shop.json("tasks", "list")
    told = shop.run("tasks", "show", task["task"])
    assert "may want no more" in told
    assert "A model of replies went by" in told
    assert "\u201cgetting\u201d" in told
    shop.offer("second", at=LATER)
    assert shop.statuses() == ["sent"]
    why = " ".join(shop.run("why", "ann", at=LATER).split())
    assert "They answered a mail and may want no more" in why
    assert "A model of replies went by" in why
    rows = shop.json("person", "export", "ann")["holds"]["consent"]["rows"]
    assert not [row for row in rows if row["state"] == "unsubscribed"]
    shop.run("run", "--once", at="2026-05-04T12:00:00Z")
    told = shop.run("tasks", "show", task["task"], at="2026-05-04T12:00:00Z")
    assert "getting" not in told


def test_who_wants_to_be_deleted_is_off_at_once_and_the_open_task_gets_the_day_of_the_law(
    shop: Shop,
) -> None:
    """GDPR Art. 12(3) and 17: a mail erases nobody."""
    by_pipe(shop, reply(shop, "Where is my parcel?"))
    shop.run("run", "--once")
    words = "Forget the parcel. Please delete all my data."
    by_pipe(shop, reply(shop, words, "2"))
    shop.run("run", "--once")
    [task] = shop.json("tasks", "list")
    assert task["until"].startswith("2026-04-04T12:00")
    told = shop.run("tasks", "show", task["task"])
    assert "Heard in \u201cWhere is my parcel?\u201d" in told
    assert "They want everything about them deleted" in told
    assert "Heard in \u201cPlease delete all my data.\u201d" in told
    rows = shop.json("person", "export", "ann")["holds"]["consent"]["rows"]
    assert [row["wording"] for row in rows if row["state"] == "unsubscribed"] == [
        "\u201cPlease delete all my data.\u201d"
    ]
