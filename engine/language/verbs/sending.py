"""`send`."""

from __future__ import annotations

from engine.domain.journey import (
    Send,
)
from engine.language import values
from engine.language.pen import Pen
from engine.language.reader import (
    TEXT,
    Got,
    Word,
)
from engine.language.values import (
    DURATION,
    MAIL,
    OVERFLOW,
    SENDER,
)
from engine.language.verbs.tree import (
    APPROVAL,
    Common,
    Step,
    add_verb,
)

SEND = Word("send", MAIL, "The mail to send.", "onboarding/welcome", required=True)
FROM = Word("from", SENDER, "A sender of the config, if not the mail's own.", "lena")
EXPIRES_AFTER = Word(
    "expires_after", DURATION, "After that it is no longer worth sending.", "20 hours"
)
OVER_THE_CAP = Word("over_the_cap", OVERFLOW, "What happens over a cap.", "skip")
TONE = Word(
    "tone",
    values.TONE,
    "The tone, where the mood should not decide.",
    "neutral",
)
IF_MISSING = Word(
    "if_missing",
    TEXT,
    "A word for missing values, `skip the mail` or `hold the mail`.",
    "skip the mail",
)


def _send(got: Got, common: Common, pen: Pen) -> Step:
    node = Send(
        **common,
        mail=got.need(SEND),
        sender=got.get(FROM),
        expires_after=got.get(EXPIRES_AFTER),
        over_the_cap=got.get(OVER_THE_CAP),
        tone=got.get(TONE),
        approval=got.get(APPROVAL),
        if_missing=got.get(IF_MISSING),
    )
    return Step(node, "send", got)


add_verb(_send, SEND, FROM, EXPIRES_AFTER, OVER_THE_CAP, TONE, APPROVAL, IF_MISSING)
