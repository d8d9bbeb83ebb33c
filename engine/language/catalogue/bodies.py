"""`T4`: what shows only when a mail is written. `application.check` finds these, not the language."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, CONFIG, JOURNEY, MAIL, Entry
from engine.language.diagnostics import Severity

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


def _service(
    code: str, title: str, why: str, right: str, wrong: str, severity: Severity = "warning"
) -> Entry:
    """A remark on the words of a mail that answers something."""
    text = BASE[MAIL]
    return Entry(
        code,
        title,
        why,
        {JOURNEY: _SERVICE, MAIL: text.replace(_LOVELY, wrong)},
        {JOURNEY: _SERVICE, MAIL: text.replace(_LOVELY, right)},
        severity,
    )


_HELD = BASE[CONFIG] + "  hold_when:\n    - { category: news, if: { upset: medium } }\n"
_LATE = "your parcel is two days late, because we packed it too late. I am sorry. It leaves today."
_LEFT = "only 3 bags are left of the Guatemala."
_PLAIN = "there are three bags of the Guatemala, and the next harvest comes in May."
_TONES = """\
{% tone anxious %}
Your parcel is safe. It will be with you within 3 days.
{% elsetone %}
Your parcel will be with you within 2 days.
{% endtone %}"""
_HTML = """\
---
subject: Welcome to the shop
preheader: Four minutes to your first cup
from: lena
layout: letter
---
<p style="color:{}">Hello, how lovely that you are here.</p>
"""
_SEEN = "templates/welcome/hello.html.j2"
_PICTURE = """\
<p><img src="https://cozy.example/jonas.png" width="504" height="300" alt="{}"></p>
"""
_LAWYERLY = (
    "notwithstanding previously communicated provisions, modifications of the aforementioned delivery"
    " interval necessitate an electronic notification submitted preceding the corresponding dispatch,"
    " irrespective of individually deviating circumstances and notwithstanding previously"
    " accumulated entitlements."
)
_LONG = " ".join(["Roast it slowly, grind it late, and pour the water in a thin line."] * 24)
_OURS = "we are proud of our roaster, our team and our shop. We won our prize, and we thank our friends."
_YOURS = "your next bag comes from a better roaster: it is evener, and you will taste it."

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
    _service("T508", "An apology that argues", "An apology names what went wrong and who did it. A `but` or `any inconvenience` takes it back.",
             _LATE, "your parcel is two days late, because we packed it too late. It leaves today. We are sorry for any inconvenience."),
    _words("T509", "This makes people feel guilty", "Nobody owes a shop an order. Guilt sells once, and is remembered.",
           "you have not ordered for a while, and you need not.", "it breaks our hearts that you have not ordered."),
    Entry("T510", "This works with the fear of missing something", "What is scarce may be said plainly and once. As a push it makes people buy what they do not want.",
          {CONFIG: _HELD, MAIL: BASE[MAIL].replace(_LOVELY, _LEFT)}, {CONFIG: _HELD, MAIL: BASE[MAIL].replace(_LOVELY, _PLAIN)}, "warning"),
    Entry("T515", "Fear, for people who are anxious or angry", "Words of scarcity and loss are never sent to people who are anxious or angry. They may get this mail: nothing keeps them out.",
          {MAIL: BASE[MAIL].replace(_LOVELY, _LEFT)},
          {MAIL: BASE[MAIL].replace(_LOVELY, _PLAIN)}),
    _service("T511", "An apology that does not say what went wrong", "People want to see that you know what happened to them. `What happened` is no name for it.",
             _LATE, "I am sorry about what happened. That was our mistake, and you get your money back."),
    _service("T512", "An apology that does not say whose doing it was", "Where nobody did it, nobody is sorry. One plain sentence is enough: it was our mistake.",
             _LATE, "your parcel is late. I am sorry about that. It leaves today."),
    _service("T513", "An apology without anything that makes good", "Sorry is the half of it. The other half is what you do: a new one, the money back, or what you changed.",
             _LATE, "your parcel is late, and that is our mistake. I am sorry."),
    _service("T514", "An apology that sells", "A discount in an apology says that the apology was a reason to write. A refund, a replacement or a credit is none.",
             _LATE, _LATE + " Shop now, with 20 % off.", "error"),
    _words("T516", "Too many personal facts", "A mail may remember one thing, or two. From the fourth on it reads like a file.",
           "the decaf that you brew is back.",
           "you live in Vienna, you were born in May, you have ordered 7 times, and you looked at the decaf."),
    _words("T517", "A sensitive fact", "Health, religion, origin, money, births and deaths: people tell of them when they want to. A shop that knows is a shop that watches.",
           "here are three coffees without caffeine.", "here are three coffees for your pregnancy."),
    Entry("T518", "A mail says in words what we think of somebody", "Moods, scores and stages choose the words; nobody wants to read them (R6.6).",
          {MAIL: BASE[MAIL].replace(_LOVELY, "our system noticed that you are angry.")}, {MAIL: BASE[MAIL].replace(_LOVELY, "you are right to be annoyed.")}),
    _service("T519", "An advertisement where none belongs", "Mail about an order or a ticket reaches people without their consent to advertising. Blocks that sell are a mistake there (T501), and so is selling in words.",
             "your parcel leaves tomorrow.", "your parcel leaves tomorrow. Our mugs are 20 % off this week."),
    _words("T523", "This is hard to read", "Long sentences and heavy words are read twice, or not at all. The measure is Flesch's reading ease.",
           "you can change how often we send. Write to us five days before, and it is done.", _LAWYERLY),
    _words("T524", "This is long", "A mail is read on a telephone, between two other things.", _YOURS, _LONG),
    _words("T525", "This is about us", "`We` and `our` are about the shop. The reader wants to know what it means for them.", _YOURS, _OURS),
    Entry("T526", "A picture without words", "Many mail programs show no pictures at first, and some people never see them. `alt` says what a picture says.",
          {MAIL: None, _SEEN: _HTML.format("#505050") + _PICTURE.format("image")},
          {MAIL: None, _SEEN: _HTML.format("#505050") + _PICTURE.format("Jonas at the old roaster")}, "warning"),
    Entry("T527", "Words that are hard to see", "Text needs a contrast of 4.5 to 1 with what is behind it, large text 3 to 1 (WCAG 2.2, 1.4.3). It is computed from the colours of the mail.",
          {MAIL: None, _SEEN: _HTML.format("#b0b0b0")}, {MAIL: None, _SEEN: _HTML.format("#505050")}, "warning"),
    Entry("T411", "The wordings state different facts", "Facts never change with the mood, only words do. Numbers, times, money, names, codes, links and promises are the same in every branch of `tone` and in every voice.",
          {MAIL: BASE[MAIL].replace(_LOVELY, _TONES)}, {MAIL: BASE[MAIL].replace(_LOVELY, _TONES.replace("3 days", "2 days"))}),
)  # fmt: skip
