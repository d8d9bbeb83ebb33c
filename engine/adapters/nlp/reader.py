"""The port `MoodReader`, by the spaCy pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from engine.adapters.nlp.cleaning.own_words import own_words
from engine.adapters.nlp.cleaning.rewriting import Rewritten
from engine.adapters.nlp.component import BATCH, Emotion
from engine.application.ports.mood_reader import Written
from engine.domain.message_mood import Evidence, MessageMood

if TYPE_CHECKING:
    from spacy.language import Language


REMEMBERED = 20_000
"""So many words spaCy remembers, and how it cuts them; new ones it forgets after every batch from then on,
or memory would grow with each of them (some 500 bytes)."""


class SpacyMoodReader:
    """Reads messages in batches. Texts are cleaned before spaCy sees them, so that a megabyte of
    quotation costs next to nothing, and nothing that is no text can stop it."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        emotion = nlp.get_pipe("emotion")
        assert isinstance(emotion, Emotion)
        self._emotion = emotion

    @property
    def version(self) -> str:
        """The model and its back end, as in `2026.11-hybrid`."""
        return self._emotion.classifier.version

    def read(self, messages: Iterable[Written]) -> Iterator[MessageMood]:
        """One reading for each message, in the same order. Never raises because of a text."""
        waiting = iter(messages)
        while batch := list(islice(waiting, BATCH)):
            owns = [own_words(message.text) for message in batch]
            with self._forgetting():
                docs = self._nlp.pipe(
                    (self._doc(message, own) for message, own in zip(batch, owns, strict=True)),
                    batch_size=BATCH,
                )
                found = [
                    _mood(message, own, doc)
                    for message, own, doc in zip(batch, owns, docs, strict=True)
                ]
            yield from found

    def _forgetting(self) -> AbstractContextManager[object]:
        known = len(self._nlp.vocab) < REMEMBERED
        return nullcontext() if known else self._nlp.memory_zone()

    def _doc(self, message: Written, own: Rewritten) -> Doc:
        doc = self._nlp.make_doc(own.text)
        doc._.written = True
        doc._.names = tuple(message.names)
        return doc


def _mood(message: Written, own: Rewritten, doc: Doc) -> MessageMood:
    told = doc._
    if told.sensitive or not told.emotions:
        return MessageMood(
            message=message.message,
            at=message.at,
            source=message.source,
            thread=message.thread or message.message,
            words=0 if told.sensitive else told.word_count,
            sensitive=told.sensitive,
            model=told.emotion_model,
        )
    return MessageMood(
        message=message.message,
        at=message.at,
        source=message.source,
        probabilities=told.emotions,
        confidence=told.confidence,
        words=told.word_count,
        thread=message.thread or message.message,
        valence=told.valence,
        arousal=told.arousal,
        urgency=told.urgency,
        mixed=told.mixed,
        sarcasm_suspected=told.sarcasm_suspected,
        evidence=tuple(
            Evidence(*own.origin(start, end), emotion, weight)
            for start, end, emotion, weight in told.emotion_evidence or ()
        ),
        model=told.emotion_model,
    )
