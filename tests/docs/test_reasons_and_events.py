"""The lists of reasons (R3.10) and of the engine's own events in the reference are those of the code.

`pytest --accept` writes them anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from engine.domain import engine_events
from engine.domain.engine_events import ENGINE_EVENTS
from engine.domain.reasons import Reason
from engine.domain.told import What

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
TOLD = {f"mail.{what}" for what in get_args(What)}
"""What a provider tells is spelled once, in `domain.told`."""


def test_every_reason_for_not_sending_is_in_the_reference(golden):
    rows = [f"| `{reason}` | {reason.kind} | {reason.meaning} |" for reason in Reason]
    head = [
        "# Why a mail was not sent",
        "",
        "One closed list ([R3.10](rules.md#r3-caps-priority-the-gate)), in the order in which the gate "
        "asks (R3.9). The words never change, so reports and scripts may rely on them. *Try again*: the "
        "mail waits, and goes when it may. *Final*: this mail does not go any more; the journey goes on. "
        "*Needs attention*: somebody has to look. Generated from `engine/domain/reasons.py`.",
        "",
        "| reason | kind | means |",
        "|---|---|---|",
    ]
    golden(REFERENCE / "reasons.md", "\n".join([*head, *rows]) + "\n")


def test_every_event_of_the_engine_is_in_the_reference(golden):
    rows = [
        f"| `{name}` | {event.when} | {', '.join(f'`{word}`' for word in event.properties)} |"
        for name, event in ENGINE_EVENTS.items()
    ]
    head = [
        "# The engine's own events",
        "",
        "They are events like any other: `when`, `wait_for` and `did` read them, and their properties "
        "stand behind `where` and `event.NAME`. Generated from `engine/domain/engine_events.py`.",
        "",
        "| event | when | properties |",
        "|---|---|---|",
    ]
    golden(REFERENCE / "events.md", "\n".join([*head, *rows]) + "\n")


def test_the_code_notes_no_event_that_the_list_does_not_have():
    spelled = re.compile(
        r'"((?:person|stage|mood|feedback|consent|preferences|mail|task|journey|ticket)\.[a-z]+)"'
    )
    used = {
        name
        for path in (ROOT / "engine").rglob("*.py")
        if path.name != "engine_events.py" and "catalogue" not in path.parts
        for name in spelled.findall(path.read_text("utf-8"))
    }
    constants = {
        value
        for value in vars(engine_events).values()
        if isinstance(value, str) and value in ENGINE_EVENTS
    }
    assert used <= set(ENGINE_EVENTS)
    assert set(ENGINE_EVENTS) <= used | constants | TOLD
