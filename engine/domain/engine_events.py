"""The engine's own events: what it notes by itself, read by `when`, `wait_for` and `did` like any other.

`docs/reference/events.md` is generated from this table, and a test finds every name in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.bounce import BOUNCE_CLAIMED

FEEDBACK = "feedback.received"
"""What a person wrote; the id of the event is the message that a mood was read from."""

MOOD_CHANGED = "mood.changed"
CARE_NEEDED = "care.needed"
ANSWER_NEEDED = "answer.needed"
"""Somebody waits for us. It says nothing of feelings, so it needs no consent to be noted (R5.10)."""

MOOD_EVENTS = frozenset({MOOD_CHANGED, CARE_NEEDED})
"""Events that say how somebody feels: they go with the consent to it (R5.10)."""

ABOUT_MESSAGES = frozenset({MOOD_CHANGED, CARE_NEEDED, ANSWER_NEEDED})
"""Events that are noted because of one message, which their property `message` names."""

TASK_OPENED = "task.opened"
TASK_RAISED = "task.raised"
TASK_DONE = "task.done"
"""The event by which a team says that it is done; its property `task` is the id of the task."""

SUBMITTED = "form.submitted"
"""A sign-up by a form, by which the journey begins that asks for the confirmation."""


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """When it is noted, in a marketer's words, and the properties that it carries."""

    when: str
    properties: tuple[str, ...] = ()


_OF_MAIL = ("send_id", "mail", "category", "journey", "step")
"""Which mail a provider speaks of."""

ENGINE_EVENTS: Mapping[str, EngineEvent] = {
    "person.changed": EngineEvent("A journey changed attributes of the person.", ("attributes",)),
    "person.merged": EngineEvent("Another profile was merged into this one.", ("other",)),
    "stage.changed": EngineEvent("The lifecycle stage changed.", ("from", "to", "because")),
    MOOD_CHANGED: EngineEvent(
        "Another emotion sets the tone, or none any more (`unknown`); only of people who agree to it.",
        ("from", "to", "level", "because", "message"),
    ),
    CARE_NEEDED: EngineEvent(
        "Somebody wrote what a person should read: `why` is `urgent`, `upset` or `sensitive`.",
        ("why", "urgency", "message"),
    ),
    ANSWER_NEEDED: EngineEvent(
        "Somebody waits for us: `why` is `question`, `leaving`, `erasure`, `elsewhere` or `disowned` of a"
        " reply, and `data` where somebody asked for their data by an address that is new; `until` is the"
        " day that the law names, `heard` where in the text.",
        ("why", "urgency", "message", "mail", "until", "heard", "by"),
    ),
    FEEDBACK: EngineEvent(
        "The person wrote to us. A reply names the mail that it answers.",
        ("source", "text", "rating", "ticket", "subject", "mail", "journey", "step"),
    ),
    "ticket.opened": EngineEvent("A complaint was opened; promotions wait.", ("ticket",)),
    "ticket.solved": EngineEvent("A complaint was solved; comes from outside.", ("ticket",)),
    "consent.confirmed": EngineEvent("The person agreed to a topic on our pages.", ("topic",)),
    "consent.withdrawn": EngineEvent("Consent to a topic, or to all, was taken back.", ("topic",)),
    "consent.expiring": EngineEvent("Consent ends in 30 days.", ("topic",)),
    "preferences.confirmed": EngineEvent("The person saved their preferences.", ("topics",)),
    SUBMITTED: EngineEvent(
        "Somebody signed up by one of our forms and has to confirm it; at most once a day.",
        ("form", "topics", "language"),
    ),
    "mail.sent": EngineEvent(
        "A mail of ours was handed to the provider.", ("mail", "category", "journey", "step")
    ),
    "mail.accepted": EngineEvent(
        "The provider has a mail of which nobody knew whether it had left.", _OF_MAIL
    ),
    "mail.deferred": EngineEvent(
        "The mailbox did not take a mail of ours yet; the provider tries again by itself.",
        (*_OF_MAIL, "address", "text"),
    ),
    "mail.delivered": EngineEvent("The provider delivered a mail of ours.", (*_OF_MAIL, "address")),
    "mail.dropped": EngineEvent(
        "The provider did not even try, because of a list of its own (`reason`); where that speaks of the"
        " address, nothing is sent there any more.",
        (*_OF_MAIL, "address", "reason"),
    ),
    "mail.bounced": EngineEvent(
        "A mail of ours came back. A bad address is never written to again.",
        (*_OF_MAIL, "address", "status", "text", "kind", "classification", "verdict"),
    ),
    BOUNCE_CLAIMED: EngineEvent(
        "A report without a mark of ours says that a mail came back. Anybody could have written it: it counts"
        " as one soft bounce, and in no statistics.",
        (*_OF_MAIL, "status", "text"),
    ),
    "mail.complained": EngineEvent(
        "The person said that a mail of ours is spam. They are never written to again.",
        (*_OF_MAIL, "address"),
    ),
    "mail.opened": EngineEvent(
        "The person opened a mail of ours; only of people who agree to `tracking_opens`, and not where a"
        " machine did. It decides no goal (R8.3).",
        _OF_MAIL,
    ),
    "mail.clicked": EngineEvent(
        "The person clicked in a mail of ours; only of people who agree to `tracking_clicks`, and not where"
        " a machine did (R8.3).",
        (*_OF_MAIL, "link"),
    ),
    "mail.resubscribed": EngineEvent(
        "The person undid, at the provider, that they had left there. What they agree to stays as it is:"
        " they come back through our own pages (R5.5).",
        (*_OF_MAIL, "address"),
    ),
    TASK_OPENED: EngineEvent(
        "A team got a task, from a journey or because of a message.",
        ("task", "team", "urgency", "journey", "step", "message"),
    ),
    TASK_RAISED: EngineEvent(
        "An open task is about one more message.", ("task", "urgency", "message")
    ),
    "task.done": EngineEvent("A team closed its task.", ("task", "journey", "step")),
    "journey.start": EngineEvent(
        "The API lets the person into a journey; comes from outside.", ("journey",)
    ),
    "journey.entered": EngineEvent("The person came into a journey.", ("journey", "run")),
    "journey.left": EngineEvent(
        "The person's run through a journey ended.", ("journey", "run", "because")
    ),
}
"""By name, in the order of the reference."""
