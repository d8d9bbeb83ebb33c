"""Signing up, by the commands and real HTTP alone: the form, the question, the button, the welcome."""

from __future__ import annotations

import email
import http.client
import re
from contextlib import closing
from email import policy
from html import unescape
from pathlib import Path
from shutil import copytree
from urllib.parse import urlencode, urlsplit

import pytest
from click.testing import CliRunner

from engine.cli.main import group
from tests.standins.serve import serving

CONFIG = """\
company: { name: Shop, address: "Street 1, Berlin", time_zone: UTC, site: "https://shop.example" }
secrets: { links: $LINKS }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy:
  categories:
    news: { class: marketing, consent: double opt-in }
    please-confirm: { class: transactional, confirms: news }
forms:
  letters:
    topics: news
    version: "1"
    wording: { en: Yes please., fr: "Oui, merci." }
    fields: first_name
"""
ASK = """\
journey: please-confirm
status: live
category: please-confirm
enter: { when: form.submitted, again: always }
steps:
  - id: ask
    send: join/ask
"""
WELCOME = """\
journey: welcome
status: live
category: news
enter: { when: consent.confirmed }
steps:
  - id: hello
    send: join/hello
"""
HEAD = "---\nsubject: {}\nfrom: lena\n---\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("LINKS", "k" * 40)
    Path("config.yaml").write_text(CONFIG)
    Path("journeys").mkdir()
    Path("journeys/please-confirm.yaml").write_text(ASK)
    Path("journeys/welcome.yaml").write_text(WELCOME)
    Path("templates/join").mkdir(parents=True)
    ask = HEAD.format("Is it you?") + "Press [yes]({{ links.confirm }}) if it was you.\n"
    Path("templates/join/ask.md.j2").write_text(ask)
    Path("templates/join/hello.md.j2").write_text(HEAD.format("Welcome") + "How lovely.\n")
    for shared in ("_layouts", "_blocks", "_assets"):
        copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
    sincerely("db", "upgrade")
    sincerely("apply", "--yes")
    return tmp_path


def sincerely(*arguments: str) -> str:
    result = CliRunner().invoke(group, list(arguments))
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def ask(port: int, method: str, path: str, **fields: str) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        assert answer.status == 200, said
        return said


def mails() -> dict[str, str]:
    """The text of each mail that left, by its subject."""
    sincerely("run", "--once")
    found = {}
    for path in Path("outbox").rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert message["to"].addresses[0].addr_spec == "Ann@example.com", "as she wrote it"
        text = message.get_body(("plain",))
        assert text is not None
        found[str(message["subject"])] = text.get_content()
    return found


def test_from_the_form_to_the_welcome(shop: Path) -> None:
    """Scenario 32: the copy of the form that the command writes, nothing before the button, then once."""
    copied = sincerely("form", "snippet", "letters", "--language", "fr")
    named = re.findall(r'<input[^>]*? name="(\w+)" value="([^"]*)"', copied)
    fields = {name: unescape(value) for name, value in named} | {"email": "Ann@Example.com"}
    with serving() as (_, port):
        assert "Merci" in ask(port, "POST", "/s/letters", **fields)
        [(subject, text)] = mails().items()
        assert subject == "Is it you?"
        [link] = re.findall(r"https://shop\.example(/c/\S+?)[>\s]", text)
        ask(port, "GET", urlsplit(link).path)
        assert set(mails()) == {"Is it you?"}
        ask(port, "POST", urlsplit(link).path)
        assert set(mails()) == {"Is it you?", "Welcome"}
    shown = sincerely("person", "show", "ann@example.com")
    assert "from form letters" in shown
    ledger = sincerely("--format", "json", "person", "show", "ann@example.com")
    digest = re.findall(r"sha256:[0-9a-f]{64}", ledger)[0]
    assert "Oui, merci." in sincerely("form", "wording", digest)


def test_the_command_says_what_is_wrong(shop: Path) -> None:
    for arguments, said in (
        (["snippet", "leters"], "did you mean `letters`?"),
        (["snippet", "letters", "--language", "de"], "it speaks en, fr"),
        (["snippet", "letters", "--frame"], "frames"),
        (["wording", "abc"], "no form showed"),
    ):
        result = CliRunner().invoke(group, ["form", *arguments])
        assert result.exit_code in (1, 2)
        assert said in result.output + result.stderr
    assert "https://shop.example/s/letters" in sincerely("--format", "json", "form", "list")
