"""Keeping house: once a day, what is older than the config keeps goes (data protection, and a small
store). Nothing goes that a decision still needs (`domain.keeping`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.application.ports.keeping import Keeping
from engine.domain.calendar import add, back
from engine.domain.duration import Duration
from engine.domain.engine_events import FEEDBACK
from engine.domain.facts import Rulebook
from engine.domain.jurisdiction import CONFIRM_WITHIN
from engine.domain.keeping import (
    SUBJECT,
    WORDS,
    events_needed,
    experiments_in_force,
    journeys_with_words,
    words_needed,
)
from engine.language.config_file import Config

ROUND_EVERY = timedelta(hours=20)
"""A little less than a day, so that a tick that comes late does not make it every other day."""

KEEP_TOLD = timedelta(days=30)
"""How long it is known by a provider's own id what it told; it repeats things for a day. By what it says,
a repetition is known for as long as the event is kept."""

KEEP_SCORES = timedelta(days=400)
"""How long it stays known what was read of a message; after that it says next to nothing any more."""

KEEP_DELIVERIES = timedelta(days=90)
"""How long what came in and could not be understood waits for somebody to mend it."""

ClearMails = Callable[[datetime], int]
"""Removes the mails that delivery by `folder` wrote before an instant; answers how many files."""


def keep_house(
    keeping: Keeping,
    clear_mails: ClearMails,
    config: Config,
    rules: Rulebook,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Take today's round, where nobody has; answer what was removed, by kind.

    Lengths are those of `keep:` and `emotion.keep_text`, looking back in the zone of the business.
    """
    if not keeping.begin(now, now - ROUND_EVERY):
        return {}
    zone = rules.company_zone

    def since(length: Duration) -> datetime:
        return add(now, back(length), zone)

    keep = config.keep
    removed = {
        "events": _events(keeping, rules, since(keep.events), now, stopping),
        "words": _words(keeping, rules, now - config.emotion.keep_text, stopping),
        "evidence of moods": _all(
            lambda: keeping.remove_evidence(now - config.emotion.keep_text), stopping
        ),
        "scores of moods": _all(
            lambda: keeping.remove_scores(now - KEEP_SCORES, rules.emotion, now), stopping
        ),
        "moods without consent": _all(lambda: keeping.remove_without_consent(now), stopping),
        "tellings of providers": _all(lambda: keeping.remove_told(now - KEEP_TOLD), stopping),
        "deliveries that nobody mended": _all(
            lambda: keeping.remove_kept(now - KEEP_DELIVERIES), stopping
        ),
        "sign-ups that nobody confirmed": _all(
            lambda: keeping.remove_unconfirmed(now - CONFIRM_WITHIN, now), stopping
        ),
        "tracked links": _all(lambda: keeping.remove_tracked(since(keep.events)), stopping),
        "traces": keeping.remove_traces(since(keep.traces), experiments_in_force(rules), stopping),
        "former states": keeping.remove_former(since(keep.traces), stopping),
        "rendered mails": clear_mails(since(keep.rendered_mails)),
    }
    removed = {kind: count for kind, count in removed.items() if count}
    keeping.finish(now, removed)
    return removed


def _all(batch: Callable[[], int], stopping: Callable[[], bool]) -> int:
    done = 0
    while not stopping() and (count := batch()):
        done += count
    return done


def _events(
    keeping: Keeping,
    rules: Rulebook,
    before: datetime,
    now: datetime,
    stopping: Callable[[], bool],
) -> int:
    needed = events_needed(rules)
    done = 0
    for name in keeping.event_names():
        looked_back = needed.get(name, timedelta(0))
        if looked_back is None:
            continue
        oldest = min(before, now - looked_back)
        while not stopping() and (count := keeping.remove_events(name, oldest)):
            done += count
    return done


def _words(
    keeping: Keeping, rules: Rulebook, before: datetime, stopping: Callable[[], bool]
) -> int:
    """What people wrote, wherever a copy of it stands; the event itself stays."""
    if words_needed(rules):
        return 0
    journeys = journeys_with_words(rules)
    done = 0
    for word in (WORDS, SUBJECT):
        while not stopping() and (count := keeping.remove_words(FEEDBACK, word, before)):
            done += count
        while not stopping() and (
            count := keeping.remove_copied_words(FEEDBACK, word, journeys, before)
        ):
            done += count
    return done
