"""`sincerely doctor`, with a real name server on loopback."""

from __future__ import annotations

import json
import socket
from base64 import b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine.cli.main import group
from tests.standins.dns import Zone, name_server
from tests.standins.serve import serving

CONFIG = """\
company:
  name: Shop
  address: "Street 1, 10115 Berlin"
  time_zone: Europe/Berlin
  site: "https://127.0.0.1:1"
secrets: { links: $SINCERELY_LINK_KEY }
delivery: { by: smtp, host: 127.0.0.1, port: 1, dkim: [s1] }
senders: { lena: { name: Lena, email: lena@mail.shop.example } }
operator: { email: ops@shop.example }
web: { behind: 127.0.0.1 }
"""


def rsa(bits: int) -> str:
    key = generate_private_key(65537, bits).public_key()
    octets = b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return f'"v=DKIM1; k=rsa; " "p={octets[:200]}" "{octets[200:]}"'


GOOD: Zone = {
    ("mail.shop.example", "TXT"): ['"v=spf1 include:relay.example -all"', '"other=1"'],
    ("relay.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    ("s1._domainkey.mail.shop.example", "CNAME"): ["s1.relay.example."],
    ("s1.relay.example", "TXT"): [rsa(2048)],
    ("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:d@shop.example"'],
    ("mail.shop.example", "MX"): ["10 mx.shop.example."],
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    monkeypatch.setenv("SINCERELY_LINK_KEY", "0123456789abcdef0123456789abcdef")
    assert CliRunner().invoke(group, ["db", "upgrade"]).exit_code == 0
    return tmp_path


def examine(*arguments: str) -> tuple[Result, dict[str, dict[str, str]]]:
    result = CliRunner().invoke(group, ["--format", "json", "doctor", *arguments])
    assert result.exit_code in (0, 1), result.output
    found = {one["about"]: one for one in json.loads(result.stdout)["findings"]}
    assert all(one["help"] for one in found.values() if one["verdict"] in ("mistake", "advice"))
    return result, found


def test_a_domain_that_is_set_up_well_is_fine(shop: Path) -> None:
    with name_server(GOOD) as server:
        _, found = examine("--dns", server)
    verdicts = {about: one["verdict"] for about, one in found.items() if "shop.example" in about}
    assert verdicts == {
        f"mail.shop.example: {what}": "fine" for what in ("SPF", "DKIM s1", "DMARC", "answers")
    }
    assert "1 of 10" in found["mail.shop.example: SPF"]["says"]
    assert "2048 bits" in found["mail.shop.example: DKIM s1"]["says"]
    assert found["one-click: h="]["verdict"] == "advice"


WRONG = [
    ({("mail.shop.example", "TXT"): []}, "SPF", "mistake"),
    ({("mail.shop.example", "TXT"): ['"v=spf1 +all"']}, "SPF", "mistake"),
    ({("mail.shop.example", "TXT"): ['"v=spf1 -all"', '"v=spf1 a -all"']}, "SPF", "mistake"),
    ({("mail.shop.example", "TXT"): ['"v=spf1 a"']}, "SPF", "advice"),
    ({("relay.example", "TXT"): ['"v=spf1 a mx a mx a mx a mx a mx -all"']}, "SPF", "mistake"),
    ({("relay.example", "TXT"): ['"v=spf1 include:mail.shop.example -all"']}, "SPF", "fine"),
    ({("s1.relay.example", "TXT"): []}, "DKIM s1", "mistake"),
    ({("s1.relay.example", "TXT"): ['"v=DKIM1; p="']}, "DKIM s1", "mistake"),
    ({("s1.relay.example", "TXT"): ['"v=DKIM1; p=QUJD"']}, "DKIM s1", "mistake"),
    ({("s1.relay.example", "TXT"): [rsa(1024)]}, "DKIM s1", "advice"),
    ({("_dmarc.shop.example", "TXT"): []}, "DMARC", "mistake"),
    ({("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=some"']}, "DMARC", "mistake"),
    ({("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=reject"']}, "DMARC", "advice"),
    ({("mail.shop.example", "MX"): ["0 ."]}, "answers", "mistake"),
]


@pytest.mark.parametrize(("change", "what", "verdict"), WRONG)
def test_what_is_wrong_is_found(shop: Path, change: Zone, what: str, verdict: str) -> None:
    with name_server({**GOOD, **change}) as server:
        _, found = examine("--dns", server)
    assert found[f"mail.shop.example: {what}"]["verdict"] == verdict


def test_the_usual_selectors_are_tried_where_none_is_named(shop: Path) -> None:
    (shop / "config.yaml").write_text(CONFIG.replace(", dkim: [s1]", ""))
    with name_server(GOOD) as server:
        assert examine("--dns", server)[1]["mail.shop.example: DKIM s1"]["verdict"] == "fine"
    with name_server({}) as server:
        assert examine("--dns", server)[1]["mail.shop.example: DKIM"]["verdict"] == "mistake"


def test_a_sender_at_a_mailbox_provider_is_a_mistake(shop: Path) -> None:
    (shop / "config.yaml").write_text(CONFIG.replace("lena@mail.shop.example", "shop@gmail.com"))
    with name_server(GOOD) as server:
        assert examine("--dns", server)[1]["gmail.com: whose it is"]["verdict"] == "mistake"


def test_without_a_network_it_says_what_it_could_not_look_at(shop: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        _, found = examine("--dns", f"127.0.0.1:{mute.getsockname()[1]}")
    verdicts = {one["verdict"] for about, one in found.items() if "shop.example" in about}
    assert verdicts == {"unknown"}
    _, found = examine("--offline")
    assert found["DNS and pages"]["verdict"] == "unknown"


@pytest.mark.parametrize("server", ["not a server", "192.0.2.53:port", "ns.example"])
def test_what_is_no_name_server_is_a_wrong_call(shop: Path, server: str) -> None:
    result = CliRunner().invoke(group, ["doctor", "--dns", server])
    assert result.exit_code == 2, result.output


def test_pages_that_are_served_are_fine(shop: Path) -> None:
    """By a real server; the certificate of a real site is its proxy's matter."""
    from engine.adapters.probe import get
    from engine.application.doctor.pages import look_at_pages

    class Nobody:
        def receives(self, domain: str) -> bool:
            return False

    with serving() as (_, port):
        site = f"http://127.0.0.1:{port}"
        found = list(look_at_pages(site, (), Nobody(), get))
    assert [(one.about, one.verdict) for one in found] == [
        ("pages", "fine"), ("pages: unsubscribe", "fine"),
    ]  # fmt: skip


def test_pages_that_nobody_serves_are_a_mistake_and_the_exit_code_says_so(shop: Path) -> None:
    with name_server(GOOD) as server:
        result, found = examine("--dns", server)
    assert found["pages"]["verdict"] == "mistake"
    assert "unsubscribe" in found["pages"]["says"]
    assert result.exit_code == 1


def test_a_project_that_sends_nothing_yet_has_no_mistakes(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SINCERELY_LINK_KEY")
    config = CONFIG.replace("{ by: smtp, host: 127.0.0.1, port: 1, dkim: [s1] }", "{ by: folder }")
    (shop / "config.yaml").write_text(config)
    result = CliRunner().invoke(group, ["doctor"])
    assert result.exit_code == 0, result.output
    assert "0 mistakes" in result.stdout
    assert "leaves nowhere yet" in result.stdout


def test_by_smtp_it_asks_for_an_address_that_bounces_are_known_by(shop: Path) -> None:
    """Without one a bounce that returns nothing is anybody's word."""
    _, found = examine("--offline")
    assert found["bounces"]["verdict"] == "advice"
    assert "bounces: bounce@" in found["bounces"]["help"]
    signed = CONFIG.replace("port: 1,", "port: 1, bounces: bounce@shop.example,")
    (shop / "config.yaml").write_text(signed)
    _, found = examine("--offline")
    assert found["bounces"]["verdict"] == "fine"


def test_what_is_missing_on_this_machine_is_told_with_what_to_do(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = CONFIG.replace("secrets: {", "secrets: { sendgrid: $NOT_SET, ")
    (shop / "config.yaml").write_text(config.replace("by: smtp, host: 127.0.0.1, port: 1, ",
                                                     "by: sendgrid, "))  # fmt: skip
    monkeypatch.setenv("SINCERELY_LINK_KEY", "a-short-link-key")
    (shop / "sincerely.db").unlink()
    _, found = examine("--offline")
    verdicts = {about: one["verdict"] for about, one in found.items()}
    assert verdicts["database"] == "mistake"
    assert verdicts["secrets.sendgrid"] == "mistake"
    assert verdicts["delivery"] == "mistake"
    assert verdicts["webhooks.sendgrid"] == "mistake"
    assert verdicts["secrets.links"] == "advice"


def test_who_sends_by_smtp_needs_no_key_of_sendgrid(shop: Path) -> None:
    """The sample's config names one, for whoever takes that way."""
    config = CONFIG.replace("secrets: {", "secrets: { sendgrid: $NOT_SET, ")
    (shop / "config.yaml").write_text(config)
    _, found = examine("--offline")
    assert "secrets.sendgrid" not in found


MAIL = """\
DKIM-Signature: v=1; a=rsa-sha256; d={signer}; s=s1;
 h=From:To:{covered}; bh=x; b=y
From: Lena <lena@mail.shop.example>
To: ann@example.com
Subject: Hello
List-Unsubscribe: <https://shop.example/u/x>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

Hello
"""
BOTH = "List-Unsubscribe:List-Unsubscribe-Post"


@pytest.mark.parametrize(
    ("mail", "about", "verdict"),
    [
        (MAIL.format(signer="shop.example", covered=BOTH), "h=", "fine"),
        (MAIL.format(signer="shop.example", covered="List-Unsubscribe"), "h=", "mistake"),
        (MAIL.format(signer="relay.example", covered=BOTH), "signature", "mistake"),
        ("From: lena@mail.shop.example\n\nHello", "signature", "mistake"),
        ("nothing at all", "signature", "mistake"),
        (MAIL.format(signer="shop.example", covered=BOTH).replace("List-Unsubscribe-Post: ", "X: "),
         "one-click", "mistake"),
    ],
)  # fmt: skip
def test_one_real_mail_tells_whether_its_signature_covers_one_click(
    shop: Path, mail: str, about: str, verdict: str
) -> None:
    """RFC 8058 4."""
    (shop / "arrived.eml").write_text(mail)
    _, found = examine("--offline", "--mail", "arrived.eml")
    assert found[f"the mail: {about}"]["verdict"] == verdict


def test_replies_without_a_team_are_nobodys(shop: Path) -> None:
    assert "replies" not in examine("--offline")[1], "none come in"
    config = CONFIG + "inbox: { imap: imap.shop.example, user: care, password: $IMAP }\n"
    Path("config.yaml").write_text(config)
    assert examine("--offline")[1]["replies"]["verdict"] == "advice"
    Path("config.yaml").write_text(config + "teams: { care: { email: care@shop.example } }\n")
    assert "the team care" in examine("--offline")[1]["replies"]["says"]
