"""Steps that nobody comes to, and things that lead back to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.domain.condition import All, AnyOf, Condition, InSegment, IsPersona, Not
from engine.domain.journey import Choose, StartJourney
from engine.language.checks.parts import Parts
from engine.language.checks.ways import before, reached
from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.journey_file import JourneyFile


def check(parts: Parts) -> Iterator[Diagnostic]:
    """Steps and arms that are never reached, and circles of journeys, segments and personas."""
    for file in parts.journeys.values():
        yield from _steps(file)
        yield from _arms(file)
    yield from _circles_of_journeys(parts)
    yield from _circles_of_segments(parts)
    yield from _personas(parts)


# ── within a journey ──────────────────────────────────────────────────────────────────────────


def _steps(file: JourneyFile) -> Iterator[Diagnostic]:
    """The first step of each stretch that nobody comes to."""
    alive, leads = reached(file.journey), before(file.journey)
    for step in file.journey.nodes:
        if step not in alive and not leads[step]:
            yield at(
                file.place(f"steps.{step}"),
                "J408",
                file.file,
                f"nobody ever comes to `{step}`: every way before it leaves or goes elsewhere",
                "delete it, or move it above the step that leaves",
            )


def _arms(file: JourneyFile) -> Iterator[Diagnostic]:
    """Arms of `choose` whose condition an arm above them has already."""
    leads = before(file.journey)
    for step, node in file.journey.nodes.items():
        if not isinstance(node, Choose):
            continue
        seen: set[Condition] = set()
        for number, (condition, first) in enumerate(node.arms, 1):
            if condition in seen:
                own = first is not None and leads[first] == [step]
                yield at(
                    file.place(f"steps.{first}" if own else f"steps.{step}.choose"),
                    "J409",
                    file.file,
                    f"nobody takes arm {number} of `{step}`: an arm above it asks the same",
                    "change one of the two conditions, or delete this arm",
                )
            seen.add(condition)


# ── circles ───────────────────────────────────────────────────────────────────────────────────


def _circles_of_journeys(parts: Parts) -> Iterator[Diagnostic]:
    starts = {
        name: {n.journey for n in file.journey.nodes.values() if isinstance(n, StartJourney)}
        for name, file in parts.journeys.items()
    }
    for circle in _circles(starts):
        file = parts.journeys[circle[0]]
        following = circle[1 % len(circle)]
        step = next(
            step
            for step, node in file.journey.nodes.items()
            if isinstance(node, StartJourney) and node.journey == following
        )
        yield at(
            file.place(f"steps.{step}.start"),
            "J410",
            file.file,
            f"journeys start each other in a circle: {_told(circle)}",
            "let one of them end instead; `again` says whether people may come back",
        )


def _circles_of_segments(parts: Parts) -> Iterator[Diagnostic]:
    names = {
        name: {part.name for part in _parts_of(segment.who) if isinstance(part, InSegment)}
        for name, segment in parts.rulebook.segments.items()
    }
    told: set[str] = set()
    for circle in _circles(names):
        path = parts.segment_files[circle[0]]
        if path in told:  # the cells of a grid share their conditions
            continue
        told.add(path)
        yield at(
            _mention(parts.sources[path], circle[1 % len(circle)]),
            "S401",
            path,
            f"a segment asks about itself: {_told(circle)}",
            "write the condition out in one of them",
        )


def _personas(parts: Parts) -> Iterator[Diagnostic]:
    """A persona is the first that fits, so none can ask which one that is, not by a segment either."""
    segments = parts.rulebook.segments
    for persona in parts.rulebook.personas:
        seen: set[str] = set()
        ahead = [persona.who]
        while ahead:
            for part in _parts_of(ahead.pop()):
                if isinstance(part, InSegment) and part.name in segments and part.name not in seen:
                    seen.add(part.name)
                    ahead.append(segments[part.name].who)
                elif isinstance(part, IsPersona) and not parts.persona_files.keys().isdisjoint(
                    part.names
                ):
                    path = parts.persona_files[persona.name]
                    yield at(
                        _mention(parts.sources[path], "who"),
                        "P401",
                        path,
                        f"who `{persona.name}` is depends on who fits a persona, which is a circle",
                        "write out what is asked, and put the persona in its place by `rank`",
                    )
                    ahead.clear()
                    break


def _circles(leads: Mapping[str, set[str]]) -> list[list[str]]:
    """One circle for each knot of names that lead back to themselves, from its first name on."""
    found: list[list[str]] = []
    known: set[str] = set()
    for start in sorted(leads):
        if start in known:
            continue
        came_from = {to: start for to in sorted(leads[start])}
        ahead = list(came_from)
        for name in ahead:  # grows while it is read: nearest first
            for to in sorted(leads.get(name, ())):
                if to not in came_from:
                    came_from[to] = name
                    ahead.append(to)
        if start in came_from:
            circle = [start]
            while came_from[circle[0]] != start:
                circle.insert(0, came_from[circle[0]])
            circle = [start, *circle[:-1]]
            known |= set(circle)
            found.append(circle)
    return found


def _told(circle: list[str]) -> str:
    shown = [*circle[:5], *(["…"] if len(circle) > 5 else []), circle[0]]
    return " → ".join(name if name == "…" else f"`{name}`" for name in shown)


def _parts_of(condition: Condition) -> Iterator[Condition]:
    """A condition and all that is inside it."""
    yield condition
    match condition:
        case All(inner) | AnyOf(inner):
            for part in inner:
                yield from _parts_of(part)
        case Not(part):
            yield from _parts_of(part)


def _mention(text: str, name: str) -> Place:
    """Where a name stands in a file for the first time behind its first line; else its first line."""
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], 2):
        column = line.partition("#")[0].find(name) + 1
        if column:
            return Place(number, column, number, column + len(name))
    return Place(1, 1, 1, max(2, len(lines[0]) + 1))
