"""The sample business's mails, rendered for people of whom much and little is known (R9.1, R9.4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.application.ports.renderer import RenderContext, SkipMail
from engine.bootstrap import Workshop
from engine.domain.emotion import EMOTIONS
from engine.domain.event import Event
from engine.domain.journey import Class, Send
from engine.domain.person import Person
from engine.settings import Settings

WORKSHOP = Workshop(Settings(project=Path(__file__).parents[2]))
TEMPLATES = WORKSHOP.templates()
RULES = WORKSHOP.project.rulebook
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
LINKS = {name: f"https://cozy.example/{name}" for name in ("unsubscribe", "preferences", "why")}
EVENT = Event("e1", "order.placed", NOW, {"order_id": "1042", "days_late": 3})
APOLOGIES = sorted(
    node.mail
    for name in ("apology", "bad-review")
    for node in RULES.journeys[name].nodes.values()
    if isinstance(node, Send)
)
CLASS_OF = {
    node.mail: RULES.policy.categories[journey.category].klass
    for journey in RULES.journeys.values()
    for node in journey.nodes.values()
    if isinstance(node, Send)
}
MAILS = sorted(CLASS_OF)
VOICES = {persona.name: persona.voice for persona in RULES.personas}


def rendered(mail, *, persona="regular", attributes=None, tone=None):
    sample = next(p.sample for p in RULES.personas if p.name == persona)
    person = Person("p1", "p1@example.com", "p1@example.com", sample | (attributes or {}))
    if attributes == {}:
        person = Person("p1", "p1@example.com", "p1@example.com", {})
    return TEMPLATES.render(
        mail,
        RenderContext(
            person=person,
            now=NOW,
            zone="Europe/Berlin",
            event=EVENT,
            persona=persona,
            voice=VOICES[persona],
            tone=tone,
            klass=CLASS_OF[mail],
            links=LINKS,
        ),
    )


def test_every_mail_of_the_sample_is_sent_by_some_journey():
    briefings = {"service/briefing-for-care"}
    assert set(WORKSHOP.project.templates) - briefings == set(MAILS)


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("persona", sorted(VOICES))
def test_a_mail_is_whole_for_every_persona(mail, persona):
    letter = rendered(mail, persona=persona)
    for face in (letter.subject, letter.preheader, letter.text, letter.html.split("</style>")[-1]):
        assert face.strip()
        assert not re.search(r"\{\{|\}\}|\{%|None|undefined", face)
    assert len(letter.html.encode()) < 102 * 1024
    if CLASS_OF[mail] is Class.MARKETING:
        assert "https://cozy.example/unsubscribe" in letter.html
        assert "https://cozy.example/unsubscribe" in letter.text
        assert "Example Street 1" in letter.html
        assert "Example Street 1" in letter.text


@pytest.mark.parametrize("mail", MAILS)
def test_nobody_is_greeted_with_a_blank(mail):
    """R9.1: of this person only the address is known."""
    try:
        letter = rendered(mail, attributes={})
    except SkipMail:
        return
    assert re.search(r"\b(there|this customer)\b", letter.text)
    assert not re.search(r"(Hello|Hi|Dear|birthday)\s*,", letter.subject + letter.text)


@pytest.mark.parametrize("mail", MAILS)
def test_a_mail_neither_shouts_nor_presses(mail):
    letter = rendered(mail)
    words = f"{letter.subject} {letter.preheader} {letter.text}".lower()
    assert words.count("!") <= 1
    for pressing in ("hurry up", "last chance", "only today", "act now", "don't miss", "miss you"):
        assert pressing not in words


@pytest.mark.parametrize("mail", APOLOGIES)
@pytest.mark.parametrize("tone", [None, *EMOTIONS])
def test_an_apology_owns_up_in_every_tone(mail, tone):
    """Acknowledgement, responsibility, remedy; no argument, nothing for sale."""
    words = " ".join(rendered(mail, tone=tone).text.lower().split())
    assert "sorry" in words
    assert re.search(r"our (fault|mistake|parcel)|mistake (is|was) ours|(is|are) our fault", words)
    assert re.search(r"refund|money back|replace|send it to you", words)
    for arguing in ("unfortunately", "however", "inconvenience", "unsubscribe", "discount"):
        assert arguing not in words


@pytest.mark.parametrize("mail", MAILS)
def test_facts_do_not_change_with_the_mood(mail):
    """Only words do: numbers and addresses are the same in every tone."""
    facts = {
        tone: re.findall(r"\d+|https?://\S+", rendered(mail, tone=tone).text)
        for tone in (None, "angry", "anxious", "disappointed")
    }
    assert all(found == facts[None] for found in facts.values())
