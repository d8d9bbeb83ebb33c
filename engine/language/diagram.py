"""A journey as a Mermaid flowchart, drawn from its graph."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.condition import Condition
from engine.domain.journey import (
    Called,
    Choose,
    Every,
    Experiment,
    FixedMoment,
    HandTo,
    Joins,
    Journey,
    Leave,
    Moment,
    Node,
    OnDate,
    RelativeMoment,
    Send,
    StartJourney,
    Trigger,
    Update,
    Wait,
    WaitFor,
    WaitUntil,
    WeekdayMoment,
    WhenEvent,
)
from engine.language.leaf_time import WEEKDAYS
from engine.language.spell import spell_condition, spell_duration

_END = "END"
_LONGEST = 60


def diagram(journey: Journey) -> str:
    """The flowchart as text, ending in a line break: boxes are steps, diamonds are choices."""
    names = {step: f"s{number}" for number, step in enumerate(journey.nodes)}
    lines = ["flowchart TD", f"  START([{_quoted(_way_in(journey.enter.trigger))}])"]
    lines += [f"  {names[step]}{_box(node)}" for step, node in journey.nodes.items()]
    lines.append(f"  {_END}([{_quoted('end')}])")
    if journey.goal is not None:
        lines.append(f"  GOAL([{_quoted('goal: ' + spell_condition(journey.goal))}])")
    lines.append(f"  START --> {names.get(journey.first or '', _END)}")
    for step, node in journey.nodes.items():
        for label, target in _ways_out(node):
            arrow = f"-- {_quoted(label)} -->" if label else "-->"
            lines.append(f"  {names[step]} {arrow} {names.get(target or '', _END)}")
    return "\n".join(lines) + "\n"


def _way_in(trigger: Trigger) -> str:
    if isinstance(trigger, WhenEvent):
        return f"when {trigger.event}"
    if isinstance(trigger, Joins):
        return f"joins {trigger.segment}"
    if isinstance(trigger, OnDate):
        ahead = f"{trigger.days_before} days before " if trigger.days_before else "on "
        return f"{ahead}{trigger.attribute}, {trigger.at:%H:%M}"
    if isinstance(trigger, Every):
        day = "day" if trigger.weekday is None else WEEKDAYS[trigger.weekday]
        return f"every {day} {trigger.at:%H:%M}"
    if isinstance(trigger, Called):
        return f"from {trigger.by}"
    return f"once, {trigger.at:%Y-%m-%d %H:%M}"


def _box(node: Node) -> str:
    text = _quoted(f"{node.id}\n{_says(node)}")
    if isinstance(node, Choose | Experiment):
        return f"{{{text}}}"
    if isinstance(node, Wait | WaitUntil | WaitFor):
        return f"([{text}])"
    return f"[{text}]"


def _says(node: Node) -> str:
    if isinstance(node, Send):
        return f"send {node.mail}"
    if isinstance(node, Wait):
        return f"wait {spell_duration(node.length)}" + (f", {node.at:%H:%M}" if node.at else "")
    if isinstance(node, WaitUntil):
        return f"wait until {_moment(node.moment)}"
    if isinstance(node, WaitFor):
        what = node.event or _condition(node.condition)
        return f"wait for {what}, up to {spell_duration(node.up_to)}"
    if isinstance(node, Choose):
        return "choose" if len(node.arms) > 1 else f"if {spell_condition(node.arms[0][0])}"
    if isinstance(node, Experiment):
        return node.question
    if isinstance(node, HandTo):
        return f"hand to {node.team}: {node.because}"
    if isinstance(node, Update):
        changed = [*node.set, *node.add_tags, *node.increase]
        return "update " + ", ".join([*changed, *(f"consent.{t}" for t in node.lower_consent)])
    if isinstance(node, StartJourney):
        return f"start {node.journey}"
    return f"leave: {node.why}" if isinstance(node, Leave) else "go on"


def _condition(condition: Condition | None) -> str:
    return "" if condition is None else spell_condition(condition)


def _moment(moment: Moment) -> str:
    if isinstance(moment, RelativeMoment):
        name = f"event.{moment.attribute}" if moment.of == "entry" else moment.attribute
        way = "before" if moment.direction < 0 else "after"
        length = spell_duration(moment.offset)
        at = f", {moment.at:%H:%M}" if moment.at else ""
        return (f"{length} {way} {name}" if length else name) + at
    if isinstance(moment, WeekdayMoment):
        return f"{WEEKDAYS[moment.weekday]} {moment.at:%H:%M}"
    assert isinstance(moment, FixedMoment)
    return f"{moment.at:%Y-%m-%d %H:%M}"


def _ways_out(node: Node) -> Iterator[tuple[str, str | None]]:
    if isinstance(node, Leave):
        yield "", None
    elif isinstance(node, Choose):
        for condition, target in node.arms:
            yield ("yes" if len(node.arms) == 1 else spell_condition(condition)), target
        yield ("no" if len(node.arms) == 1 else "otherwise"), node.next
    elif isinstance(node, Experiment):
        for variant in node.variants:
            yield f"{variant.name} {variant.share / 100:g}%", variant.first
    elif isinstance(node, WaitFor | HandTo) and node.otherwise != node.next:
        yield "done" if isinstance(node, HandTo) else "happened", node.next
        yield "time is up", node.otherwise
    else:
        yield "", node.next
        if isinstance(node, WaitUntil) and node.if_past == "skip_next":
            yield "past already", node.after_next
        elif isinstance(node, WaitUntil) and node.if_past == "leave":
            yield "past already", None


def _quoted(text: str) -> str:
    """A label that Mermaid reads as text whatever stands in it."""
    lines = [
        line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…" for line in text.split("\n")
    ]
    escaped = "<br/>".join(_escaped(line) for line in lines)
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() or c in " .,:;!?-_/%…()'+=" else f"#{ord(c)};" for c in text)
