"""What a turn says of a person once time or news have changed it: the stage, and the mood.

Both become events of the engine's own, dated at the instant at which they changed.
"""

from __future__ import annotations

from engine.domain.asking import Asking
from engine.domain.desk import Desk
from engine.domain.emotion import Reading
from engine.domain.engine_events import FEEDBACK, MOOD_CHANGED
from engine.domain.event import Value
from engine.domain.facts import OUTSIDE
from engine.domain.lifecycle import stage
from engine.domain.mood import UNKNOWN, announced, audible, level_of
from engine.domain.receiving import TOO_OLD


def announce_stage(desk: Desk) -> None:
    """Note a change of stage (R6.1). One that new thresholds made starts nothing (R6.2)."""
    standing, rules = desk.facts.standing, desk.rules
    found = stage(standing, rules.thresholds, rules.lifecycle, desk.now)
    if found != desk.stage:
        ordered = standing.last_order_at == desk.now
        learned = not ordered and found == desk.worked_out
        because = (
            "an order" if ordered else "new thresholds" if learned else "time since the last order"
        )
        properties = {"from": desk.stage, "to": found, "because": because}
        desk.stage = found
        desk.note(
            "stage.changed", f"{desk.now.isoformat()}:{found}", properties, starts=not learned
        )
    desk.worked_out = found


def announce_mood(desk: Desk) -> None:
    """Note that another emotion sets the tone now, or none any more; never without consent (R5.10).

    One that was read from a message too old to start anything starts nothing either (R1.3).
    """
    facts, now = desk.facts, desk.now
    before = announced(facts.history)
    if not facts.readings and before == UNKNOWN:
        return
    heard = audible(facts, now)
    found = heard.emotion if heard else UNKNOWN
    if found == before or not Asking(facts, desk.rules, now, OUTSIDE).is_profiled:
        return
    properties: dict[str, Value] = {"from": before, "to": found, "because": "time"}
    if heard is not None:
        level = level_of(heard, now)
        properties |= {"because": "a message", "message": heard.message, "level": str(level)}
    starts = heard is None or _is_fresh(desk, heard)
    desk.note(MOOD_CHANGED, f"{now.isoformat()}:{before}:{found}", properties, starts=starts)


def _is_fresh(desk: Desk, heard: Reading) -> bool:
    said = desk.facts.history.named(FEEDBACK)
    late = any(event.id == heard.message and not event.starts for event in said)
    return not late and heard.at >= desk.now - TOO_OLD
