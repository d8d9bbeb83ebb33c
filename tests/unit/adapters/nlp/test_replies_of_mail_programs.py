"""What is left of a reply is what its writer wrote, whatever mail program and language they use."""

from __future__ import annotations

import pytest

from engine.adapters.mail.incoming.read import read_mail
from engine.adapters.nlp.cleaning.own_words import own_words
from engine.domain.incoming import Reply
from tests.standins.mail_programs import PROGRAMS, answer

WORDS = "Where is my parcel?\nIt should have been here on Friday."
ONLY_TEXT = {"thunderbird", "android"}


def left(octets: bytes) -> str:
    reply = read_mail(octets)
    assert isinstance(reply, Reply)
    return " ".join(own_words(reply.text if reply.text.strip() else reply.html).text.split())


@pytest.mark.parametrize("program, language", PROGRAMS)
def test_the_text_of_a_reply_has_neither_quotation_nor_signature(program, language):
    assert left(answer(program, language, WORDS)) == " ".join(WORDS.split())


@pytest.mark.parametrize("program, language", [one for one in PROGRAMS if one[0] not in ONLY_TEXT])
def test_nor_has_one_that_is_only_html(program, language):
    assert left(answer(program, language, WORDS, html_only=True)) == " ".join(WORDS.split())


@pytest.mark.parametrize("program, language", PROGRAMS)
def test_a_reply_without_a_word_has_none(program, language):
    """Somebody pressed `send`: our own words are not theirs."""
    assert left(answer(program, language, "")) == ""


@pytest.mark.parametrize(
    "words",
    [
        "On Friday I wrote you a letter about the grinder.",
        "From: my heart, to: yours. Subject: coffee!",
        "Am I the only one who never got the beans?",
        "Le café est bon.",
    ],
)
def test_their_own_words_stay_however_much_they_look_like_a_quotation(words):
    assert left(answer("gmail", "en", words)) == words
