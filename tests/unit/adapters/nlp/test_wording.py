"""How a model sees somebody's words, and the way back to what they wrote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adapters.nlp.cleaning.rewriting import Edit, rewrite
from engine.adapters.nlp.cleaning.wording import worded


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("The burger was great.", "The burger was great."),
        ("I'm soooo happy!!!!!!!", "I'm so happy!!!"),
        ("sooo goooood, waaay coool, yeeeesssss", "so good, way cool, yes"),
        ("it’s “fine”…", 'it\'s "fine"...'),
        ("𝓼𝓸 𝓪𝓷𝓰𝓻𝔂", "so angry"),
        ("h̷e̷l̷l̷o", "hello"),
        ("late\u200b again\u202e", "late again"),
        ("😡", " furious "),
        ("nice 👍🏽", "nice  good "),
        ("great :) <3", "great  happy   love it "),
        ("my cat 🐈", "my cat  "),
        ("see https://example.com/a?b=c now", "see link now"),
        ("write to jo.doe+x@example.co.uk", "write to address"),
        ("order #A1234 and RMA-2024-118 and 4815162342", "order number and number and number"),
        ("call +44 20 7946 0958", "call number"),
        ("45 minutes, 3 times, $12,000.00, iPhone12", "45 minutes, 3 times, $12,000.00, iPhone12"),
    ],
)
def test_the_words_a_model_sees(written, seen):
    assert worded(written).text == seen


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Thanks Maria, that was quick", "Thanks [NAME], that was quick"),
        ("I spoke to John Smith yesterday", "I spoke to [NAME] yesterday"),
        ("Dr. Weber was rude", "Dr. [NAME] was rude"),
        ("Hi Anna-Lena\nwhere is it?", "Hi [NAME]\nwhere is it?"),
        ("Thank You So Much! Thanks God. Dear Sir", "Thank You So Much! Thanks God. Dear Sir"),
        ("THANKS FOR NOTHING", "THANKS FOR NOTHING"),
    ],
)
def test_people_who_are_called_by_name_are_masked(written, seen):
    assert worded(written).text == seen


@pytest.mark.parametrize(
    "name", ["Emily Walsh", "Lakisha Robinson", "José Núñez", "李 小龙", "O'Brien"]
)
def test_a_known_name_is_masked_whatever_it_is(name):
    said = "{} was ignored again. It is not fair to {}!"
    assert worded(said.format(name, name), [name]).text == said.format("[NAME]", "[NAME]")


def test_a_name_that_is_a_word_is_masked_only_with_its_capital():
    assert worded("Joy, it was a joy", ["Joy"]).text == "[NAME], it was a joy"


def test_places_lead_back_through_two_rewritings():
    first = rewrite("> old\nsooo good", [Edit(0, 6, "", "quotation")])
    second = worded(first.text, before=first)
    assert second.text == "so good"
    assert second.origin(0, 2) == (6, 10)
    assert second.origin(3, 7) == (11, 15)
    assert [second.place(place) for place in (0, 6, 11)] == [0, 0, 3]
    assert [edit.why for edit in second.left_out()] == ["quotation", "spelling"]


TEXTS = st.text() | st.text("aA1 .!?:)(<>@#-/\n😡🏽\u200d\ufe0fo\u0336’")


@settings(max_examples=60)
@given(TEXTS, st.lists(st.text(max_size=5), max_size=2))
def test_every_place_of_any_rewriting_lies_in_the_text(text, names):
    seen = worded(text, names)
    for start in range(len(seen.text)):
        first, last = seen.origin(start, start + 1)
        assert 0 <= first < last <= len(text)
    places = [seen.place(position) for position in range(len(text) + 1)]
    assert places == sorted(places)
    assert not places or (places[0] >= 0 and places[-1] <= len(seen.text))


@settings(max_examples=60)
@given(TEXTS)
def test_what_no_edit_touched_comes_from_itself(text):
    seen = worded(text)
    changed = {place for edit in seen.edits for place in range(edit.start, edit.end)}
    for position in range(len(text)):
        if position not in changed:
            assert seen.text[seen.place(position)] == text[position]
