"""Rows of `former` undone, one after the other, on the state of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Former:
    """A row of `former`."""

    seq: int
    at: int
    what: str
    about: str
    was: Mapping[str, Any]


@dataclass(slots=True)
class State:
    """What rows of `former` undo: as it stands today, and then as it was. `pending` are the events that
    had not acted yet, by their seq; `cleared` says that moods were cleared since, and `walked` that what
    follows was walked elsewhere and stored at once."""

    person: dict[str, Any]
    due: dict[str, Any]
    inside: dict[str, int]
    runs: dict[str, dict[str, Any]]
    pending: set[int] = field(default_factory=set)
    cleared: bool = False
    walked: bool = False


def later(rows: Sequence[Former], at: int, seen: int | None) -> Iterable[Former]:
    """What changed after `seen`, newest first; where that is None, from the first on that is later than
    the instant."""
    if seen is None:
        seen = next((row.seq - 1 for row in rows if row.at > at), None)
        if seen is None:
            return
    for row in reversed(rows):
        if row.seq <= seen:
            return
        yield row


def undo(state: State, rows: Iterable[Former]) -> None:
    """Take the state back to before these rows, which come newest first. Slots are the whole mailbox's
    and are taken back in `then`."""
    for row in rows:
        match row.what:
            case "turn":
                _undo_turn(state, row.was)
            case "person":
                _undo_person(state, row.was)
            case "disposition":
                state.person.update(zip(_DISPOSITION, row.was["held"], strict=True))
            case "run":
                _undo_run(state, row.about, row.was)
            case "mood":
                state.cleared = True
            case "walk":
                state.walked = True


def _undo_person(state: State, was: Mapping[str, Any]) -> None:
    columns = dict(was)
    for name, value in columns.pop("values", {}).items():
        if value is None:
            state.person["attributes"].pop(name, None)
        else:
            state.person["attributes"][name] = value
    state.person.update(columns)


def _undo_turn(state: State, was: Mapping[str, Any]) -> None:
    names = ("looked_at", "wakes_at", "zone")
    state.due.update(zip(names, was["due"], strict=True))
    if "knocking" in was:
        state.due["knocking"] = was["knocking"]
    if "standing" in was:
        state.person.update(zip(_STANDING, was["standing"], strict=True))
    for segment, since in was.get("inside", {}).items():
        if since is None:
            state.inside.pop(segment, None)
        else:
            state.inside[segment] = since
    for run_id, before in was.get("runs", {}).items():
        _undo_run(state, run_id, before)
    state.pending.update(was.get("acted", ()))


_DISPOSITION = ("disposition", "disposition_since", "disposition_until")
_STANDING = ("orders", "first_order_at", "last_order_at", "own_gap", "won_back_at", "stage")


def _undo_run(state: State, run_id: str, before: Mapping[str, Any] | None) -> None:
    if before is None:
        state.runs.pop(run_id, None)
        return
    run = state.runs.get(run_id)
    if run is None:
        return
    columns = dict(before)
    for name, value in columns.pop("state", {}).items():
        if value is None:
            run["state"].pop(name, None)
        else:
            run["state"][name] = value
    run.update(columns)
    run["kept"] = True
