"""Approvals: what somebody said of a draft before it may go out (R7.3)."""

from __future__ import annotations

from sqlmodel import Field

from engine.adapters.db.tables.base import MICROS, Row, table_of


class ApprovalRow(Row, table=True):
    """A judgement of a `version` (`domain.drafts.version_of`): of the first send of a step, `subject`
    being the step; or of one message, `subject` being its send id and `person_id` for whom.
    """

    __tablename__ = "approval"

    version: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    person_id: str | None = Field(default=None, index=True)
    approved: bool
    at: int = Field(sa_type=MICROS)
    by: str = ""
    because: str = Field(default="", sa_column_kwargs={"server_default": ""})


APPROVAL = table_of(ApprovalRow)
