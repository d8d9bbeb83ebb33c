"""`J502`, `J503`, `T5`: what is sent to whom, and what no mail prints."""

from __future__ import annotations

from engine.language.catalogue.entry import BASE, CONFIG, JOURNEY, MAIL, Entry, edit, steps

_COUPON = BASE[MAIL] + '\n{{ coupon("WELCOME", gives="A bag on us") }}\n'
_BRANCH = """\
  - id: how-is-it
    if: {{ upset: high }}
    then: [ {{ id: {} }} ]
    otherwise: [ {{ id: hello, send: welcome/hello }} ]
"""
_CONFIRM = BASE[MAIL] + "\n[Yes, write to me]({{ links.confirm }})\n"
_ASKING = {
    CONFIG: BASE[CONFIG].replace("receipt: { class", "receipt: { confirms: news, class"),
    JOURNEY: BASE[JOURNEY].replace("category: news", "category: receipt"),
}
_SELLS = BASE[CONFIG].replace("news: { class: marketing", "news: { class: marketing, sells: yes")
_OF_UPSET = steps("J503", "A promotion goes to people who are upset",
                  "Whoever is upset gets an answer, not an offer (R6.6). A branch or a way in that asks for upset people leads to no promotion.",
                  right=_BRANCH.format("call-them, hand_to: care, because: Upset by us"),
                  wrong=_BRANCH.format("cheer-up, send: welcome/hello"))  # fmt: skip

ENTRIES = (
    Entry("J502", "Nothing that a person did starts this",
          "Transactional mail answers something that somebody did, and reaches people without their consent. So its journey names that event (R5.3).",
          {JOURNEY: BASE[JOURNEY].replace("category: news", "category: receipt").replace("{ when: order.placed }", "{ joins: loyal }")},
          {JOURNEY: BASE[JOURNEY].replace("category: news", "category: receipt")}),
    Entry("J503", _OF_UPSET.title, _OF_UPSET.why, {CONFIG: _SELLS, **_OF_UPSET.wrong}, {CONFIG: _SELLS, **_OF_UPSET.right}),
    Entry("T501", "This mail never sells, and it holds an offer",
          "Transactional and service mail reaches people without their consent to advertising, so no block that sells stands in it (R5.3).",
          {JOURNEY: BASE[JOURNEY].replace("category: news", "category: service"), MAIL: _COUPON},
          {JOURNEY: BASE[JOURNEY], MAIL: _COUPON}),
    Entry("T502", "A translation is missing", "`locales` of the config says in which languages your customers read. Each mail is there in all of them (R9.3).",
          {CONFIG: BASE[CONFIG].replace("  time_zone:", "  locales: [en, de]\n  time_zone:")},
          {CONFIG: BASE[CONFIG].replace("  time_zone:", "  locales: [en, de]\n  time_zone:"),
           "templates/welcome/hello.de.md.j2": BASE[MAIL].replace("Welcome to the shop", "Willkommen")}),
    edit("T503", "A mail says what we think of somebody", "Moods, scores and stages choose the words; nobody wants to read them (R6.6).",
         MAIL, "how lovely that you are here.", "you seem {{ customer.mood }} today."),
    Entry("T521", "A mail asks for a confirmation and has no link for it", "Mails of a category with `confirms` go to people whose sign-up waits. "
          "They confirm with `links.confirm`; without it nobody could (R5.4).",
          _ASKING | {MAIL: BASE[MAIL]}, _ASKING | {MAIL: _CONFIRM}),
    Entry("T522", "A link confirms what nobody asked to confirm", "`links.confirm` belongs to mails of a category with `confirms`; elsewhere there is no sign-up for it to confirm (R5.4).",
          {MAIL: _CONFIRM}, _ASKING | {MAIL: _CONFIRM}),
)  # fmt: skip
