"""Consent and care across files: what a journey may send to whom, and what no mail may print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.domain.condition import (
    All,
    AnyOf,
    Condition,
    Disposition,
    Feels,
    InSegment,
    Not,
)
from engine.domain.emotion import EMOTIONS, GROUPS
from engine.domain.journey import (
    Choose,
    Class,
    Every,
    HandTo,
    Joins,
    Journey,
    Once,
    Send,
    WaitFor,
    WhenEvent,
)
from engine.domain.segment import Segment
from engine.language.checks.parts import Parts
from engine.language.checks.ways import Edge, reached
from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.journey_file import JourneyFile
from engine.language.template_header import SELLING_BLOCK, TemplateFile

_UPSET = frozenset(GROUPS["upset"])
_DEEPEST = 12


def check(parts: Parts) -> Iterator[Diagnostic]:
    """R5.3, R6.6, R9.3."""
    if parts.config_is_whole:
        moods = _Moods(parts.rulebook.segments)
        for file in parts.journeys.values():
            yield from _event_of_transactional(file, parts)
            yield from _promotion_to_upset(file, parts, moods)
        yield from _promotion_elsewhere(parts)
        yield from _translations(parts)
    for template in _templates(parts):
        yield from _printed_mood(template, parts.sources[template.path])


def _templates(parts: Parts) -> Iterator[TemplateFile]:
    for by_locale in parts.templates.values():
        yield from by_locale.values()


# ── journeys ──────────────────────────────────────────────────────────────────────────────────


def _class_of(journey: Journey, parts: Parts) -> Class | None:
    category = parts.rulebook.policy.categories.get(journey.category)
    return category.klass if category else None


def _event_of_transactional(file: JourneyFile, parts: Parts) -> Iterator[Diagnostic]:
    journey = file.journey
    if _class_of(journey, parts) is not Class.TRANSACTIONAL:
        return
    if not isinstance(journey.enter.trigger, WhenEvent):
        yield at(
            file.place("enter"),
            "J502",
            file.file,
            f"`{journey.category}` mail answers something that a person did, and no event starts it",
            "enter with `when:`, or choose a category of another class",
        )


def _promotion_to_upset(file: JourneyFile, parts: Parts, moods: _Moods) -> Iterator[Diagnostic]:
    """R6.6: by the way in, or by a branch without which nobody comes to the promotion."""
    journey = file.journey
    category = parts.rulebook.policy.categories.get(journey.category)
    headers = parts.rulebook.mails
    promotions = [
        node
        for node in journey.nodes.values()
        if isinstance(node, Send)
        and (
            (category and category.sells)
            or (node.mail in headers and headers[node.mail].promotion_blocks)
        )
    ]
    if not promotions:
        return
    entry = _upset_way_in(journey, moods)
    if entry is not None:
        yield _to_upset(file, entry, "the way in asks for people who are upset")
        return
    alive = reached(journey)
    calm = reached(journey, closed=lambda edge: _is_upset_way(journey, edge, moods))
    for node in promotions:
        if node.id in alive and node.id not in calm:
            yield _to_upset(
                file, f"steps.{node.id}.send", f"only people who are upset come to `{node.id}`"
            )


def _to_upset(file: JourneyFile, path: str, why: str) -> Diagnostic:
    return at(
        file.place(path),
        "J503",
        file.file,
        f"{why}, and its mail is a promotion",
        "write to them about what upset them; `hand_to` a team, or use a category that sells nothing",
    )


def _upset_way_in(journey: Journey, moods: _Moods) -> str | None:
    """Which word of `enter` asks for upset people."""
    trigger, condition = journey.enter.trigger, journey.enter.condition
    if isinstance(trigger, Joins) and moods.asks(InSegment(trigger.segment)):
        return "enter.joins"
    if isinstance(trigger, Every | Once) and moods.asks(trigger.who):
        return "enter.who"
    return "enter.if" if condition is not None and moods.asks(condition) else None


def _is_upset_way(journey: Journey, edge: Edge, moods: _Moods) -> bool:
    """Whether only upset people go this way."""
    node, to = journey.nodes[edge[0]], edge[1]
    if isinstance(node, WaitFor) and node.condition is not None and node.next != node.otherwise:
        return to == node.next and moods.asks(node.condition)
    if not isinstance(node, Choose):
        return False
    others = any(isinstance(arm, Not) and moods.asks(arm.part) for arm, _ in node.arms)
    if to == node.next and not others:
        return False
    return all(moods.asks(arm) for arm, first in node.arms if first == to)


class _Moods:
    """What conditions say of upset people. Each segment is looked at once; of a circle, and of a
    chain longer than anybody can follow, the rest is taken to say nothing."""

    def __init__(self, segments: Mapping[str, Segment]) -> None:
        self._segments = segments
        self._known: dict[str, tuple[bool, bool]] = {}
        self._deep = 0

    def asks(self, condition: Condition) -> bool:
        """Whether it singles out people who are upset. `any` of upset people and of others does,
        too, but not where the others are all who are not upset."""
        match condition:
            case Feels(emotions) | Disposition(emotions):
                return bool(emotions) and _UPSET.issuperset(emotions)
            case All(inner):
                return any(self.asks(part) for part in inner)
            case AnyOf(inner):
                upset = any(self.asks(part) for part in inner)
                return upset and not any(self.excludes(part) for part in inner)
            case InSegment(name):
                return self._of(name)[0]
        return False

    def excludes(self, condition: Condition) -> bool:
        """Whether it keeps upset people out."""
        match condition:
            case Not(part):
                return self.asks(part)
            case All(inner):
                return any(self.excludes(part) for part in inner)
            case InSegment(name):
                return self._of(name)[1]
        return False

    def _of(self, name: str) -> tuple[bool, bool]:
        if name not in self._known:
            self._known[name] = False, False
            segment = self._segments.get(name)
            if segment is not None and self._deep < _DEEPEST:
                self._deep += 1
                self._known[name] = self.asks(segment.who), self.excludes(segment.who)
                self._deep -= 1
        return self._known[name]


# ── mails ─────────────────────────────────────────────────────────────────────────────────────


def _promotion_elsewhere(parts: Parts) -> Iterator[Diagnostic]:
    """R5.3: a block that sells in a mail that some journey sends as transactional or service."""
    told: set[str] = set()
    for file in parts.journeys.values():
        klass = _class_of(file.journey, parts)
        if klass is None or klass is Class.MARKETING:
            continue
        for node in file.journey.nodes.values():
            if not isinstance(node, Send) or node.mail in told:
                continue
            told.add(node.mail)
            for template in parts.templates.get(node.mail, {}).values():
                found = SELLING_BLOCK.search(template.body)
                if found:
                    text = parts.sources[template.path]
                    yield at(
                        _place(text, found.start("block"), found.end("block"), template.body_line),
                        "T501",
                        template.path,
                        f"`{file.journey.name}` sends this as {klass} mail, which never sells",
                        f"take the {found['block']} out, or send it in a marketing category",
                    )


def _translations(parts: Parts) -> Iterator[Diagnostic]:
    """R9.3. A briefing is for colleagues; it needs no translation."""
    wanted = parts.config.company.locales
    nodes = [node for file in parts.journeys.values() for node in file.journey.nodes.values()]
    sent = {node.mail for node in nodes if isinstance(node, Send)}
    briefings = {node.briefing for node in nodes if isinstance(node, HandTo)} - sent
    for mail, files in parts.templates.items():
        if mail in briefings:
            continue
        own = {*files, *(wanted[:1] if "" in files else ())}
        missing = [one for one in wanted if not {one, one.partition("-")[0]} & own]
        if missing:
            file = files.get("") or next(iter(files.values()))
            folder, _, name = file.path.rpartition("/")
            ending = name.split(".", 1)[0], name.split(".")[-2]
            yield at(
                Place(1, 1, 1, 4),
                "T502",
                file.path,
                f"`{mail}` is not there in {' and '.join(f'`{one}`' for one in missing)}",
                f"write `{folder}/{ending[0]}.{missing[0]}.{ending[1]}.j2`, or leave the language"
                " out of `locales`",
            )


_MOODS = "|".join((*EMOTIONS, "upset", "happy", "mood", "moods", "disposition", "emotion"))
_STANDING = "lifecycle|lifecycle_stage|stage|churn|churn_risk|score|(?:churn|lead|mood|risk)_score"
_PRINTED = re.compile(
    r"(?<!if )(?<!and )(?<!or )(?<!not )\b"
    rf"(?:customer(?:\.|\[[\"'])(?P<name>{_MOODS}|{_STANDING})\b"
    rf"|event(?:\.|\[[\"'])(?P<felt>{_MOODS})\b)"
    r"(?![\"']?\]?\s*(?:==|!=|<|>|in\b|is\b|not\b))"
)
_EXPRESSION = re.compile(r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*\}\}")


def _printed_mood(template: TemplateFile, text: str) -> Iterator[Diagnostic]:
    """R6.6: what the engine thinks of somebody is never printed. A mood may decide about words."""
    bare = [need.name for need in template.needs if re.fullmatch(_MOODS, need.name)]
    for expression in _EXPRESSION.finditer(text):
        found = _PRINTED.search(expression.group())
        start, end = found.span() if found else (0, 0)
        name = expression.group()[start:end]
        for need in bare:
            own = re.match(
                rf"\{{\{{[-+]?\s*(?P<name>{need})\b(?!\s*(?:==|!=|in\b|is\b))", expression[0]
            )
            if own and not found:
                (start, end), name = own.span("name"), need
        if name:
            yield at(
                _place(text, expression.start() + start, expression.start() + end),
                "T503",
                template.path,
                f"`{name}` prints what we think of somebody",
                "let the words follow the mood with `{% tone %}`, and say nothing of it",
            )


def _place(text: str, start: int, end: int, first: int = 0) -> Place:
    """The place of a stretch of a text; `first` is the line of the file where a body begins, whose
    offsets these are."""
    if first:
        before = sum(len(line) + 1 for line in text.split("\n")[: first - 1])
        start, end = start + before, end + before
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    return Place(line, column, line, column + end - start)
