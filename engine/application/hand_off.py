"""The living loop's second half: messages that passed the gate leave.

Each is asked again at the gate (R3.9), written, marked as being sent in a committed transaction, and
only then handed to the provider (R10.1). They are marked in small groups, just before they leave, so
that few are uncertain after a crash. Whatever happens to one stops only that one (R10.4).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.application.compose import Letter
from engine.application.lane import Lane
from engine.application.letters import Letters
from engine.application.ports.lives import Lives, V
from engine.application.ports.mailer import Mailer
from engine.application.ports.outbox import Finished, Outbox, Outgoing
from engine.application.ports.renderer import NotRendered, SkipMail
from engine.application.settle_lost import settle_lost, still_unknown, tried_once_more
from engine.domain.calendar import local
from engine.domain.counting import remembered
from engine.domain.edit import place_of
from engine.domain.facts import Facts
from engine.domain.index import events_read, holding
from engine.domain.journey import Journey, Send
from engine.domain.message import Message, Receipt
from engine.domain.pace import WARM_UP, Paces, Rate
from engine.domain.policy import CLAIM_GOOD_FOR, Candidate, Go, Stop, WaitUntil, regate
from engine.domain.reasons import Reason
from engine.domain.run import Run
from engine.domain.turn import Life
from engine.domain.values import MICROSECOND

BATCH = 100
LEASE = timedelta(minutes=15)
"""How long a hand-off may take before its outcome counts as unknown; RFC 5321 allows 10 minutes."""
_LATER = timedelta(minutes=5)
_PATIENCE = 2
"""Hand-offs that a message may spoil before it lets others go first."""
_MENDED_WITHIN = timedelta(minutes=15)
"""How often a message that could not be written is tried again without another reason to hope."""
_HOLD = timedelta(minutes=2)
"""How long people stay in hand while their messages are decided."""
_IN_OTHER_HANDS = timedelta(seconds=5)
_BY_TIME = frozenset(
    {
        Reason.QUIET_HOURS, Reason.SEND_WINDOW, Reason.HOLIDAY, Reason.OVER_THE_CAP,
        Reason.LESS_OFTEN, Reason.RESERVED,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message that may leave now."""

    row: Outgoing
    message: Message


class HandOff:
    """Hands messages to one mailer, by one version of the project.

    `lane` outlives versions. `clock` says the running present; without one the `now` of a call stands
    still, as in virtual time. `paces` are kept by all processes together. `in_force` says whether the
    version is still the one of now; it is asked after each claim, the instant of the hand-off (R2.9, R3.9).
    """

    def __init__(
        self,
        outbox: Outbox,
        lives: Lives[V],
        letters: Letters,
        mailer: Mailer,
        lane: Lane | None = None,
        clock: Callable[[], datetime] | None = None,
        paces: Paces | None = None,
        in_force: Callable[[], bool] = lambda: True,
    ) -> None:
        self._outbox = outbox
        self._lives = lives
        self._letters = letters
        self._rules = letters.rules
        self._mailer = mailer
        self._lane = lane or Lane()
        self._clock = clock
        self._paces = paces or Paces()
        self._in_force = in_force

    def send_due(
        self, now: datetime, owner: str, stopping: Callable[[], bool] = lambda: False
    ) -> int:
        """Hand off everything that is ready, batch by batch; answer how many messages were settled.

        Nothing leaves while the engine is paused, nor while the way out is closed after trouble: such
        messages wait. When told to stop, those whose hand-off has begun are finished.
        """
        self._pick_up(now, owner)
        done = settle_lost(self._outbox, self._mailer, now, owner)
        self._outbox.try_again(now, _MENDED_WITHIN)
        while not (stopping() or self._rules.paused):
            now = self._present(now)
            if not self._lane.is_open(now):
                break
            self._lane.in_hand = True
            rates = self._rates(now)
            rows = self._outbox.claim(now, BATCH, owner, LEASE, self._engaged_by(rates))
            if not rows:
                break
            if not self._in_force():
                self._outbox.release(owner)
                break
            done += self._batch(rows, rates, now, owner, stopping)
        self._lane.in_hand = False
        return done

    def _pick_up(self, now: datetime, owner: str) -> None:
        """After trouble with the database in the middle of a batch: record what was known, and give
        back what was in hand."""
        if self._lane.in_hand:
            self._outbox.finish(self._lane.told, owner, now)
            self._lane.told = []
            self._outbox.release(owner)
            self._lives.release(_deciding(owner))
            self._lane.in_hand = False

    def _rates(self, now: datetime) -> Mapping[str, Rate]:
        return self._paces.rates(local(now, self._rules.company_zone).date())

    def _engaged_by(self, rates: Mapping[str, Rate]) -> Collection[str]:
        """Signs of life that decide who goes first in a warm-up."""
        if WARM_UP not in rates:
            return ()
        return ("mail.clicked", self._rules.lifecycle.order_event)

    def _present(self, now: datetime) -> datetime:
        return self._clock() if self._clock else now

    def _batch(
        self,
        rows: Sequence[Outgoing],
        rates: Mapping[str, Rate],
        claimed_at: datetime,
        owner: str,
        stopping: Callable[[], bool],
    ) -> int:
        told, ready = self._decide_all(rows, claimed_at, owner)
        waiting = self._outbox.hold_back([one.row.send_id for one in ready], rates, claimed_at)
        told += [
            _put_off(
                one.row, waiting[one.row.send_id], Reason.PROVIDER_RATE, "its turn comes later"
            )
            for one in ready
            if one.row.send_id in waiting
        ]
        ready = [one for one in ready if one.row.send_id not in waiting]
        done = 0
        while ready:
            now = self._present(claimed_at)
            if stopping() or not self._may_leave(claimed_at, now):
                break
            size = self._lane.group()
            group, ready = ready[:size], ready[size:]
            self._lane.told = [*told, *(self._waits(one.row, now) for one in group)]
            telling = [(one.row.person_id, one.message) for one in group if one.message.targets]
            if telling:
                self._letters.keep_targets(telling, now)
            ids = [one.row.send_id for one in group]
            ours = self._outbox.begin(ids, owner, now + LEASE, told, now)
            done += sum(one.status != "queued" for one in told)
            self._lane.told = told = []
            for one in group:
                if one.row.send_id in ours:
                    told.append(self._hand_off(one, claimed_at))
            self._lane.took(self._present(claimed_at) - now)
        self._outbox.finish(told, owner, self._present(claimed_at))
        self._lane.told = []
        if ready:
            self._outbox.release(owner)
        return done + sum(one.status != "queued" for one in told)

    def _may_leave(self, claimed_at: datetime, now: datetime) -> bool:
        """Whether the way is open, and the claim still good (R3.9)."""
        return now - claimed_at <= CLAIM_GOOD_FOR and self._lane.is_open(now)

    def _decide_all(
        self, rows: Sequence[Outgoing], now: datetime, owner: str
    ) -> tuple[list[Finished], list[_Ready]]:
        """What does not leave, and what may: still in our hand, with its slot where it counts.

        Whoever has a message that counts caps again is in our hand meanwhile, as in a turn: else
        somebody could take the slot that it moves to (R3.3).
        """
        old = {row.person_id for row in rows if now - row.queued_at > CLAIM_GOOD_FOR}
        deciding = _deciding(owner)
        held = self._lives.hold(old, now, deciding, _HOLD) if old else ()
        try:
            taken = {who for who in old if who not in held}
            free = [row for row in rows if row.person_id not in taken]
            settled = [
                _put_off(row, now + _IN_OTHER_HANDS) for row in rows if row.person_id in taken
            ]
            ready, moved = self._at_the_gate(free, old, settled, now)
            ours = self._outbox.move_slots(moved, owner, deciding)
        finally:
            if old:
                self._lives.release(deciding)
        lost = moved.keys() - set(ours)
        settled += [
            still_unknown(
                one.row, Finished(one.row.send_id, "queued", ready_at=now + _IN_OTHER_HANDS)
            )
            for one in ready
            if one.row.send_id in lost
        ]
        return settled, [one for one in ready if one.row.send_id not in lost]

    def _at_the_gate(
        self, rows: Sequence[Outgoing], old: Collection[str], settled: list[Finished], now: datetime
    ) -> tuple[list[_Ready], dict[str, datetime]]:
        """What may leave, and which slots move; `settled` gets the rest."""
        people, rules = {row.person_id for row in rows}, self._rules
        visits = self._lives.load(people, now, remembered(rules), events_read(rules))
        lives = {visit.life.facts.person.id: visit.life for visit in visits}
        mailbox = {visit.life.facts.person.id: visit.mailbox_key for visit in visits}
        runs = self._outbox.runs({row.run for row in rows})
        ready: list[_Ready] = []
        moved: dict[str, datetime] = {}
        for row in rows:
            who, whole = row.person_id, row.person_id in old
            if who in mailbox and mailbox[who] != row.mailbox_key and not whole:
                # Its slot counts for a mailbox that they have left: the whole gate, once it may be asked.
                ready_at = row.queued_at + CLAIM_GOOD_FOR + MICROSECOND
                waits = Finished(row.send_id, "queued", ready_at=ready_at)
                settled.append(still_unknown(row, waits))
                continue
            found = self._decide(row, lives.get(who), runs.get(row.run), now, whole)
            if isinstance(found, _Ready):
                ready.append(found)
                if whole:
                    moved[row.send_id] = now
            else:
                found = still_unknown(row, found)
                settled.append(found)
            if row.send_id in moved or (isinstance(found, Finished) and found.frees_slot):
                for other, life in lives.items():
                    if mailbox[other] == mailbox.get(who):
                        lives[other] = _with_slot_at(life, row, moved.get(row.send_id))
        return ready, moved

    def _decide(
        self, row: Outgoing, life: Life | None, run: Run | None, now: datetime, whole: bool
    ) -> _Ready | Finished:
        """The gate once more, and the mail written."""
        journey = self._rules.journeys.get(row.journey)
        place = place_of(row.step, journey) if journey else None
        step = journey.nodes.get(place.step or "") if journey and place and place.stay else None
        if life is None:
            return Finished(row.send_id, "dropped", Reason.NO_PERSON)
        if journey is None or run is None or not isinstance(step, Send):
            return Finished(row.send_id, "dropped", Reason.RUN_ENDED, "the step is gone")
        stopped = self._ask(row, journey, step, run, life, now, whole)
        if stopped is not None:
            return stopped
        try:
            return _Ready(row, self._write(row, journey, run, life.facts, now))
        except SkipMail as skipped:
            return Finished(row.send_id, "dropped", Reason.SKIPPED_BY_MAIL, skipped.reason)
        except NotRendered as failed:
            return Finished(row.send_id, "needs_attention", failed.outcome, str(failed))

    def _ask(
        self,
        row: Outgoing,
        journey: Journey,
        step: Send,
        run: Run,
        life: Life,
        now: datetime,
        whole: bool,
    ) -> Finished | None:
        category = self._rules.policy.categories.get(journey.category)
        if category is None:
            return Finished(row.send_id, "dropped", Reason.CONDITION, "the category is gone")
        candidate = Candidate(run, journey, step, category, row.due)
        held_by = holding(self._rules, life.runs)
        slot_at = None if whole else row.queued_at
        verdict = regate(candidate, life.facts, self._rules, now, slot_at=slot_at, held_by=held_by)
        if isinstance(verdict, Go):
            return None
        because = verdict.findings[-1].detail if verdict.findings else ""
        if isinstance(verdict, WaitUntil):
            # What may end by other things than time is asked about again soon.
            held = not _BY_TIME.issuperset(verdict.reasons)
            ready_at = min(verdict.until, now + _MENDED_WITHIN) if held else verdict.until
            return Finished(row.send_id, "queued", verdict.reasons[0], because, ready_at=ready_at)
        assert isinstance(verdict, Stop)
        return Finished(row.send_id, "dropped", verdict.reason, because)

    def _write(
        self, row: Outgoing, journey: Journey, run: Run, facts: Facts, now: datetime
    ) -> Message:
        letter = Letter(
            mail=row.mail,
            journey=journey,
            entry=row.entry,
            answers=run.answers,
            tone=row.tone,
        )
        return self._letters.write_to_send(row.send_id, letter, facts, now, row.sender)

    def _hand_off(self, one: _Ready, claimed_at: datetime) -> Finished:
        """One message handed over. What the provider says of it is an outcome (R10.1).

        If an earlier one of its group met trouble or took too long, it does not leave.
        """
        now = self._present(claimed_at)
        if not self._may_leave(claimed_at, now):
            return self._waits(one.row, now)
        receipt = self._mailer.send(one.message, now)
        now = self._present(claimed_at)
        self._lane.hears(receipt, now)
        return still_unknown(one.row, _finished(one.row, receipt, self._lane, now))

    def _waits(self, row: Outgoing, now: datetime) -> Finished:
        """A message that did not leave after all."""
        if self._lane.opens_at is None or self._lane.is_open(now):
            return _put_off(row, now)
        return _put_off(row, self._lane.opens_at, Reason.PROVIDER_DOWN)


def _put_off(
    row: Outgoing, until: datetime, reason: Reason | None = None, detail: str = ""
) -> Finished:
    """A message that did not leave this time. If it may have left before, that is not forgotten."""
    return still_unknown(row, Finished(row.send_id, "queued", reason, detail, ready_at=until))


def _deciding(owner: str) -> str:
    return f"{owner}-deciding"


def _with_slot_at(life: Life, row: Outgoing, at: datetime | None) -> Life:
    """The life with the slot of a message moved to an instant, or given back where that is None."""
    own = (row.run, row.step)
    sent = tuple(
        one if at is None or (one.run, one.step) != own else replace(one, at=at)
        for one in life.facts.sent
        if at is not None or (one.run, one.step) != own
    )
    return replace(life, facts=replace(life.facts, sent=sent))


def _finished(row: Outgoing, receipt: Receipt, lane: Lane, now: datetime) -> Finished:
    if receipt.outcome == "accepted":
        return Finished(
            row.send_id,
            "sent",
            detail=receipt.detail,
            provider_id=receipt.provider_id,
            sent_at=now,
        )
    if receipt.outcome == "unknown" and tried_once_more(row):
        return Finished(row.send_id, "sending", detail=receipt.detail, ready_at=now + LEASE)
    if receipt.outcome == "unknown":
        return Finished(row.send_id, "unknown", Reason.UNKNOWN, receipt.detail, sent_at=now)
    if receipt.outcome == "refused" and not receipt.stops_lane:
        return Finished(row.send_id, "refused", Reason.REFUSED, receipt.detail)
    reason = Reason.PROVIDER_RATE if receipt.paced else Reason.PROVIDER_DOWN
    ready_at = _again_at(row, receipt, lane, now)
    return Finished(row.send_id, "queued", reason, receipt.detail, ready_at=ready_at)


def _again_at(row: Outgoing, receipt: Receipt, lane: Lane, now: datetime) -> datetime:
    """When a message is tried again. In an outage it is the first to go when the way opens, but one
    that failed time after time steps aside: it may be the trouble itself (R10.4)."""
    if receipt.paced or lane.opens_at is None:
        return receipt.retry_at or now + _LATER
    return lane.opens_at if row.attempt < _PATIENCE else max(lane.opens_at, now + _LATER)
