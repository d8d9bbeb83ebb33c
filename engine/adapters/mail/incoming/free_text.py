"""Bounces in prose, as servers wrote them before and beside RFC 3464.

flufl.bounce, from Mailman, knows the forms of some forty servers. Where it finds nobody, the addresses
that stand where servers put them are taken: alone in a line, in angle brackets, behind RCPT TO.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from email.message import Message
from itertools import groupby, pairwise
from operator import itemgetter

from flufl.bounce import all_failures

from engine.adapters.mail.incoming import words
from engine.adapters.mail.incoming.parts import Mail
from engine.domain.bounce_text import judge

logging.getLogger("flufl.bounce").setLevel(logging.WARNING)  # it names every form that it tries
_MOST = 200
_SECTION = 1500
_MOST_SPANS = 5


def tells_of_failure(text: str) -> bool:
    """Whether a text does."""
    return (
        words.FAILURE_TEXT.search(text[:8000]) is not None
        or words.FAILURE_SUBJECT.search(text[:8000]) is not None
    )


def is_late_only(text: str) -> bool:
    """Whether the server still tries."""
    return (
        words.STILL_TRYING.search(text[:8000]) is not None
        and words.GAVE_UP.search(text[:8000]) is None
    )


def known_forms(mail: Mail, text: str) -> tuple[tuple[str, ...], bool]:
    """Whom flufl.bounce finds, and whether for good."""
    try:
        later, failed = all_failures(_reduced(mail, text))
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # made for friendly mail
        return (), False
    found = sorted(address.decode("ascii", "replace").lower() for address in failed or later)
    clean = dict.fromkeys(match[0] for address in found if (match := words.ADDRESS.search(address)))
    return tuple(clean), bool(failed)


def addresses_of(mail: Mail, text: str) -> tuple[str, ...]:
    """The addresses that stand where servers put those of the recipients."""
    not_them = {address.lower() for address in words.SENDER_LINE.findall(text)}
    not_them.update(mail.addresses("from", "to", "delivered-to", "return-path"))
    found = [place[place.lastindex or 0].lower() for place in words.PLACE.finditer(text)]
    found = [a for a in found if not (a in not_them or words.SERVER_ADDRESS.match(a))]
    if not found:
        found = [a.lower() for a in words.ADDRESS.findall(text)]
        found = [a for a in found if not (a in not_them or words.SERVER_ADDRESS.match(a))][:1]
    return tuple(dict.fromkeys(found))[:_MOST]


def words_about(among: tuple[str, ...], text: str) -> dict[str, str]:
    """What a report says of each of its recipients: all of it if there is only one, else from where each
    stands to where the next one does; of one whom it does not name, what it says of all."""
    if len(among) == 1:
        return {among[0]: _reason(text) or text.strip()[: _SECTION * 2]}
    spans: dict[str, list[str]] = {address: [] for address in among}
    named = [place for place in _named(text) if place[1] in spans]
    begins = [next(same) for _, same in groupby(named, key=itemgetter(1))]
    for (at, address), (end, _) in pairwise([*begins, (len(text), "")]):
        if len(spans[address]) < _MOST_SPANS:
            spans[address].append(text[text.rfind("\n", 0, at) + 1 : end][:_SECTION])
    of_all = text[: begins[0][0]][-_SECTION:] if begins else text[:_SECTION]
    return {address: _best(spans[address], of_all) for address in among}


def _best(spans: list[str], of_all: str) -> str:
    for span in spans:
        if reason := _reason(span):
            return reason
    telling = [span for span in spans if judge("", span)[0] != "unknown"]
    return telling[-1].strip() if telling else f"{(spans or [''])[-1]}\n{of_all}".strip()


def _reason(text: str) -> str:
    """What the other server said, which sendmail puts first. Its own translation of the code below says
    "User unknown" of a mail that was refused for its sender, too."""
    found = words.REASON.search(text)
    return found[1] if found and judge("", found[1])[0] != "unknown" else ""


def _named(text: str) -> Iterator[tuple[int, str]]:
    """Where addresses stand in a text, and which."""
    for found in words.TOKEN.finditer(text):
        yield found.start(), found[0].lower().rstrip(".!?")


def _reduced(mail: Mail, text: str) -> Message:
    """The mail as flufl.bounce should see it: its own words, and nothing that takes long to read."""
    message = Message()
    for name in ("from", "subject", "return-path", "x-failed-recipients", "x-mailer"):
        value = mail.field(name).encode("ascii", "replace").decode("ascii")
        if value or name == "from":  # without one it trips
            message[name] = value or "nobody@invalid"
    message["Content-Type"] = "text/plain"
    message.set_payload("".join(f"{line[:1000]}\n" for line in text.splitlines()[:400]))
    return message
