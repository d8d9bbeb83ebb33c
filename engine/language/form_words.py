"""`forms:` of the config: sign-up forms for everybody, at `/s/NAME`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from engine.domain.consent import PURPOSES
from engine.domain.countries import COUNTRIES
from engine.domain.forms import Form
from engine.language.nodes import Node, Text
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    Got,
    Kind,
    NotAPhrase,
    Shape,
    Word,
    block_of,
    in_shape,
    one_of,
    one_or_more,
    phrase,
    plain_text,
    short,
)
from engine.language.values import TOPIC

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
"""The languages that our pages speak."""

FIELDS = ("first_name", "last_name", "country")

_WORDS = plain_text("words", most=2_000)


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise NotAPhrase(
            "C151",
            f"`{short(text)}` is no language that our pages speak",
            f"they speak {', '.join(LANGUAGES)}",
        )
    return text


_IN_EACH = block_of(_WORDS, "words by language", phrase("a language", _language, "en"))


def _read_by_language(node: Node, pen: Pen) -> Mapping[str, str]:
    """Words in each language, or once, for the default language alone."""
    if isinstance(node, Text):
        return {"": _WORDS.read(node, pen)}
    return _IN_EACH.read(node, pen)


BY_LANGUAGE: Kind[Mapping[str, str]] = Kind(
    "words, or words by language",
    _read_by_language,
    {
        "anyOf": [
            _WORDS.schema,
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {language: _WORDS.schema for language in LANGUAGES},
            },
        ]
    },
)


def _country(text: str) -> str:
    if text.upper() not in COUNTRIES:
        raise NotAPhrase("C152", f"`{short(text)}` is no country", "write two letters, like `US`")
    return text.upper()


def _frame(text: str) -> str:
    if not re.fullmatch(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", text):
        raise NotAPhrase(
            "C153",
            f"`{short(text)}` is no web site that may show a form",
            "write it without a path: `https://cozy.example`",
        )
    return text


TOPICS = Word("topics", one_or_more(TOPIC), "What it signs up to.", "newsletter", required=True)
WORDING = Word(
    "wording",
    BY_LANGUAGE,
    "What people agree to. It is kept with every sign-up, in the language it was shown in.",
    "Send me the newsletter of The Cozy Coffee Shop about once a week.",
    required=True,
)
VERSION = Word(
    "version",
    plain_text("a version", most=100),
    "The name of these words; a new one whenever they change.",
    "2026-11",
    required=True,
)
TITLE = Word("title", BY_LANGUAGE, "The heading of the page.", "Letters from the roastery")
THANKS = Word("thanks", BY_LANGUAGE, "What is said afterwards.", "Thank you. Look into your mail.")
F_FIELDS = Word(
    "fields", one_or_more(one_of(*FIELDS)), "What it asks beside the address.", "first_name"
)
F_COUNTRY = Word(
    "country",
    phrase("a country", _country, "US"),
    "Where its people live as long as they do not say; it decides which law counts.",
    "US",
)
FRAMES = Word(
    "frames",
    one_or_more(phrase("a web site", _frame, "https://cozy.example")),
    "The web sites that may show it in a frame.",
    "https://cozy.example",
)
FORM = Shape(
    "a form", (TOPICS, WORDING, VERSION, TITLE, THANKS, F_FIELDS, F_COUNTRY, FRAMES)
)  # fmt: skip


def _form(got: Got, pen: Pen) -> Form:
    topics, wording, version = got.need(TOPICS), got.need(WORDING), got.need(VERSION)
    if not got.is_whole(FORM.words):
        raise Unreadable
    if not wording:
        raise pen.error("103", got.value(WORDING), "a form needs its words", "write them")
    for topic in topics:
        if topic in PURPOSES:
            raise pen.error(
                "C154",
                got.value(TOPICS),
                f"`{topic}` is no kind of mail that one can sign up to",
                "name a marketing category",
            )
    for word in (TITLE, THANKS):
        lacks = sorted(wording.keys() - (got.get(word) or wording).keys())
        if lacks:
            named = ", ".join(filter(None, lacks))
            raise pen.error(
                "C155",
                got.value(word),
                f"`{word.name}` is not there in every language of `wording`",
                f"add {named}" if named else "write both once, or both by language",
            )
    return Form(
        name="",
        topics=topics,
        version=version,
        wording=wording,
        title=got.get(TITLE) or {},
        thanks=got.get(THANKS) or {},
        fields=tuple(dict.fromkeys(got.get(F_FIELDS) or ())),
        country=got.get(F_COUNTRY) or "",
        frames=got.get(FRAMES) or (),
    )


A_FORM: Kind[Form] = in_shape(FORM, _form)


def named_forms(forms: Mapping[str, Form], locale: str) -> Mapping[str, Form]:
    """The forms with their names. Words that were written once are in the language of `locale`, the
    first of the business, or in English where our pages do not speak it."""
    spoken = locale.partition("-")[0].lower()
    default = spoken if spoken in LANGUAGES else LANGUAGES[0]

    def told(words: Mapping[str, str]) -> Mapping[str, str]:
        named = {language or default: text for language, text in words.items()}
        return dict(sorted(named.items(), key=lambda one: one[0] != default))

    return {
        name: replace(
            form, name=name, wording=told(form.wording), title=told(form.title),
            thanks=told(form.thanks),
        )
        for name, form in forms.items()
    }  # fmt: skip
