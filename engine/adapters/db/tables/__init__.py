"""The nouns of the store, one a file, as SQLModel tables.

They are imported when first asked for (`tables.PERSON`): pydantic takes a fifth of a second to make
them, and commands that only read do without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from engine.adapters.db.tables.address_key import ADDRESS_KEY, AddressKeyRow
    from engine.adapters.db.tables.alert import ALERT, AlertRow
    from engine.adapters.db.tables.alias import ALIAS, AliasRow
    from engine.adapters.db.tables.approval import APPROVAL, ApprovalRow
    from engine.adapters.db.tables.base_rate import BASE_RATE, BaseRateRow
    from engine.adapters.db.tables.bounce import BOUNCE, BounceRow
    from engine.adapters.db.tables.collected import COLLECTED, CollectedRow
    from engine.adapters.db.tables.consent import CONSENT, ConsentRow
    from engine.adapters.db.tables.due import DUE, DueRow
    from engine.adapters.db.tables.event import EVENT, EventRow
    from engine.adapters.db.tables.former import FORMER, FormerRow
    from engine.adapters.db.tables.inbox import INBOX, InboxRow
    from engine.adapters.db.tables.mark import MARK, MarkRow
    from engine.adapters.db.tables.membership import MEMBERSHIP, MembershipRow
    from engine.adapters.db.tables.notice import NOTICE, NoticeRow
    from engine.adapters.db.tables.outbox import OUTBOX, OutboxRow
    from engine.adapters.db.tables.pace import PACE, PaceRow
    from engine.adapters.db.tables.person import PERSON, PersonRow
    from engine.adapters.db.tables.preference import PREFERENCE, PreferenceRow
    from engine.adapters.db.tables.profile import PROFILE, ProfileRow
    from engine.adapters.db.tables.reading import READING, ReadingRow
    from engine.adapters.db.tables.run import RUN, RunRow
    from engine.adapters.db.tables.score import SCORE, ScoreRow
    from engine.adapters.db.tables.slot import SLOT, SlotRow
    from engine.adapters.db.tables.suppression import SUPPRESSION, SuppressionRow
    from engine.adapters.db.tables.switch import SWITCH, SwitchRow
    from engine.adapters.db.tables.task import TASK, TaskRow
    from engine.adapters.db.tables.threshold import THRESHOLD, ThresholdRow
    from engine.adapters.db.tables.told import TOLD, TOUCH, ToldRow, TouchRow
    from engine.adapters.db.tables.tombstone import TOMBSTONE, TombstoneRow
    from engine.adapters.db.tables.trace import TRACE, TraceRow
    from engine.adapters.db.tables.tracked import TRACKED, TrackedRow
    from engine.adapters.db.tables.trial import TRIAL, TrialRow
    from engine.adapters.db.tables.version import ASSET, VERSION, AssetRow, VersionRow
    from engine.adapters.db.tables.wording import WORDING, WordingRow
    from engine.adapters.db.tables.write_key import WRITE_KEY, WriteKeyRow

    METADATA: MetaData

_HOMES = {
    "ADDRESS_KEY": "address_key",
    "ALIAS": "alias",
    "ALERT": "alert",
    "APPROVAL": "approval",
    "ASSET": "version",
    "AddressKeyRow": "address_key",
    "AliasRow": "alias",
    "ApprovalRow": "approval",
    "AlertRow": "alert",
    "AssetRow": "version",
    "BASE_RATE": "base_rate",
    "BOUNCE": "bounce",
    "BaseRateRow": "base_rate",
    "BounceRow": "bounce",
    "COLLECTED": "collected",
    "CollectedRow": "collected",
    "CONSENT": "consent",
    "ConsentRow": "consent",
    "DUE": "due",
    "DueRow": "due",
    "EVENT": "event",
    "EventRow": "event",
    "FORMER": "former",
    "FormerRow": "former",
    "INBOX": "inbox",
    "InboxRow": "inbox",
    "MARK": "mark",
    "MEMBERSHIP": "membership",
    "MarkRow": "mark",
    "MembershipRow": "membership",
    "NOTICE": "notice",
    "NoticeRow": "notice",
    "OUTBOX": "outbox",
    "OutboxRow": "outbox",
    "PACE": "pace",
    "PERSON": "person",
    "PaceRow": "pace",
    "PersonRow": "person",
    "PREFERENCE": "preference",
    "PreferenceRow": "preference",
    "PROFILE": "profile",
    "ProfileRow": "profile",
    "READING": "reading",
    "RUN": "run",
    "ReadingRow": "reading",
    "RunRow": "run",
    "SCORE": "score",
    "SLOT": "slot",
    "ScoreRow": "score",
    "SUPPRESSION": "suppression",
    "SWITCH": "switch",
    "SlotRow": "slot",
    "SuppressionRow": "suppression",
    "SwitchRow": "switch",
    "TASK": "task",
    "THRESHOLD": "threshold",
    "TOLD": "told",
    "TOMBSTONE": "tombstone",
    "TOUCH": "told",
    "TRACE": "trace",
    "TRACKED": "tracked",
    "TRIAL": "trial",
    "TaskRow": "task",
    "ThresholdRow": "threshold",
    "ToldRow": "told",
    "TombstoneRow": "tombstone",
    "TouchRow": "told",
    "TraceRow": "trace",
    "TrackedRow": "tracked",
    "TrialRow": "trial",
    "VERSION": "version",
    "VersionRow": "version",
    "WORDING": "wording",
    "WRITE_KEY": "write_key",
    "WordingRow": "wording",
    "WriteKeyRow": "write_key",
}


def __getattr__(name: str) -> Any:
    """A table by its name, or all of them as `METADATA`."""
    if name == "METADATA":
        for home in sorted(set(_HOMES.values())):
            import_module(f"{__name__}.{home}")
        found = import_module(f"{__name__}.base").Row.metadata
    elif name in _HOMES:
        found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    globals()[name] = found
    return found


__all__ = [
    "ADDRESS_KEY",
    "ALERT",
    "ALIAS",
    "APPROVAL",
    "ASSET",
    "BASE_RATE",
    "BOUNCE",
    "COLLECTED",
    "CONSENT",
    "DUE",
    "EVENT",
    "FORMER",
    "INBOX",
    "MARK",
    "MEMBERSHIP",
    "METADATA",
    "NOTICE",
    "OUTBOX",
    "PACE",
    "PERSON",
    "PREFERENCE",
    "PROFILE",
    "READING",
    "RUN",
    "SCORE",
    "SLOT",
    "SUPPRESSION",
    "SWITCH",
    "TASK",
    "THRESHOLD",
    "TOLD",
    "TOMBSTONE",
    "TOUCH",
    "TRACE",
    "TRACKED",
    "TRIAL",
    "VERSION",
    "WORDING",
    "WRITE_KEY",
    "AddressKeyRow",
    "AlertRow",
    "AliasRow",
    "ApprovalRow",
    "AssetRow",
    "BaseRateRow",
    "BounceRow",
    "CollectedRow",
    "ConsentRow",
    "DueRow",
    "EventRow",
    "FormerRow",
    "InboxRow",
    "MarkRow",
    "MembershipRow",
    "NoticeRow",
    "OutboxRow",
    "PaceRow",
    "PersonRow",
    "PreferenceRow",
    "ProfileRow",
    "ReadingRow",
    "RunRow",
    "ScoreRow",
    "SlotRow",
    "SuppressionRow",
    "SwitchRow",
    "TaskRow",
    "ThresholdRow",
    "ToldRow",
    "TombstoneRow",
    "TouchRow",
    "TraceRow",
    "TrackedRow",
    "TrialRow",
    "VersionRow",
    "WordingRow",
    "WriteKeyRow",
]
