"""One mail that came to us, told apart: bounce, complaint, automatic answer or reply."""

from __future__ import annotations

import re
from collections.abc import Collection

from engine.adapters.mail.incoming import free_text, words
from engine.adapters.mail.incoming.authentication import checks_of
from engine.adapters.mail.incoming.automatic import (
    is_autoreply_subject,
    sign_in_fields,
    sign_of_a_machine,
)
from engine.adapters.mail.incoming.feedback import complaint_in
from engine.adapters.mail.incoming.parts import Mail, raw_text, text_of
from engine.adapters.mail.incoming.returned import returned, returns_a_mail, said
from engine.adapters.mail.incoming.server import (
    is_from_a_server,
    may_be_of_a_server,
    says_failure,
)
from engine.adapters.mail.incoming.status import Reported, looks_like_status, reported
from engine.domain.authentication import proof_of
from engine.domain.bounce_text import judge, status_in
from engine.domain.incoming import (
    AutoReply,
    Bounce,
    Envelope,
    Incoming,
    Reply,
    Undelivered,
)

_WAY = (
    "delivered-to",
    "x-original-to",
    "x-envelope-to",
    "envelope-to",
    "x-forwarded-to",
    "to",
    "cc",
)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_LONGEST_TEXT = 500


def read_mail(octets: bytes, trusted: Collection[str] = ()) -> Incoming:
    """What came. Any octets have an answer; nothing raises. `trusted` are the names of the servers whose
    checks of a sender are believed.

    A report is believed to be one if its form says so (RFC 3464, RFC 5965), or if a mail server sent it
    and its text tells of a failure. A person who writes about bounces, or quotes one, writes a reply.
    """
    mail = Mail.of(octets)
    sender = (mail.addresses("from") or ("",))[0]
    envelope = Envelope(
        sender=sender,
        came_to=mail.addresses(*_WAY),
        subject=mail.field("subject"),
        message_id=_first_id(mail.field("message-id")),
        date=mail.date,
        proof=proof_of(sender, checks_of(mail, trusted)) if trusted else "none",
    )
    return (
        complaint_in(mail, envelope)
        or _by_status(mail, envelope)
        or _wrapped(mail, envelope)
        or _by_words(mail, envelope)
        or _automatic(mail, envelope)
        or _reply(mail, envelope)
    )


def _reply(mail: Mail, envelope: Envelope) -> Reply:
    return Reply(
        envelope,
        text=mail.body("plain"),
        html=mail.body("html"),
        in_reply_to=_first_id(mail.field("in-reply-to")),
        references=tuple(_MESSAGE_ID.findall(mail.field("references"))),
        attachments=mail.attachments,
    )


def _automatic(mail: Mail, envelope: Envelope) -> AutoReply | None:
    because = sign_of_a_machine(mail)
    if not because:
        return None
    return AutoReply(envelope, because, _first_id(mail.field("in-reply-to")))


# ── reports in their form ─────────────────────────────────────────────────────────────────────


def _by_status(mail: Mail, envelope: Envelope) -> Bounce | AutoReply | None:
    """A delivery status notification. One of which everything arrived is no bounce."""
    fields = _status_text(mail)
    if not fields:
        return None
    found = reported(fields)
    open_ = [one for one in found if one.action != "arrived"]
    if found and not open_:
        return AutoReply(envelope, "a report of a mail that arrived")
    if open_ and all(words.CHALLENGE.search(one.diagnostic) for one in open_):
        return AutoReply(envelope, "it asks the sender to confirm")
    text, back = said(mail), returned(mail)
    if any(not one.address for one in open_):
        open_ = _named(open_, mail, text, back.recipients)
    if not open_:
        return None
    everybody = tuple(dict.fromkeys(one.address for one in open_))
    about = free_text.words_about(everybody, text)
    undelivered: dict[str, Undelivered] = {}
    for one in open_:
        entry = _undelivered(one, about[one.address])
        before = undelivered.get(one.address)
        if before is None or (before.verdict == "unknown" and entry.verdict != "unknown"):
            undelivered[one.address] = entry
    return Bounce(envelope, tuple(undelivered.values()), back)


def _status_text(mail: Mail) -> str:
    """The fields of the report, wherever they stand; empty where there are none."""
    is_report = mail.message.get_content_type() == "multipart/report"
    if not (is_report or is_from_a_server(mail, said(mail)) or sign_in_fields(mail)):
        return ""  # a person who sends one on
    own = list(mail.parts())
    typed = [part for part in own if part.get_content_type() in _STATUS_TYPES]
    text = "\n\n".join(raw_text(part) for part in typed)
    if looks_like_status(text) or (typed and reported(text)):
        return text
    for part in own:
        if part.get_content_type() in ("text/plain", "application/octet-stream"):
            text = text_of(part)
            if looks_like_status(text) and reported(text):
                return text
    return ""


_STATUS_TYPES = (
    "message/delivery-status",
    "message/global-delivery-status",
    "text/delivery-status",
)


def _named(
    found: list[Reported], mail: Mail, words: str, written_to: tuple[str, ...]
) -> list[Reported]:
    """Recipients whom the report does not name, named by its words or by the mail that came back."""
    whom = list(free_text.known_forms(mail, words)[0] or free_text.addresses_of(mail, words))
    if len(whom) != len([one for one in found if not one.address]):
        whom = whom[:1] if whom else list(written_to[:1])
    named = []
    for one in found:
        address = one.address or (whom.pop(0) if whom else "")
        if address:
            named.append(Reported(address, one.action, one.status, one.diagnostic))
    return named


def _undelivered(one: Reported, about: str) -> Undelivered:
    final = one.action == "failed"
    verdict, blocked = judge(one.status, one.diagnostic, final=final)
    text = one.diagnostic
    if verdict == "unknown" or (not text and verdict == "soft"):
        by_words, blocked_by_words = judge(one.status, f"{text}\n{about}", final=final)
        if by_words != "unknown":
            verdict, blocked = by_words, blocked_by_words
    status = one.status
    if not status or status.endswith(".0.0"):
        status = status_in(one.diagnostic) or status_in(about) or status
    return Undelivered(one.address, verdict, status, _line(text or about), final, blocked)


def _wrapped(mail: Mail, envelope: Envelope) -> Bounce | AutoReply | None:
    """A report that a server, such as a virus scanner, put into a mail of its own."""
    inner = mail.attached_mail()
    if inner is None or inner.get_content_type() != "multipart/report":
        return None
    return _by_status(Mail(inner), envelope) if is_from_a_server(mail, said(mail)) else None


# ── reports in prose ──────────────────────────────────────────────────────────────────────────


def _by_words(mail: Mail, envelope: Envelope) -> Bounce | None:
    """A bounce of an old server: a server speaks, it tells of a failure, and it names somebody."""
    subject = envelope.subject
    failed = mail.addresses("x-failed-recipients")
    text = said(mail)
    server = bool(failed) or is_from_a_server(mail, text)
    if is_autoreply_subject(subject) or not (server or may_be_of_a_server(mail, text)):
        return None
    back = returned(mail)
    by_form, for_good = free_text.known_forms(mail, text)
    tells = free_text.tells_of_failure(text)
    silent = server and (_refuses(envelope, text) or _fails_without_words(mail, envelope))
    if not (failed or by_form or tells or silent):
        return None
    whom = failed or by_form or free_text.addresses_of(mail, text) or back.recipients[:1]
    if not whom:
        return None
    final = not free_text.is_late_only(f"{subject}\n{text}")
    if by_form and not failed:
        final = for_good and final
    undelivered = []
    for address, about in free_text.words_about(whom, text).items():
        status = status_in(about)
        verdict, blocked = judge(status, about, final=final)
        if verdict == "unknown":  # a subject says more at times; often it is that of our own mail
            verdict, blocked = judge(status, subject, final=final)
        undelivered.append(Undelivered(address, verdict, status, _line(about), final, blocked))
    return Bounce(envelope, tuple(undelivered), back)


def _fails_without_words(mail: Mail, envelope: Envelope) -> bool:
    """Whether a server's mail is a bounce although its text is in no language that we know."""
    if says_failure(envelope.subject):
        return True
    return envelope.sender.startswith("mailer-daemon") and returns_a_mail(mail)


def _refuses(envelope: Envelope, text: str) -> bool:
    """Whether a server's mail that tells of no failure says that an address is bad: it is from nobody, or
    it quotes what was asked over SMTP."""
    asked = not envelope.sender or words.ASKED.search(text) is not None
    return asked and judge("", text)[0] == "hard"


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TEXT]


def _first_id(value: str) -> str:
    found = _MESSAGE_ID.search(value)
    return found[0] if found else ""
