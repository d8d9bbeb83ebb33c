"""`J408` to `J410`, `S401`, `P401`: steps that nobody comes to, and circles."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, JOURNEY, PERSONA, Entry, edit, steps

_HELLO = "  - { id: hello, send: welcome/hello }\n"
_ARMS = """\
  - id: which
    choose:
      - if: { plan: team }
        then: [ { id: hello, send: welcome/hello } ]
      - if: { plan: solo }
        then: [ { id: pause, wait: 3 days } ]
      - otherwise: []
"""
_OTHER = BASE[JOURNEY].replace("journey: welcome", "journey: later")
_START = _OTHER.replace("send: welcome/hello", "start: welcome")
_ASKING = "segment: {}\nwho: {{ segment: {} }}\n"

ENTRIES = (
    steps("J408", "Nobody comes to this step", "Everyone leaves or jumps over it before, so it would never do anything.",
          right=_HELLO + "  - { id: enough, leave: Said hello }\n",
          wrong="  - { id: enough, leave: Said hello }\n" + _HELLO),
    steps("J409", "An arm that nobody takes", "The first match wins, so a condition that stands further up already never matches here.",
          right=_ARMS, wrong=_ARMS.replace("plan: solo", "plan: team")),
    Entry("J410", "Journeys start each other in a circle",
          "A person would be handed around without an end (R2.7). Whether people come back says `again`.",
          {"journeys/later.yaml": _START, JOURNEY: BASE[JOURNEY].replace("send: welcome/hello", "start: later")},
          {"journeys/later.yaml": _OTHER, JOURNEY: BASE[JOURNEY].replace("send: welcome/hello", "start: later")}),
    Entry("S401", "A segment asks about itself",
          "Each of these segments waits for the answer of the other, so neither would ever have anybody in it.",
          {"segments/one.yaml": _ASKING.format("one", "two"), "segments/two.yaml": _ASKING.format("two", "one")},
          {"segments/one.yaml": _ASKING.format("one", "two"), "segments/two.yaml": "segment: two\nwho: { plan: team }\n"}),
    edit("P401", "A persona asks which persona somebody is",
         "Everybody has the first persona that fits. To know that, every `who` has to be answered, so none can ask for the outcome.",
         PERSONA, "{ orders: { at_least: 5 } }", "{ not: { persona: regular } }"),
)  # fmt: skip
