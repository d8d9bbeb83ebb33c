"""Which way mail leaves, by the config: the only place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.adapters.mail.console import ConsoleMailer
from engine.adapters.mail.folder import FolderMailer
from engine.adapters.mail.verp import Verp
from engine.application.ports.mailer import Mailer
from engine.domain.errors import SetupError
from engine.language.config_types import Delivery


def mailer_for(
    delivery: Delivery,
    project: Path,
    secret: Callable[[str], str],
    link_key: bytes = b"",
    with_pictures: Callable[[str], str] = str,
    verp: Verp | None = None,
) -> Mailer:
    """The way that `delivery` of the config names. A folder lies in `project`.

    `secret` turns a name (`sendgrid`) or a reference (`$SMTP_PASSWORD`) into the secret itself, and
    raises a SetupError that says which is missing. `link_key` signs the Message-IDs. `verp` makes
    the addresses that mail by SMTP comes back to.

    Raises:
        SetupError: D202 if a key is not one; D203 if a password would be said in the clear; and what
            `secret` raises.
    """
    if delivery.by == "console":
        return ConsoleMailer(key=link_key)
    if delivery.by == "folder":
        return FolderMailer(project / delivery.to, link_key, with_pictures)
    if delivery.by == "sendgrid":
        # SDKs take a moment to load, so only who sends by them waits for it.
        from engine.adapters.mail.sendgrid import SendGridMailer
        from engine.adapters.mail.sendgrid_client import HOSTS

        host = HOSTS[delivery.region]
        return SendGridMailer(sendgrid_key(secret("sendgrid")), link_key, host)
    from engine.adapters.mail.smtp import SmtpMailer, SmtpServer

    if delivery.user and delivery.security == "none":
        raise SetupError(
            f"the password of {delivery.user} would go to {delivery.host} in the clear",
            help="write `security: starttls` or `security: tls` under `delivery`",
            code="D203",
        )
    password = secret(delivery.password) if delivery.user and delivery.password else ""
    server = SmtpServer(
        host=delivery.host,
        port=delivery.port,
        security=delivery.security,
        username=delivery.user or "",
        password=password,
    )
    return SmtpMailer(server, link_key, verp)


def sendgrid_key(key: str) -> str:
    """The key, if it looks like one.

    Raises:
        SetupError: D202 if it does not.
    """
    if not key.startswith("SG.") or not key.isascii() or not key.isprintable() or " " in key:
        raise SetupError(
            "`secrets.sendgrid` does not hold a SendGrid key: those begin with `SG.`",
            help="copy the whole key from SendGrid, Settings, API Keys, into the variable it names",
            code="D202",
        )
    return key
