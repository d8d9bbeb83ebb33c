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
from engine.application.ports.write_keys import WriteKey, WriteKeys
from engine.application.row_kinds import Reader
from engine.application.row_values import BadValue, instant
from engine.application.segment_calls import Call, Envelope, hear
from engine.domain.arrival import Arrival
from engine.domain.facts import Rulebook

AT_ONCE = 2_000
"""Arrivals a transaction."""
LARGEST_EVENT = 32 * 1024
"""Bytes of one call, as Segment has it."""


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
        """Take them in; answers the calls that could not be understood."""
        kept: dict[int, list[Part]] = {}
        waiting: list[Arrival] = []
        joins: dict[Join, list[tuple[Delivery, Call]]] = {}
        for delivery in deliveries:
            bad = kept.setdefault(delivery.id, [])
            for place, call, envelope in self._opened(delivery, bad):
                try:
                    heard = hear(call, place, envelope)
                except BadValue as error:
                    bad.append(Part(f"`{error.column}` {error.reason}", packed(call, delivery)))
                    continue
                waiting.extend(heard.arrivals)
                for join in heard.joins:
                    joins.setdefault(join, []).append((delivery, call))
            if len(waiting) >= AT_ONCE:
                self.intake.take_in(waiting, self.clock())
                waiting.clear()
        if waiting:
            self.intake.take_in(waiting, self.clock())
        if joins:
            self._join(joins, kept)
        return {key: parts for key, parts in kept.items() if parts}

    def _opened(self, delivery: Delivery, bad: list[Part]) -> Iterator[tuple[int, Call, Envelope]]:
        """The calls of a delivery with their places; what is none of its own goes to `bad`."""
        key = self.keys.named(delivery.sender)
        document = parsed(delivery.body)
        calls = document.get("batch") if document is not None else None
        if document is None or not isinstance(calls, list) or key is None:
            reason = (
                "it is no batch of calls" if key else f"nobody knows the key `{delivery.sender}`"
            )
            bad.append(Part(reason, delivery.body))
            return
        envelope = self._envelope(delivery, key, document.get("sentAt"))
        may_be_large = len(delivery.body) > LARGEST_EVENT
        for place, call in enumerate(calls):
            if not isinstance(call, dict):
                bad.append(Part("it is no object", packed(call, delivery)))
            elif may_be_large and _is_large(call):
                bad.append(Part("it is larger than 32 KB", packed(call, delivery)))
            else:
                yield place, call, envelope

    def _envelope(self, delivery: Delivery, key: WriteKey, sent_at: object) -> Envelope:
        try:
            sent = None if sent_at is None else instant("sentAt", sent_at, self.reader.zone)
        except BadValue:
            sent = None
        reader = replace(
            self.reader, now=delivery.received_at, source=key.source, actor=f"key {key.name}"
        )
        order = self.rules.lifecycle.order_event
        return Envelope(key, delivery.received_at, sent, reader, order)

    def _join(
        self,
        joins: Mapping[Join, Sequence[tuple[Delivery, Call]]],
        kept: Mapping[int, list[Part]],
    ) -> None:
        for refused in self.joining.join(list(joins), self.rules, self.clock()):
            for delivery, call in joins[refused] if refused.asked else ():
                reason = (
                    f"`previousId` {refused.old} and {refused.keep} have two different addresses;"
                    " if they are one human all the same, `sincerely person merge` says so"
                )
                kept[delivery.id].append(Part(reason, packed(call, delivery)))


def parsed(body: bytes) -> dict[str, object] | None:
    """A JSON object, or None."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def packed(call: object, delivery: Delivery) -> bytes:
    """One call as a batch of its own, sent when its batch was; all of it, which bears a repetition, where
    the call is nested so deeply that it cannot be written once more."""
    document = parsed(delivery.body) or {}
    around = {"sentAt": document["sentAt"]} if "sentAt" in document else {}
    try:
        text = json.dumps({**around, "batch": [call]}, ensure_ascii=False)
    except RecursionError:
        return delivery.body
    return text.encode("utf-8", "surrogatepass")


def _is_large(call: Call) -> bool:
    try:
        return len(json.dumps(call)) > LARGEST_EVENT
    except RecursionError:  # whoever reads it says so
        return False
