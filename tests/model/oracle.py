"""The slow, obviously right oracle: the rules of sending, written down once more from the rules.

It knows the shapes of the engine's data and none of its decisions: no calendar, no counting, no gate.
Time is scanned quarter hour by quarter hour, caps are counted over the plain list of all sends, consent
is folded line by line. Every clock and every wall time of the model lies on a quarter hour, so between
two of them, and apart from the moments at which a send leaves a rolling window, nothing can change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.condition import Did, OpenTicket
from engine.domain.duration import Duration
from engine.domain.facts import Rulebook
from engine.domain.journey import (
    Category,
    Class,
    Journey,
    Overflow,
    Priority,
    Send,
    Status,
    Wait,
)
from engine.domain.reasons import Reason
from engine.domain.run import Run
from tests.model.plain import (
    DAY,
    Mail,
    Record,
    exits,
    is_open,
    is_true,
    no_consent,
    plus,
    quarters,
    wall,
    zone_for,
)

HELD = (Reason.HOLD_WHEN, Reason.OPEN_TICKET, Reason.HELD_BY_JOURNEY, Reason.PAUSE_ASKED)
A_LONG_TIME = 40 * DAY
"""Whatever the hours have not allowed by then, they never will: the model's repeat every week."""

_CLASSES = [Class.TRANSACTIONAL, Class.SERVICE, Class.MARKETING]
_PRIORITIES = [Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW]


@dataclass(frozen=True)
class Expected:
    """What has to become of a message now: `does` is "go", "drop" or "wait".

    `reasons` are all that has to be recorded of a wait, and `perhaps` what may be named beside. A wait
    ends at `until`; `winners` are the mails one of which has to be named, where there are any.
    """

    does: str
    reasons: frozenset[Reason] = frozenset()
    perhaps: frozenset[Reason] = frozenset()
    until: datetime | None = None
    first_legal: datetime | None = None
    expires: datetime | None = None
    winners: frozenset[str] = frozenset()
    leaves: bool = False


@dataclass(frozen=True)
class Ahead:
    """A message of the same person that ranks higher and is expected at `at`, later than now."""

    at: datetime
    mail: Mail


@dataclass(frozen=True)
class Message:
    """One message at the gate: who, of which run, and when it was due first."""

    run: Run
    journey: Journey
    step: Send
    due: datetime

    def category(self, rules: Rulebook) -> Category:
        """Today's category of its journey."""
        return rules.policy.categories[self.journey.category]

    def rank(self, rules: Rulebook) -> tuple[int, int, datetime, str, str]:
        """R3.7: class, priority, due time, journey, step."""
        return (
            _CLASSES.index(self.category(rules).klass),
            _PRIORITIES.index(self.journey.priority),
            self.due,
            self.journey.name,
            self.step.id,
        )


class Gate:
    """R3.9 for one message, by brute force. `sends` are all sends ever, to anybody; `inside` the runs that
    the person is in at that moment, and `standing` those of them whose place is known."""

    def __init__(
        self,
        rules: Rulebook,
        record: Record,
        sends: Sequence[Mail],
        message: Message,
        *,
        inside: Sequence[Run] = (),
        standing: Sequence[Run] = (),
    ) -> None:
        self.rules, self.record, self.message = rules, record, message
        self.person = record.people[message.run.person]
        self.category = message.category(rules)
        self.zone = zone_for(self.person, rules)
        self.marketing = self.category.klass is Class.MARKETING
        self.ghost = self.marketing and message.run.held_out
        self.sends = [
            sent
            for sent in sends
            if sent.ghost == self.ghost
            and (
                sent.person == self.person.id
                or (self.person.mailbox != "" and sent.mailbox == self.person.mailbox)
            )
        ]
        self.inside = [run for run in inside if run.id != message.run.id]
        self.standing = [run for run in standing if run.id != message.run.id and run.live]

    # hours

    def shut(self, at: datetime) -> frozenset[Reason]:
        """Which of quiet hours, send window and holidays forbid an instant (R4.2)."""
        policy, found = self.rules.policy, set()
        if policy.quiet_hours and not self.category.ignores_quiet_hours:
            if is_open(policy.quiet_hours, at, self.zone):
                found.add(Reason.QUIET_HOURS)
        window = self.message.journey.send_window
        if window and not is_open(window, at, self.zone):
            found.add(Reason.SEND_WINDOW)
        if self.category.skip_holidays and wall(at, self.zone).date() in policy.holidays:
            found.add(Reason.HOLIDAY)
        return frozenset(found)

    def opens(self, at: datetime) -> datetime | None:
        """The first instant, from `at` on, that the hours alone allow."""
        if not self.shut(at):
            return at
        for quarter in quarters(at):
            if quarter > at + A_LONG_TIME:
                return None
            if not self.shut(quarter):
                return quarter
        return None

    def last_moment(self, first_legal: datetime) -> datetime:
        """R3.6: `expires_after` from the due time, `D` from the first legal instant; the earlier."""
        overflow = self.message.step.over_the_cap or self.rules.policy.over_the_cap
        if overflow.do != "postpone":
            overflow = self.rules.policy.over_the_cap
        if overflow.do != "postpone":
            overflow = Overflow("postpone", Duration(days=3))
        ends = plus(first_legal, overflow.up_to, self.zone)
        worth = self.message.step.expires_after
        return ends if worth is None else min(ends, plus(self.message.due, worth, self.zone))

    # caps

    def caps(self) -> list[tuple[Cap, str | None]]:
        """All caps that apply, with the category that they count (None: all marketing)."""
        found: list[tuple[Cap, str | None]] = [(c, self.category.name) for c in self.category.caps]
        if self.marketing:
            found += [(cap, None) for cap in self.rules.policy.marketing_caps]
            for persona in self.rules.personas:
                if is_true(persona.who, self.person, datetime.max.replace(tzinfo=UTC)):
                    found += [(cap, None) for cap in persona.caps]
                    break
            if self.record.last_words(self.person, "pace"):
                found.append((RollingCap(1, 7 * DAY), None))
        return found

    def counted(self, cap: Cap, of: str | None, sends: Sequence[Mail], at: datetime) -> list[Mail]:
        """The sends that take room in a cap at an instant (R3.2). One by a clock that runs ahead counts
        as one just made."""
        return [
            sent
            for sent in sends
            if (sent.marketing if of is None else sent.category == of)
            and self._within(cap, sent.at, at)
        ]

    def _within(self, cap: Cap, sent: datetime, at: datetime) -> bool:
        if isinstance(cap, GapCap):
            return at < sent + cap.gap
        if not isinstance(cap, CalendarCap):
            return at - cap.window < sent
        then, now = wall(sent, self.zone).date(), wall(at, self.zone).date()
        if cap.unit == "day":
            return then >= now
        if cap.unit == "week":
            return then.isocalendar()[:2] >= now.isocalendar()[:2]
        return (then.year, then.month) >= (now.year, now.month)

    def full(self, at: datetime, sends: Sequence[Mail]) -> list[Mail] | None:
        """The sends that fill the caps which are full at an instant; None where none is full."""
        filling: list[Mail] = []
        found = False
        for cap, of in self.caps():
            counted = self.counted(cap, of, sends, at)
            if len(counted) >= (1 if isinstance(cap, GapCap) else cap.times):
                found = True
                filling += counted
        return filling if found else None

    def why_full(self, at: datetime) -> frozenset[Reason]:
        """The reasons of all caps that are full: the person's own has one of its own."""
        asked = bool(self.marketing and self.record.last_words(self.person, "pace"))
        full = [
            len(self.counted(cap, of, self.sends, at))
            >= (1 if isinstance(cap, GapCap) else cap.times)
            for cap, of in self.caps()
        ]
        own, others = (full[-1:], full[:-1]) if asked else ([], full)
        found = {Reason.OVER_THE_CAP} if any(others) else set()
        return frozenset(found | ({Reason.LESS_OFTEN} if any(own) else set()))

    # what is expected of other messages

    def ahead(self, now: datetime) -> list[Ahead]:
        """R3.7: messages of higher rank that wait for later and may be sent as things stand."""
        if self.rules.policy.reserve_ahead != "today":
            return []
        found = []
        for run in self.standing:
            other = expected_next(run, self.rules)
            if other is None or run.wake_at is None or run.wake_at <= now:
                continue
            if run.postponed is not None and run.wake_at == run.postponed.expires:
                if any(reason in HELD for reason in run.postponed.reasons):
                    continue  # nobody knows when
            if other.journey.status in (Status.SHADOW, Status.DRAFT):
                continue
            gate = Gate(self.rules, self.record, (), other)
            at = gate.opens(run.wake_at)
            if at is None or other.rank(self.rules) >= self.message.rank(self.rules):
                continue
            if gate.ghost != self.ghost or gate.forbidden(now) or gate.paused():
                continue
            if gate.asked_to_wait(now):
                continue
            mail = Mail(at, self.person.id, self.person.mailbox, other.step.mail,
                        gate.category.name, gate.marketing, gate.ghost, run.id)  # fmt: skip
            found.append(Ahead(at, mail))
        return sorted(found, key=lambda one: one.at)

    def robbed(self, at: datetime, ahead: Sequence[Ahead]) -> list[str]:
        """The mails expected later on the day of `at` whose room a send at `at` would take."""
        found = []
        gone = [*self.sends, *(one.mail for one in ahead if one.at <= at)]
        mine = Mail(at, self.person.id, self.person.mailbox, self.message.step.mail,
                    self.category.name, self.marketing, self.ghost, self.message.run.id)  # fmt: skip
        for one in ahead:
            if one.at <= at or wall(one.at, self.zone).date() != wall(at, self.zone).date():
                continue
            for cap, of in self.caps():
                if not (one.mail.marketing if of is None else one.mail.category == of):
                    continue
                room = 1 if isinstance(cap, GapCap) else cap.times
                without = len(self.counted(cap, of, gone, one.at))
                if without < room <= len(self.counted(cap, of, [*gone, mine], one.at)):
                    found.append(one.mail.mail)
        return found

    # questions

    def paused(self) -> Reason | None:
        """R2.11."""
        journey = self.message.journey
        if self.rules.paused:
            return Reason.ENGINE_PAUSED
        if journey.status is Status.PAUSED or journey.name in self.rules.paused_journeys:
            return Reason.JOURNEY_PAUSED
        return None

    def forbidden(self, now: datetime) -> Reason | None:
        """What no waiting mends: nobody to write to, an exit, suppression, no consent."""
        if not self.person.mailbox:
            return Reason.NO_ADDRESS
        left = exits(self.message.run, self.message.journey, self.person, now)
        if left is not None:
            return left
        if self.person.mailbox in self.record.suppressed:
            return Reason.SUPPRESSED
        if not self.marketing:
            return None
        refused = no_consent(self.record, self.rules, self.person.id, self.category, now)
        if refused is not None:
            return refused
        tags = self.rules.mails[self.message.step.mail].tags
        if any(self.record.last_words(self.person, f"theme {tag}") for tag in tags):
            return Reason.THEME_SKIPPED
        return None

    def asked_to_wait(self, now: datetime) -> datetime | None:
        """Until when the person asked for a pause of marketing, where that is still to come."""
        ends = [line.until for line in self.record.last_words(self.person, "pause") if line.until]
        return max(ends) if self.marketing and ends and max(ends) > now else None

    def held(self, at: datetime) -> frozenset[Reason]:
        """R3.6, R6.4: what holds this category at an instant, as far as is known today."""
        found = set()
        for hold in self.rules.policy.hold_when:
            if hold.category == self.category.name and is_true(hold.condition, self.person, at):
                ticket = isinstance(hold.condition, OpenTicket)
                found.add(Reason.OPEN_TICKET if ticket else Reason.HOLD_WHEN)
        if self.category.sells and is_true(OpenTicket(), self.person, at):
            found.add(Reason.OPEN_TICKET)
        for run in self.inside:
            other = self.rules.journeys.get(run.journey)
            if (
                other is not None
                and other.name != self.message.journey.name
                and not run.held_out
                and other.status not in (Status.DRAFT, Status.SHADOW)
                and self.category.name in other.hold_other_mail
            ):
                found.add(Reason.HELD_BY_JOURNEY)
        return frozenset(found)

    # the whole gate

    def expected(self, now: datetime) -> Expected:
        """What has to become of the message at `now`."""
        if self.message.journey.status is Status.DRAFT:
            return self._drop(Reason.JOURNEY_DRAFT)
        first_legal = self.opens(self.message.due)
        expires = None if first_legal is None else self.last_moment(first_legal)
        paused = self.paused()
        if paused is not None:
            return self._stands_still(paused, expires, now, first_legal, expires)
        forbidden = self.forbidden(now)
        if forbidden is not None:
            return self._drop(forbidden)
        rests = self.asked_to_wait(now)
        if rests is not None:
            return self._stands_still(Reason.PAUSE_ASKED, rests, now, first_legal, expires)
        if expires is None or now > expires:
            return self._drop(Reason.EXPIRED)
        held, shut = self.held(now), self.shut(now)
        filling = self.full(now, self.sends)
        if not held and not shut and self._is_duplicate(now):
            return self._drop(Reason.DUPLICATE)
        ahead = self.ahead(now)
        robbed = [] if filling is not None or shut else self.robbed(now, ahead)
        winners = frozenset(sent.mail for sent in filling or () if sent.at == now) or frozenset(
            robbed
        )
        over = (
            max(self.why_full(now)) if filling is not None else Reason.RESERVED if robbed else None
        )
        overflow = (self.message.step.over_the_cap or self.rules.policy.over_the_cap).do
        if over is not None and not held and not shut and overflow != "postpone":
            return Expected("drop", frozenset({over}), winners=winners, leaves=overflow == "leave")
        if over is None and not held and not shut:
            return Expected("go", expires=expires, first_legal=first_legal)
        free = self.earliest(now, expires, lambda at: True, ahead)
        if free is None:
            return self._drop(Reason.EXPIRED)
        until = self.earliest(now, expires, lambda at: not self.held(at), ahead)
        reasons = held | shut | (self.why_full(now) or (frozenset({over}) if over else frozenset()))
        until = expires if until is None else until
        if until <= now:
            return self._drop(Reason.EXPIRED)
        perhaps: frozenset[Reason] = frozenset({Reason.RESERVED}) if ahead else frozenset()
        return Expected("wait", reasons, perhaps, until, first_legal, expires, winners)

    def earliest(
        self,
        now: datetime,
        expires: datetime,
        also: Callable[[datetime], bool],
        ahead: Sequence[Ahead],
    ) -> datetime | None:
        """R3.6: the first instant from `now` to `expires` that hours, caps and `also` allow."""
        for at in self._instants(now, expires, ahead):
            if self.shut(at) or not also(at):
                continue
            sends = [*self.sends, *(one.mail for one in ahead if one.at <= at)]
            if self.full(at, sends) is None and not self.robbed(at, ahead):
                return at
        return None

    def _instants(
        self, now: datetime, expires: datetime, ahead: Sequence[Ahead]
    ) -> Iterator[datetime]:
        """Every instant at which anything may begin to be allowed, in order."""
        lengths = {
            cap.gap if isinstance(cap, GapCap) else cap.window
            for cap, _ in self.caps()
            if not isinstance(cap, CalendarCap)
        }
        lengths |= {
            hold.condition.within
            for hold in self.rules.policy.hold_when
            if isinstance(hold.condition, Did) and hold.condition.within
        }
        began = [sent.at for sent in self.sends] + [one.at for one in ahead]
        began += [at for at, _, _ in self.person.events]
        special = {at + length for at in began for length in lengths} | {one.at for one in ahead}
        waiting = sorted(at for at in special if now < at <= expires)
        yield now
        for quarter in quarters(now):
            while waiting and waiting[0] < quarter:
                yield waiting.pop(0)
            if quarter > expires:
                return
            yield quarter

    def _is_duplicate(self, now: datetime) -> bool:
        """R3.8."""
        return self.marketing and any(
            sent.mail == self.message.step.mail and now - timedelta(hours=18) < sent.at <= now
            for sent in self.sends
        )

    def _stands_still(
        self,
        why: Reason,
        until: datetime | None,
        now: datetime,
        first_legal: datetime | None,
        expires: datetime | None,
    ) -> Expected:
        if expires is None or now >= expires:
            return self._drop(Reason.EXPIRED)
        until = min(until or expires, expires)
        return Expected("wait", frozenset({why}), frozenset(), until, first_legal, expires)

    def _drop(self, reason: Reason) -> Expected:
        return Expected("drop", frozenset({reason}))


def expected_next(run: Run, rules: Rulebook) -> Message | None:
    """The message that a run stands before, or that only waits lead to."""
    journey = rules.journeys.get(run.journey)
    if journey is None or not run.live:
        return None
    node = journey.nodes.get(run.step or "")
    while isinstance(node, Wait):
        node = journey.nodes.get(node.next or "")
    if not isinstance(node, Send):
        return None
    due = run.postponed.due if run.postponed else run.wake_at
    return Message(run, journey, node, due or run.since)
