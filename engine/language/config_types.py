"""The config as the engine uses it: what stands in `config.yaml`, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from engine.domain.breaker import Breakers
from engine.domain.duration import Duration
from engine.domain.emotion import EmotionConfig
from engine.domain.forms import Form
from engine.domain.journey import Policy, Team
from engine.domain.lifecycle import LifecycleConfig
from engine.domain.mail_links import LinkRules
from engine.domain.pace import Paces
from engine.language.page_words import Pages
from engine.language.policy_words import DEFAULT_CATEGORIES


@dataclass(frozen=True, slots=True)
class Company:
    """The business. `voice` is for people without a persona; `locales[0]` is the default. `site` is where
    our pages live, `shop` its own web site, where that is another one."""

    name: str = ""
    address: str = ""
    time_zone: str = "UTC"
    locales: tuple[str, ...] = ("en",)
    site: str | None = None
    shop: str | None = None
    voice: Mapping[str, str] = field(default_factory=dict)
    colour: str | None = None
    logo: str | None = None

    @property
    def home(self) -> str:
        """Where short links of mails lead; empty where neither address is set."""
        return self.shop or self.site or ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail comes from."""

    name: str
    email: str
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How mail leaves. `password` is the name of an environment variable with its `$`, or None;
    `bounces` is the address that mail comes back to, from which each mail makes its own, and
    `replies` the one that it is answered to in the same way; `dkim` are the
    selectors that mail is signed by, for `doctor` to look at; `checked_by` the names of our own servers
    whose word on who wrote a mail is believed (RFC 8601). `region` is where the account at SendGrid
    lives."""

    by: Literal["folder", "console", "smtp", "sendgrid"] = "folder"
    to: str = "outbox"
    host: str = "localhost"
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    bounces: str | None = None
    replies: str | None = None
    dkim: tuple[str, ...] = ()
    region: Literal["global", "eu"] = "global"
    checked_by: tuple[str, ...] = ()
    paces: Paces = Paces()
    breakers: Breakers = Breakers()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox that is read by IMAP. `password` is the name of an environment variable with its `$`.
    `move_to` is the folder that mails go to once they are stored; without one they are marked as read."""

    imap: str
    user: str
    password: str
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    folder: str = "INBOX"
    move_to: str | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the engine: where alerts go. `webhook` is an https address, or a variable with its `$`
    that holds one."""

    email: str | None = None
    webhook: str | None = None


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Who may tell us things. `sendgrid` are the public keys that it signs its events with, or variables
    with their `$` that hold them, `inbound` those that it signs mails with (Inbound Parse), `inbound_secret`
    the variable with the secret in that address. `refuse_after` is how long ago something may have been
    signed; None for any time."""

    sendgrid: tuple[str, ...] = ()
    inbound: tuple[str, ...] = ()
    inbound_secret: str | None = None
    refuse_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """How long things are kept that no decision needs any more. How long the words of people's
    messages are kept says `emotion.keep_text`."""

    events: Duration = Duration(months=36)
    traces: Duration = Duration(months=24)
    rendered_mails: Duration = Duration(days=90)


@dataclass(frozen=True, slots=True)
class Web:
    """How the pages are reached: the networks of the proxies that are believed, and further names."""

    behind: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The whole config. `secrets` maps a name to the `$NAME` of an environment variable.

    `holidays` names the public holidays that close teams (`DE-BE`); whoever starts the engine fills
    `policy.holidays` from it.
    """

    company: Company = Company()
    database: str = "sqlite:///sincerely.db"
    delivery: Delivery = Delivery()
    inbox: tuple[Mailbox, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)
    senders: Mapping[str, Sender] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    policy: Policy = field(default_factory=lambda: Policy(categories=DEFAULT_CATEGORIES))
    lifecycle: LifecycleConfig = LifecycleConfig()
    emotion: EmotionConfig = field(default_factory=EmotionConfig)
    holidays: str | None = None
    operator: Operator = Operator()
    links: LinkRules = LinkRules()
    pages: Pages = Pages()
    webhooks: Webhooks = Webhooks()
    forms: Mapping[str, Form] = field(default_factory=dict)
    keep: Keep = Keep()
    web: Web = Web()
