"""`J3`: windows that never open, and moments that may be past."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, CONFIG, JOURNEY, Entry, steps

_UNTIL = "  - {{ id: pause, wait_until: {} }}\n"
_QUIET = BASE[CONFIG].replace("policy:\n", "policy:\n  quiet_hours: 20:00-08:00\n")
_WINDOW = BASE[JOURNEY].replace("steps:", "send_window: {}\nsteps:")
_MORNING = BASE[JOURNEY].replace(
    "  - id: hello\n    send: welcome/hello\n",
    '  - id: next-morning\n    wait: 1 day\n    at: "{}"\n'
    "  - id: hello\n    send: welcome/hello\n    expires_after: 2 hours\n",
)

ENTRIES = (
    steps("J301", "The moment may be past", "Somebody may come here when the date is over. They can go on at once, skip the next step, or leave (R2.2).",
          right=_UNTIL.format("2026-12-24 18:00, if_past: skip_next"), wrong=_UNTIL.format("2026-12-24 18:00")),
    steps("J302", "It may be that weekday already", "Somebody may come here on a Tuesday afternoon. They can go on at once, or wait for the next Tuesday (R2.2).",
          right=_UNTIL.format("Tuesday 09:00, same_day_after: next_week"), wrong=_UNTIL.format("Tuesday 09:00")),
    Entry("J303", "This window never opens", "A `send_window` only narrows the time that the quiet hours leave (R4.2). Here nothing is left.",
          {CONFIG: _QUIET, JOURNEY: _WINDOW.replace("{}", "21:00-23:00")}, {CONFIG: _QUIET, JOURNEY: _WINDOW.replace("{}", "09:00-18:00")}),
    Entry("J304", "This mail expires before it may leave",
          "`expires_after` runs from the moment at which a mail falls due (R3.6). If the window stays closed for longer, nobody ever gets it.",
          {CONFIG: _QUIET, JOURNEY: _MORNING.replace("{}", "05:00")}, {CONFIG: _QUIET, JOURNEY: _MORNING.replace("{}", "07:00")}, "warning"),
)  # fmt: skip
