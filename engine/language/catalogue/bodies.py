"""`T4`: what shows only when a mail is written. `application.check` finds these, not the language."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, MAIL, Entry

_GREETING = "Hello {{ first_name }},"

ENTRIES = (
    Entry("T401", "This is not a template",
          "A body is Markdown, HTML or MJML with Jinja in it. What is opened has to be closed, and only filters and blocks that exist can be used.",
          {MAIL: BASE[MAIL].replace(_GREETING, "{% if first_name %}" + _GREETING)},
          {MAIL: BASE[MAIL].replace(_GREETING, "{% if first_name %}" + _GREETING + "{% endif %}")}),
    Entry("T402", "The mail cannot be written",
          "`check` writes every mail once with its samples. This one failed, and it would fail for people too.",
          {MAIL: BASE[MAIL].replace("{{ first_name }}", "{{ first_name | money }}")}, {MAIL: BASE[MAIL]}),
    Entry("T403", "A value is printed that people may lack",
          "No blank greeting ever leaves: a mail that lacks a value is held until somebody mends it. A value under `needs` says what to do instead.",
          {MAIL: BASE[MAIL].replace("{{ first_name }}", "{{ customer.first_name }}")}, {MAIL: BASE[MAIL]},
          severity="warning"),
)  # fmt: skip
