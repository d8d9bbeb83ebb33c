"""`start`, `go_to`, `leave`."""

from __future__ import annotations

from engine.domain.journey import (
    GoTo,
    Leave,
    StartJourney,
)
from engine.language.pen import Pen
from engine.language.reader import (
    TEXT,
    Got,
    Word,
)
from engine.language.values import (
    JOURNEY,
)
from engine.language.verbs.tree import (
    STEP_NAME,
    Common,
    Step,
    add_verb,
)

START = Word("start", JOURNEY, "Another journey, by its own rules.", "win-back", required=True)
GO_TO = Word("go_to", STEP_NAME, "A step further down.", "goodbye", required=True)
LEAVE = Word("leave", TEXT, "Why the journey ends here.", "Nothing more to say", required=True)


def _start(got: Got, common: Common, pen: Pen) -> Step:
    return Step(StartJourney(**common, journey=got.need(START)), "start", got)


def _go_to(got: Got, common: Common, pen: Pen) -> Step:
    return Step(GoTo(**common), "go_to", got, target=got.need(GO_TO))


def _leave(got: Got, common: Common, pen: Pen) -> Step:
    return Step(Leave(**common, why=got.need(LEAVE)), "leave", got)


add_verb(_start, START)
add_verb(_go_to, GO_TO)
add_verb(_leave, LEAVE)
