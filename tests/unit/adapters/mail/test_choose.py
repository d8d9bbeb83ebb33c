"""The way that the config names; what is missing is named too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from engine.adapters.mail.choose import mailer_for
from engine.adapters.mail.console import ConsoleMailer
from engine.adapters.mail.departure import marketing_ready
from engine.adapters.mail.folder import FolderMailer
from engine.adapters.mail.sendgrid import SendGridMailer
from engine.adapters.mail.smtp import SmtpMailer
from engine.domain.errors import SetupError
from engine.language.config_types import Delivery

KEY = "SG.a.key"


def secret(name: str) -> str:
    return {"sendgrid": KEY, "$SMTP_PASSWORD": "correct horse"}[name]


@pytest.mark.parametrize(
    ("delivery", "kind"),
    [
        (Delivery("folder"), FolderMailer),
        (Delivery("console"), ConsoleMailer),
        (Delivery("smtp", host="smtp.example"), SmtpMailer),
        (Delivery("smtp", user="cozy", password="$SMTP_PASSWORD"), SmtpMailer),
        (Delivery("sendgrid"), SendGridMailer),
    ],
    ids=["folder", "console", "smtp", "smtp with password", "sendgrid"],
)
def test_each_way_can_be_chosen(tmp_path: Path, delivery: Delivery, kind: type) -> None:
    assert type(mailer_for(delivery, tmp_path, secret)) is kind


@pytest.mark.parametrize(
    ("region", "host"),
    [("global", "https://api.sendgrid.com"), ("eu", "https://api.eu.sendgrid.com")],
)
def test_mail_goes_to_the_region_of_the_account(
    tmp_path: Path, region: Literal["global", "eu"], host: str
) -> None:
    mailer = mailer_for(Delivery("sendgrid", region=region), tmp_path, secret)
    assert isinstance(mailer, SendGridMailer)
    assert mailer._endpoint._build_url(None) == f"{host}/v3/mail/send"


@pytest.mark.parametrize("key", ["", "abc", "SG.with space", "SG.né", "SG.a\r\nb"])
def test_what_is_no_sendgrid_key_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(SetupError, match=r"secrets\.sendgrid") as caught:
        mailer_for(Delivery("sendgrid"), tmp_path, lambda name: key)
    assert caught.value.code == "D202"
    assert caught.value.help


def test_a_password_without_tls_is_refused(tmp_path: Path) -> None:
    delivery = Delivery("smtp", user="cozy", password="$SMTP_PASSWORD", security="none")
    with pytest.raises(SetupError, match="in the clear") as caught:
        mailer_for(delivery, tmp_path, secret)
    assert caught.value.code == "D203"


def test_marketing_is_ready_only_with_site_key_and_postal_address() -> None:
    ready = {"site": "https://cozy.example", "address": "Example Street 1", "has_link_key": True}
    assert marketing_ready(**ready) == ()
    for change, code in (
        ({"site": ""}, "D206"),
        ({"site": "http://cozy.example"}, "D206"),
        ({"has_link_key": False}, "D207"),
        ({"address": " "}, "D208"),
    ):
        [problem] = marketing_ready(**ready | change)
        assert problem.startswith(f"{code}: ")
    assert len(marketing_ready(site="", address="", has_link_key=False)) == 3


def test_heavy_libraries_load_only_where_they_are_used() -> None:
    script = (
        "import sys, engine.adapters.mail.choose;"
        "sys.exit('sendgrid' in sys.modules or 'smtplib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
