"""Mail that is no bounce: complaints, automatic answers, and what people write."""

import pytest

from engine.adapters.mail.incoming.read import read_mail
from engine.domain.incoming import AutoReply, Bounce, Complaint, Reply
from tests.unit.adapters.mail.incoming.formats import mail, report

_TOKEN = "abcdefghijklmnopqrstuvwxyz012345"


def _complaint(fields: str, back: str) -> bytes:
    return mail(
        """
        From: feedback@provider.example
        To: fbl@cozy.example
        Subject: FW: News from Cozy
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b1"
        """,
        "\n".join((
            "--b1\nContent-Type: text/plain\n",
            "This is an email abuse report.",
            "--b1\nContent-Type: message/feedback-report\n",
            fields,
            "\n--b1\nContent-Type: message/rfc822\n",
            back,
            "\n--b1--",
        )),
    )  # fmt: skip


def test_a_complaint_names_who_complained_and_the_mail() -> None:
    """RFC 5965."""
    complaint = read_mail(
        _complaint(
            "Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"
            "Original-Mail-From: <bounce+abc.def@cozy.example>\nOriginal-Rcpt-To: <Ada@dest.example>",
            "From: lena@cozy.example\nTo: ada@dest.example\nMessage-ID: <s1.mac@cozy.example>\n\nHello",
        )
    )
    assert isinstance(complaint, Complaint)
    assert complaint.kind == "abuse"
    assert complaint.addresses == ("ada@dest.example",)
    assert complaint.returned.message_ids == ("<s1.mac@cozy.example>",)
    assert complaint.returned.recipients == ("ada@dest.example",)


def test_a_redacted_complaint_leads_to_its_mail_by_message_id_token_and_envelope() -> None:
    """RFC 5965: addresses are often blanked out."""
    complaint = read_mail(
        _complaint(
            "Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: redacted",
            "Return-Path: <bounce+abc.def@cozy.example>\nFrom: lena@cozy.example\nTo: redacted\n"
            f"List-Unsubscribe:\n <https://cozy.example/u/{_TOKEN}>\nMessage-ID: <s1.mac@cozy.example>\n",
        )
    )
    assert isinstance(complaint, Complaint)
    assert complaint.addresses == ()
    assert complaint.returned.message_ids == ("<s1.mac@cozy.example>",)
    assert complaint.returned.tokens == (_TOKEN,)
    assert complaint.returned.envelope_senders == ("bounce+abc.def@cozy.example",)


def test_a_report_that_it_is_not_spam_says_so() -> None:
    """RFC 5965 7.3: the kind tells a withdrawal from a complaint."""
    complaint = read_mail(_complaint("Feedback-Type: not-spam\nVersion: 1", "To: ada@dest.example"))
    assert isinstance(complaint, Complaint)
    assert complaint.kind == "not-spam"


def test_the_complaints_of_hotmail_are_known_by_their_subject() -> None:
    """They are older than RFC 5965, and name the recipient in a field of their own."""
    complaint = read_mail(
        mail(
            """
            From: staff@hotmail.example
            Subject: complaint about message from 192.0.2.7
            Content-Type: multipart/mixed; boundary="b1"
            """,
            "--b1\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: ada@dest.example\n"
            "Message-ID: <s1.mac@cozy.example>\n\nHello\n\n--b1--",
        )
    )
    assert isinstance(complaint, Complaint)
    assert complaint.kind == "abuse"
    assert complaint.returned.recipients == ("ada@dest.example",)
    assert complaint.returned.message_ids == ("<s1.mac@cozy.example>",)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_what_arrived_is_no_bounce(action: str) -> None:
    """RFC 3464 2.3.3."""
    incoming = read_mail(
        report(
            "MAILER-DAEMON@mx.dest.example",
            "Your message was delivered.",
            f"Final-Recipient: rfc822; ada@dest.example\nAction: {action}\nStatus: 2.0.0",
        )
    )
    assert isinstance(incoming, AutoReply)


def test_a_service_that_asks_the_sender_to_confirm_is_no_bounce() -> None:
    """RFC 3834: its report says "failed" of a mail that waits, and of one that arrived."""
    incoming = read_mail(
        report(
            "noreply@gate.example",
            "Your message has been waitlisted. Please add yourself to my guest list.",
            "Final-Recipient: rfc822; ada@dest.example\nAction: failed\nStatus: 4.7.0\n"
            "Diagnostic-Code: X-Gate-Notice; Sender not pre-approved. Follow instructions in above notice",
        )
    )
    assert isinstance(incoming, AutoReply)


def test_of_several_recipients_only_those_not_reached_are_named() -> None:
    """RFC 3464 2.3: one report, many recipients."""
    bounce = read_mail(
        report(
            "MAILER-DAEMON@mx.dest.example",
            "Some arrived.",
            "Final-Recipient: rfc822; ada@dest.example\nAction: delivered\nStatus: 2.0.0",
            "Final-Recipient: rfc822; bob@dest.example\nAction: failed\nStatus: 5.1.1",
            "Final-Recipient: rfc822; eve@dest.example\nAction: delayed\nStatus: 4.4.1",
        )
    )
    assert isinstance(bounce, Bounce)
    assert [(one.address, one.verdict, one.final) for one in bounce.undelivered] == [
        ("bob@dest.example", "hard", True),
        ("eve@dest.example", "soft", False),
    ]


_ORDINARY = "Message-ID: <x@dest.example>\nFrom: Ada <ada@dest.example>\nTo: lena@cozy.example\n"

AUTOMATIC = {
    "RFC 3834": _ORDINARY + "Auto-Submitted: auto-replied\nSubject: I am away",
    "a header of old": _ORDINARY + "X-Autoreply: yes\nSubject: Re: News",
    "precedence": _ORDINARY + "Precedence: auto_reply\nSubject: Re: News",
    "bulk": _ORDINARY + "Precedence: bulk\nSubject: Our news",
    "null path": "Return-Path: <>\n" + _ORDINARY + "Subject: Re: News",
    "a list": _ORDINARY + "List-Id: <news.dest.example>\nSubject: Our news",
    "its sender": _ORDINARY.replace("ada@", "noreply@") + "Subject: Ticket 12 received",
    "exchange": _ORDINARY + "X-MS-Exchange-Inbox-Rules-Loop: ada@dest.example\nSubject: News",
    "English": _ORDINARY + "Subject: Out of Office: News from Cozy",
    "English 2": _ORDINARY + "Subject: Automatic reply: News from Cozy",
    "German": _ORDINARY + "Subject: Abwesenheitsnotiz: News",
    "German 2": _ORDINARY + "Subject: Automatische Antwort: News",
    "French": _ORDINARY + "Subject: =?utf-8?q?R=C3=A9ponse_automatique=C2=A0=3A_News?=",
    "Spanish": _ORDINARY + "Subject: =?utf-8?q?Respuesta_autom=C3=A1tica=3A_News?=",
    "Italian": _ORDINARY + "Subject: Risposta automatica: News",
    "Portuguese": _ORDINARY + "Subject: =?utf-8?q?Resposta_autom=C3=A1tica=3A?= News",
    "Dutch": _ORDINARY + "Subject: Automatisch antwoord: News",
    "Swedish": _ORDINARY + "Subject: Autosvar: News",
    "Polish": _ORDINARY + "Subject: =?utf-8?q?Automatyczna_odpowied=C5=BA=3A?= News",
    "Russian": _ORDINARY + "Subject: =?utf-8?b?0JDQstGC0L7QvtGC0LLQtdGCOiBOZXdz?=",
    "Japanese": _ORDINARY + "Subject: =?utf-8?b?6Ieq5YuV6L+U5L+h?=",
    "Chinese": _ORDINARY + "Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSNOiBOZXdz?=",
}


@pytest.mark.parametrize("sign", AUTOMATIC)
def test_a_machine_that_answers_is_known(sign: str) -> None:
    """RFC 3834: such an answer is neither a reply nor a bounce, whatever it says of addresses."""
    body = "I no longer work here, and user unknown is what you get. Write to bob@dest.example instead."
    assert isinstance(read_mail(mail(AUTOMATIC[sign], body)), AutoReply)


def test_who_is_away_and_returns_the_mail_is_no_bounce() -> None:
    """RFC 3834: some programs attach what they answer."""
    away = _ORDINARY + (
        "Subject: Re: News\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b1"'
    )
    body = (
        "--b1\nContent-Type: text/plain\n\nI will be unable to read your message until I return. "
        "Write to bob@dest.example.\n--b1\nContent-Type: message/rfc822\n\n"
        "From: lena@cozy.example\nTo: ada@dest.example\n\nHello\n--b1--"
    )
    for subject in ("Re: News", "News", "I am away"):
        assert isinstance(read_mail(mail(away.replace("Re: News", subject), body)), AutoReply)


ORDINARY = {
    "about a bounce": (
        "Subject: Your mail came back",
        "Hi Lena, your newsletter bounced: 550 5.1.1 <bob@dest.example>: User unknown. Bob has left!",
    ),
    "a bounce quoted": (
        "Subject: Re: Undelivered Mail Returned to Sender",
        "What is this?\n\n> <bob@dest.example>: host mx said: 550 5.1.1 User unknown\n"
        "> Final-Recipient: rfc822; bob@dest.example\n> Action: failed\n> Status: 5.1.1",
    ),
    "a bounce sent on": (
        'Subject: Fwd: failure notice\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b1"',
        "--b1\nContent-Type: text/plain\n\nLook at this.\n--b1\nContent-Type: message/rfc822\n\n"
        "From: MAILER-DAEMON@dest.example\nSubject: failure notice\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b2"\n\n'
        "--b2\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; bob@dest.example\nAction: failed\nStatus: 5.1.1\n\n--b2--\n--b1--",
    ),
    "a bounce sent on in its parts": (
        "Subject: Fwd: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b1"',
        "--b1\nContent-Type: text/plain\n\nI wrote to you and it came back!\n"
        "--b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; lena@cozy.example\nAction: failed\nStatus: 5.1.1\n\n"
        "--b1\nContent-Type: message/rfc822\n\nFrom: ada@dest.example\n\nA question\n--b1--",
    ),
    "a complaint in words": ("Subject: Spam!", "Stop sending me spam, or I report you for abuse."),
    "an office": ("Subject: Re: Out of office party", "I will come! Ada"),
    "a holiday": ("Subject: Vacation photos", "Here they are. Ada"),
    "no subject": ("X-Nothing: here", "Thanks, that was kind."),
}


@pytest.mark.parametrize("which", ORDINARY)
def test_what_a_person_writes_is_a_reply(which: str) -> None:
    """An ordinary mail is never taken for a bounce, also where it is about one."""
    fields, body = ORDINARY[which]
    reply = read_mail(mail(_ORDINARY + fields, body))
    assert isinstance(reply, Reply)
    assert reply.sender == "ada@dest.example"
    assert reply.envelope.came_to == ("lena@cozy.example",)


def test_a_person_at_a_role_address_who_answers_is_heard() -> None:
    """Somebody reads the mail of `postmaster`, and may want no more of it (RFC 2142)."""
    fields = "From: postmaster@dest.example\nTo: lena@cozy.example\nSubject: Re: News\n"
    answer = "In-Reply-To: <s1.mac@cozy.example>\n"
    assert isinstance(read_mail(mail(fields + answer, "Please unsubscribe me.")), Reply)
    assert isinstance(read_mail(mail(fields, "Please unsubscribe me.")), AutoReply)
    machine = answer + "Auto-Submitted: auto-replied\n"
    assert isinstance(read_mail(mail(fields + machine, "We have received your mail.")), AutoReply)


@pytest.mark.parametrize(
    "sender",
    [
        "Penzance Post Office <shop@penzance.example>",
        '"Bob, System Administrator" <bob@dest.example>',
        "Mail Server Museum <ada@museum.example>",
        "root@rootbeer.example",
        "virusha@dest.example",
        "bouncerjoe@dest.example",
        "nobodyknows@dest.example",
    ],
)
def test_a_name_like_a_server_s_makes_no_bounce_of_an_answer(sender: str) -> None:
    """A customer's complaint would be lost, and somebody's address with it."""
    fields = f"From: {sender}\nTo: lena@cozy.example\nSubject: Re: News from Cozy"
    text = "My order was not delivered. Please write to ada@dest.example instead."
    assert isinstance(read_mail(mail(fields, text)), Reply)


def test_a_reply_keeps_what_it_answers_and_both_its_bodies() -> None:
    """RFC 5322 3.6.4."""
    reply = read_mail(
        mail(
            _ORDINARY
            + "Subject: =?iso-8859-1?q?Re=3A_Gr=FC=DFe?=\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n"
            "In-Reply-To: <s1.mac@cozy.example>\nReferences: <s0@cozy.example>\n <s1.mac@cozy.example>\n"
            'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="b1"',
            "--b1\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n"
            "Danke!\n--b1\nContent-Type: text/html; charset=utf-8\n\n<p>Danke!</p>\n--b1--",
        )
    )
    assert isinstance(reply, Reply)
    assert reply.envelope.subject == "Re: Grüße"
    assert reply.text.strip() == "Danke!"
    assert reply.html.strip() == "<p>Danke!</p>"
    assert reply.in_reply_to == "<s1.mac@cozy.example>"
    assert reply.references == ("<s0@cozy.example>", "<s1.mac@cozy.example>")
    assert str(reply.envelope.date) == "2026-03-02 09:00:00+00:00"


def test_what_is_tried_on_a_mail_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        read_mail(b"From: MAILER-DAEMON@mx.example\nSubject: failure\n\nNobody could be reached.\n")
    assert not caplog.records
