"""A provider's lists of addresses that it does not deliver to are taken over, page by page.

It goes on where it was interrupted; after the first whole import only what is new is asked for, with a day
to spare. Blocks are left out: they pass, and SendGrid itself does not hold them against an address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.application.ports.intake import Intake
from engine.application.ports.suppression_lists import (
    Progress,
    Somebody,
    Suppressing,
    SuppressionLists,
)
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry, Evidence
from engine.domain.event import PROVIDER, Event
from engine.domain.ids import event_id
from engine.domain.listed import LISTS, List, Listed, because_of, topic_of

OVERLAP = timedelta(days=1)
_SAME_ACT = timedelta(minutes=5)
"""A list and the webhook may tell of the same click with some seconds between them."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to. `read` are entries, `suppressed` and `left` what was new of them: addresses,
    and people who are off a topic now. `unread` entries made no sense. `whole` says that it came to its
    end."""

    read: int = 0
    suppressed: int = 0
    left: int = 0
    unread: int = 0
    whole: bool = False


def import_suppressions(
    lists: SuppressionLists,
    store: Suppressing,
    intake: Intake,
    topics: tuple[str, ...],
    now: datetime,
    by: str,
    *,
    everything: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> Imported:
    """Take over the lists of provider `by`; with `everything` from their beginning.

    Raises:
        NotNow, NotAllowed: what `lists` raises; what came until then is in, and the next call goes on there.
    """
    progress = Progress() if everything else store.progress()
    if progress.began is None:
        progress = replace(progress, began=now, on=LISTS[0], offset=0)
    since = None if progress.complete is None else progress.complete - OVERLAP
    done = Imported()
    while progress.on is not None:
        if stopping():
            return done
        page = lists.page(progress.on, since, progress.offset, now)
        suppressed, left = _take_over(page.entries, store, intake, topics, now, by)
        read = len(page.entries) + page.unread
        done = replace(
            done,
            read=done.read + read,
            suppressed=done.suppressed + suppressed,
            left=done.left + left,
            unread=done.unread + page.unread,
        )
        progress = replace(
            progress,
            on=progress.on if page.more else _after(progress.on),
            offset=progress.offset + read if page.more else 0,
        )
        store.note(progress, now)
    store.note(Progress(complete=progress.began), now)
    return replace(done, whole=True)


def _after(on: List) -> List | None:
    place = LISTS.index(on) + 1
    return LISTS[place] if place < len(LISTS) else None


def _take_over(
    entries: Sequence[Listed],
    store: Suppressing,
    intake: Intake,
    topics: tuple[str, ...],
    now: datetime,
    by: str,
) -> tuple[int, int]:
    """Answers how many addresses are suppressed now that were not, and how many people left."""
    bad = [(one, because) for one in entries if (because := because_of(one)) is not None]
    gone = [one for one in entries if because_of(one) is None]
    people = store.people({one.address for one in gone}) if gone else {}
    bad += [(one, "opt_out") for one in gone if one.address not in people]
    arrivals = _leaving(gone, people, topics, by)
    if arrivals:
        intake.take_in(arrivals, now)
    left = sum(isinstance(arrival, ConsentArrived) for arrival in arrivals)
    return (store.suppress(bad, now, by) if bad else 0), left


def _leaving(
    gone: Sequence[Listed], people: Mapping[str, Somebody], topics: tuple[str, ...], by: str
) -> list[Arrival]:
    """They left by an act of their own at the provider, at the time of the list (R5.5)."""
    arrivals: list[Arrival] = []
    for one in gone:
        somebody = people.get(one.address)
        topic = topic_of(one, topics)
        if somebody is None or _is_known(somebody.consents, topic, one.since):
            continue
        entry = ConsentEntry(
            topic=topic,
            state="unsubscribed",
            at=one.since,
            basis=f"unsubscribe at {by}",
            own_act=True,
            source=f"{by}, list of {one.on}",
        )
        event = Event(
            id=event_id("left", by, one.on, somebody.person_id, topic, one.since.isoformat()),
            name="consent.withdrawn",
            at=one.since,
            properties={"topic": topic},
            source=PROVIDER,
        )
        arrivals += [
            ConsentArrived(somebody.person_id, entry, Evidence(actor=by)),
            EventArrived(somebody.person_id, event),
        ]
    return arrivals


def _is_known(ledger: Sequence[ConsentEntry], topic: str, since: datetime) -> bool:
    """Whether the ledger has it already that the person left then, or later."""
    return any(
        line.state == "unsubscribed"
        and line.topic in (topic, ALL_TOPICS)
        and line.at >= since - _SAME_ACT
        for line in ledger
    )
