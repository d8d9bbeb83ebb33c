"""`Y12.` and `Y3..`: the small phrases. `Y13.`, `Y14.`: conditions."""

from __future__ import annotations

from engine.language.catalogue.entry import (
    BASE,
    CONFIG,
    JOURNEY,
    TEST,
    Entry,
    edit,
    entering,
    steps,
    who,
)

_WAIT = "  - { id: pause, wait: 3 days }\n"
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
_COUNTED = "{ did: order.placed, at_least: 3 times }"


def _wait(code: str, title: str, why: str, wrong: str) -> Entry:
    return steps(code, title, why, right=_WAIT, wrong=_WAIT.replace("3 days", wrong))


def _until(code: str, title: str, why: str, right: str, wrong: str, more: str = "") -> Entry:
    step = "  - {{ id: pause, wait_until: {}, {} }}\n"
    more = more or "if_past: go_on"
    return steps(code, title, why, right=step.format(right, more), wrong=step.format(wrong, more))


ENTRIES = (
    who("Y121", "This is not a number", "A number is written in digits, with a point for decimals and without units.",
        right="{ seats: { at_least: 3 } }", wrong="{ seats: { at_least: three } }"),
    who("Y122", "This does not say how many times", "Events are counted: `3 times`, `once`, `twice`.",
        right=_COUNTED, wrong=_COUNTED.replace("3 times", "often")),
    steps("Y123", "This does not say how many people", "An experiment needs enough people in each variant to tell anything.",
          right=_EXPERIMENT, wrong=_EXPERIMENT.replace("400 people", "many")),
    steps("Y124", "This is no share", "A share is a percentage from `0%` to `100%`.",
          right=_EXPERIMENT, wrong=_EXPERIMENT.replace("share: 50%, then: [] }", "share: half, then: [] }")),
    edit("Y125", "This is not a cap",
         "A cap says how many mails in which time. `per day` can mean a calendar day or any 24 hours, so it has to say which.",
         CONFIG, "1 per calendar day", "1 per day"),
    edit("Y126", "This does not say what happens over a cap",
         "Over a cap a mail is postponed for a while and then dropped, or skipped, or the person leaves the journey.",
         JOURNEY, "send: welcome/hello", "send: welcome/hello\n    over_the_cap: try later"),
    who("Y127", "This does not say how quiet", "Everybody has a rhythm of their own; the condition counts in their usual gaps.",
        right="{ quiet_for: 2 times their usual gap }", wrong="{ quiet_for: a long time }"),
    edit("Y128", "This cannot be a name",
         "Names and step ids are small letters with hyphens (`first-order`), attributes small letters with `_` "
         "(`first_name`), events `noun.verbed` (`order.placed`), mails `folder/name`.",
         JOURNEY, "id: hello", "id: Hello World"),
    edit("Y129", "This is not a mail address", "An address has one `@` and a domain with a dot.",
         CONFIG, "lena@mail.cozy.example", "lena at cozy"),
    who("Y131", "A condition is missing", "An empty condition would hold for everybody or for nobody; so it has to be said.",
        right="{ any: [ { plan: team } ] }", wrong="{ any: [] }"),
    who("Y132", "This word could belong to two others",
        "Words such as `within` say more about the event beside them. With two events in one block nobody knows which one is meant.",
        right="{ all: [ { did: order.placed, within: 9 days }, { clicked: welcome/hello } ] }",
        wrong="{ did: order.placed, clicked: welcome/hello, within: 9 days }"),
    who("Y133", "This word does not go with its neighbour",
        "`at_least`, `within`, `where` and `same` stand beside an event; for an attribute they stand inside its braces.",
        right="{ seats: { at_least: 3 } }", wrong="{ seats: 3, at_least: 3 }"),
    who("Y134", "Only a journey knows the event that started it",
        "`event.` and `same` speak of the event that started a person's run. A segment or a persona has no such event.",
        right="{ total_spent: { at_least: 50 } }", wrong="{ event.total: { at_least: 50 } }"),
    who("Y135", "This looks like a misspelt word",
        "A word that the language does not know is read as an attribute of the customer. This one is so close "
        "to a word of the language that it is probably meant.",
        right="{ lifecycle: loyal }", wrong="{ lifecycl: loyal }", severity="warning"),
    who("Y136", "This sum is not complete", "`total_of` names an event and one of its properties, and a number to compare with.",
        right="{ total_of: order.placed.total, at_least: 500 }", wrong="{ total_of: order.placed.total }"),
    who("Y137", "This is not how moods are asked",
        "A mood has a level (`low`, `medium`, `high`; that or higher) and perhaps a time. No mood is asked by its number.",
        right="{ angry: { at_least: high, within: 7 days } }", wrong="{ angry: { within: 7 days } }"),
    who("Y141", "This is not a test of a value", "A value is compared with the words `at_least`, `contains`, `one_of` and so on.",
        right="{ seats: { at_least: 3 } }", wrong="{ seats: { minimum: 3 } }"),
    who("Y142", "Dates are compared with `before` and `after`", "`at_least` and its like compare numbers.",
        right="{ signed_up: { after: 2026-01-01 } }", wrong="{ signed_up: { at_least: 2026-01-01 } }"),
    who("Y143", "`between` needs two numbers", "The smaller one first; both belong to it.",
        right="{ seats: { between: [3, 10] } }", wrong="{ seats: { between: [10, 3] } }"),
    who("Y199", "Not available yet", "Predictions come when the engine can show how good they are.",
        right="{ lifecycle: at-risk }", wrong="{ churn_risk: high }"),
    _wait("Y301", "Three what?", "A number alone is no length of time.", "3"),
    _wait("Y302", "This is not a length of time",
          "A length of time is a number and a unit, largest first: `30 minutes`, `1 day 12 hours`.", "3 dayz"),
    _wait("Y303", "This is no time at all", "Waiting for nothing does nothing.", "0 days"),
    who("Y304", "Months cannot look back",
        "A month has 28 to 31 days. In conditions and caps a length looks back, so it is counted in days and weeks.",
        right="{ did: order.placed, within: 30 days }", wrong="{ did: order.placed, within: 1 month }"),
    _until("Y305", "This is not a time of day", "Hours from 00 to 23 and minutes, like `09:00`.",
           '"renews_at, 10:00"', '"renews_at, 25:00"'),
    _until("Y306", "There is no such date", "A date is written year, month, day: `2026-12-24`.",
           "2026-02-28 18:00", "2026-02-30 18:00"),
    Entry("Y307", "The weekday does not fit the date", "Written next to a date, a weekday is checked: one of the two is a slip.",
          {TEST: BASE[TEST].replace("Wednesday", "Thursday")}, {TEST: BASE[TEST]}),
    _until("Y308", "This is not a moment", "A moment is a weekday or a date with a time, or so long before or after a date of the customer.",
           "Tuesday 09:00", "soon after lunch", "same_day_after: next_week"),
    entering("Y309", "This is not a window of time", "A window is weekdays and two times, or only two times: `20:00-08:00`.",
             right="enter: { when: order.placed }\nsend_window: Mon-Fri 09:00-18:00\n",
             wrong="enter: { when: order.placed }\nsend_window: office hours\n"),
    edit("Y310", "This is no time of a test", "Tests count days from the date of `starts`, which is day 0.",
         TEST, "{ at: day 0 10:00, event: order.placed }", "{ at: tomorrow, event: order.placed }"),
    entering("Y501", "An open decides nothing",
             "Machines open mails to look for danger, and many people block opens. A goal or an end that rests on opens would be wrong (R8.3).",
             right="enter: { when: order.placed }\ngoal: { clicked: welcome/hello }\n",
             wrong="enter: { when: order.placed }\ngoal: { opened: welcome/hello }\n"),
)  # fmt: skip
