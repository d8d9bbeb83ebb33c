"""An apology names what went wrong, says whose doing it was, and says what is done about it. It does not
argue, and it does not sell.

What makes one whole is looked for, not what makes one bad: only where nothing of it is found is there a
doubt. The parts are those on which the research of apologies agrees (Lewicki, Polin and Lount, 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.domain.journey import Class
from engine.language.care.doubt import Doubt, Sample
from engine.language.care.words import Words

if TYPE_CHECKING:
    from spacy.tokens import Span

_BUT = frozenset({"but", "however", "although", "though", "yet", "nevertheless", "nonetheless"})


def doubts(sample: Sample, words: Words) -> Iterator[Doubt]:
    """What is doubtful about an apology; nothing for any other mail."""
    sorry = _sorry(sample, words)
    yield from _advertising(sample, words, apology=sorry is not None)
    if sorry is None:
        if sample.klass is not Class.MARKETING and _said(words):
            yield from _arguing(words)
        return
    where, quote = words.where(sorry), sorry.text
    if not words.all("what went wrong"):
        yield Doubt(
            "T511",
            "this apology does not say what went wrong for the reader",
            "name it in plain words: which order, what happened, how late",
            quote,
            where,
            whole=True,
        )
    if not words.all("our doing"):
        yield Doubt(
            "T512",
            "this apology does not say that it was your doing",
            "say it once and plainly, like `that was our mistake`, also where a carrier was part of it",
            quote,
            where,
            whole=True,
        )
    if not _making_good(words):
        yield Doubt(
            "T513",
            "this apology does not say what is done about it",
            "say what you have done, and what the reader can choose: a new one, or the money back",
            quote,
            where,
            whole=True,
        )
    yield from _arguing(words)
    yield from _selling(sample, words)


def is_one(sample: Sample, words: Words) -> bool:
    """Whether the mail is an apology."""
    return _sorry(sample, words) is not None


def _advertising(sample: Sample, words: Words, *, apology: bool) -> Iterator[Doubt]:
    """R5.3 for words: what reaches people without their consent to advertising does not sell. In an
    apology that is told as one."""
    span = words.first("an advertisement")
    if sample.klass is Class.MARKETING or apology or sample.sells or span is None:
        return
    yield Doubt(
        "T519",
        f"`{span.text}` advertises, and this mail reaches people who did not agree to that",
        "leave it for a mail in a marketing category",
        span.text,
        words.where(span),
    )


def _sorry(sample: Sample, words: Words) -> Span | None:
    """Where a mail says sorry, if that is its matter: in the head, in the first half, or twice."""
    said = _said(words)
    if not said:
        return None
    if len(said) > 1 or words.where(said[0]) != "body":
        return said[0]
    if sample.klass is Class.MARKETING:
        return said[0] if words.all("our doing") and words.all("what went wrong") else None
    body = [sentence for sentence in words.sentences() if len(sentence) > 3]
    first_half = body[: max(3, (len(body) + 1) // 2)]
    return said[0] if any(said[0].start in range(s.start, s.end) for s in first_half) else None


def _said(words: Words) -> list[Span]:
    """Where sorry is said, and not in passing."""
    passing = [(span.start, span.end) for span in words.all("sorry in passing")]
    return [
        span
        for span in words.all("sorry")
        if not any(start <= span.start < end for start, end in passing) and not words.denied(span)
    ]


def _making_good(words: Words) -> bool:
    """Whether something is done, beside asking for patience."""
    return any(not words.denied(span) or "not" in span.text for span in words.all("making good"))


def _arguing(words: Words) -> Iterator[Doubt]:
    span = next(iter(words.all("arguing")), None) or _but(words)
    if span is not None:
        yield Doubt(
            "T508",
            f"`{span.text}` takes the apology back",
            "name what went wrong, say that it was you, and what you do about it",
            span.text,
            words.where(span),
        )


def _but(words: Words) -> Span | None:
    """The `but` behind a sorry, in its sentence or at the head of the next one."""
    for sorry in words.all("sorry"):
        sentence = sorry.sent
        for token in words.doc[sorry.end : sentence.end]:
            if token.text in ":;":
                break
            if token.lower_ in _BUT:
                return words.doc[sorry.start : token.i + 1]
        following = words.doc[sentence.end : sentence.end + 2]
        if len(following) == 2 and following[0].lower_ in _BUT and following[1].lower_ != "you":
            return following
    return None


def _selling(sample: Sample, words: Words) -> Iterator[Doubt]:
    if sample.klass is not Class.MARKETING and sample.sells:
        return  # the block in it is told already: T501
    span = words.first("an offer")
    if span is None and not sample.sells:
        return
    yield Doubt(
        "T514",
        f"`{span.text}` sells in an apology" if span else "an apology holds an offer",
        "take it out; make good what went wrong, and offer something another day",
        span.text if span else "",
        words.where(span) if span else "body",
        severity="error",
        whole=True,
    )
