"""`?2..`: names of other things, the same for every kind of file."""

from __future__ import annotations

from dataclasses import replace

from engine.language.catalogue.entry import (
    BASE,
    CONFIG,
    GRID,
    JOURNEY,
    JURISDICTION,
    MAIL,
    PERSONA,
    SEGMENT,
    TEST,
    Entry,
    edit,
)

_CONDITION = {
    "J": (JOURNEY, "{ when: order.placed }", "{{ when: order.placed, if: {} }}"),
    "S": (SEGMENT, "{ lifecycle: loyal }", "{}"),
    "P": (PERSONA, "{ orders: { at_least: 5 } }", "{}"),
    "C": (
        CONFIG, "policy:\n", "policy:\n  hold_when: [ {{ category: promotion, if: {} }} ]\n",
    ),
}  # fmt: skip


def _in_conditions(number: str, title: str, why: str, letters: str, condition: str) -> list[Entry]:
    entries: list[Entry] = []
    for letter in letters:
        path, right, wrong = _CONDITION[letter]
        entries.append(edit(letter + number, title, why, path, right, wrong.format(condition)))
    return entries


_EXISTS = "A name that belongs to nothing would never match, and nobody would notice."
_MAIL = "A mail `A/B` is the file `templates/A/B.md.j2` (or `.html.j2`, `.mjml.j2`). " + _EXISTS
_TOPIC = (
    "Consent is given for a topic, and topics are the marketing categories of the config; beside them there "
    "are the purposes `profiling_emotion`, `tracking_clicks` and `tracking_opens`."
)
_EVENT = (
    "Events come from your shop, so every name may be one. This one is a letter away from an event that more "
    "files speak of; if it is a slip, nothing would ever happen."
)

ENTRIES = (
    Entry(
        "J201", "Two files make the same thing", "A name belongs to one thing.",
        {"journeys/more/welcome.yaml": BASE[JOURNEY]}, {},
    ),
    Entry(
        "S201", "Two files make the same thing",
        "A name belongs to one thing. The cells of a grid are segments too: `new-upset`, `new-any`, `any-upset`.",
        {"segments/any-upset.yaml": "segment: any-upset\nwho: { upset: high }\n"},
        {"segments/upset-now.yaml": "segment: upset-now\nwho: { upset: high }\n"},
    ),
    Entry(
        "P201", "Two files make the same thing", "A name belongs to one thing.",
        {"segments/more/regular.persona.yaml": BASE[PERSONA]}, {},
    ),
    Entry(
        "L201", "Two files make the same thing", "A name belongs to one thing.",
        {"jurisdictions/more/canada.yaml": BASE[JURISDICTION]}, {},
    ),
    edit("J211", "There is no such mail", _MAIL, JOURNEY, "welcome/hello", "welcome/helo"),
    edit("X211", "There is no such mail", _MAIL, TEST, "welcome/hello", "welcome/helo"),
    *_in_conditions("211", "There is no such mail", _MAIL, "SPC", "{ received: welcome/helo }"),
    *_in_conditions("212", "There is no such segment", _EXISTS, "JPC", "{ segment: loyals }"),
    edit("S212", "There is no such segment", _EXISTS, GRID, "{ upset: high }", "{ segment: loyals }"),
    *_in_conditions("213", "There is no such persona", _EXISTS, "JSPC", "{ persona: regulars }"),
    edit("X213", "There is no such persona", _EXISTS, TEST, "like: regular", "like: regulars"),
    edit(
        "J214", "There is no such journey", _EXISTS,
        JOURNEY, "send: welcome/hello", "start: win-back",
    ),
    Entry(
        "X214", "There is no such journey", "A test belongs to a journey of the same name.",
        {"journeys/win-back.test.yaml": BASE[TEST].replace("test_journey: welcome", "test_journey: win-back")},
        {},
    ),
    edit(
        "J215", "There is no such sender", "Senders stand in the config, so that a name and an address are in one place.",
        JOURNEY, "send: welcome/hello", "send: welcome/hello\n    from: lina",
    ),
    edit(
        "T215", "There is no such sender", "Senders stand in the config, so that a name and an address are in one place.",
        MAIL, "from: lena", "from: lina",
    ),
    edit(
        "J216", "There is no such team", "Teams stand in the config, with their address and their hours.",
        JOURNEY, "send: welcome/hello", "hand_to: caer\n    because: Somebody should call",
    ),
    edit(
        "X216", "There is no such team", "Teams stand in the config, with their address and their hours.",
        TEST, "    expect:\n", "    expect:\n      handed_to: { team: caer }\n",
    ),
    edit(
        "J217", "There is no such category", "Categories stand in the config, below `policy`; they decide consent and caps.",
        JOURNEY, "category: news", "category: newz",
    ),
    edit(
        "C217", "There is no such category", "Categories stand in the config, below `policy`; they decide consent and caps.",
        CONFIG, "policy:\n", "policy:\n  hold_when: [ { category: promotions, if: { upset: high } } ]\n",
    ),
    *_in_conditions("218", "There is no such topic", _TOPIC, "JSPC", "{ consent: { newz: given } }"),
    edit("X218", "There is no such topic", _TOPIC, TEST, "{ news: given }", "{ newz: given }"),
    edit(
        "T219", "There is no such layout", "A layout `letter` is the file `templates/_layouts/letter.html.j2`.",
        MAIL, "layout: letter", "layout: leter",
    ),
    *(
        replace(entry, severity="warning")
        for entry in (
            *_in_conditions("220", "This looks like a misspelt event", _EVENT, "JSPC", "{ did: order.plased }"),
            edit("X220", "This looks like a misspelt event", _EVENT, TEST, "event: order.placed", "event: order.plased"),
        )
    ),
)  # fmt: skip
