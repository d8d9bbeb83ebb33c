"""`X`: journey tests."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, TEST, Entry, edit

_WHEN = "{ at: day 0 10:00, event: order.placed }"
_SECOND = BASE[TEST].split("tests:\n", 1)[1]

ENTRIES = (
    edit("X110", "This is not one of the ten moods", "In a test the mood of a message is written by hand, by one of the ten words.",
         TEST, _WHEN, '{ at: day 0 10:00, message: "Oh no", grumpy: high }'),
    Entry("X111", "Two tests have one name", "A report of tests knows them by their names.",
          {TEST: BASE[TEST] + _SECOND}, {TEST: BASE[TEST] + _SECOND.replace("A first order", "An order")}),
)  # fmt: skip
