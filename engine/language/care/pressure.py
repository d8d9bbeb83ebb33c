"""Pressure: noise, false urgency, guilt, and the fear of missing out or of losing something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.care.doubt import Doubt, Sample, Where
from engine.language.care.words import Words, body_of

_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:|#)\S+")
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?: +(?:[A-Z]{2,}|I|A)\b){2,}")
_LONG = re.compile(r"[A-Z]{4,}")
_LOUD = re.compile(
    r"(?<![\w/-])(?:FREE|SALE|NOW|NEW|HUGE|LAST|CHANCE|HURRY|ONLY|TODAY|TONIGHT|NEVER|NOT|MUST|BIG|BEST|"
    r"STOP|IMPORTANT|URGENT|PLEASE|EVERYTHING|EVERYONE|ENDS|SAVE|YOU|YOUR|ALWAYS|REALLY|VERY|"
    r"IMMEDIATELY|FINAL|LIMITED|TIME|OFFER|EXCLUSIVE|SPECIAL|HALF|PRICE|BUY|SHOP|ORDER|DEAL|DEALS|MISS|"
    r"AMAZING|INCREDIBLE|WARNING|ATTENTION|ALERT|SORRY|THANK|LOVE|BACK|FRESH|EVER|ALL|READ|"
    r"THIS|FAST|LESS|NUMBER|WAIT|WOW|OMG|GUARANTEED|BIGGEST|DOUBLE|LOWEST|WHOLE|ENTIRE|MORE|FINALLY)(?![\w/-])"
)


def noise(sample: Sample) -> Iterator[Doubt]:
    """Exclamation marks and capitals, in any language that has them."""
    parts: list[tuple[Where, str]] = [
        ("subject", sample.subject),
        ("preheader", sample.preheader),
        ("body", body_of(sample)),
    ]
    parts = [(where, _ADDRESS.sub("", text)) for where, text in parts]
    yield from _exclamations(parts)
    yield from _shouting(parts, sample)


def _exclamations(parts: list[tuple[Where, str]]) -> Iterator[Doubt]:
    found = [
        (where, line[: mark.end()])
        for where, text in parts
        for line in text.split("\n")
        for mark in re.finditer("!", line)
    ]
    if len(found) > 1:
        where, until = found[1]
        yield Doubt(
            "T504",
            f"{len(found)} exclamation marks in one mail sound louder than they are meant",
            "keep one at most",
            until[-30:].lstrip(),
            where,
            whole=True,
        )


def _shouting(parts: list[tuple[Where, str]], sample: Sample) -> Iterator[Doubt]:
    """A row of words in capitals, or one that is written so for emphasis."""
    for where, text in parts:
        text = re.sub(r"\[[^\]\n]*\]", "", text)  # descriptions of pictures
        for found in _CAPITALS.finditer(text):
            long, all_of_them = len(_LONG.findall(found.group())), len(found.group().split())
            if found.group() in sample.company.upper() and sample.company.isupper():
                continue
            if long >= 2 or (long and all_of_them > 3):
                yield _shout(found.group()[:40], where)
                return
        loud = _LOUD.search(text) if sample.english else None
        if loud and not text.isupper() and len(loud.group()) > 1:
            yield _shout(loud.group(), where)
            return


def _shout(words: str, where: Where) -> Doubt:
    help = "write it in small letters; if it matters, say why"
    return Doubt("T505", f"`{words}` shouts", help, words, where, whole=True)


def doubts(sample: Sample, words: Words) -> Iterator[Doubt]:
    """Urgency, scarcity, fear and guilt."""
    calm = words.all("no hurry")
    urgent = words.first("urgency")
    if urgent is None:
        urgent = next(
            (
                span
                for span in words.all("hurry")
                if not words.denied(span) and not any(c.start <= span.start < c.end for c in calm)
            ),
            None,
        )
    if urgent is not None:
        yield Doubt(
            "T507",
            f"`{urgent.text}` presses people",
            "say until when it holds, and let them decide",
            urgent.text,
            words.where(urgent),
        )
    fear = words.first("scarcity", "fear") or next(
        (span for span in words.all("fear") if span[0].lower_ in ("do", "don't", "never", "not")),
        None,
    )
    if fear is not None and not (urgent is not None and fear.start == urgent.start):
        yield _afraid(fear.text, words.where(fear), sample)
    guilt = next(iter(words.all("guilt")), None)
    if guilt is not None:
        yield Doubt(
            "T509",
            f"`{guilt.text}` makes people feel guilty",
            "say what is in it for them, or say goodbye in good grace",
            guilt.text,
            words.where(guilt),
        )


def _afraid(quote: str, where: Where, sample: Sample) -> Doubt:
    """Mood design 5.5: never to people who are anxious or angry; to others it is only a doubt."""
    if sample.to_upset:
        return Doubt(
            "T515",
            f"`{quote}` frightens, and people who are anxious or angry can get this mail",
            "take it out, give them other words by `{% tone %}`, or keep them out by `hold_when`",
            quote,
            where,
            "error",
        )
    return Doubt(
        "T510",
        f"`{quote}` sells by the fear of missing something",
        "say what there is and until when, and leave the hurry out",
        quote,
        where,
    )
