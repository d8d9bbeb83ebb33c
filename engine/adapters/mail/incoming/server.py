"""Whether a mail server writes. A name like "Penzance Post Office" or "Bob, System Administrator" is not
enough to take what a person writes for the words of one."""

from __future__ import annotations

from engine.adapters.mail.incoming import words
from engine.adapters.mail.incoming.automatic import has_null_path, sign_in_fields, sign_of_a_machine
from engine.adapters.mail.incoming.parts import Mail
from engine.adapters.mail.incoming.returned import returns_a_mail


def is_from_a_server(mail: Mail, text: str) -> bool:
    """Whether a server speaks: its sender is a daemon or nobody; or has an address or a name of servers, and
    it is from nobody, quotes SMTP, or answers nothing and acts like one. `text` is what the mail says."""
    value = mail.field("from")
    sender = (mail.addresses("from") or ("",))[0]
    named = words.SERVER_NAME.search(value) is not None
    if not sender:
        return named or not value or "<>" in value or "daemon" in value.lower()
    if words.DAEMON.match(sender):
        return True
    addressed = words.SERVER_ADDRESS.match(sender) is not None
    if not (named or addressed):
        return False
    if has_null_path(mail) or words.ASKED.search(text):
        return True
    subject = mail.field("subject")
    if words.ANSWER.match(subject):
        return False
    says = says_failure(subject) or (addressed and words.NOT_DELIVERED.search(text) is not None)
    return says or returns_a_mail(mail) or bool(sign_in_fields(mail))


def may_be_of_a_server(mail: Mail, text: str) -> bool:
    """Whether a mail that names no server as its sender may still come from one."""
    subject = mail.field("subject")
    if words.ANSWER.match(subject) or not sign_of_a_machine(mail):
        return False
    returns = returns_a_mail(mail) and words.NOT_DELIVERED.search(text) is not None
    return returns or says_failure(subject)


def says_failure(subject: str) -> bool:
    """Whether a subject speaks of a mail that did not arrive."""
    return words.FAILURE_SUBJECT.search(subject) is not None
