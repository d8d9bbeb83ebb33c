"""`plan` and `apply`: files become the version that daemon and workers live by (R2.8-2.11).

Both read the same `plan.compare`; `apply` is one transaction around what the plan says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from json import dumps

from engine.application.plan import Following, Plan, compare, wants_backfill
from engine.application.ports.deployments import Deployments, Version
from engine.domain.edit import follow_edit
from engine.domain.errors import MistakeError
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Joins, Journey, Status
from engine.domain.run import Run
from engine.language.project import Project


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did. `moved` runs stand elsewhere or wake at another time, `due` people look
    again, `entering` journeys let in those who are inside their segment already."""

    plan: Plan
    version: str
    moved: int = 0
    due: int = 0
    entering: tuple[str, ...] = ()


def make_plan(
    old: Project | None,
    new: Project,
    deployments: Deployments,
    now: datetime,
    *,
    keep_timers: bool = False,
) -> Plan:
    """What `apply` would do at `now`. `old` is the project in force, compiled; None before the first."""
    before = old.rulebook if old else None
    backfill = {
        journey.name: deployments.count_members(_segment(journey), new.rulebook, now)
        for journey in wants_backfill(before, new.rulebook)
    }
    return compare(
        before,
        new.rulebook,
        old.sources if old else {},
        new.sources,
        deployments.people_at_steps(),
        backfill,
        _followings(old, new, deployments, now, keep_timers),
    )


def apply(
    old: Project | None,
    new: Project,
    pictures: Mapping[str, bytes],
    deployments: Deployments,
    now: datetime,
    *,
    by: str = "",
    keep_timers: bool = False,
    backfill: Collection[str] = (),
) -> Applied:
    """Make the plan so. `backfill` names the journeys whose people of today may enter (R1.1).

    Raises:
        MistakeError: D110 if the plan refuses; D111 if `backfill` names a journey that does not ask.
    """
    plan = make_plan(old, new, deployments, now, keep_timers=keep_timers)
    if plan.refusals:
        first = plan.refusals[0]
        raise MistakeError(first.message, help=first.help, code="D110")
    for name in backfill:
        if name not in plan.backfill:
            raise MistakeError(
                f"`{name}` does not ask for a backfill",
                help="write `backfill: yes` under its `enter`, or leave `--backfill` out",
                code="D111",
            )
    current = deployments.current()
    digest = version_hash(new.sources, pictures)
    if current is not None and current.hash == digest and not backfill:
        return Applied(plan, digest)
    confirmed = dict.fromkeys(backfill, now)
    version = Version(
        hash=digest,
        files=new.sources,
        applied_at=now,
        by=by,
        segments_since=_segments_since(old, new, current, now),
        journeys_since=_journeys_since(old, new, current, now),
        backfills={**(current.backfills if current else {}), **confirmed},
    )
    due = deployments.put_in_force(version, pictures)
    moved = _move(old, new, deployments, now, keep_timers) if old else 0
    return Applied(plan, digest, moved, due, tuple(backfill))


def as_if_applied(
    old: Project | None, new: Project, current: Version | None, now: datetime
) -> Rulebook:
    """The rulebook that an `apply` of `new` at `now` would put in force (for `simulate`)."""
    return replace(
        new.rulebook,
        segments_since=_segments_since(old, new, current, now),
        journeys_since=_journeys_since(old, new, current, now),
        backfills=current.backfills if current else {},
    )


def version_hash(files: Mapping[str, str], pictures: Mapping[str, bytes]) -> str:
    """The name of a version: a hash of all its files."""
    listed = [
        sorted(files.items()),
        sorted((n, sha256(c).hexdigest()) for n, c in pictures.items()),
    ]
    return sha256(dumps(listed).encode()).hexdigest()[:16]


def _segment(journey: Journey) -> str:
    trigger = journey.enter.trigger
    assert isinstance(trigger, Joins)
    return trigger.segment


def _segments_since(
    old: Project | None, new: Project, current: Version | None, now: datetime
) -> dict[str, datetime]:
    """Since when each definition is live."""
    before = old.rulebook.segments if old else {}
    known = current.segments_since if current else {}
    return {
        name: known.get(name, now) if before.get(name) == segment else now
        for name, segment in new.rulebook.segments.items()
    }


def _journeys_since(
    old: Project | None, new: Project, current: Version | None, now: datetime
) -> dict[str, datetime]:
    """Since when each journey is open, with the same way in."""
    before = old.rulebook.journeys if old else {}
    known = current.journeys_since if current else {}
    since: dict[str, datetime] = {}
    for name, journey in new.rulebook.journeys.items():
        if _opens(journey):
            was = before.get(name)
            same = was is not None and _opens(was) and was.enter == journey.enter
            since[name] = known.get(name, now) if same else now
    return since


def _opens(journey: Journey) -> bool:
    return journey.status in (Status.LIVE, Status.SHADOW)


def _move(
    old: Project, new: Project, deployments: Deployments, now: datetime, keep_timers: bool
) -> int:
    """Let people in edited journeys follow the edit; answers how many runs change."""
    moved = 0
    for changed in _followed(old, new, deployments, now, keep_timers):
        deployments.save_runs(changed, now)
        moved += len(changed)
    return moved


def _followings(
    old: Project | None, new: Project, deployments: Deployments, now: datetime, keep_timers: bool
) -> dict[tuple[str, str], Following]:
    """What following the edit does, counted by step."""
    found: dict[tuple[str, str], Following] = {}
    if old is None:
        return found
    soon = now + new.rulebook.policy.release_spread
    for changed in _followed(old, new, deployments, now, keep_timers):
        for before, after in changed:
            released = after.wake_at is not None and after.wake_at <= soon
            key = before.journey, before.step or ""
            count = found.get(key, Following())
            found[key] = Following(count.moved + 1, count.released + released)
    return found


def _followed(
    old: Project, new: Project, deployments: Deployments, now: datetime, keep_timers: bool
) -> Iterator[Sequence[tuple[Run, Run]]]:
    before, after = old.rulebook.journeys, new.rulebook.journeys
    edited = [
        name for name in after if name in before and after[name].version != before[name].version
    ]
    rules: Rulebook = new.rulebook

    def follow(run: Run, facts: Facts) -> Run:
        return follow_edit(
            run,
            before[run.journey],
            after[run.journey],
            facts,
            rules,
            now,
            keep_timers=keep_timers,
        )

    return deployments.followed(edited, follow, now) if edited else iter(())
