"""The address of its own that each mail is answered to, and what an answer names besides."""

from __future__ import annotations

from engine.adapters.links import Links
from engine.adapters.mail.incoming.ours import OwnMarks
from engine.adapters.mail.mime import mac_of
from engine.adapters.mail.verp import Verp
from engine.adapters.mail.ways_out import NoWaysOut, SignedWaysOut
from engine.domain.ids import send_id
from engine.domain.incoming import Envelope, Reply

KEY, OLD = b"a key of the coffee shop", b"the key of last year"
REPLIES = Verp("reply@in.cozy.example", [KEY], "reply")
FIRST, SECOND, THIRD = (send_id("run", step) for step in "abc")


def own(identity: str, key: bytes = KEY) -> str:
    return f"<{identity}.{mac_of(identity, key)}@cozy.example>"


def named(came_to: str = "", in_reply_to: str = "", *references: str) -> tuple[str, ...]:
    marks = OwnMarks([KEY, OLD], None, REPLIES)
    envelope = Envelope("ann@example.com", (came_to,) if came_to else ())
    return marks.answered_by(Reply(envelope, "hi", "", in_reply_to, references))


def test_a_mail_is_answered_to_an_address_of_its_own():
    ways = SignedWaysOut(Links("https://cozy.example", [KEY]), "Cozy", REPLIES)
    address = ways.answers(FIRST)
    assert address is not None
    assert address.startswith(f"reply+{FIRST[:20]}.")
    assert len(address.partition("@")[0]) <= 64
    assert named(came_to=address.upper()) == (FIRST[:20],)


def test_a_mail_to_look_at_and_a_shop_without_such_an_address_have_none():
    assert NoWaysOut().answers(FIRST) is None
    assert SignedWaysOut(Links("https://cozy.example", [KEY]), "Cozy").answers(FIRST) is None


def test_what_it_answers_goes_before_where_it_came_to_and_that_before_its_thread():
    address = REPLIES.sender(SECOND)
    thread = (own(THIRD), own(FIRST, OLD))
    assert named(address, own(THIRD), *thread) == (THIRD[:20], SECOND[:20], FIRST[:20])
    assert named("", "<else@where>", *thread) == (FIRST[:20], THIRD[:20])


def test_what_others_made_up_names_nothing():
    """An address for bounces is none for answers."""
    forged = REPLIES.sender(FIRST).replace(FIRST[:20], SECOND[:20])
    bounces = Verp("reply@in.cozy.example", [KEY], "bounce").sender(FIRST)
    for address in (forged, bounces, "reply@in.cozy.example", "reply+@in.cozy.example"):
        assert named(came_to=address) == ()
    assert named("", f"<{FIRST}.{'0' * 16}@cozy.example>") == ()
