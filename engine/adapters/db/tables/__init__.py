"""The tables, in SQLModel, one noun a file. Hot paths use the Core tables named in capitals."""

from engine.adapters.db.tables.approval import APPROVAL, ApprovalRow
from engine.adapters.db.tables.base import Row
from engine.adapters.db.tables.consent import CONSENT, ConsentRow
from engine.adapters.db.tables.due import DUE, DueRow
from engine.adapters.db.tables.event import EVENT, EventRow
from engine.adapters.db.tables.membership import MEMBERSHIP, MembershipRow
from engine.adapters.db.tables.outbox import OUTBOX, OutboxRow
from engine.adapters.db.tables.person import PERSON, PersonRow
from engine.adapters.db.tables.reading import READING, ReadingRow
from engine.adapters.db.tables.run import RUN, RunRow
from engine.adapters.db.tables.slot import SLOT, SlotRow
from engine.adapters.db.tables.suppression import SUPPRESSION, SuppressionRow
from engine.adapters.db.tables.switch import SWITCH, SwitchRow
from engine.adapters.db.tables.task import TASK, TaskRow
from engine.adapters.db.tables.threshold import THRESHOLD, ThresholdRow
from engine.adapters.db.tables.trace import TRACE, TraceRow
from engine.adapters.db.tables.trial import TRIAL, TrialRow
from engine.adapters.db.tables.version import ASSET, VERSION, AssetRow, VersionRow

METADATA = Row.metadata

__all__ = [
    "APPROVAL",
    "ASSET",
    "CONSENT",
    "DUE",
    "EVENT",
    "MEMBERSHIP",
    "METADATA",
    "OUTBOX",
    "PERSON",
    "READING",
    "RUN",
    "SLOT",
    "SUPPRESSION",
    "SWITCH",
    "TASK",
    "THRESHOLD",
    "TRACE",
    "TRIAL",
    "VERSION",
    "ApprovalRow",
    "AssetRow",
    "ConsentRow",
    "DueRow",
    "EventRow",
    "MembershipRow",
    "OutboxRow",
    "PersonRow",
    "ReadingRow",
    "RunRow",
    "SlotRow",
    "SuppressionRow",
    "SwitchRow",
    "TaskRow",
    "ThresholdRow",
    "TraceRow",
    "TrialRow",
    "VersionRow",
]
