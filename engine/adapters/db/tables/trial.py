"""Experiments in life, and what was read at their date."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field

from engine.adapters.db.tables.base import DOCUMENT, MICROS, Row, table_of


class TrialRow(Row, table=True):
    """One edition of an experiment (`domain.experiment.Trial`). `says`, `winner`, `p` and `arms` are
    written once, with `decided_at`."""

    __tablename__ = "trial"

    journey: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    edition: str = Field(primary_key=True)
    since: int = Field(sa_type=MICROS)
    first_at: int | None = Field(default=None, sa_type=MICROS)
    decided_at: int | None = Field(default=None, sa_type=MICROS)
    says: str | None = None
    winner: str | None = None
    p: float | None = None
    arms: list[Any] = Field(sa_type=DOCUMENT, nullable=False)


TRIAL = table_of(TrialRow)
