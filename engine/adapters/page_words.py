"""The words of the pages that customers see, and of the one mail that belongs to them, by language.

Each language is one file of `page_texts`, each line of it a key and a sentence; a test compares them. What
stands between braces is put in; the sentences are plain text and become HTML here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from engine.domain.calendar import local

LAST_RESORT = "en"


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are pages in: ISO 639, in alphabetical order."""
    folder = files(__package__) / "page_texts"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml")))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one reader. `locale` writes dates, `language` is that of the sentences."""

    locale: str
    language: str

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the sentences run."""
        rtl = Locale.parse(self.language).text_direction == "right-to-left"
        return "rtl" if rtl else "ltr"

    def text(self, key: str, **values: object) -> str:
        """A sentence as plain text."""
        return _texts(self.language)[key].format(**values)

    def html(self, key: str, **values: object) -> str:
        """A sentence as HTML; the `values` are HTML already."""
        return escape(_texts(self.language)[key]).format(**values)

    def date(self, moment: datetime, zone: str) -> str:
        """The day of an instant where the reader lives, written out."""
        return format_date(local(moment, zone).date(), "long", locale=_parsed(self.locale))

    def name_of(self, locale: str) -> str:
        """What a language calls itself."""
        known = _known(locale)
        named = known.get_display_name(known) if known is not None else None
        return named[:1].upper() + named[1:] if named else locale


def words_for(*wanted: str | None, accepts: str = "", company: Sequence[str] = ()) -> Words:
    """The words for a reader: what they said, else what their browser takes, else the business's.

    `wanted` are locales such as `pt-BR`, the best first; `accepts` is an `Accept-Language` header
    (RFC 9110), read without trust. Where there are no pages in any of them, English.
    """
    for locale in (*filter(None, wanted), *_accepted(accepts), *company):
        known = _known(locale)
        if known is not None and known.language in languages():
            return Words(str(known), known.language)
    return Words(LAST_RESORT, LAST_RESORT)


_LONGEST, _MOST = 300, 12


def _accepted(header: str) -> list[str]:
    weighed = []
    for place, part in enumerate(header[:_LONGEST].split(",")[:_MOST]):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if 0 < weight <= 1:
            weighed.append((-weight, place, tag.strip()))
    return [tag for _, _, tag in sorted(weighed)]


@cache
def _parsed(locale: str) -> Locale:
    return Locale.parse(locale)


def _known(locale: str) -> Locale | None:
    """The locale of a tag, without what nobody knows at its end; None for no language at all."""
    parts = locale.replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("_".join(parts[:length]))
        except (ValueError, UnknownLocaleError):
            continue
    return None


@cache
def _texts(language: str) -> dict[str, str]:
    file = files(__package__) / "page_texts" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
