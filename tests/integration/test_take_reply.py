"""What becomes of replies, on both databases: kept, heard, acted upon, once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.authors import DatabaseAuthors
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.consents import ledger_of
from engine.adapters.db.correspondence import DatabaseCorrespondence
from engine.adapters.db.erasure import erase
from engine.adapters.db.events import ingest
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.lives import load
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import OUTBOX
from engine.adapters.mail.addresses import mailbox
from engine.adapters.mail.incoming.ours import OwnMarks
from engine.adapters.mail.incoming.read import read_mail
from engine.adapters.nlp.cleaning.own_words import own_words
from engine.application.ports.correspondence import Answered
from engine.application.ports.inbox import Delivery
from engine.application.ports.intake import Taken
from engine.application.read_messages import MessageReading, ReadingIntake
from engine.application.take_in import NotUnderstood
from engine.application.take_reply import RepliesTaken
from engine.domain.arrival import Arrival, ConsentArrived, PersonArrived
from engine.domain.authentication import Proof
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import EmotionConfig
from engine.domain.event import Event
from engine.domain.ids import send_id
from engine.domain.incoming import Envelope, Reply
from engine.domain.reply_meaning import Hunch, meaning_of
from tests.standins.moods import StandInReader

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
OFFER, NEWS = send_id("run", "offer"), send_id("run", "news")
SUBJECTS = {"shop/offer": ["An offer for you, {{ first_name }}"], "shop/news": ["What is new"]}


@pytest.fixture
def replies(store_engine: Engine) -> RepliesTaken:
    """Ann and Bob each got an offer and the news; Ann agreed to be read."""
    with writing(store_engine) as connection:
        for who in ("ann", "bob"):
            address = f"{who}@example.com"
            ingest(connection, [PersonArrived(who, address, address, {}, NOW - 30 * DAY)], NOW)
        agreed = ConsentEntry("profiling_emotion", "express", NOW - 20 * DAY, own_act=True)
        ingest(connection, [ConsentArrived("ann", agreed)], NOW)
        for who, key, mail, days in (
            ("ann", OFFER, "shop/offer", 3),
            ("ann", NEWS, "shop/news", 1),
            ("bob", send_id("bob", "offer"), "shop/offer", 3),
        ):
            connection.execute(OUTBOX.insert().values(**_row(who, key, mail, NOW - days * DAY)))
    reading_intake = ReadingIntake(
        DatabaseIntake(store_engine),
        DatabaseAuthors(store_engine),
        MessageReading(StandInReader, EmotionConfig()),
    )
    return RepliesTaken(
        mails=DatabaseCorrespondence(store_engine),
        authors=DatabaseAuthors(store_engine),
        intake=reading_intake,
        mailbox=mailbox,
        own_words=lambda text: own_words(text).text.strip(),
        marks=lambda reply: [one[1:21] for one in (reply.in_reply_to, *reply.references) if one],
        subjects=lambda mail: SUBJECTS[mail],
        asks_team=True,
    )


def _row(who: str, key: str, mail: str, at: datetime) -> dict[str, object]:
    moment = micros(at)
    return {
        "send_id": key, "person_id": who, "run": "r", "journey": "j", "step": mail.rpartition("/")[2],
        "mail": mail, "category": "promotion", "klass": "marketing", "rank": 2, "priority": 2,
        "due": moment, "ready_at": moment, "queued_at": moment, "sent_at": moment, "status": "sent",
        "detail": "", "attempt": 1, "provider_id": "", "message_id": "",
    }  # fmt: skip


def reply(
    text: str = "",
    who: str = "ann@example.com",
    answers: str = "",
    key: str = "<1@mua>",
    **more: str,
) -> Reply:
    envelope = Envelope(who, subject=more.pop("subject", ""), message_id=key, date=NOW)
    return Reply(envelope, text, in_reply_to=f"<{answers}>" if answers else "", **more)  # type: ignore[arg-type]


def delivery(at: datetime = NOW) -> Delivery:
    return Delivery(1, "mail", "", "message/rfc822", b"", at, 1)


def told(engine: Engine, who: str, name: str) -> list[Event]:
    with reading(engine) as connection:
        [visit] = load(connection, [who], NOW)
        return [event for event in visit.arrivals if event.name == name]


def ledger(engine: Engine, who: str) -> list[ConsentEntry]:
    with reading(engine) as connection:
        return [
            entry for entry, _, _ in ledger_of(connection, who) if entry.state == "unsubscribed"
        ]


def test_a_reply_is_feedback_with_the_mail_that_it_answers(replies, store_engine):
    replies.take(reply("So lovely, thanks!\n\n> our words\n", answers=OFFER), delivery())
    [said] = told(store_engine, "ann", "feedback.received")
    assert said.properties["source"] == "reply"
    assert said.properties["text"] == "So lovely, thanks!"
    assert (said.properties["mail"], said.properties["journey"], said.properties["step"]) == (
        "shop/offer", "j", "offer",
    )  # fmt: skip
    assert told(store_engine, "ann", "answer.needed") == []
    with reading(store_engine) as connection:
        [visit] = load(connection, ["ann"], NOW, moods=True)
    assert [mood.source for mood in visit.life.facts.moods] == ["reply"]


def test_who_did_not_agree_to_be_read_is_answered_all_the_same(replies, store_engine):
    """R5.10: a question is asked of the team; how Bob feels is nobody's business."""
    replies.take(reply("This is ridiculous! Where is my parcel?", "bob@example.com"), delivery())
    with reading(store_engine) as connection:
        [visit] = load(connection, ["bob"], NOW, moods=True)
    assert visit.life.facts.moods == ()
    assert told(store_engine, "bob", "care.needed") == []
    [waits] = told(store_engine, "bob", "answer.needed")
    assert waits.properties["why"] == "question"


def test_R1_4_the_same_mail_is_taken_once_however_often_it_comes(replies, store_engine):
    leaves = reply("Please unsubscribe me. Where is my parcel?", answers=OFFER)
    for hours in range(3):
        replies.take(leaves, delivery(NOW + timedelta(hours=hours)))
    assert len(told(store_engine, "ann", "feedback.received")) == 1
    assert len(told(store_engine, "ann", "answer.needed")) == 1
    assert len(ledger(store_engine, "ann")) == 1


def test_another_sender_with_the_same_message_id_is_heard_as_well(replies, store_engine):
    replies.take(reply("Thanks"), delivery())
    replies.take(reply("Thanks", "bob@example.com"), delivery())
    assert len(told(store_engine, "bob", "feedback.received")) == 1


def test_R5_5_leaving_by_words_is_an_act_of_their_own_with_the_words_as_evidence(
    replies, store_engine
):
    replies.take(reply("Hi,\nplease remove me from your list.\nAnn", answers=OFFER), delivery())
    [line] = ledger(store_engine, "ann")
    assert (line.topic, line.state, line.own_act, line.basis) == (
        "*",
        "unsubscribed",
        True,
        "reply",
    )
    assert line.wording == "“please remove me from your list.”"
    assert line.source == f"reply {OFFER}, known by the mail's mark"
    [event] = told(store_engine, "ann", "consent.withdrawn")
    assert event.properties["topic"] == "*"


def test_leaving_all_leaves_being_read_in_the_same_breath(replies, store_engine):
    """R5.10: the words that take consent back are not read for how they feel."""
    replies.take(reply("This is ridiculous. Unsubscribe me!"), delivery())
    with reading(store_engine) as connection:
        [visit] = load(connection, ["ann"], NOW, moods=True)
    assert visit.life.facts.moods == ()


def test_a_forged_yes_raises_nothing(replies, store_engine):
    """From is easily forged: a reply can only take back."""
    replies.take(reply("unsubscribe"), delivery())
    replies.take(
        reply("Please subscribe me again, I agree to everything", key="<2@mua>"), delivery()
    )
    with reading(store_engine) as connection:
        lines = [entry.state for entry, _, _ in ledger_of(connection, "ann")]
    assert lines == ["express", "unsubscribed"]


def proved(letter: Reply, proof: Proof) -> Reply:
    return replace(letter, envelope=replace(letter.envelope, proof=proof))


@pytest.mark.parametrize(
    ("answers", "proof", "known"),
    [
        (OFFER, "none", "known by the mail's mark"),
        (OFFER, "fail", "known by the mail's mark"),
        ("", "pass", "authenticated"),
        ("", "none", "unauthenticated"),
        (send_id("bob", "offer"), "none", "unauthenticated"),
    ],
    ids=["its mark", "its mark, passed on", "its domain", "nothing", "the mark of another's mail"],
)
def test_R5_1_an_opt_out_says_by_what_its_writer_is_known(
    replies, store_engine, answers: str, proof: Proof, known: str
):
    """Whoever wants no more gets none at once; whether it was they stands in the ledger."""
    replies.take(proved(reply("stop", answers=answers), proof), delivery())
    [line] = ledger(store_engine, "ann")
    assert line.source.endswith(f", {known}")


def test_what_the_senders_own_domain_disowns_takes_nobody_off(replies, store_engine):
    """It is kept, and whoever it speaks for rests until somebody has looked."""
    forged = proved(reply("Please unsubscribe me."), "fail")
    with pytest.raises(NotUnderstood, match="says that it did not send it") as kept:
        replies.take(forged, delivery())
    assert "ann rests until their task is done" in str(kept.value)
    assert ledger(store_engine, "ann") == []
    [waits] = told(store_engine, "ann", "answer.needed")
    assert waits.properties["why"] == "disowned"
    assert told(store_engine, "ann", "feedback.received") == []
    with suppress(NotUnderstood):
        replies.take(forged, delivery(NOW + DAY))
    assert len(told(store_engine, "ann", "answer.needed")) == 1, "R1.4"


def test_what_is_kept_promises_no_task_where_there_is_no_team(replies):
    alone = replace(replies, asks_team=False)
    for one in (
        proved(reply("Please unsubscribe me."), "fail"),
        reply("Please unsubscribe me.", "eve@example.com", answers=OFFER),
    ):
        with pytest.raises(NotUnderstood, match=r"rests? until they choose on a page of ours$"):
            alone.take(one, delivery())


def test_other_words_that_a_domain_disowns_are_nobodys(replies, store_engine):
    """R5.10: a forged letter says nothing of how anybody feels, and asks nothing."""
    angry = reply("This is ridiculous! Where is my parcel?", answers=send_id("bob", "offer"))
    with pytest.raises(NotUnderstood):
        replies.take(proved(angry, "fail"), delivery())
    for who in ("ann", "bob"):
        for name in ("answer.needed", "feedback.received", "care.needed"):
            assert told(store_engine, who, name) == []


def test_what_is_unclear_is_asked_and_takes_nobody_off(replies, store_engine):
    replies.take(reply("Unsubscribe me from the VIP list but keep the news."), delivery())
    [waits] = told(store_engine, "ann", "answer.needed")
    assert waits.properties["why"] == "leaving"
    assert ledger(store_engine, "ann") == []


def test_a_wrong_clock_does_not_date_an_opt_out_before_what_it_takes_back(replies, store_engine):
    ancient = Reply(Envelope("ann@example.com", date=datetime(1970, 1, 1, tzinfo=UTC)), "stop")
    replies.take(ancient, delivery())
    assert [line.at for line in ledger(store_engine, "ann")] == [NOW]


def test_a_stranger_makes_no_person_and_is_kept_for_somebody_to_look_at(replies, store_engine):
    with pytest.raises(NotUnderstood, match="nobody here has"):
        replies.take(reply("Where is my parcel?", "eve@example.com"), delivery())
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM person")).scalar() == 2
        assert connection.execute(sql("SELECT count(*) FROM event")).scalar() == 0


def test_a_stranger_who_wants_no_more_of_anns_mail_lets_her_rest_until_somebody_knows(
    replies, store_engine
):
    """She may have two addresses, or have passed the mail on: nobody can tell from here."""
    for _ in range(2):
        with pytest.raises(NotUnderstood, match="asks to get no more mail"):
            replies.take(reply("unsubscribe", "ann@work.example", OFFER), delivery())
    [waits] = told(store_engine, "ann", "answer.needed")
    assert (waits.properties["why"], waits.properties["mail"]) == ("elsewhere", "shop/offer")
    assert ledger(store_engine, "ann") == []


def test_a_customer_who_answers_somebody_elses_mail_speaks_for_themselves(replies, store_engine):
    replies.take(reply("unsubscribe", "bob@example.com", OFFER), delivery())
    assert len(ledger(store_engine, "bob")) == 1
    assert ledger(store_engine, "ann") == []
    [said] = told(store_engine, "bob", "feedback.received")
    assert "mail" not in said.properties
    assert len(told(store_engine, "ann", "answer.needed")) == 1


@pytest.mark.parametrize(
    "subject, mail",
    [
        ("Re: An offer for you, Ann", "shop/offer"),
        ("AW: What is new", "shop/news"),
        ("Re: something else", None),
        ("What is new", None),
    ],
)
def test_without_a_mark_the_subject_says_which_mail_it_was(replies, store_engine, subject, mail):
    replies.take(reply("Thanks", subject=subject), delivery())
    [said] = told(store_engine, "ann", "feedback.received")
    assert said.properties.get("mail") == mail


def test_whoever_was_written_to_last_speaks_for_a_shared_mailbox(replies, store_engine):
    """R3.5: and leaving holds for all of it."""
    with writing(store_engine) as connection:
        twin = PersonArrived("anton", "ann@example.com", "ann@example.com", {}, NOW)
        ingest(connection, [twin], NOW)
    replies.take(reply("Thanks", answers=OFFER), delivery())
    assert len(told(store_engine, "ann", "feedback.received")) == 1


def test_R5_9_who_was_erased_is_a_stranger(replies, store_engine):
    with writing(store_engine) as connection:
        erase(connection, "ann", "ann", NOW)
    with pytest.raises(NotUnderstood):
        replies.take(reply("unsubscribe", answers=OFFER), delivery())
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM event")).scalar() == 0


def test_a_machine_that_does_not_say_so_is_ignored(replies, store_engine):
    """RFC 3834."""
    replies.take(
        reply("I am out of the office until Monday. Reply unsubscribe to get no more."), delivery()
    )
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM event")).scalar() == 0


def test_html_is_read_where_there_is_no_text(replies, store_engine):
    html = (
        '<div dir="ltr">Please <b>unsubscribe</b> me.</div><div class="gmail_quote">'
        "<blockquote>Where is my parcel?</blockquote></div><script>alert(1)</script>"
    )
    replies.take(reply(html=html), delivery())
    [said] = told(store_engine, "ann", "feedback.received")
    assert said.properties["text"] == "Please unsubscribe me."
    assert told(store_engine, "ann", "answer.needed") == []


def test_a_clock_that_is_before_the_mail_it_answers_is_not_believed(replies, store_engine):
    """R1.3: else a question of today would be too old to ask anybody."""
    early = Reply(
        Envelope("ann@example.com", message_id="<9@mua>", date=NOW - 200 * DAY),
        "Where is my parcel?",
        in_reply_to=f"<{OFFER}>",
    )
    replies.take(early, delivery())
    [waits] = told(store_engine, "ann", "answer.needed")
    assert (waits.at, waits.starts) == (NOW, True)


def test_what_our_own_people_write_in_a_thread_is_no_stranger_s(replies, store_engine):
    ours = replace(replies, ours={"care@shop.example"})
    ours.take(
        reply("We will stop the offers. Is that fine?", "care@shop.example", OFFER), delivery()
    )
    assert told(store_engine, "ann", "answer.needed") == []


def test_an_address_is_known_in_whatever_way_it_is_written(replies, store_engine):
    """R3.5: a domain of other letters is one domain, also as From has it."""
    zoe = "zoe@xn--bcher-kva.example"
    with writing(store_engine) as connection:
        ingest(connection, [PersonArrived("zoe", zoe, zoe, {}, NOW)], NOW)
    replies.take(reply("stop", "zoe@b\u00fccher.example"), delivery())
    assert len(ledger(store_engine, "zoe")) == 1


@given(octets=st.binary(max_size=600), words=st.text(max_size=200))
def test_any_mail_is_taken_or_kept(octets, words):
    """Whatever is in it, also behind a header of ours."""
    taken = RepliesTaken(
        mails=_Nobody(),
        authors=_Nobody(),
        intake=_Nobody(),
        mailbox=str,
        own_words=lambda text: own_words(text).text.strip(),
        marks=OwnMarks([b"a key of the shop"]).answered_by,
        subjects=lambda mail: ["{{ x }}", "Hello {{ y }}"],
        asks_team=True,
    )
    head = f"From: ann@example.com\r\nSubject: {words}\r\nIn-Reply-To: <{words}>\r\n\r\n"
    top, said = (text.encode("utf-8", "replace") for text in (head, words))
    for mail in (octets, top + octets, top + said):
        found = read_mail(mail)
        if isinstance(found, Reply):
            with suppress(NotUnderstood):
                taken.take(found, delivery())


class _Nobody:
    """A store in which one person has every address but the empty one, and got one mail."""

    def mail(self, send_id: str) -> None:
        return None

    def writers(self, address: str) -> list[str]:
        return ["ann"] if address else []

    def mails_to(self, person_id: str, since: datetime) -> list[Answered]:
        return [Answered(OFFER, "ann", "shop/offer", "j", "offer", NOW - DAY)]

    def known_messages(self, messages: object) -> list[object]:
        return []

    def authors(self, people: object) -> dict[str, object]:
        return {}

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        assert arrivals
        return Taken()


def test_whoever_wants_to_be_deleted_is_off_at_once_and_has_a_task_with_the_day_of_the_law(
    replies, store_engine
):
    """R5.1, R5.9, GDPR Art. 12(3) and 17: nobody is erased by a mail whose sender proves nothing."""
    words = "Hello,\nplease delete all my data.\nAnn"
    replies.take(reply(words, answers=OFFER), delivery(datetime(2026, 1, 31, 9, tzinfo=UTC)))
    [left] = ledger(store_engine, "ann")
    assert left.wording == "\u201cplease delete all my data.\u201d"
    [needed] = told(store_engine, "ann", "answer.needed")
    assert needed.properties["why"] == "erasure"
    assert needed.properties["until"] == "2026-02-28T09:00:00+00:00"


def test_what_no_table_knows_and_a_model_takes_for_leaving_waits_for_a_person(
    replies, store_engine
):
    """R5.5: a model takes nobody off."""
    text = "Kindly forget that I exist."
    assert meaning_of(text).leaving == "no"
    guess = Hunch(0.9, 0.1, ("forget", "exist."), ())
    replace(replies, second=lambda words: guess).take(reply(text, answers=OFFER), delivery())
    assert ledger(store_engine, "ann") == []
    [needed] = told(store_engine, "ann", "answer.needed")
    assert (needed.properties["why"], needed.properties["by"]) == ("leaving", "model")
    assert needed.properties["heard"] == "7-13 21-27"


def test_the_event_keeps_the_place_of_the_words_and_not_the_words(replies, store_engine):
    """Words go after their time (`keep`), and who waits is needed for ever."""
    text = "So good! Where is my parcel? Bye."
    replies.take(reply(text, answers=OFFER), delivery())
    [needed] = told(store_engine, "ann", "answer.needed")
    start, end = map(int, str(needed.properties["heard"]).split("-"))
    assert text[start:end] == "Where is my parcel?"
    assert not any("parcel" in str(said) for said in needed.properties.values())
