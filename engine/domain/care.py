"""People who need a person: somebody writes what should not wait for a journey (R2.7, R6.3).

A message that is `sensitive`, or urgent from somebody very upset, or a reply of somebody upset, becomes
the event `care.needed`, the only trace of it: no score, and of a sensitive one nothing but that it is.
A reply that asks something, or may want to leave, becomes `answer.needed`, whatever its writer agreed
to: that it waits for an answer is no profile of anybody (R5.10). So does a wish that no machine may grant.

The turn in which either acts opens a task for the care team, one at a time per person, and what comes
while it is open raises it. Until somebody has seen to a sensitive message or to a reply, its writer gets
no marketing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from engine.domain.arrival import MessageRead
from engine.domain.calendar import add
from engine.domain.changes import TaskOpened, TaskRaised
from engine.domain.consent import PURPOSES, ConsentEntry
from engine.domain.desk import Desk
from engine.domain.duration import Duration
from engine.domain.emotion import GROUPS, EmotionConfig
from engine.domain.engine_events import (
    ANSWER_NEEDED,
    CARE_NEEDED,
    TASK_DONE,
    TASK_OPENED,
    TASK_RAISED,
)
from engine.domain.event import Event, History
from engine.domain.facts import Facts, Rulebook
from engine.domain.ids import event_id, task_id
from engine.domain.message_mood import MessageMood
from engine.domain.receiving import may_profile
from engine.domain.values import END

SENSITIVE, URGENT, UPSET = "sensitive", "urgent", "upset"
QUESTION, LEAVING, ERASURE, ELSEWHERE, DISOWNED = (
    "question", "leaving", "erasure", "elsewhere", "disowned"
)  # fmt: skip
"""Why a reply waits: it asks something; it may want no more mail; it wants everything about its writer
deleted; somebody asks from another address that this person gets no more; somebody asks in their name, whom
their own domain disowns."""
DATA = "data"
"""They asked for their data, by an address that has not been theirs for long (`own_data`)."""

BECAUSE = "They wrote something that a person should read"
"""Why a task was opened without a journey. It says no more: a task outlives the consent (R5.10)."""

WAITS = {
    QUESTION: "They answered a mail and ask something",
    LEAVING: "They answered a mail and may want no more: decide, and take them off if so",
    ERASURE: "They want everything about them deleted: make sure that it is them, then `sincerely person"
    " erase` (GDPR Art. 17)",
    ELSEWHERE: "Somebody answered a mail of theirs from an address that is not theirs, and wants no"
    " more: find out whether it was them (`sincerely inbox list` has it)",
    DISOWNED: "Somebody wrote in their name and wants no more, and the domain of their address says that"
    " it was somebody else: find out (`sincerely inbox list` has it)",
    DATA: "They asked for their data, and their address is new here: find out whether it is them, and"
    " answer within a month",
}
"""Why a task was opened because somebody waits for an answer."""
UNTIL = "until"
"""The property of `answer.needed` that says until when: an instant, ISO 8601."""
HEARD = "heard"
"""The property that says where in the text of the reply it was heard: `12-48`, in characters."""
REPLY = "reply"
"""The source of feedback that answered a mail."""

ALARMING = ("angry", "anxious")
PRESSING = 0.6
"""The urgency from which a very upset message does not wait until somebody comes across it."""
AT_ONCE = 0.85
"""The urgency from which it does not wait for the team to open either."""

_RANKS = {"now": 0, "today": 1, "this week": 2}
_NEEDS = frozenset({CARE_NEEDED, ANSWER_NEEDED})
_UNTIL_DONE = frozenset({LEAVING, ERASURE, ELSEWHERE, DISOWNED})
_RESTS = frozenset({SENSITIVE, UPSET, QUESTION, *_UNTIL_DONE})


# ── what a message asks for ───────────────────────────────────────────────────────────────────


def alarm_of(
    arrival: MessageRead, ledger: Sequence[ConsentEntry], now: datetime | None = None
) -> Event | None:
    """The `care.needed` of a message, if it asks for a person and its writer may be read (R5.10), still
    `now` where that is given."""
    found = asks_for(arrival.mood, arrival.by)
    if found is None or not may_profile(ledger, arrival.at, now):
        return None
    why, urgency = found
    message = arrival.mood.message
    return Event(
        id=event_id(CARE_NEEDED, arrival.person_id, message),
        name=CARE_NEEDED,
        at=arrival.at,
        properties={"why": why, "urgency": urgency, "message": message},
        source="engine",
    )


def asks_for(mood: MessageMood, config: EmotionConfig) -> tuple[str, str] | None:
    """Why a person is needed and how soon, or None. A mood that counts only a little alarms as much:
    what is weighed is whether to read it, not how somebody is."""
    if mood.sensitive:
        return SENSITIVE, "now"
    if mood.urgency >= PRESSING and _loudest(mood, ALARMING) >= config.levels["high"]:
        return URGENT, "now" if mood.urgency >= AT_ONCE else "today"
    if mood.source == REPLY and _loudest(mood, GROUPS[UPSET]) >= config.levels["medium"]:
        return UPSET, "today"
    return None


def _loudest(mood: MessageMood, emotions: Iterable[str]) -> float:
    return max(mood.probabilities.get(emotion, 0.0) for emotion in emotions)


# ── what a turn does about it ─────────────────────────────────────────────────────────────────


def hand_over(desk: Desk, events: Iterable[Event]) -> bool:
    """Ask the care team for the people behind these events; answers whether anybody was asked.

    Journeys act first, so what they have handed over already is not handed over twice. What came in too
    late to start anything (R1.3) opens no task, unless it is sensitive and no older than the rest.
    """
    team = desk.rules.care_team
    asked = False
    for event in events:
        if event.name not in _NEEDS or team is None or not _still_matters(desk, event):
            continue
        asked = True
        open_task = _open_task(desk.facts.history)
        if open_task is None:
            _open(desk, event, team)
        else:
            _raise(desk, event, open_task)
    return asked


def _still_matters(desk: Desk, event: Event) -> bool:
    if _why(event) in _UNTIL_DONE:
        return True
    if _why(event) == SENSITIVE:
        return desk.now < event.at + desk.rules.emotion.rest
    return event.starts


def _open(desk: Desk, event: Event, team: str) -> None:
    urgency, message = _urgency(event), _message(event)
    task = task_id(desk.facts.person.id, message)
    opened = TaskOpened(
        id=task,
        run="",
        journey="",
        step="",
        team=team,
        because=WAITS.get(_why(event), BECAUSE),
        urgency=urgency,
        at=desk.now,
        until=until_of(event),
        sensitive=_why(event) == SENSITIVE,
    )
    desk.changes.append(opened)
    told = {"task": task, "team": team, "urgency": urgency, "message": message}
    desk.note(TASK_OPENED, task, told)


def _raise(desk: Desk, event: Event, task: str) -> None:
    """The open task is about this message, too; the team hears of it where it has become more urgent."""
    sensitive = _why(event) == SENSITIVE
    message, history = _message(event), desk.facts.history
    known = [one for one in _told(history) if one.properties["task"] == task]
    before = min((str(one.properties["urgency"]) for one in known), key=_RANKS.__getitem__)
    urgency = min(before, _urgency(event), key=_RANKS.__getitem__)
    until = until_of(event)
    worse = (
        urgency != before or (sensitive and not _is_sensitive(history, known)) or until is not None
    )
    desk.changes.append(TaskRaised(task, urgency, sensitive, desk.now, worse, until))
    told = {"task": task, "urgency": urgency, "message": message}
    desk.note(TASK_RAISED, f"{task}:{message}", told)


def _is_sensitive(history: History, told: Iterable[Event]) -> bool:
    messages = {event.properties.get("message") for event in told}
    return any(_message(alarm) in messages for alarm in _sensitive(history))


def _open_task(history: History) -> str | None:
    """The task of the person that was opened last and that nobody has closed."""
    done = {event.properties.get("task") for event in history.named(TASK_DONE)}
    opened = [str(event.properties["task"]) for event in history.named(TASK_OPENED)]
    return next((task for task in reversed(opened) if task not in done), None)


def messages_of(task: str, history: History) -> frozenset[str]:
    """The messages that a task is about, by the ids of their events."""
    return frozenset(
        str(event.properties["message"])
        for event in _told(history)
        if event.properties["task"] == task and "message" in event.properties
    )


def _told(history: History) -> Iterator[Event]:
    yield from history.named(TASK_OPENED)
    yield from history.named(TASK_RAISED)


# ── what the gate asks ────────────────────────────────────────────────────────────────────────


def rests_until(facts: Facts, rules: Rulebook, now: datetime) -> datetime | None:
    """Until when nothing is advertised to somebody who waits for a person; None where it may be.

    It ends when the task about it is done, else after `rest`. Who may want to leave rests until somebody
    has decided it, or they have themselves, on a page of ours: then it has no end (`values.END`).
    """
    return max((end for _, end in waiting(facts, rules, now)), default=None)


def waiting(facts: Facts, rules: Rulebook, now: datetime) -> list[tuple[Event, datetime]]:
    """What a person still has to see to, each with the end of the rest that it asks for."""
    history = facts.history
    found = [one for one in _resting(history) if one.at <= now]
    if not found:
        return []
    done = {e.properties.get("task") for e in history.named(TASK_DONE) if e.at <= now}
    seen_to = {e.properties.get("message") for e in _told(history) if e.properties["task"] in done}
    acts = [line.at for line in facts.consents if line.own_act and line.topic not in PURPOSES]
    ends = []
    for one in found:
        if _message(one) in seen_to:
            continue
        if _why(one) not in _UNTIL_DONE:
            ends.append((one, one.at + rules.emotion.rest))
        elif not any(one.at < act <= now for act in acts):
            ends.append((one, END))
    return [(one, end) for one, end in ends if end > now]


def _resting(history: History) -> list[Event]:
    found = (*history.named(CARE_NEEDED), *history.named(ANSWER_NEEDED))
    return [event for event in found if _why(event) in _RESTS]


def _sensitive(history: History) -> list[Event]:
    return [event for event in history.named(CARE_NEEDED) if _why(event) == SENSITIVE]


def _why(event: Event) -> str:
    return str(event.properties.get("why", ""))


def _urgency(event: Event) -> str:
    """How soon; `today` for an event from outside that does not say it in our words."""
    said = str(event.properties.get("urgency", ""))
    return said if said in _RANKS else "today"


def law_wants_by(asked_at: datetime) -> str:
    """Until when who asked for their data, or for its deletion, has to be answered, as `UNTIL` has it: within
    a month (GDPR Art. 12(3)); other laws give longer."""
    return add(asked_at, Duration(months=1), "UTC").isoformat()


def until_of(event: Event) -> datetime | None:
    """Until when the law wants an answer; None where the event does not say it in our words."""
    try:
        found = datetime.fromisoformat(str(event.properties.get(UNTIL, "")))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _message(event: Event) -> str:
    return str(event.properties.get("message", event.id))
