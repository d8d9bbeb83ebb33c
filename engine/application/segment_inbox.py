"""Deliveries of the tracking API are taken in: each call becomes what arrives, many in a transaction.

Taking one in a second time changes nothing: events are known by their message, values of people by when
they were said, consent by its line, and ids that were joined lead on (R1.4).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.application.ports.inbox import Delivery, Part
from engine.application.ports.intake import Intake
from engine.application.ports.joining import Join, Joining
from engine.application.ports.write_keys import IDENTITIES, WriteKey, WriteKeys
from engine.application.row_kinds import Reader
from engine.application.row_values import BadValue, instant
from engine.application.segment_calls import Call, Envelope, hear, who
from engine.domain.arrival import Arrival, Claim
from engine.domain.facts import Rulebook

AT_ONCE = 2_000
"""Arrivals a transaction."""
LARGEST_EVENT = 32 * 1024
"""Bytes of one call, as Segment has it."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What calls came in: the delivery, and when it was sent, as it says."""

    delivery: Delivery
    sent_at: object

    def part(self, call: object, problem: str, *, newest: bool = False) -> Part:
        """One call as a batch of its own, sent when its batch was. Where it is nested so deeply that it
        cannot be written once more, it is the whole batch, which bears a repetition."""
        around = {} if self.sent_at is None else {"sentAt": self.sent_at}
        try:
            text = json.dumps({**around, "batch": [call]}, ensure_ascii=False)
        except RecursionError:
            return Part(problem, self.delivery.body, newest)
        return Part(problem, text.encode("utf-8", "surrogatepass"), newest)


@dataclass(frozen=True, slots=True)
class SegmentInbox:
    """`application.take_in.Processor` for the tracking API. `reader` says how values are read, `rules`
    are those in force, and `clock` is the present."""

    intake: Intake
    joining: Joining
    keys: WriteKeys
    reader: Reader
    rules: Rulebook
    clock: Callable[[], datetime]

    def __call__(self, deliveries: Sequence[Delivery]) -> Mapping[int, Sequence[Part]]:
        """Take them in; answers the calls that could not be understood, or not be done."""
        kept: dict[int, list[Part]] = {}
        waiting: list[Arrival] = []
        claims: list[Claim] = []
        joins: dict[Join, list[tuple[_Batch, Call]]] = {}
        for delivery in deliveries:
            bad = kept.setdefault(delivery.id, [])
            document = _parsed(delivery.body)
            batch = _Batch(delivery, document.get("sentAt"))
            for place, call, envelope in self._calls(batch, document, bad):
                try:
                    heard = hear(call, place, envelope)
                except BadValue as error:
                    bad.append(batch.part(call, f"`{error.column}` {error.reason}"))
                    continue
                waiting.extend(heard.arrivals)
                for join in heard.joins:
                    joins.setdefault(join, []).append((batch, call))
            if len(waiting) >= AT_ONCE:
                claims += self.intake.take_in(waiting, self.clock()).claims
                waiting.clear()
        if waiting:
            claims += self.intake.take_in(waiting, self.clock()).claims
        if joins:
            self._join(joins, kept)
        if claims:
            _refuse(claims, deliveries, kept)
        return {key: parts for key, parts in kept.items() if parts}

    def _calls(
        self, batch: _Batch, document: Mapping[str, object], bad: list[Part]
    ) -> Iterator[tuple[int, Call, Envelope]]:
        """The calls of a delivery with their places; what is none of its own goes to `bad`."""
        delivery = batch.delivery
        key = self.keys.named(delivery.sender)
        calls = document.get("batch")
        if not isinstance(calls, list) or key is None:
            reason = (
                "it is no batch of calls" if key else f"nobody knows the key `{delivery.sender}`"
            )
            bad.append(Part(reason, delivery.body))
            return
        envelope = self._envelope(batch, key)
        may_be_large = len(delivery.body) > LARGEST_EVENT
        for place, call in enumerate(calls):
            if not isinstance(call, dict):
                bad.append(batch.part(call, "it is no object"))
            elif may_be_large and _is_large(call):
                bad.append(batch.part(call, "it is larger than 32 KB"))
            else:
                yield place, call, envelope

    def _envelope(self, batch: _Batch, key: WriteKey) -> Envelope:
        received_at = batch.delivery.received_at
        try:
            sent = (
                None
                if batch.sent_at is None
                else instant("sentAt", batch.sent_at, self.reader.zone)
            )
        except BadValue:
            sent = None
        reader = replace(self.reader, now=received_at, source=key.source, actor=f"key {key.name}")
        order = self.rules.lifecycle.order_event
        return Envelope(key, received_at, sent, reader, order, batch.delivery.id)

    def _join(
        self,
        joins: Mapping[Join, Sequence[tuple[_Batch, Call]]],
        kept: Mapping[int, list[Part]],
    ) -> None:
        for refused in self.joining.join(list(joins), self.rules, self.clock()):
            for batch, call in joins[refused] if refused.asked else ():
                reason = (
                    f"`previousId` {refused.old} and {refused.keep} have two different addresses;"
                    " if they are one human all the same, `sincerely person merge` says so"
                )
                kept[batch.delivery.id].append(batch.part(call, reason, newest=True))


def _refuse(
    claims: Sequence[Claim], deliveries: Sequence[Delivery], kept: Mapping[int, list[Part]]
) -> None:
    """Keep the calls whose address was not taken, as all else of them was."""
    by_delivery: dict[int, list[int]] = {}
    for number, place in sorted(claims):
        by_delivery.setdefault(number, []).append(place)
    for delivery in deliveries:
        if delivery.id not in by_delivery:
            continue
        document = _parsed(delivery.body)
        batch, calls = _Batch(delivery, document.get("sentAt")), document["batch"]
        assert isinstance(calls, list)
        for place in by_delivery[delivery.id]:
            reason = (
                f"`email` gives {who(calls[place])} another address, which the key `{delivery.sender}`"
                f" may not do: it lacks the scope `{IDENTITIES}`. The rest of the call was taken"
            )
            kept[delivery.id].append(batch.part(calls[place], reason, newest=True))


def _parsed(body: bytes) -> Mapping[str, object]:
    """A JSON object; an empty one for all else."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _is_large(call: Call) -> bool:
    try:
        return len(json.dumps(call)) > LARGEST_EVENT
    except RecursionError:  # whoever reads it says so
        return False
