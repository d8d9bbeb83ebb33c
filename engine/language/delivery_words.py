"""`delivery:` of the config: how mail leaves, how fast, and when it stops by itself."""

from __future__ import annotations

import re

from engine.domain.breaker import Breakers
from engine.domain.pace import Paces
from engine.language import leaf, leaf_time
from engine.language.config_types import Delivery
from engine.language.pen import Pen
from engine.language.reader import (
    TEXT,
    Got,
    NotAPhrase,
    Shape,
    Word,
    block_of,
    in_shape,
    one_of,
    one_or_more,
    phrase,
    short,
)
from engine.language.values import RATE, SHARE, WHOLE


def _domain(text: str) -> str:
    if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", text) is None:
        raise NotAPhrase(
            "C119",
            f"`{short(text)}` is not a domain",
            "write what stands after the `@`, in small letters: `gmail.com`",
        )
    return text


def _selector(text: str) -> str:
    if re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", text) is None:
        raise NotAPhrase(
            "C122",
            f"`{short(text)}` is not a DKIM selector",
            "write what stands before `._domainkey`: `s1`",
        )
    return text


def _server(text: str) -> str:
    if re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", text.lower()) is None:
        raise NotAPhrase(
            "C122",
            f"`{short(text)}` is not the name of a server",
            "write the first word of its `Authentication-Results`: `mx.cozy.example`",
        )
    return text.lower()


_LONGEST_NAME = 22


def _bounces(text: str) -> str:
    name, _, _ = leaf.mail_address(text).rpartition("@")
    if len(name) > _LONGEST_NAME or "+" in name or not text.isascii():
        raise NotAPhrase(
            "Y129",
            f"`{short(text)}` leaves no room for the mark of each mail",
            f"write at most {_LONGEST_NAME} plain letters before the `@`, and no `+`: it is added",
        )
    return text


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
DKIM = Word(
    "dkim",
    one_or_more(phrase("the name of a DKIM selector", _selector)),
    "The selectors that your mail is signed by; `doctor` looks whether their keys are published.",
    "[s1, s2]",
)
BOUNCES = Word(
    "bounces",
    phrase("a mail address", _bounces, "bounce@mail.cozy.example"),
    "The address that mail comes back to; each mail makes its own of it, `bounce+…@`.",
    "bounce@mail.cozy.example",
)
REPLIES = Word(
    "replies",
    phrase("a mail address", _bounces, "reply@in.cozy.example"),
    "The address that people answer to; each mail makes its own of it, `reply+…@`.",
    "reply@in.cozy.example",
)
REGION = Word(
    "region",
    one_of("global", "eu"),
    "Where your account at SendGrid lives; `eu` for a subuser of the EU.",
    "eu",
)
CHECKED_BY = Word(
    "checked_by",
    one_or_more(phrase("the name of a server", _server)),
    "The server of yours that takes mail in, as it signs `Authentication-Results`: what it found out about"
    " who wrote a mail is believed.",
    "mx.cozy.example",
)
PACE = Word("pace", RATE, "How fast mail may leave in all.", "50 per second")
PACE_TO = Word(
    "pace_to",
    block_of(RATE, "`pace_to`", phrase("a domain", _domain)),
    "How fast it may leave to one mailbox provider, by any of its domains.",
    "{ gmail.com: 20 per minute }",
)
WARM_UP = Word(
    "warm_up",
    phrase("a date", leaf_time.day),
    "The first day of a new domain or IP address: slowly at first, the most engaged first.",
    "2026-12-01",
)
HARD_BOUNCES = Word(
    "hard_bounces", SHARE, "At which share of hard bounces in 24 hours a journey stops.", "5%"
)
COMPLAINTS = Word(
    "complaints", SHARE, "At which share of complaints in 24 hours a journey stops.", "0.1%"
)
BREAKERS = Shape("`breakers`", (HARD_BOUNCES, COMPLAINTS))


def _breakers(got: Got, pen: Pen) -> Breakers:
    default = Breakers()
    hard, complaints = got.get(HARD_BOUNCES), got.get(COMPLAINTS)
    return Breakers(
        default.hard_bounces if hard is None else hard,
        default.complaints if complaints is None else complaints,
    )


D_BREAKERS = Word(
    "breakers",
    in_shape(BREAKERS, _breakers),
    "When a journey stops by itself.",
    "{ complaints: 0.1% }",
)
_ALWAYS = (BY, REPLIES, CHECKED_BY, PACE, PACE_TO, WARM_UP, D_BREAKERS)
_ONLY = {
    "folder": (TO,),
    "console": (),
    "sendgrid": (DKIM, REGION),
    "smtp": (HOST, PORT, SECURITY, USER, PASSWORD, BOUNCES, DKIM),
}
DELIVERY = Shape(
    "`delivery`",
    (
        BY,
        TO,
        HOST,
        PORT,
        SECURITY,
        USER,
        PASSWORD,
        BOUNCES,
        REPLIES,
        CHECKED_BY,
        DKIM,
        REGION,
        PACE,
        PACE_TO,
        WARM_UP,
        D_BREAKERS,
    ),
)


def read_delivery(got: Got, pen: Pen) -> Delivery:
    """How mail leaves. What cannot be read has its default."""
    default = Delivery()
    by = got.need(BY)
    for word in DELIVERY.words:
        if got.has(word) and word not in (*_ALWAYS, *_ONLY[by]):
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
        bounces=got.get(BOUNCES),
        replies=got.get(REPLIES),
        dkim=got.get(DKIM) or (),
        region=got.get(REGION) or default.region,
        checked_by=got.get(CHECKED_BY) or (),
        paces=Paces(got.get(PACE), got.get(PACE_TO) or {}, got.get(WARM_UP)),
        breakers=got.get(D_BREAKERS) or default.breakers,
    )
