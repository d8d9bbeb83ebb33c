"""`J`: journeys."""

from __future__ import annotations

from engine.language.catalogue.entry import JOURNEY, edit, entering, steps

_HELLO = "  - { id: hello, send: welcome/hello }\n"
_CHOOSE = """\
  - id: how-is-it
    choose:
      - if: { angry: high }
        then: [ { id: call-them, hand_to: care, because: Angry early } ]
      - otherwise: [ { id: hello, send: welcome/hello } ]
"""
_EXPERIMENT = """\
  - id: story-test
    experiment: Does a story help?
    measure: { did: order.placed, within: 14 days }
    at_least: 400 people
    decide: after 28 days
    variants:
      - { name: nothing, share: 50%, then: [] }
      - { name: story, share: 50%, then: [ { id: hello, send: welcome/hello } ] }
"""
_DEEP = "{ id: hello, send: welcome/hello }"
for _level in ("three", "two", "one"):
    _DEEP = f"{{ id: level-{_level}, if: {{ plan: team }}, then: [ {_DEEP} ] }}"


def _enter(right: str, wrong: str) -> dict[str, str]:
    return {"right": f"enter: {right}\n", "wrong": f"enter: {wrong}\n"}


ENTRIES = (
    entering("J108", "This does not say whether people may enter again",
             "A journey is entered once, always anew, or anew after some time since the last entry (R1.5).",
             **_enter("{ when: order.placed, again: after 90 days }", "{ when: order.placed, again: sometimes }")),
    entering("J109", "A run is told apart by a property of its event",
             "`one_run_per: event.order_id` lets one person walk through the journey once for each order.",
             **_enter("{ when: order.placed, one_run_per: event.order_id }", "{ when: order.placed, one_run_per: order_id }")),
    entering("J110", "This word goes with something else",
             "The word says more about another one, which does not stand here; alone it would do nothing.",
             **_enter("{ on_date: birthday, yearly: yes }", "{ when: order.placed, yearly: yes }")),
    steps("J111", "This step does nothing", "Every step has one verb: `send`, `wait`, `choose` and so on.",
          right=_HELLO, wrong="  - { id: hello, note: Say hello }\n"),
    steps("J199", "Not available yet", "`call` will come with its webhooks; until then people and attributes can carry the news.",
          right=_HELLO, wrong="  - { id: tell-crm, call: crm }\n"),
    steps("J202", "Two steps have one id", "People stand on step ids, so each belongs to one step.",
          right=_HELLO + "  - { id: pause, wait: 3 days }\n", wrong=_HELLO + "  - { id: hello, wait: 3 days }\n"),
    steps("J203", "A former name is still in use", "`was` says what a step was called before, so that people who stand there keep their place.",
          right=_HELLO + "  - { id: pause, was: old-pause, wait: 3 days }\n",
          wrong=_HELLO + "  - { id: pause, was: hello, wait: 3 days }\n"),
    steps("J204", "There is no such step", "`go_to` and `removed` name a step of this journey.",
          right="  - { id: skip, go_to: hello }\n" + _HELLO, wrong="  - { id: skip, go_to: helo }\n" + _HELLO),
    entering("J205", "A removed step is still there", "`removed` says where people go who stand on a step that is gone (R2.8).",
             right="enter: { when: order.placed }\nremoved: { old-step: { go_to: hello } }\n",
             wrong="enter: { when: order.placed }\nremoved: { hello: { leave: Gone } }\n"),
    steps("J206", "Two variants have one name", "Reports know variants by their names.",
          right=_EXPERIMENT, wrong=_EXPERIMENT.replace("name: story", "name: nothing")),
    steps("J401", "Steps are nested too deep", "More than three levels cannot be overlooked. An inner part becomes a journey of its own.",
          right=f"  - {_DEEP}\n", wrong=f"  - {{ id: level-zero, if: {{ plan: team }}, then: [ {_DEEP} ] }}\n"),
    steps("J402", "This `if` leads nowhere", "A condition without steps behind it decides nothing.",
          right="  - { id: ask, if: { plan: team }, then: [ { id: hello, send: welcome/hello } ] }\n",
          wrong="  - { id: ask, if: { plan: team } }\n"),
    steps("J403", "Nobody comes to the arms below", "`otherwise` takes everyone who is left, so it stands at the end.",
          right=_CHOOSE, wrong=_CHOOSE.replace("      - if:", "      - otherwise: []\n      - if:")),
    steps("J404", "`choose` leaves somebody out", "Everyone has to go somewhere: the last arm is `otherwise`, even if it does nothing (R2.4).",
          right=_CHOOSE, wrong=_CHOOSE.replace("      - otherwise: [ { id: hello, send: welcome/hello } ]\n", "")),
    steps("J405", "The variants do not make a whole", "At least two variants, whose shares make 100% together.",
          right=_EXPERIMENT, wrong=_EXPERIMENT.replace("50%, then: [] }", "40%, then: [] }")),
    steps("J406", "Nobody waits for the team", "Without `up_to` the journey goes on at once, so what follows a finished task belongs below the step.",
          right="  - { id: call-them, hand_to: care, because: Angry early, up_to: 2 days, otherwise: [ { id: hello, send: welcome/hello } ] }\n",
          wrong="  - { id: call-them, hand_to: care, because: Angry early, otherwise: [ { id: hello, send: welcome/hello } ] }\n"),
    steps("J407", "A journey goes forward only", "Going back could send the same mail again and again.",
          right="  - { id: skip, go_to: hello }\n" + _HELLO, wrong=_HELLO + "  - { id: again, go_to: hello }\n"),
    edit("J501", "A journey can lower consent, never raise it", "Only the person says yes (R5.5). A journey can take their silence for a no.",
         JOURNEY, "send: welcome/hello", "update: { consent.news: given }"),
)  # fmt: skip
