"""Keeping house in the config: who hears of trouble, and how long things are kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from engine.language import leaf
from engine.language.config_types import Keep, Operator
from engine.language.pen import Pen
from engine.language.reader import Got, NotAPhrase, Shape, Word, phrase, short
from engine.language.values import DURATION


def _webhook(text: str) -> str:
    if text.startswith("$"):
        return leaf.secret(text)
    if not _is_https(text):
        raise NotAPhrase(
            "C112",
            f"`{short(text)}` is not an address that an alert may go to",
            "write `https://…`, or the variable that holds it, like `$ALERT_WEBHOOK`",
        )
    return text


def _is_https(text: str) -> bool:
    """Whether it names a machine, by https. A name and password in it would never be sent."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    whole = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and port != 0
    return bool(whole) and not any(c.isspace() for c in text)


EMAIL = Word(
    "email", phrase("a mail address", leaf.mail_address), "Where alerts go.", "ops@cozy.example"
)
WEBHOOK = Word(
    "webhook",
    phrase("an https address, or a variable that holds one", _webhook),
    "Where alerts are posted as JSON; a chat's incoming webhook will do.",
    "$ALERT_WEBHOOK",
)
OPERATOR = Shape("`operator`", (EMAIL, WEBHOOK))


def read_operator(got: Got, pen: Pen) -> Operator:
    """Who hears of trouble."""
    return Operator(got.get(EMAIL), got.get(WEBHOOK))


EVENTS = Word(
    "events",
    DURATION,
    "How long events are kept that no decision needs any more.",
    "3 years",
)
TRACES = Word("traces", DURATION, "How long `why` can tell what happened.", "2 years")
RENDERED = Word(
    "rendered_mails", DURATION, "How long delivery by `folder` keeps its mails.", "90 days"
)
KEEP = Shape("`keep`", (EVENTS, TRACES, RENDERED))


def read_keep(got: Got, pen: Pen) -> Keep:
    """How long things are kept; what is not said has its default."""
    default = Keep()
    return Keep(
        events=got.get(EVENTS) or default.events,
        traces=got.get(TRACES) or default.traces,
        rendered_mails=got.get(RENDERED) or default.rendered_mails,
    )
