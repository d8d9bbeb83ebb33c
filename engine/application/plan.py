"""What an edit would do to the people in flight (R2.8-2.11). `apply` makes exactly this so.

A plan is worked out from two compiled projects and the number of people on each step; it reads and
writes nothing. `plan` prints it, `apply` refuses or follows it: one reading, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.domain.facts import Rulebook
from engine.domain.journey import Joins, Journey, Status

Occupied = Mapping[str, Mapping[str, int]]
"""Journey name to step id to the number of people who stand there."""


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step that comes, goes or changes, or where people stand. `people` stand there now; `goes_to`
    says where they go. The wait of `moved` of them is another afterwards, and of `released` it is over:
    they go on within `release_spread`."""

    step: str
    what: str  # added | removed | renamed | changed | same
    people: int = 0
    goes_to: str = ""
    moved: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class Following:
    """What the runs on one step do when they follow an edit: `moved` change, and `released` of them
    are overdue by the new wait."""

    moved: int = 0
    released: int = 0


Followings = Mapping[tuple[str, str], Following]
"""By journey and step, as it was called before."""


@dataclass(frozen=True, slots=True)
class JourneyChange:
    """What becomes of one journey."""

    journey: str
    what: str  # added | changed | removed
    status: str
    people: int = 0
    steps: tuple[StepChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the edit cannot be applied as it stands, and what would allow it."""

    journey: str
    step: str
    people: int
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `apply` would do. Nothing to do: no changes at all and the same files.

    `backfill` has, per journey with `backfill: yes` that is new or newly says so, how many people
    would enter at once if confirmed (R1.1).
    """

    first: bool
    journeys: tuple[JourneyChange, ...] = ()
    segments: tuple[tuple[str, str], ...] = ()
    mails: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    refusals: tuple[Refusal, ...] = ()
    backfill: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether the applied version is the same as the files."""
        return not (self.first or self.files)


def compare(
    old: Rulebook | None,
    new: Rulebook,
    old_files: Mapping[str, str],
    new_files: Mapping[str, str],
    occupied: Occupied,
    backfill: Mapping[str, int] | None = None,
    followings: Followings | None = None,
) -> Plan:
    """Work out the plan. `old` is None before the first apply; `occupied` counts live runs, and
    `followings` those that the edit changes."""
    before = old.journeys if old else {}
    changes: list[JourneyChange] = []
    refusals: list[Refusal] = []
    for name in sorted({*before, *new.journeys}):
        was, now = before.get(name), new.journeys.get(name)
        people = occupied.get(name, {})
        if was is None and now is not None:
            changes.append(JourneyChange(name, "added", now.status.value))
        elif now is None and was is not None:
            changes.append(JourneyChange(name, "removed", "gone", sum(people.values())))
            refusals += _removed_journey(name, people)
        elif was is not None and now is not None and was.version != now.version:
            steps, refused = _steps(was, now, people)
            steps = tuple(_following(name, step, followings or {}) for step in steps)
            refusals += refused
            changes.append(
                JourneyChange(name, "changed", now.status.value, sum(people.values()), steps)
            )
    return Plan(
        first=old is None,
        journeys=tuple(changes),
        segments=_differences(
            {n: repr(s) for n, s in old.segments.items()} if old else {},
            {n: repr(s) for n, s in new.segments.items()},
        ),
        mails=_differences(_under(old_files, "templates/"), _under(new_files, "templates/")),
        files=_differences(old_files, new_files),
        refusals=tuple(refusals),
        backfill=backfill or {},
    )


def wants_backfill(old: Rulebook | None, new: Rulebook) -> list[Journey]:
    """Live journeys whose people of today may enter at once: `backfill: yes` that was not applied
    before, on a journey that is entered by joining a segment."""
    before = old.journeys if old else {}
    return [
        journey
        for name, journey in sorted(new.journeys.items())
        if journey.enter.backfill
        and isinstance(journey.enter.trigger, Joins)
        and journey.status in (Status.LIVE, Status.SHADOW)
        and not (name in before and before[name].enter.backfill)
    ]


def _steps(
    was: Journey, now: Journey, people: Mapping[str, int]
) -> tuple[tuple[StepChange, ...], list[Refusal]]:
    changes: list[StepChange] = []
    refusals: list[Refusal] = []
    renamed = {old: node.id for node in now.nodes.values() for old in node.was}
    for step, node in was.nodes.items():
        count = people.get(step, 0)
        if step in now.nodes:
            same = _shape(now, step) == _shape(was, step)
            if count or not same:
                changes.append(StepChange(step, "same" if same else "changed", count))
        elif step in renamed:
            changes.append(StepChange(step, "renamed", count, renamed[step]))
        elif step in now.removed:
            removed = now.removed[step]
            changes.append(
                StepChange(step, "removed", count, removed.go_to or f"leave: {removed.leave}")
            )
        else:
            changes.append(StepChange(step, "removed", count))
            if count:
                refusals.append(_vanished(now.name, node.id, count))
    old_ids = set(was.nodes)
    changes += [
        StepChange(step, "added")
        for step, node in now.nodes.items()
        if step not in old_ids and not old_ids & set(node.was)
    ]
    return tuple(changes), refusals


def _following(journey: str, change: StepChange, followings: Followings) -> StepChange:
    found = followings.get((journey, change.step))
    if found is None:
        return change
    return replace(change, moved=found.moved, released=found.released)


def _shape(journey: Journey, step: str) -> str:
    """A node's content without its place in the file."""
    node = journey.nodes[step]
    return repr([getattr(node, name) for name in _fields(node) if name not in ("line", "note")])


def _fields(node: object) -> list[str]:
    return [
        name for kind in reversed(type(node).__mro__) for name in getattr(kind, "__slots__", ())
    ]


def _vanished(journey: str, step: str, count: int) -> Refusal:
    noun = "person stands" if count == 1 else "people stand"
    return Refusal(
        journey,
        step,
        count,
        f"step `{step}` of `{journey}` is gone, but {count} {noun} there",
        f"say where they go: `removed: {{ {step}: {{ go_to: STEP }} }}` or "
        f"`removed: {{ {step}: {{ leave: why }} }}`, or put `was: {step}` on the step it became",
    )


def _removed_journey(journey: str, people: Mapping[str, int]) -> list[Refusal]:
    count = sum(people.values())
    if not count:
        return []
    noun = "person is" if count == 1 else "people are"
    return [
        Refusal(
            journey,
            "",
            count,
            f"journey `{journey}` is gone, but {count} {noun} inside",
            "keep the file with `status: ending` until they have finished",
        )
    ]


def _under(files: Mapping[str, str], folder: str) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith(folder)}


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    kinds = []
    for name in sorted({*old, *new}):
        if name not in old:
            kinds.append((name, "added"))
        elif name not in new:
            kinds.append((name, "removed"))
        elif old[name] != new[name]:
            kinds.append((name, "changed"))
    return tuple(kinds)
