"""The only place where ports meet adapters.

A command builds what it needs and no more: heavy libraries are imported where they are used.
"""

from engine.bootstrap.incoming import (
    intake_of,
    mail_processors,
    message_reading,
    mood_reader,
    processors_of,
    reading_intake,
    receiver_of,
    replies_of,
    segment_inbox_of,
    sendgrid_events_of,
)
from engine.bootstrap.keys import (
    inbound_secret_of,
    inbound_signatures_of,
    link_keys_of,
    metrics_token,
    replies_to,
    sendgrid_signatures_of,
    verp_of,
)
from engine.bootstrap.outgoing import (
    channels_of,
    mailer_of,
    notice_writer_of,
    suppression_lists_of,
    ways_out_of,
)
from engine.bootstrap.queues import make_queue, require_queue
from engine.bootstrap.workshop import (
    ProjectError,
    Workshop,
    compile_project,
    templates_of,
    with_decisions,
    with_holidays,
    with_thresholds,
)

__all__ = [
    "ProjectError",
    "Workshop",
    "channels_of",
    "compile_project",
    "inbound_secret_of",
    "inbound_signatures_of",
    "intake_of",
    "link_keys_of",
    "mail_processors",
    "mailer_of",
    "make_queue",
    "message_reading",
    "metrics_token",
    "mood_reader",
    "notice_writer_of",
    "processors_of",
    "reading_intake",
    "receiver_of",
    "replies_of",
    "replies_to",
    "require_queue",
    "segment_inbox_of",
    "sendgrid_events_of",
    "sendgrid_signatures_of",
    "suppression_lists_of",
    "templates_of",
    "verp_of",
    "ways_out_of",
    "with_decisions",
    "with_holidays",
    "with_thresholds",
]
