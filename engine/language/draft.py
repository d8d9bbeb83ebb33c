"""A draft as a kind, experienced colleague reads it: only what is surely wrong, and only as doubts.

It reads the mail as it was written with its samples, so that of several wordings one is judged.
Every finding quotes the words it is about, so that their line can be found in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubt about the words of a mail; `quote` are words of it."""

    code: str
    message: str
    help: str
    quote: str


def doubts(subject: str, preheader: str, html: str, text: str, *, serves: bool) -> Iterator[Doubt]:
    """What is doubtful in a written mail. `text` is its plain part; `serves` says that its category
    is of the class service, where an apology never argues."""
    words = _URL.sub("", "\n".join((subject, preheader, text)))
    yield from _exclamations(words)
    yield from _shouting(words)
    yield from _links(html)
    yield from _urgency(words)
    if serves and _SORRY.search(words):
        yield from _arguing(words)


_URL = re.compile(r"(?:https?://|www\.|mailto:|#)\S+")


def _exclamations(words: str) -> Iterator[Doubt]:
    found = [line for line in words.split("\n") for _ in range(line.count("!"))]
    if len(found) > 1:
        yield Doubt(
            "T504",
            f"{len(found)} exclamation marks in one mail sound louder than they are meant",
            "keep one at most",
            found[1].partition("!")[0][-30:].lstrip() + "!",
        )


_CAPITALS = re.compile(r"\b[A-Z]{2,}(?: +(?:[A-Z]{2,}|I|A)\b){2,}")
_LONG = re.compile(r"[A-Z]{4,}")


def _shouting(words: str) -> Iterator[Doubt]:
    """Three words in capitals in a row, and enough long ones that they are no abbreviations."""
    for found in _CAPITALS.finditer(words):
        long, all_of_them = len(_LONG.findall(found.group())), len(found.group().split())
        if long >= 2 or (long and all_of_them > 3):
            yield Doubt(
                "T505",
                f"`{found.group()[:40]}` shouts",
                "write it in small letters; if it matters, say why",
                found.group()[:40],
            )
            return


_ANCHOR = re.compile(r"<a\b[^<>]*>((?:(?!</?a\b).)*)</a>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_EMPTY_WORDS = frozenset(
    {
        "here",
        "click here",
        "click",
        "link",
        "this link",
        "click this link",
        "tap here",
        "klick hier",
        "hier",
    }
)


def _links(html: str) -> Iterator[Doubt]:
    for found in _ANCHOR.finditer(html):
        said = " ".join(unescape(_TAG.sub("", found[1])).split())
        if said.lower().strip(" .!>→»") in _EMPTY_WORDS:
            yield Doubt(
                "T506",
                f"the link `{said}` does not say where it leads",
                "name what is behind it, like `Choose a bag`; screen readers read links alone",
                said,
            )


_URGENT = re.compile(
    r"\b(?:last chance|act now|don['’]t miss out|time is running out)\b"
    r"|(?:^|(?<=[.!?:] ))hurry\b(?: up\b)?",
    re.IGNORECASE | re.MULTILINE,
)
_NO = re.compile(r"\b(?:no|not|never|any|without|n['’]t)\b(?:\W+\w+){0,3}\W*$", re.IGNORECASE)


def _urgency(words: str) -> Iterator[Doubt]:
    for found in _URGENT.finditer(words):
        if _NO.search(words[max(0, found.start() - 40) : found.start()]):
            continue  # "no need to hurry"
        yield Doubt(
            "T507",
            f"`{found.group()}` presses people",
            "say until when it holds, and let them decide",
            found.group(),
        )
        return


_SORRY = re.compile(r"\b(?:sorry|apolog(?:y|ies|ise|ize)\w*)\b", re.IGNORECASE)
_ARGUES = re.compile(
    r"\b(?:any inconvenience|(?:sorry|apologi[sz]e),? (?:but|if you)\b|sorry you feel)",
    re.IGNORECASE,
)


def _arguing(words: str) -> Iterator[Doubt]:
    found = _ARGUES.search(" ".join(words.split()))
    if found:
        yield Doubt(
            "T508",
            f"`{found.group()}` takes the apology back",
            "name what went wrong, say that it was you, and what you do about it",
            found.group(),
        )
