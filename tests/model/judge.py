"""Judges turns: everything that a turn did to messages is compared with what the oracle expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.domain.changes import Change, Life, Moved, Queued, Traced
from engine.domain.facts import Rulebook
from engine.domain.journey import Class, Journey, Send, Status, Wait
from engine.domain.reasons import Reason
from engine.domain.run import Run
from tests.model.oracle import Expected, Gate, Message
from tests.model.plain import Mail, Record, exits, plus, zone_for

_ENDS = {"ended", "left", "goal"}
_CUT_SHORT = {Reason.GOAL_REACHED, Reason.LEFT, Reason.CONDITION}


@dataclass
class Judge:
    """Keeps the plain lists of sends, and of what shadows would have sent, by step.

    `edited` are runs whose journey was edited since they moved; `judged` counts the verdicts."""

    sends: list[Mail] = field(default_factory=list)
    shadows: list[tuple[str, Mail]] = field(default_factory=list)
    had: set[tuple[str, str]] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    judged: Counter[str] = field(default_factory=Counter)

    def turn(
        self,
        rules: Rulebook,
        record: Record,
        before: Life,
        after: Life,
        changes: Sequence[Change],
        now: datetime,
    ) -> None:
        """One person's turn: each message that went, each that did not, and all that wait."""
        stood = {run.id: run for run in before.runs}
        stands = {run.id: run for run in after.runs}
        stands |= {change.run.id: change.run for change in changes if isinstance(change, Moved)}
        ways = _Ways(rules, record, stood, before.looked_at)
        settled: dict[str, list[str]] = {}
        inside = {run.id: run for run in before.runs if run.live}
        for change in changes:
            if isinstance(change, Queued):
                settled.setdefault(change.run.id, []).append(change.sent.step)
                self._went(rules, record, change, ways, stood, stands, [*inside.values()], now)
            elif isinstance(change, Traced) and change.what == "dropped":
                settled.setdefault(change.run, []).append(change.step or "")
                self._dropped(rules, record, change, ways, stood, stands, [*inside.values()], now)
            elif isinstance(change, Traced) and change.what == "entered":
                inside[change.run] = stands[change.run]
            elif isinstance(change, Traced) and change.what in _ENDS:
                inside.pop(change.run, None)
        for run in stands.values():
            self._moved(rules, stood.get(run.id), run, settled.get(run.id, []))
            if run.live:
                self._waits(rules, record, before, run, list(stands.values()), now)
        self._written(changes, stood, stands)

    # ── what went ─────────────────────────────────────────────────────────────────────────────

    def _went(
        self, rules: Rulebook, record: Record, queued: Queued, ways: _Ways,
        stood: Mapping[str, Run], stands: Mapping[str, Run], inside: Sequence[Run], now: datetime,
    ) -> None:  # fmt: skip
        run, sent = queued.run, queued.sent
        journey = rules.journeys[run.journey]
        step = journey.nodes[sent.step]
        assert isinstance(step, Send)
        self.judged["went"] += 1
        assert (run.id, step.mail) not in self.had, "R2.10: no message of a run twice"
        self.had.add((run.id, step.mail))
        message = Message(run, journey, step, queued.due)
        category = message.category(rules)
        dues = ways.due(run, sent.step, now)
        assert queued.due in dues, f"R3.6: due {queued.due}, where {run} came to it at {dues}"
        surely = _untouched(stood, stands)
        counted = self._counting(rules, message)
        gate = Gate(rules, record, counted, message, inside=inside, standing=surely)
        expected = gate.expected(now)
        assert expected.does == "go", f"{step.mail} went at {now}: {expected}"
        assert queued.expires == expected.expires
        assert queued.shadow == (journey.status is Status.SHADOW)
        assert sent.ghost == gate.ghost, "R8.1: marketing to held-out people is a ghost"
        assert (sent.category, sent.klass, sent.mail) == (category.name, category.klass, step.mail)
        assert sent.at == now
        person = record.people[run.person]
        mail = Mail(now, person.id, person.mailbox, step.mail, category.name, gate.marketing,
                    sent.ghost, run.id, queued.send_id)  # fmt: skip
        if queued.shadow:
            self.shadows.append((step.id, mail))
        else:
            self.sends.append(mail)

    def _counting(self, rules: Rulebook, message: Message) -> list[Mail]:
        """All sends; for a shadow, also what its own run would have sent, as those steps are today
        (R2.11)."""
        run, journey = message.run, message.journey
        if journey.status is not Status.SHADOW:
            return self.sends
        category = message.category(rules)
        own = [
            replace(mail, mail=node.mail, category=category.name,
                    marketing=category.klass is Class.MARKETING,
                    ghost=run.held_out and category.klass is Class.MARKETING)
            for step, mail in self.shadows
            if mail.run == run.id and isinstance(node := journey.nodes.get(step), Send)
        ]  # fmt: skip
        return [*self.sends, *own]

    # ── what did not go ───────────────────────────────────────────────────────────────────────

    def _dropped(
        self, rules: Rulebook, record: Record, line: Traced, ways: _Ways,
        stood: Mapping[str, Run], stands: Mapping[str, Run], inside: Sequence[Run], now: datetime,
    ) -> None:  # fmt: skip
        self.judged["dropped"] += 1
        assert line.reason is not None, "R3.10: no message is dropped without a reason"
        journey = rules.journeys[line.journey]
        run = stands.get(line.run) or stood[line.run]
        step = journey.nodes.get(line.step or "")
        if not isinstance(step, Send):
            assert line.reason is Reason.CONDITION and line.run in self.edited
            return
        asked = _as_before(run, stood.get(run.id), step.id)
        tried = []
        for due in ways.due(run, step.id, now):
            message = Message(asked, journey, step, due)
            counted = self._counting(rules, message)
            tried += [
                Gate(rules, record, counted, message, inside=inside, standing=places).expected(now)
                for places in (_untouched(stood, stands), [*stood.values(), *stands.values()])
            ]
        why = exits(asked, journey, record.people[run.person], now)
        if why is not None and line.reason in _CUT_SHORT:
            assert line.reason is (Reason.LEFT if why is Reason.CONDITION else why) or (
                line.reason is why
            )
            return
        fitting = [one for one in tried if one.does == "drop" and line.reason in one.reasons]
        assert fitting, f"{step.mail} dropped as {line.reason} at {now}: {tried}"
        _winner_is_named(line.detail.get("winner"), fitting)

    # ── what waits ────────────────────────────────────────────────────────────────────────────

    def _waits(
        self, rules: Rulebook, record: Record, before: Life, run: Run, runs: Sequence[Run],
        now: datetime,
    ) -> None:  # fmt: skip
        journey = rules.journeys[run.journey]
        node = journey.nodes[run.step or ""]
        person = record.people[run.person]
        assert run.wake_at is not None and run.wake_at > now, "nobody waits for nothing"
        if isinstance(node, Wait):
            if run.id not in self.edited:
                zone = zone_for(person, rules)
                assert run.wake_at == plus(run.since, node.length, zone), "R2.1, R4.5"
            return
        assert isinstance(node, Send) and run.postponed is not None
        self.judged["waits"] += 1
        kept = run.postponed
        message = Message(run, journey, node, kept.due)
        counted = self._counting(rules, message)
        live = [one for one in runs if one.live]
        gate = Gate(rules, record, counted, message, inside=live, standing=live)
        expected = gate.expected(now)
        told = f"{node.mail} waits at {now}: {run}\n expected {expected}"
        assert expected.does == "wait", told
        assert expected.reasons <= set(kept.reasons) <= expected.reasons | expected.perhaps, told
        assert run.wake_at == expected.until, told
        assert kept.expires == expected.expires, told
        assert kept.first_legal == (expected.first_legal or kept.due), told
        _winner_is_named(kept.winner, [expected])

    # ── how runs move ─────────────────────────────────────────────────────────────────────────

    def _moved(self, rules: Rulebook, was: Run | None, run: Run, settled: Sequence[str]) -> None:
        """A run passes over no message, and over no wait: each is settled, in its order."""
        if was == run or (was is None and run.step is None and not settled):
            return
        if run.id in self.edited:
            self.edited.discard(run.id)
            return
        journey = rules.journeys[run.journey]
        step = was.step if was else journey.first
        if was is not None and not was.live:
            return
        for message in settled:
            step = _past_waits(journey, step)
            assert step == message, f"{run.id} settled {message} where {step} came next"
            step = journey.nodes[message].next
        if run.live:
            first = step
            step = _past_waits(journey, step, to=run.step)
            assert step == run.step, f"{run.id} went from {first} to {run.step}"

    def _written(
        self, changes: Sequence[Change], stood: Mapping[str, Run], stands: Mapping[str, Run]
    ) -> None:
        """R3.10: a new wait is in the trace, with its reason and every broken question (R3.1)."""
        lines = {c.run: c for c in changes if isinstance(c, Traced) and c.what == "postponed"}
        for run in stands.values():
            if run.live and run.postponed is not None:
                was = stood.get(run.id)
                if was is None or (was.postponed, was.wake_at) != (run.postponed, run.wake_at):
                    line = lines[run.id]
                    assert line.reason == run.postponed.reasons[0]
                    findings = line.detail["findings"]
                    assert isinstance(findings, tuple)
                    told = {one.partition(":")[0] for one in findings}
                    assert {str(reason) for reason in run.postponed.reasons} <= told


class _Ways:
    """When each message of a turn was due: when its run came to it."""

    def __init__(
        self,
        rules: Rulebook,
        record: Record,
        stood: Mapping[str, Run],
        looked_at: datetime | None,
    ) -> None:
        self._rules, self._record, self._stood = rules, record, stood
        self._looked_at = looked_at

    def due(self, run: Run, step: str, now: datetime) -> set[datetime]:
        """The instant, or two where the person's zone changed before a turn that came late."""
        was = self._stood.get(run.id)
        if was is None:
            return self._entered(run, step, now)
        if was.step == step:
            return {was.postponed.due if was.postponed else was.since}
        journey = self._rules.journeys[run.journey]
        node = journey.nodes.get(was.step or "")
        if isinstance(node, Wait) and node.next == step and was.wake_at is not None:
            zone = zone_for(self._record.people[run.person], self._rules)
            return {was.wake_at, plus(was.since, node.length, zone)}
        return {now}

    def _entered(self, run: Run, step: str, now: datetime) -> set[datetime]:
        """A run that began in this turn: the turn may be late, and its first wait over already. An event
        that came in after the turn of its own instant acts in the next."""
        journey = self._rules.journeys[run.journey]
        passed = self._looked_at is not None and run.entered_at <= self._looked_at
        began = now if passed else run.entered_at
        if journey.first == step:
            return {began}
        node = journey.nodes[journey.first or ""]
        if isinstance(node, Wait) and node.next == step:
            zone = zone_for(self._record.people[run.person], self._rules)
            return {plus(began, node.length, zone)}
        return {now}


def _past_waits(journey: Journey, step: str | None, to: str | None = "") -> str | None:
    while step is not None and step != to and isinstance(journey.nodes[step], Wait):
        step = journey.nodes[step].next
    return step


def _untouched(stood: Mapping[str, Run], stands: Mapping[str, Run]) -> list[Run]:
    """The runs that stood in their place throughout the turn."""
    return [run for run in stood.values() if stands.get(run.id, run) == run]


def _as_before(run: Run, was: Run | None, step: str) -> Run:
    """The run as it was asked about: before its exit."""
    return was if was is not None and was.step == step else run


def _winner_is_named(winner: object, expected: Sequence[Expected]) -> None:
    """R3.7: the loser's record names the winner."""
    if all(one.winners for one in expected):
        assert any(winner in one.winners for one in expected), f"{winner} in none of {expected}"
