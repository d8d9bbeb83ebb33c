"""What somebody wrote themselves, and nothing that others or programs put beside it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adapters.nlp.cleaning.own_words import LONGEST_OWN, LONGEST_RUN, own_words


def own(text):
    return " ".join(own_words(text).text.split())


@pytest.mark.parametrize(
    ("mail", "theirs"),
    [
        (
            "Great!\n\nOn Mon, 3 Mar 2026 at 10:12, Shop <hi@shop.example> wrote:\n> Dear Anna,\n> sorry",
            "Great!",
        ),
        (
            "Great!\n\nOn Mon, 3 Mar 2026 at 10:12, Shop\n<hi@shop.example> wrote:\n\n> Dear Anna",
            "Great!",
        ),
        ("Super.\n\nAm 3. März 2026 um 10:12 schrieb Laden <a@b.example>:\n> Hallo", "Super."),
        (
            "It broke.\n> did it arrive?\nNo!\n> And the other?\nAlso not.",
            "It broke. No! Also not.",
        ),
        ("Where is it?\n\n-----Original Message-----\nFrom: Shop\nhello", "Where is it?"),
        ("Late.\nFrom: Shop\nSent: Monday\nTo: Anna\nSubject: Order\n\nDear Anna", "Late."),
        (
            "On Monday I wrote to you: nothing came.\nAgain!",
            "On Monday I wrote to you: nothing came. Again!",
        ),
        ("> only\n> a quotation", ""),
        ("See below.\n\n---------- Forwarded message ---------\nFrom: x", "See below."),
    ],
)
def test_quoted_mails_are_not_theirs(mail, theirs):
    assert own(mail) == theirs


@pytest.mark.parametrize(
    ("mail", "theirs"),
    [
        ("Where is it?\n\nKind regards,\nAnna Smith\nACME Ltd, 12 Long Road", "Where is it?"),
        ("Where is it?\nThanks,\nAnna", "Where is it? Thanks,"),
        ("Fine.\n-- \nAnna\nBuyer", "Fine."),
        ("Late again\n\nSent from my iPhone", "Late again"),
        ("Hi team,\n\nI love it!\n\nAnna", "Hi team, I love it!"),
        (
            "Best coffee in town.\nBest\nof all: the cake. Really, I mean it, every single time.",
            None,
        ),
        ("I have two cats.\nThanks\nto you they sleep on a new sofa, and I am glad of it.", None),
        ("Two things:\n- the cup\n- the lid", None),
    ],
)
def test_a_signature_is_left_out_and_nothing_else(mail, theirs):
    assert own(mail) == (" ".join(mail.split()) if theirs is None else theirs)


@pytest.mark.parametrize(
    ("mail", "theirs"),
    [
        (
            "<p>Great&nbsp;coffee &amp; cake.</p><p>Bad service</p>",
            "Great coffee & cake. Bad service",
        ),
        ("<html><head><style>p{color:red}</style></head><body>Hi<br>there</body>", "Hi there"),
        (
            '<div>New</div><div class="gmail_quote">On 3 March <b>x</b> wrote:<div>old</div></div>after',
            "New after",
        ),
        (
            "<p>New</p><blockquote>old <blockquote>older</blockquote> old</blockquote><p>end</p>",
            "New end",
        ),
        ("Oh <!-- hidden --> well <script>alert(1)</script>", "Oh well"),
        ("I <3 this & that, price < 5 but > 3", "I <3 this & that, price < 5 but > 3"),
        ("<p>unclosed <b>and <i>nested", "unclosed and nested"),
    ],
)
def test_markup_is_read_as_it_is_shown(mail, theirs):
    assert own(mail) == theirs


@pytest.mark.parametrize(
    "much",
    [
        ">", ">\n", "(", "😡", "<p>", "<", "<!--", "<blockquote>", '<a "', "&amp;", "\n", "On 1 \n",
        "On 1 wrote: \n", "From: x\n", '<div class="gmail_quote">', "word ", "\ud800", "-- \n",
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_is_cut_to_what_can_be_read(much):
    """A pattern that takes the square of the time would not come to an end here."""
    assert len(own_words(much * (1_000_000 // len(much))).text) <= LONGEST_OWN


def test_a_long_run_is_read_as_far_as_the_constant_says():
    assert own_words("x" * 5_000).text == "x" * LONGEST_RUN


MAILS = st.lists(
    st.sampled_from(
        ["> ", "<p>", "</div>", "<blockquote>", "On 1 March Anna wrote:", "\n", "\n\n", "Regards", "-- \n",
         "From: x\n", "Subject: y\n", "&amp;", "&#0;", "<!--", "-->", "text", "😡", "\x00", "\ud800", '"']
    )
    | st.text(max_size=5),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=60)
@given(MAILS)
def test_every_character_that_is_left_comes_from_its_place(text):
    found = own_words(text)
    before = -1
    for position in range(len(found.text)):
        start, end = found.origin(position, position + 1)
        assert 0 <= start < end <= len(text)
        assert start >= before
        before = start


def test_whoever_says_wrote_above_a_quotation_announces_it() -> None:
    text = "Where is it?\n\nOn Sun, Lena wrote:\n> About the harvest"
    assert own_words(text).text.strip() == "Where is it?"
    told = "My mother wrote:\nthe coffee is too strong. She is right."
    assert own_words(told).text.strip() == told, "no quotation, so it is theirs"
