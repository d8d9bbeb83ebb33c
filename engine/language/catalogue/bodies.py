"""`T4`: what shows only when a mail is written. `application.check` finds these, not the language."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, JOURNEY, MAIL, Entry

_GREETING = "Hello {{ first_name }},"
_LOVELY = "how lovely that you are here."
_SERVICE = BASE[JOURNEY].replace("category: news", "category: service")


def _words(code: str, title: str, why: str, right: str, wrong: str) -> Entry:
    """A doubt about the words of a mail."""
    text = BASE[MAIL]
    return Entry(
        code,
        title,
        why,
        {MAIL: text.replace(_LOVELY, wrong)},
        {MAIL: text.replace(_LOVELY, right)},
        "warning",
    )


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
    Entry("T404", "This mail must not leave", "A mail is looked over as a strict postmaster would: both parts there, a way to unsubscribe and a postal address in marketing, nothing left over, not too large (R9.4).",
          {MAIL: BASE[MAIL].replace("how lovely", "how lovely, {first_name},")}, {MAIL: BASE[MAIL]}),
    Entry("T405", "This mail could be better", "It may leave, but it will look or read worse than it could.",
          {MAIL: BASE[MAIL].replace("preheader: Four minutes to your first cup\n", "")}, {MAIL: BASE[MAIL]}, severity="warning"),
    _words("T504", "More than one exclamation mark", "One may be joy. More of them are noise, and look like advertising even where there is none.",
           "how lovely that you are here!", "how lovely! You are here!"),
    _words("T505", "This shouts", "Words in capitals are read letter by letter, and heard as shouting.",
           "shipping is free this week.", "FREE SHIPPING THIS WEEK for you."),
    _words("T506", "A link that does not say where it leads", "Screen readers read links alone, and so do people in a hurry.",
           "[choose a bag](https://cozy.example/bags)", "[click here](https://cozy.example/bags)"),
    _words("T507", "This presses people", "Urgency that is not true costs trust; where it is true, the date says it better.",
           "the offer holds until Friday.", "this is your last chance."),
    Entry("T508", "An apology that argues", "An apology names what went wrong and who did it. A `but` or `any inconvenience` takes it back.",
          {JOURNEY: _SERVICE, MAIL: BASE[MAIL].replace(_LOVELY, "we are sorry for any inconvenience.")},
          {JOURNEY: _SERVICE, MAIL: BASE[MAIL].replace(_LOVELY, "we are sorry: your parcel is late, and that is our mistake.")}, severity="warning"),
)  # fmt: skip
