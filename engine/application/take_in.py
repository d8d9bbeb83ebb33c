"""What came in is processed: each delivery of the inbox by whoever can read its kind.

A processor may be interrupted at any point and then gets the same delivery once more, so it must bear a
repetition (R1.4). What it cannot understand is kept with the reason; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from engine.application.ports.inbox import Delivery, Inbox, Part
from engine.domain.errors import MistakeError

AT_ONCE = 200
"""Deliveries that are taken in hand at once."""
MOST_ATTEMPTS = 5
INTERRUPTED = f"its processing was begun {MOST_ATTEMPTS} times and never came to its end"

Processor = Callable[[Sequence[Delivery]], Mapping[int, Sequence[Part]]]
"""Processes deliveries of one kind, oldest first; answers what has to be kept, by the delivery's id."""


class NotUnderstood(MistakeError):
    """Something that came cannot be understood. `parts` are what of it is to be kept, each with its own
    reason; nothing there means all of it, with this reason."""

    def __init__(self, message: str, parts: Sequence[Part] = ()) -> None:
        super().__init__(message, help="`sincerely inbox show ID` has it as it came")
        self.parts = tuple(parts)


Shorten = Callable[[Delivery, Part], Part]
"""Makes what is kept of a delivery no longer than somebody needs who looks at it."""


def as_it_came(delivery: Delivery, part: Part) -> Part:
    """All of it."""
    return part


def one_by_one(process: Callable[[Delivery], None], shorten: Shorten = as_it_came) -> Processor:
    """A processor from one that takes a single delivery, and raises `MistakeError` (or `NotUnderstood`)
    for what must be kept."""

    def processor(deliveries: Sequence[Delivery]) -> Mapping[int, Sequence[Part]]:
        kept: dict[int, Sequence[Part]] = {}
        for delivery in deliveries:
            try:
                process(delivery)
            except MistakeError as error:
                parts = error.parts if isinstance(error, NotUnderstood) else ()
                parts = parts or (Part(error.message, delivery.body),)
                kept[delivery.id] = [shorten(delivery, part) for part in parts]
        return kept

    return processor


def drain(
    inbox: Inbox,
    processors: Mapping[str, Processor],
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Process what waits until nothing does; answers how many deliveries that were.

    `clock` is the present: a backlog takes a while. Several processes may do so at once. Kinds that
    nobody here can read wait on.
    """
    done = 0
    while not stopping() and (taken := inbox.take(processors.keys(), clock(), AT_ONCE)):
        for group in _by_kind(taken):
            _process(inbox, processors[group[0].kind], group)
        done += len(taken)
    return done


def _by_kind(taken: Iterable[Delivery]) -> list[list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    for one in taken:
        found.setdefault(one.kind, []).append(one)
    return list(found.values())


def _process(inbox: Inbox, processor: Processor, group: Sequence[Delivery]) -> None:
    if group[0].attempts > MOST_ATTEMPTS:
        inbox.keep(group[0].id, INTERRUPTED)
        return
    kept = processor(group)
    for key, parts in kept.items():
        inbox.keep_parts(key, parts)
    inbox.done([one.id for one in group if one.id not in kept])
