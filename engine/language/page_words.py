"""`pages:` of the config: what customers may choose, and what things are called on their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.language.nodes import Entries, Node
from engine.language.pen import Pen
from engine.language.reader import TEXT, Got, Kind, Shape, Word, block_of
from engine.language.values import JOURNEY, NAME, TOPIC

Named = Mapping[str, str]
"""What something is called, by locale; under `""` where no locale is named."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What customers read and choose. `themes` are tags of mails that they may skip; `topics` and
    `journeys` have the names that people see. All by the name in the files."""

    themes: Mapping[str, Named] = field(default_factory=dict)
    topics: Mapping[str, Named] = field(default_factory=dict)
    journeys: Mapping[str, Named] = field(default_factory=dict)


_BY_LOCALE = block_of(TEXT, "a name for each locale")


def _read_name(node: Node, pen: Pen) -> Named:
    if isinstance(node, Entries):
        return _BY_LOCALE.read(node, pen)
    return {"": TEXT.read(node, pen)}


SPOKEN: Kind[Named] = Kind(
    "a name, or one for each locale",
    _read_name,
    {"anyOf": [TEXT.schema, _BY_LOCALE.schema]},
)
THEMES = Word(
    "themes",
    block_of(SPOKEN, "`themes`", NAME),
    "Tags of mails that people may skip, and what they are called on the page.",
    "{ mothers-day: Mother's Day }",
)
TOPICS = Word(
    "topics",
    block_of(SPOKEN, "`topics`", TOPIC),
    "What marketing categories are called on the pages.",
    "{ news: { en: News, de: Neues } }",
)
JOURNEY_NAMES = Word(
    "journeys",
    block_of(SPOKEN, "`journeys`", JOURNEY),
    "What journeys are called on `why did I get this`; without a name it says `a series of mails`.",
    "{ onboarding: Getting to know our coffee }",
)
PAGES = Shape("`pages`", (THEMES, TOPICS, JOURNEY_NAMES))


def read_pages(got: Got, pen: Pen) -> Pages:
    """The pages of a config."""
    return Pages(got.get(THEMES) or {}, got.get(TOPICS) or {}, got.get(JOURNEY_NAMES) or {})


def spoken(named: Named, locale: str) -> str | None:
    """A name in a locale, else in its language, else the one for all, else the first; None for none."""
    for tag in (locale.replace("_", "-"), locale.replace("_", "-").partition("-")[0], ""):
        if tag in named:
            return named[tag]
    return next(iter(named.values()), None)
