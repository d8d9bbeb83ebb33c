"""Values, names and mood levels: the kinds of leaves that several files share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta

from engine.domain.consent import PURPOSES
from engine.domain.duration import Duration
from engine.domain.emotion import EMOTIONS, GROUPS, LEVELS
from engine.domain.event import Value
from engine.domain.pace import Rate
from engine.language import leaf, leaf_time
from engine.language.nodes import Items, Node, Text, is_empty, place_of
from engine.language.pen import Pen
from engine.language.reader import Kind, one_of, phrase, wrong_shape

DURATION: Kind[Duration] = phrase(
    "a length of time", leaf_time.longer_than_nothing, "3 days", "1 day 12 hours"
)
LOOKING_BACK: Kind[timedelta] = phrase("a length of time", leaf_time.looking_back, "7 days")
ELAPSED: Kind[timedelta] = phrase("a length of time", leaf_time.elapsed, "30 minutes")
HOW_OFTEN: Kind[timedelta] = phrase("a rhythm", leaf_time.how_often, "every hour")
TIME: Kind[time] = phrase("a time of day", leaf_time.time_of_day, "09:00")
WINDOW = phrase("a window of time", leaf_time.window, "Mon-Fri 09:00-18:00", "20:00-08:00")
CAP = phrase("a cap", leaf.cap, "1 per calendar day", "3 per 7 days", "at least 16 hours apart")
OVERFLOW = phrase(
    "what happens over a cap", leaf.overflow, "postpone up to 3 days, then drop", "skip", "leave"
)
RATE: Kind[Rate] = phrase("a rate", leaf.rate, "50 per second", "20 per minute")
SHARE: Kind[int] = phrase("a share", leaf.share, "45%", pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})? ?%$")
NUMBER: Kind[float] = phrase("a number", leaf.number, "3")
WHOLE: Kind[int] = phrase("a whole number", leaf.whole, "3")
LEVEL: Kind[str] = one_of(*LEVELS, called="a level")
MOODS = (*EMOTIONS, *GROUPS)
TONE: Kind[str] = one_of(*MOODS, "neutral")

NAME: Kind[str] = phrase("a name", leaf.kebab, "win-back", pattern="^[a-z][a-z0-9-]*$")
ATTRIBUTE: Kind[str] = phrase("an attribute", leaf.snake, "first_name")
_EVENT_NAME = phrase("an event", leaf.event_name, "order.placed")


def _read_event(node: Node, pen: Pen) -> str:
    text = _EVENT_NAME.read(node, pen)
    pen.use("event", text, place_of(node))
    return text


EVENT: Kind[str] = Kind("an event", _read_event, _EVENT_NAME.schema)


def refers(kind: str, called: str, parse: Callable[[str], str] = leaf.kebab) -> Kind[str]:
    """The name of another thing, which has to exist; `checks.references` looks for it."""
    name = phrase(called, parse)

    def read(node: Node, pen: Pen) -> str:
        text = name.read(node, pen)
        pen.use(kind, text, place_of(node))
        return text

    return Kind(called, read, {"type": "string"})


MAIL = refers("mail", "a mail", leaf.mail_name)
SEGMENT = refers("segment", "a segment")
PERSONA = refers("persona", "a persona")
JOURNEY = refers("journey", "a journey")
SENDER = refers("sender", "a sender")
TEAM = refers("team", "a team")
CATEGORY = refers("category", "a category")

_TOPIC_NAME = phrase(
    "a topic or purpose", lambda text: text if text in PURPOSES else leaf.kebab(text)
)


def _read_topic(node: Node, pen: Pen) -> str:
    text = _TOPIC_NAME.read(node, pen)
    if text not in PURPOSES:
        pen.use("topic", text, place_of(node))
    return text


TOPIC: Kind[str] = Kind("a topic or purpose", _read_topic, {"type": "string"})


# ── values of attributes and properties ───────────────────────────────────────────────────────

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")
TEXT_ATTRIBUTES = frozenset(
    {"id", "email", "first_name", "last_name", "locale", "country", "time_zone"}
)
"""Attributes that are text even where they look like something else (`country: NO`)."""


def value_of(node: Text) -> Value:
    """What a single value is: quoted it is text; `yes`, `no` and numbers are what they look like."""
    text = node.text
    if node.quoted:
        return text
    if text in ("yes", "true"):
        return True
    if text in ("no", "false"):
        return False
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def _read_value(node: Node, pen: Pen) -> Value:
    if isinstance(node, Items):
        texts = [item.text for item in node.items if isinstance(item, Text)]
        if len(texts) < len(node.items):
            raise pen.error(
                "103",
                place_of(node),
                "a list of values holds single values only",
                "write `[one, two]`",
            )
        return tuple(texts)
    if isinstance(node, Text) and not is_empty(node):
        return value_of(node)
    raise wrong_shape(node, "this is a single value", pen)


VALUE: Kind[Value] = Kind(
    "a value",
    _read_value,
    {
        "type": ["string", "number", "boolean", "array"],
        "items": {"type": ["string", "number", "boolean"]},
    },
)


def read_attribute(name: str, node: Node, pen: Pen) -> Value:
    """A value for an attribute; the attributes of `TEXT_ATTRIBUTES` stay text."""
    if name in TEXT_ATTRIBUTES and isinstance(node, Text) and not is_empty(node):
        return node.text
    return VALUE.read(node, pen)
