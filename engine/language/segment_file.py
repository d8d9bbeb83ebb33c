"""Segments and grids, YAML to domain. A grid's cells, rows and columns are segments of their own."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.condition import ALWAYS, All, AnyOf, Condition, InStage, Not
from engine.domain.emotion import EMOTIONS, GROUPS
from engine.domain.segment import Segment
from engine.language import leaf
from engine.language.conditions import CONDITION
from engine.language.nodes import Entries, Items, Node, Text, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Got,
    Kind,
    Shape,
    Word,
    as_entries,
    phrase,
    read_block,
    wrong_shape,
)
from engine.language.values import ELAPSED, HOW_OFTEN, NAME

VOLATILE_STAY = timedelta(hours=24)
"""How long who has come in stays where nothing is said, in segments on volatile facts (R1.7)."""

SEGMENT_NAME = Word(
    "segment", NAME, "Its name, the same as the file's.", "loyal-but-upset", required=True
)
GRID_NAME = Word(
    "grid", NAME, "Its name, the same as the file's.", "lifecycle-by-mood", required=True
)
TITLE = Word("title", TEXT, "Who they are, in words.", "Loyal customers who are upset right now")
OWNER = Word("owner", TEXT, "Whom to ask.", "omar@cozy.example")
WHO = Word("who", CONDITION, "Who is in it.", "{ lifecycle: loyal }", required=True)
STAY_AT_LEAST = Word(
    "stay_at_least", ELAPSED, "How long who has come in stays at least (R1.7).", "2 days"
)
REFRESH = Word("refresh", HOW_OFTEN, "How late a join or a leave may be noticed.", "every hour")
SEGMENT_SHAPE = Shape("a segment", (SEGMENT_NAME, TITLE, OWNER, WHO, STAY_AT_LEAST, REFRESH))


def read_segment(node: Node, pen: Pen) -> Segment | None:
    """The segment of a file, or None where something in it is unreadable."""
    try:
        got = read_block(SEGMENT_SHAPE, node, pen)
        if not got.is_whole(SEGMENT_SHAPE.words):
            return None
        return _segment(got, got.need(SEGMENT_NAME), got.need(WHO), None, node)
    except Unreadable:
        return None


def _segment(got: Got, name: str, who: Condition, grid: str | None, node: Node) -> Segment:
    stay = got.get(STAY_AT_LEAST)
    if stay is None:
        stay = VOLATILE_STAY if _is_volatile(node) else timedelta(0)
    return Segment(
        name=name,
        who=who,
        title=got.get(TITLE) or "",
        owner=got.get(OWNER) or "",
        stay_at_least=stay,
        refresh=got.get(REFRESH) or timedelta(0),
        grid=grid,
    )


_VOLATILE = frozenset({*EMOTIONS, *GROUPS, "mood", "disposition", "lifecycle", "quiet_for"})


def _is_volatile(node: Node) -> bool:
    """Whether a condition speaks of mood or stage anywhere."""
    if isinstance(node, Entries):
        return any(key.text in _VOLATILE or _is_volatile(value) for key, value in node.entries)
    return isinstance(node, Items) and any(_is_volatile(item) for item in node.items)


# ── grids ─────────────────────────────────────────────────────────────────────────────────────

EVERYONE_ELSE = "everyone_else"
MOST_CELLS = 200
Axis = tuple[tuple[str, Condition], ...]
_AXIS_NAME = phrase("the name of a row or column", leaf.kebab)


def _read_axis(node: Node, pen: Pen) -> Axis:
    """`{ lifecycle: [new, active] }`, or names with conditions, `everyone_else` last."""
    entries = as_entries(node, pen, "an axis of a grid").entries
    if not entries:
        raise pen.error(
            "S111", place_of(node), "this axis of the grid is empty", "write names with conditions"
        )
    if len(entries) == 1 and isinstance(entries[0][1], Items):
        return _values_of(entries[0][0], entries[0][1], pen)
    axis: list[tuple[str, Condition]] = []
    broken = False
    for number, (key, value) in enumerate(entries, 1):
        try:
            name = _AXIS_NAME.read(key, pen)
            if name == "any":
                raise pen.error(
                    "S111", place_of(key), "`any` is the name of the sums", "give it another name"
                )
            if isinstance(value, Text) and value.text == EVERYONE_ELSE:
                if number < len(entries):
                    raise pen.error(
                        "S112",
                        place_of(value),
                        f"`{EVERYONE_ELSE}` takes everyone, so nobody comes to what is below",
                        "move it to the end",
                    )
                axis.append((name, ALWAYS))
            else:
                axis.append((name, CONDITION.read(value, pen)))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return tuple(axis)


def _values_of(key: Text, items: Items, pen: Pen) -> Axis:
    axis: dict[str, Condition] = {}
    broken = False
    for item in items.items:
        try:
            if not isinstance(item, Text):
                raise wrong_shape(item, "this is a single value", pen)
            name = _AXIS_NAME.read(item, pen)
            who = CONDITION.read(Entries(key.start, item.end, [(key, item)]), pen)
            if name in axis:
                raise pen.error(
                    "Y105", place_of(item), f"`{name}` stands here twice", "keep one of them"
                )
            axis[name] = who
        except Unreadable:
            broken = True
    if broken or not axis:
        raise Unreadable
    return tuple(axis.items())


_AXIS: Kind[Axis] = Kind("names with conditions", _read_axis, {"$ref": "#/$defs/axis"})
ROWS = Word(
    "rows",
    _AXIS,
    "The rows; the first match wins.",
    "{ lifecycle: [new, active, loyal] }",
    required=True,
)
COLUMNS = Word(
    "columns",
    _AXIS,
    "The columns; the first match wins, `everyone_else` last.",
    "{ upset: { upset: high }, calm: everyone_else }",
    required=True,
)
GRID_SHAPE = Shape("a grid", (GRID_NAME, TITLE, OWNER, ROWS, COLUMNS, STAY_AT_LEAST, REFRESH))


def read_grid(node: Node, pen: Pen) -> tuple[Segment, ...]:
    """The segments that a grid makes: cells `new-upset`, sums `new-any` and `any-upset`.

    Empty where something in it is unreadable.
    """
    try:
        got = read_block(GRID_SHAPE, node, pen)
        if not got.is_whole(GRID_SHAPE.words):
            return ()
        grid, rows, columns = got.need(GRID_NAME), got.need(ROWS), got.need(COLUMNS)
    except Unreadable:
        return ()
    if len(rows) * len(columns) > MOST_CELLS:
        pen.error(
            "S114",
            got.key(ROWS),
            f"this grid has {len(rows) * len(columns):,} cells, and {MOST_CELLS} are the most",
            "leave out rows or columns; nobody writes to so many kinds of people",
        )
        return ()
    rows, columns = _exclusive(rows), _exclusive(columns)
    some_row = AnyOf(tuple(who for _, who in rows))
    some_column = AnyOf(tuple(who for _, who in columns))
    named = [(f"{r}-{c}", All((row, column))) for r, row in rows for c, column in columns]
    named += [(f"{r}-any", All((row, some_column))) for r, row in rows]
    named += [(f"any-{c}", All((some_row, column))) for c, column in columns]
    seen: set[str] = set()
    for name, _ in named:
        if name in seen:
            pen.error(
                "S113",
                got.key(ROWS),
                f"two cells of this grid are called `{name}`",
                "rename a row or a column",
            )
            return ()
        seen.add(name)
    return tuple(_segment(got, name, who, grid, node) for name, who in named)


def _exclusive(axis: Axis) -> Axis:
    """Each part without those before it: everyone is in exactly one."""
    parts: list[tuple[str, Condition]] = []
    for number, (name, who) in enumerate(axis):
        others = tuple(Not(other) for _, other in axis[:number] if not _apart(who, other))
        parts.append((name, All((*others, who)) if others else who))
    return tuple(parts)


def _apart(one: Condition, other: Condition) -> bool:
    """Whether nobody can satisfy both, so that neither has to be asked before the other."""
    return (
        isinstance(one, InStage)
        and isinstance(other, InStage)
        and not set(one.stages) & set(other.stages)
    )
