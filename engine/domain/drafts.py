"""Drafts: messages that somebody looks at before they go (`approval`, R7.3).

`first_send` asks once for a step, `every_send` for each message. What is said holds for the version
that was looked at: any change of the journey, or of what the reader of the mail would see, voids it.
"""

from __future__ import annotations

from typing import Literal

from engine.domain.facts import Facts, Judgement, Rulebook
from engine.domain.ids import send_id
from engine.domain.journey import Journey, Send
from engine.domain.run import Run

Approval = Literal["first_send", "every_send"]


def approval_of(journey: Journey, step: Send) -> Approval | None:
    """What a step asks for: its own word, else its journey's."""
    return step.approval or journey.approval


def version_of(journey: Journey, step: Send, rules: Rulebook) -> str:
    """The compiled version that an approval of this step is recorded on (R7.3)."""
    header = rules.mails.get(step.mail)
    seen = header.version if header else ""
    return f"{journey.version}.{seen}" if seen else journey.version


def judgement_of(
    run: Run, journey: Journey, step: Send, facts: Facts, rules: Rulebook
) -> Judgement | None:
    """What was said of this message as it stands today; None where nobody has looked at it yet.

    One message may be rejected although the first send of its step was approved.
    """
    version = version_of(journey, step, rules)
    own = facts.judged.get((version, send_id(run.id, step.id)))
    if own is not None and not (own.approved and approval_of(journey, step) == "first_send"):
        return own
    if approval_of(journey, step) == "first_send":
        return rules.judged.get((version, step.id))
    return None
