"""Every name that is used has to exist: mails, segments, senders, teams …

Events come from outside, so any name may be one; a name that is one letter away from a better known
one is doubted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.domain.engine_events import ENGINE_EVENTS
from engine.domain.journey import Class
from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic, at
from engine.language.pen import MOST_MISTAKES
from engine.language.suggest import did_you_mean, nearest

_CODES = {
    "mail": "211", "segment": "212", "persona": "213", "journey": "214", "sender": "215",
    "team": "216", "category": "217", "topic": "218", "layout": "219",
}  # fmt: skip
_MOST_SUGGESTIONS = 20
_MOST_EVENTS = 200
_LETTERS = {"journeys/": "J", "segments/": "S", "templates/": "T"}


def check(parts: Parts) -> Iterator[Diagnostic]:
    """Names without a thing. What stands in a file with errors exists nevertheless."""
    known = _known(parts)
    in_file: Counter[str] = Counter()
    for use in parts.uses:
        names = known.get(use.kind)
        if names is None or use.name in names or in_file[use.file] >= MOST_MISTAKES:
            continue
        in_file[use.file] += 1
        meant = (
            did_you_mean(use.name, sorted(names)) if in_file[use.file] <= _MOST_SUGGESTIONS else ""
        )
        yield at(
            use.place,
            _letter(use.file) + _CODES[use.kind],
            use.file,
            f"there is no {use.kind} called `{use.name}`",
            meant or _how_to_make(use.kind, use.name, parts.config_file),
        )
    yield from _misspelt_events(parts)


def _misspelt_events(parts: Parts) -> Iterator[Diagnostic]:
    """Events one letter away from one of the engine's own, or one that more files speak of."""
    uses = [use for use in parts.uses if use.kind == "event"]
    files = Counter(name for name, _ in {(use.name, use.file) for use in uses})
    files[parts.config.lifecycle.order_event] += 1
    doubted: dict[str, str | None] = {}
    for name, number in sorted(files.items())[:_MOST_EVENTS]:
        better = {other for other, more in files.items() if more > number} | ENGINE_EVENTS.keys()
        doubted[name] = None if name in ENGINE_EVENTS else nearest(name, sorted(better), most=1)
    for use in uses:
        meant = doubted.get(use.name)
        if meant is not None:
            yield at(
                use.place,
                _letter(use.file) + "220",
                use.file,
                f"`{use.name}` is read as an event of its own",
                f"did you mean `{meant}`?",
                "warning",
            )


def _letter(file: str) -> str:
    if file.endswith((".test.yaml", ".test.yml")):
        return "X"
    if ".persona." in file:
        return "P"
    return next((letter for start, letter in _LETTERS.items() if file.startswith(start)), "C")


def _known(parts: Parts) -> dict[str, frozenset[str]]:
    segments = frozenset(parts.rulebook.segments) | frozenset(parts.named.get("segment", ()))
    known = {
        "mail": parts.mails,
        "persona": frozenset(parts.named.get("persona", ())),
        "journey": frozenset(parts.named.get("journey", ())),
        "layout": frozenset(
            path.removeprefix("_layouts/").split(".", 1)[0]
            for path in parts.layouts
            if path.startswith("_layouts/")
        ),
    }
    broken_grids = set(parts.named.get("grid", ())) - {
        s.grid for s in parts.rulebook.segments.values()
    }
    if not broken_grids:  # the cells of a broken grid have names that nobody knows
        known["segment"] = segments
    if parts.config_is_whole:
        categories = parts.config.policy.categories
        known |= {
            "sender": frozenset(parts.config.senders),
            "team": frozenset(parts.config.teams),
            "category": frozenset(categories),
            "topic": frozenset(n for n, c in categories.items() if c.klass is Class.MARKETING),
        }
    return known


def _how_to_make(kind: str, name: str, config_file: str) -> str:
    return {
        "mail": f"write `templates/{name}.md.j2`",
        "segment": f"write `segments/{name}.yaml`",
        "persona": f"write `segments/{name}.persona.yaml`",
        "journey": f"write `journeys/{name}.yaml`",
        "layout": f"write `templates/_layouts/{name}.html.j2`",
        "sender": f"add it to `senders` in {config_file}",
        "team": f"add it to `teams` in {config_file}",
        "category": f"add it to `policy.categories` in {config_file}",
        "topic": f"add a marketing category of that name to {config_file}",
    }[kind]
