"""Opens and clicks are judged once their neighbours are there, and those of people become events (R8.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.application.ports.intake import Intake
from engine.application.ports.sent_mails import Touches, WaitingTouch
from engine.domain.arrival import EventArrived
from engine.domain.event import PROVIDER, Event
from engine.domain.scanners import HOLD, by_machine

BATCH = 500


def judge_touches(
    touches: Touches, intake: Intake, now: datetime, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Judge what has waited long enough; answers how many touches that were."""
    done = 0
    while not stopping() and (waiting := touches.waiting(now - HOLD, BATCH)):
        people = [
            one for one in waiting if not by_machine(one.touch, one.all_of_mail, one.delivered)
        ]
        if people:
            intake.take_in([EventArrived(one.person_id, _event(one)) for one in people], now)
        touches.judged([one.key for one in waiting])
        done += len(waiting)
    return done


def _event(one: WaitingTouch) -> Event:
    link = {"link": one.touch.link} if one.touch.link else {}
    return Event(one.key, f"mail.{one.what}", one.touch.at, {**one.about, **link}, PROVIDER)
