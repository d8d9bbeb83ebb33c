from engine.domain.incoming import Envelope, Reply


def test_a_reply_answers_who_wrote_it() -> None:
    reply = Reply(Envelope("ada@example.com"), "Thanks!")
    assert reply.sender == "ada@example.com"
