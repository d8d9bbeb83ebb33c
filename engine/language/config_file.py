"""The config: company, database, delivery, senders, teams, policy, lifecycle, emotion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from engine.domain.journey import Team
from engine.domain.zones import named_zone
from engine.language import leaf
from engine.language.config_types import Company, Config, Sender
from engine.language.delivery_words import DELIVERY, read_delivery
from engine.language.form_words import A_FORM, named_forms
from engine.language.house_words import KEEP, OPERATOR, read_keep, read_operator
from engine.language.inbox_words import MAILBOX, read_mailbox
from engine.language.link_words import LINKS, read_links
from engine.language.nodes import Entries, Node, compose, place_of
from engine.language.page_words import PAGES, read_pages
from engine.language.pen import Pen, Unreadable
from engine.language.policy_words import POLICY, read_policy
from engine.language.reader import (
    TEXT,
    Got,
    Kind,
    NotAPhrase,
    Shape,
    Word,
    as_text,
    block_of,
    in_shape,
    one_or_more,
    phrase,
    read_block,
    short,
)
from engine.language.stage_words import EMOTION, LIFECYCLE, read_emotion, read_lifecycle
from engine.language.suggest import did_you_mean
from engine.language.values import NAME, WINDOW
from engine.language.web_words import WEB, read_web
from engine.language.webhook_words import WEBHOOKS, read_webhooks

# ── company ───────────────────────────────────────────────────────────────────────────────────


def _read_zone(node: Node, pen: Pen) -> str:
    text = as_text(node, pen, "a time zone").text
    if named_zone(text) is None:
        zones = sorted(available_timezones())
        city = "/" + text.strip().replace(" ", "_").lower()
        there = next((zone for zone in zones if zone.lower().endswith(city)), None)
        help = f"did you mean `{there}`?" if there else did_you_mean(text, zones)
        raise pen.error(
            "C301",
            place_of(node),
            f"`{short(text)}` is not a time zone",
            help or "write for example `Europe/Berlin`",
        )
    return text


def _locale(text: str) -> str:
    parts = text.split("-")
    if not all(part.isalnum() and part.isascii() for part in parts) or not 2 <= len(parts[0]) <= 3:
        raise NotAPhrase(
            "C111", f"`{short(text)}` is not a language", "write for example `en` or `pt-BR`"
        )
    return text


def _site(text: str) -> str:
    if not text.startswith(("https://", "http://")) or any(c.isspace() for c in text):
        raise NotAPhrase(
            "C112",
            f"`{short(text)}` is not an address in the web",
            "write for example `https://cozy.example`",
        )
    return text.rstrip("/")


_MAIL_ADDRESS = phrase("a mail address", leaf.mail_address, "hello@cozy.example")
NAME_OF = Word("name", TEXT, "What the business is called.", "The Cozy Coffee Shop", required=True)
ADDRESS = Word(
    "address",
    TEXT,
    "The postal address; marketing mail needs it by law.",
    "Example Street 1, 10115 Berlin",
)
ZONE = Word(
    "time_zone",
    Kind("a time zone", _read_zone, {"type": "string"}),
    "The zone of the business, and of people whose own is unknown.",
    "Europe/Berlin",
)
LOCALES = Word(
    "locales",
    one_or_more(phrase("a language", _locale, "en", "pt-BR")),
    "The languages of the mails; the first is the default.",
    "[en]",
)
SITE = Word(
    "site",
    phrase("an address in the web", _site),
    "Where the unsubscribe and preference pages live.",
    "https://cozy.example",
)
SHOP = Word(
    "shop",
    phrase("an address in the web", _site),
    "Where short links of mails lead; `site` where you say nothing.",
    "https://cozy.example",
)
VOICE = Word(
    "voice",
    block_of(TEXT, "`voice`"),
    "How to speak to people without a persona.",
    "{ greeting: Hello }",
)
COLOUR = Word(
    "colour", phrase("a colour", lambda text: _colour(text)), "The colour of buttons.", '"#7a4b2a"'
)
LOGO = Word("logo", TEXT, "A picture below templates/_assets.", "logo.png")
COMPANY = Shape("`company`", (NAME_OF, ADDRESS, ZONE, LOCALES, SITE, SHOP, VOICE, COLOUR, LOGO))


def _colour(text: str) -> str:
    digits = text.removeprefix("#")
    if (
        not text.startswith("#")
        or len(digits) not in (3, 6)
        or not all(c in "0123456789abcdefABCDEF" for c in digits)
    ):
        raise NotAPhrase(
            "C113", f"`{short(text)}` is not a colour", 'write for example `"#7a4b2a"`, in quotes'
        )
    return text


def _company(got: Got, pen: Pen) -> Company:
    default = Company()
    zone = got.get(ZONE) or default.time_zone
    pen.zone = ZoneInfo(zone)
    return Company(
        name=got.get(NAME_OF) or "",
        address=got.get(ADDRESS) or "",
        time_zone=zone,
        locales=got.get(LOCALES) or default.locales,
        site=got.get(SITE),
        shop=got.get(SHOP),
        voice=got.get(VOICE) or {},
        colour=got.get(COLOUR),
        logo=got.get(LOGO),
    )


# ── senders, teams ──────────────────────────────────────────────────────────────────

S_NAME = Word(
    "name", TEXT, "The name that people see.", "Lena from The Cozy Coffee Shop", required=True
)
S_EMAIL = Word(
    "email",
    _MAIL_ADDRESS,
    "The address that mail comes from.",
    "lena@mail.cozy.example",
    required=True,
)
S_REPLY = Word("reply_to", _MAIL_ADDRESS, "Where answers go, if elsewhere.", "hello@cozy.example")
SENDER = Shape("a sender", (S_NAME, S_EMAIL, S_REPLY))
T_EMAIL = Word("email", _MAIL_ADDRESS, "Where tasks go.", "care@cozy.example", required=True)
T_OPEN = Word(
    "open", WINDOW, "When somebody is there, in the zone of the business.", "Mon-Fri 08:00-18:00"
)
TEAM = Shape("a team", (T_EMAIL, T_OPEN))


def _sender(got: Got, pen: Pen) -> Sender:
    return Sender(got.need(S_NAME), got.need(S_EMAIL), got.get(S_REPLY))


def _team(got: Got, pen: Pen) -> Team:
    return Team("", got.need(T_EMAIL), got.get(T_OPEN))


# ── the whole ─────────────────────────────────────────────────────────────────────────────────


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise NotAPhrase(
            "C117",
            "this is not the address of a database",
            "write `sqlite:///sincerely.db` or `postgresql://…`",
        )
    return text


C_COMPANY = Word("company", in_shape(COMPANY, _company), "The business.", required=True)
C_DATABASE = Word(
    "database",
    phrase("an address of a database", _database),
    "Where everything is kept.",
    "sqlite:///sincerely.db",
)
C_DELIVERY = Word(
    "delivery", in_shape(DELIVERY, read_delivery), "How mail leaves.", "{ by: folder, to: outbox }"
)
C_INBOX = Word(
    "inbox",
    one_or_more(in_shape(MAILBOX, read_mailbox)),
    "The mailboxes that bounces, complaints and replies come to.",
    "{ imap: imap.cozy.example, user: bounces@cozy.example, password: $IMAP_PASSWORD }",
)
C_SECRETS = Word(
    "secrets",
    block_of(phrase("the name of an environment variable", leaf.secret), "`secrets`", NAME),
    "Where secrets stand: always in the environment.",
    "{ links: $SINCERELY_LINK_KEY }",
)
C_SENDERS = Word(
    "senders",
    block_of(in_shape(SENDER, _sender), "`senders`", NAME),
    "Who mail comes from.",
    required=True,
)
C_TEAMS = Word("teams", block_of(in_shape(TEAM, _team), "`teams`", NAME), "Who gets tasks.")
C_EMOTION = Word(
    "emotion", in_shape(EMOTION, read_emotion), "How moods are read.", "{ consent: opt-in }"
)
C_LIFECYCLE = Word(
    "lifecycle",
    in_shape(LIFECYCLE, read_lifecycle),
    "How stages are told apart.",
    "{ order_event: order.placed }",
)
C_POLICY: Word[Any] = Word(
    "policy", in_shape(POLICY, read_policy), "What may be sent, when and how often."
)
C_OPERATOR = Word(
    "operator",
    in_shape(OPERATOR, read_operator),
    "Who hears of trouble.",
    "{ email: ops@cozy.example }",
)
C_LINKS = Word(
    "links", in_shape(LINKS, read_links), "What becomes of the links of mails.", "{ utm: yes }"
)
C_PAGES = Word(
    "pages",
    in_shape(PAGES, read_pages),
    "What people may choose, and what things are called on their pages.",
    "{ themes: { mothers-day: Mother's Day } }",
)
C_WEBHOOKS = Word(
    "webhooks",
    in_shape(WEBHOOKS, read_webhooks),
    "Who may tell us things, and how we know that it is them.",
    "{ sendgrid: $SENDGRID_EVENTS }",
)
C_FORMS = Word(
    "forms",
    block_of(A_FORM, "`forms`", NAME),
    "Sign-up forms, each at `/s/NAME`.",
    '{ newsletter: { topics: newsletter, version: "2026-11", wording: Send me the newsletter. } }',
)
C_KEEP = Word("keep", in_shape(KEEP, read_keep), "How long things are kept.", "{ events: 3 years }")
C_WEB = Word("web", in_shape(WEB, read_web), "How the pages are reached.", "{ behind: 127.0.0.1 }")
CONFIG = Shape(
    "the config",
    (
        C_COMPANY,
        C_DATABASE,
        C_DELIVERY,
        C_INBOX,
        C_SECRETS,
        C_SENDERS,
        C_TEAMS,
        C_POLICY,
        C_LIFECYCLE,
        C_EMOTION,
        C_OPERATOR,
        C_LINKS,
        C_PAGES,
        C_WEBHOOKS,
        C_FORMS,
        C_KEEP,
        C_WEB,
    ),
)


def read_config_file(text: str, pen: Pen) -> tuple[Config, bool]:
    """The config of a text, and whether it is whole; parts that cannot be read have their defaults."""
    node = compose(text, pen)
    if node is None:
        return Config(), False
    try:
        got = read_block(CONFIG, _zone_and_moods_first(node, pen), pen)
    except Unreadable:
        return Config(), False
    if got.has(C_SENDERS) and got.get(C_SENDERS) == {}:
        pen.error(
            "102",
            got.key(C_SENDERS),
            "`senders` names nobody",
            "add one, like `lena: { name: Lena, email: lena@cozy.example }`",
        )
    default = Config()
    policy, holidays = got.get(C_POLICY) or (default.policy, None)
    company = got.get(C_COMPANY) or default.company
    config = Config(
        company=company,
        database=got.get(C_DATABASE) or default.database,
        delivery=got.get(C_DELIVERY) or default.delivery,
        inbox=got.get(C_INBOX) or default.inbox,
        secrets=got.get(C_SECRETS) or {},
        senders=got.get(C_SENDERS) or {},
        teams={
            name: Team(name, team.email, team.open)
            for name, team in (got.get(C_TEAMS) or {}).items()
        },
        policy=policy,
        lifecycle=got.get(C_LIFECYCLE) or default.lifecycle,
        emotion=got.get(C_EMOTION) or default.emotion,
        holidays=holidays,
        operator=got.get(C_OPERATOR) or default.operator,
        links=replace(
            got.get(C_LINKS) or default.links, site=company.site or "", shop=company.home
        ),
        pages=got.get(C_PAGES) or default.pages,
        webhooks=got.get(C_WEBHOOKS) or default.webhooks,
        forms=named_forms(got.get(C_FORMS) or {}, company.locales[0]),
        keep=got.get(C_KEEP) or default.keep,
        web=got.get(C_WEB) or default.web,
    )
    return config, not pen.has_errors


def _zone_and_moods_first(node: Node, pen: Pen) -> Node:
    """What conditions of the policy depend on is read before them, wherever it stands."""
    if not isinstance(node, Entries):
        return node
    first = {"company": 0, "emotion": 1}
    ordered = sorted(node.entries, key=lambda entry: first.get(entry[0].text, 2))
    return Entries(node.start, node.end, ordered)


__all__ = ["Company", "Config", "Sender", "read_config_file"]
