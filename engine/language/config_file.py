"""The config: company, database, delivery, senders, teams, policy, lifecycle, emotion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from engine.domain.emotion import EmotionConfig
from engine.domain.journey import Team
from engine.domain.lifecycle import LifecycleConfig
from engine.domain.zones import named_zone
from engine.language import leaf
from engine.language.config_types import Company, Config, Delivery, Sender
from engine.language.nodes import Entries, Node, compose, place_of
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
    one_of,
    one_or_more,
    phrase,
    read_block,
    short,
)
from engine.language.suggest import did_you_mean
from engine.language.values import ELAPSED, EVENT, LOOKING_BACK, NAME, NUMBER, WHOLE, WINDOW

# ── company ───────────────────────────────────────────────────────────────────────────────────


def _read_zone(node: Node, pen: Pen) -> str:
    text = as_text(node, pen, "a time zone").text
    if named_zone(text) is None:
        help = did_you_mean(text, available_timezones()) or "write for example `Europe/Berlin`"
        raise pen.error("C301", place_of(node), f"`{short(text)}` is not a time zone", help)
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
COMPANY = Shape("`company`", (NAME_OF, ADDRESS, ZONE, LOCALES, SITE, VOICE, COLOUR, LOGO))


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
        voice=got.get(VOICE) or {},
        colour=got.get(COLOUR),
        logo=got.get(LOGO),
    )


# ── delivery, senders, teams ──────────────────────────────────────────────────────────────────

BY = Word(
    "by",
    one_of("folder", "console", "smtp", "sendgrid"),
    "How mail leaves.",
    "folder",
    required=True,
)
TO = Word("to", TEXT, "The folder that mails go to.", "outbox")
HOST = Word("host", TEXT, "The SMTP server.", "smtp.example")
PORT = Word("port", WHOLE, "Its port.", "587")
SECURITY = Word(
    "security", one_of("starttls", "tls", "none"), "How the connection is kept private.", "starttls"
)
USER = Word("user", TEXT, "The name to log in with.", "cozy")
PASSWORD = Word(
    "password",
    phrase("the name of an environment variable", leaf.secret),
    "Where the password stands.",
    "$SMTP_PASSWORD",
)
DELIVERY = Shape("`delivery`", (BY, TO, HOST, PORT, SECURITY, USER, PASSWORD))
_ONLY = {
    "folder": (BY, TO),
    "console": (BY,),
    "sendgrid": (BY,),
    "smtp": (BY, HOST, PORT, SECURITY, USER, PASSWORD),
}


def _delivery(got: Got, pen: Pen) -> Delivery:
    default = Delivery()
    by = got.need(BY)
    for word in DELIVERY.words:
        if got.has(word) and word not in _ONLY[by]:
            pen.error(
                "C114",
                got.key(word),
                f"`{word.name}` does not go with delivery by `{by}`",
                "delete it, or change `by`",
            )
    port = got.get(PORT)
    if port is not None and not 1 <= port <= 65_535:
        pen.error("Y121", got.value(PORT), f"{port} is no port", "write a number from 1 to 65535")
    security = got.get(SECURITY) or default.security
    return Delivery(
        by=by,
        to=got.get(TO) or default.to,
        host=got.get(HOST) or default.host,
        port=port or (465 if security == "tls" else default.port),
        security=security,
        user=got.get(USER),
        password=got.get(PASSWORD),
    )


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


# ── lifecycle and emotion ─────────────────────────────────────────────────────────────────────


def _fixed(text: str) -> tuple[timedelta, timedelta] | None:
    if text == "our own gaps between orders":
        return None
    parts = text.removeprefix("fixed:").strip().split(", ")
    if len(parts) == 2 and parts[0].startswith("at-risk ") and parts[1].startswith("lapsed "):
        at_risk, lapsed = leaf.looking_back(parts[0][8:]), leaf.looking_back(parts[1][7:])
        if at_risk < lapsed:
            return at_risk, lapsed
    raise NotAPhrase(
        "C115",
        f"`{short(text)}` does not say when people are at risk and lapsed",
        "write `our own gaps between orders`, or `fixed: at-risk 182 days, lapsed 385 days` in quotes",
    )


ORDER_EVENT = Word(
    "order_event", EVENT, "What counts as buying; its value stands in `total`.", "order.placed"
)
LEARN_FROM = Word(
    "learn_from",
    phrase("a way to learn", _fixed),
    "Where the thresholds come from.",
    "our own gaps between orders",
)
FIXED = Word(
    "fixed",
    phrase("two thresholds", _fixed),
    "Thresholds that do not change.",
    "at-risk 182 days, lapsed 385 days",
)
NEW_FOR = Word("new_for", LOOKING_BACK, "How long a customer is new.", "30 days")
WON_BACK_FOR = Word(
    "won_back_for", LOOKING_BACK, "How long a customer counts as won back.", "60 days"
)
LOYAL_FROM = Word("loyal_from", WHOLE, "From how many orders on a customer is loyal.", "4")
LIFECYCLE = Shape(
    "`lifecycle`", (ORDER_EVENT, LEARN_FROM, FIXED, NEW_FOR, WON_BACK_FOR, LOYAL_FROM)
)


def _lifecycle(got: Got, pen: Pen) -> LifecycleConfig:
    default = LifecycleConfig()
    return LifecycleConfig(
        order_event=got.get(ORDER_EVENT) or default.order_event,
        fixed=got.get(FIXED) or got.get(LEARN_FROM),
        new_for=got.get(NEW_FOR) or default.new_for,
        won_back_for=got.get(WON_BACK_FOR) or default.won_back_for,
        loyal_from=got.get(LOYAL_FROM) or default.loyal_from,
    )


H_MOOD = Word("mood", LOOKING_BACK, "Of the mood.", "7 days")
H_DISPOSITION = Word("disposition", LOOKING_BACK, "Of the disposition.", "75 days")
HALF_LIFE = Shape("`half_life`", (H_MOOD, H_DISPOSITION))
L_LOW = Word("low", NUMBER, "From this probability on.", "0.2", required=True)
L_MEDIUM = Word("medium", NUMBER, "From this probability on.", "0.45", required=True)
L_HIGH = Word("high", NUMBER, "From this probability on.", "0.7", required=True)
LEVELS = Shape("`levels`", (L_LOW, L_MEDIUM, L_HIGH))


def _levels(got: Got, pen: Pen) -> dict[str, float]:
    low, medium, high = got.need(L_LOW), got.need(L_MEDIUM), got.need(L_HIGH)
    if not 0 < low < medium < high < 1:
        raise pen.error(
            "C116",
            got.place,
            "the levels do not rise from 0 to 1",
            "write for example `{ low: 0.2, medium: 0.45, high: 0.7 }`",
        )
    return {"low": low, "medium": medium, "high": high}


def _half_life(got: Got, pen: Pen) -> tuple[timedelta | None, timedelta | None]:
    return got.get(H_MOOD), got.get(H_DISPOSITION)


E_CONSENT = Word(
    "consent", one_of("opt-in"), "Moods are read only of people who agree (R5.10).", "opt-in"
)
LOOKS_BACK = Word(
    "looks_back", LOOKING_BACK, "What `angry: high` means without `within`.", "7 days"
)
HALVES = Word(
    "half_life", in_shape(HALF_LIFE, _half_life), "How fast a mood fades.", "{ mood: 7 days }"
)
E_LEVELS = Word(
    "levels",
    in_shape(LEVELS, _levels),
    "Where the levels begin; they belong to the model.",
    "{ low: 0.2, medium: 0.45, high: 0.7 }",
)
KEEP_TEXT = Word("keep_text", ELAPSED, "How long the words of messages are kept.", "30 days")
EMOTION = Shape("`emotion`", (E_CONSENT, LOOKS_BACK, HALVES, E_LEVELS, KEEP_TEXT))


def _emotion(got: Got, pen: Pen) -> EmotionConfig:
    default = EmotionConfig()
    mood, disposition = got.get(HALVES) or (None, None)
    keep = got.get(KEEP_TEXT)
    return EmotionConfig(
        looks_back=got.get(LOOKS_BACK) or default.looks_back,
        mood_half_life=mood or default.mood_half_life,
        disposition_half_life=disposition or default.disposition_half_life,
        levels=got.get(E_LEVELS) or default.levels,
        keep_text=default.keep_text if keep is None else keep,
    )


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
    "delivery", in_shape(DELIVERY, _delivery), "How mail leaves.", "{ by: folder, to: outbox }"
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
    "emotion", in_shape(EMOTION, _emotion), "How moods are read.", "{ consent: opt-in }"
)
C_LIFECYCLE = Word(
    "lifecycle",
    in_shape(LIFECYCLE, _lifecycle),
    "How stages are told apart.",
    "{ order_event: order.placed }",
)
C_POLICY: Word[Any] = Word(
    "policy", in_shape(POLICY, read_policy), "What may be sent, when and how often."
)
CONFIG = Shape(
    "the config",
    (
        C_COMPANY,
        C_DATABASE,
        C_DELIVERY,
        C_SECRETS,
        C_SENDERS,
        C_TEAMS,
        C_POLICY,
        C_LIFECYCLE,
        C_EMOTION,
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
    config = Config(
        company=got.get(C_COMPANY) or default.company,
        database=got.get(C_DATABASE) or default.database,
        delivery=got.get(C_DELIVERY) or default.delivery,
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
    )
    return config, not any(found.severity == "error" for found in pen.found)


def _zone_and_moods_first(node: Node, pen: Pen) -> Node:
    """What conditions of the policy depend on is read before them, wherever it stands."""
    if not isinstance(node, Entries):
        return node
    first = {"company": 0, "emotion": 1}
    ordered = sorted(node.entries, key=lambda entry: first.get(entry[0].text, 2))
    return Entries(node.start, node.end, ordered)


__all__ = ["Company", "Config", "Delivery", "Sender", "read_config_file"]
