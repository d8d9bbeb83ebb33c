"""How easily a mail is read: long sentences, heavy words, length, and whom it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.care.doubt import Doubt, Sample
from engine.language.care.words import Words, words_in

HARDEST = 48.0
"""Flesch's reading ease from which a mail is hard: below 50 is `difficult` (Flesch, 1949)."""
LONGEST_SENTENCE = 45
MOST_WORDS = 300
_ENOUGH = 25
"""Of fewer words no figure says anything."""

_WE = frozenset({"we", "our", "ours", "us", "we're", "we've", "we'll", "we'd", "ourselves"})
_YOU = frozenset({"you", "your", "yours", "you're", "you've", "you'll", "you'd", "yourself"})
_SPOKEN_ENDS = ("ted", "ded", "ses", "zes", "ches", "shes", "ges", "ces")
_VOWELS = re.compile(r"[aeiouy]+")


def doubts(sample: Sample, words: Words, *, apology: bool) -> Iterator[Doubt]:
    """Doubts about the whole mail. An apology says `we` for a good reason."""
    sentences = [(sentence, words_in(sentence)) for sentence in words.sentences()]
    running = [(sentence, said) for sentence, said in sentences if len(said) >= 4]
    count = sum(len(said) for _, said in sentences)
    if count > MOST_WORDS:
        yield Doubt(
            "T524",
            f"{count} words are more than most people read to the end of a mail",
            f"say the one thing that matters in under {MOST_WORDS}, and link to the rest",
            whole=True,
        )
    in_sentences = sum(len(said) for _, said in running)
    if in_sentences >= _ENOUGH:
        longest, said = max(running, key=lambda one: _weight(one[1]))
        hardest = max(running, key=lambda one: len(one[1]))
        ease = reading_ease([said for _, said in running])
        if len(hardest[1]) > LONGEST_SENTENCE:
            longest, said = hardest
        if ease < HARDEST or len(said) > LONGEST_SENTENCE:
            quote = " ".join(longest.text.split())
            yield Doubt(
                "T523",
                f"this is hard to read: a sentence of {len(said)} words, and a reading ease of"
                f" {ease:.0f} (60 and more is easy)",
                "cut the sentence in two, and choose the word you would say aloud",
                quote,
                whole=True,
            )
    if not apology:
        yield from _about_us(sample, [word for _, said in sentences for word in said])


def _weight(said: list[str]) -> float:
    return len(said) + 2.0 * sum(syllables(word) > 3 for word in said)


def reading_ease(sentences: list[list[str]]) -> float:
    """Flesch's reading ease: 206.835 - 1.015 words a sentence - 84.6 syllables a word."""
    words = [word for sentence in sentences for word in sentence]
    spoken = sum(syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * spoken / len(words)


def syllables(word: str) -> int:
    """The syllables of an English word, by its vowels: right for nine words of ten."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if not letters:
        return 1
    count = len(_VOWELS.findall(letters))
    if letters.endswith(("ed", "es")) and not letters.endswith(
        ("ted", "ded", "ses", "zes", "ches", "shes", "ges", "ces")
    ):
        count -= 1
    elif letters.endswith("e") and not letters.endswith(("le", "ee", "ye")):
        count -= 1
    return max(count, 1)


def _about_us(sample: Sample, said: list[str]) -> Iterator[Doubt]:
    ours = sum(word in _WE for word in said)
    yours = sum(word in _YOU for word in said)
    if ours >= 5 and ours > 2 * yours + 1:
        yield Doubt(
            "T525",
            f"`we` and `our` stand here {ours} times, `you` and `your` {yours} times",
            "say what it means for the reader; start one paragraph with `you`",
            whole=True,
        )
