"""Everything about one person that a decision may see, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain.consent import PURPOSES, ConsentEntry
from engine.domain.disposition import Disposition
from engine.domain.emotion import EmotionConfig, Reading
from engine.domain.event import Event, History
from engine.domain.journey import Class, Journey, Policy, Team
from engine.domain.jurisdiction import Law
from engine.domain.lifecycle import LifecycleConfig, Standing, Thresholds
from engine.domain.message_mood import MessageMood
from engine.domain.person import Person
from engine.domain.preference import Preference, Wishes, wishes
from engine.domain.segment import Persona, Segment


@dataclass(frozen=True, slots=True)
class Sent:
    """A slot taken: one mail that left or is about to, with category and tags frozen (R3.5).

    `person` may be another profile with the same mailbox. `ghost` is a hold-out's (R3.4): a ledger of
    its own, so ghosts count only against ghosts.
    """

    person: str
    mail: str
    category: str
    klass: Class
    at: datetime
    tags: tuple[str, ...] = ()
    run: str = ""
    step: str = ""
    ghost: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said of a draft: whether it may go, who said so and when, and why not (R7.3)."""

    approved: bool
    by: str = ""
    at: datetime | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """One person at one instant. `sent` holds everything to the person or their mailbox that a cap
    may still count; `memberships` the segments they are in and since when; `suppressed` why their
    address is never written to, or None. `judged` are the drafts that somebody looked at, by the
    version they saw (`drafts.version_of`) and the send id. `mailbox_consents` are the lines of other
    profiles of the mailbox that hold for all of them (`consent.is_shared`), and `mailbox_preferences`
    what these chose. `moods` are the messages that
    `readings` and `disposition` come from, where somebody looks back at them: no decision does."""

    person: Person
    history: History = field(default_factory=History)
    consents: tuple[ConsentEntry, ...] = ()
    readings: tuple[Reading, ...] = ()
    disposition: Disposition | None = None
    standing: Standing = Standing()
    memberships: Mapping[str, datetime] = field(default_factory=dict)
    sent: tuple[Sent, ...] = ()
    suppressed: str | None = None
    judged: Mapping[tuple[str, str], Judgement] = field(default_factory=dict)
    mailbox_consents: tuple[ConsentEntry, ...] = ()
    moods: tuple[MessageMood, ...] = ()
    preferences: tuple[Preference, ...] = ()
    mailbox_preferences: tuple[Preference, ...] = ()

    def wishes(self) -> Wishes:
        """What was chosen for the mailbox, by whichever of its profiles."""
        return wishes((*self.preferences, *self.mailbox_preferences))

    def ledger(self, topic: str) -> tuple[ConsentEntry, ...]:
        """The lines that a topic or purpose is decided on: their own, and on mail those they share."""
        if not self.mailbox_consents or topic in PURPOSES:
            return self.consents
        return (*self.consents, *self.mailbox_consents)


@dataclass(frozen=True, slots=True)
class MailHeader:
    """What the decisions need to know of a mail: its front matter, without the body. `version` is the
    hash of all that its reader may see of it: an approval holds for that and nothing else (R7.3).
    `tone` is its own, where the mood does not decide."""

    name: str
    sender: str | None = None
    tags: tuple[str, ...] = ()
    promotion_blocks: bool = False
    version: str = ""
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """The database was restored from a backup: what happened in `(since, until]` it does not know.

    Until somebody has answered (`asked`), everything stands still. Then what fell due in that time is
    passed over, for it may have left already, or sent, because somebody knows that it has not.
    """

    since: datetime
    until: datetime
    answer: Literal["asked", "skip", "send"]

    def passes_over(self, at: datetime) -> bool:
        """Whether marketing and service mail that falls due at this instant is passed over."""
        return self.answer == "skip" and self.since < at <= self.until


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A whole compiled project: all that turns need besides facts. One applied version is one of these.

    `version` is the hash that it was applied under, empty for files that were not. `personas` are in
    order of rank, then name. `company_zone` is a valid IANA name.
    `paused` and `paused_journeys` come from the engine's switch (`pause`), not from files (R2.11), and
    so does `judged`: what was said of first sends, by version (`drafts.version_of`) and step (R7.3). So
    do `winners`: by `(journey, step)` the variant that newcomers get since it won (R8.2).
    `segments_since` and `journeys_since` say since when a definition is live (for a journey: live, not
    paused): the first look at a segment afterwards enters nobody, and schedules fire only later (R1.1).
    `backfills` has the journeys that let in who is inside their segment already, and when that was
    confirmed: the first look from then on is their way in.
    """

    journeys: Mapping[str, Journey]
    segments: Mapping[str, Segment]
    personas: tuple[Persona, ...]
    policy: Policy
    mails: Mapping[str, MailHeader]
    teams: Mapping[str, Team] = field(default_factory=dict)
    lifecycle: LifecycleConfig = LifecycleConfig()
    thresholds: Thresholds = Thresholds()
    emotion: EmotionConfig = EmotionConfig()
    law: Law = Law()
    company_zone: str = "UTC"
    company_name: str = ""
    salt: str = ""
    version: str = ""
    paused: bool = False
    paused_journeys: frozenset[str] = frozenset()
    judged: Mapping[tuple[str, str], Judgement] = field(default_factory=dict)
    winners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    segments_since: Mapping[str, datetime] = field(default_factory=dict)
    journeys_since: Mapping[str, datetime] = field(default_factory=dict)
    restored: Restored | None = None

    @property
    def stands_still(self) -> bool:
        """Whether nothing moves, because the database was restored and nobody has answered yet."""
        return self.restored is not None and self.restored.answer == "asked"

    @property
    def care_team(self) -> str | None:
        """The team that reads what people write who need a person (`emotion.hand_to`): the first one
        where none is named; None where there is none, or nobody is to be asked."""
        named = self.emotion.hand_to
        return next(iter(self.teams), None) if named is None else named or None

    backfills: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a condition is asked from: inside a run or outside (`OUTSIDE`).

    `since_entry`: only events since the entry count (goal, measure, `leave_when`). `from_entry`:
    `within` runs from the entry forward instead of back from now (goal, measure). The entry event
    itself never counts for either. A segment or persona inside a condition is asked from outside.
    """

    entry: Event | None = None
    entered_at: datetime | None = None
    since_entry: bool = False
    from_entry: bool = False


OUTSIDE = Scope()
