"""What the messages of people say of how they feel: scores and places, never the words (R6.3)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, NUMBERS, Row, table_of


class ScoreRow(Row, table=True):
    """One message (`domain.message_mood.MessageMood`). `probabilities` are in the order of
    `emotion.EMOTIONS`. `evidence` lists start, end, emotion and weight, for as long as the words are
    kept; then it is null."""

    __tablename__ = "score"
    __table_args__: ClassVar[Any] = (
        Index("ix_score_at", "at"),
        Index(
            "ix_score_evidence",
            "at",
            postgresql_where=text("evidence IS NOT NULL"),
            sqlite_where=text("evidence IS NOT NULL"),
        ),
    )

    person_id: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    at: int = Field(sa_type=MICROS)
    recorded_at: int = Field(sa_type=MICROS)
    source: str
    thread: str = ""
    words: int
    confidence: float
    probabilities: bytes = Field(sa_type=NUMBERS)
    valence: float = 0.0
    arousal: float = 0.0
    urgency: float = 0.0
    mixed: bool = False
    sarcasm_suspected: bool = False
    evidence: list[Any] | None = Field(default=None, sa_type=DOCUMENT)
    model: str = ""


SCORE = table_of(ScoreRow)
