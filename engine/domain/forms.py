"""Sign-up forms: what they ask, and what a sign-up adds to the ledger (R5.4, R5.5).

Anybody can type anybody's address into a form, and any country. So nothing but a question to that mailbox
can come of it, unless the law where the person lives takes a yes in words, the law of the country that the
business named for the form does, too, and nobody of that mailbox ever left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from engine.domain.consent import ConsentEntry, deciding, speaks_of
from engine.domain.jurisdiction import Terms

ONCE_IN = timedelta(days=1)
"""An address is asked no oftener, whoever types it in however often."""

BASIS = "sign-up form"
SOURCE = "form"


@dataclass(frozen=True, slots=True)
class Form:
    """A form for everybody, at `/s/NAME`.

    `topics` are what it signs up to. Texts are by language, and `wording` has every language in which the
    form is shown; `version` names these words in the ledger. `fields` are attributes that it asks beside
    the address. `country` is where its people live as long as they do not say, and its law holds for
    whoever says another; `frames` are the web sites that may show it in a frame.
    """

    name: str
    topics: tuple[str, ...]
    version: str
    wording: Mapping[str, str]
    title: Mapping[str, str] = field(default_factory=dict)
    thanks: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    country: str = ""
    frames: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is shown in, the default first."""
        return tuple(self.wording)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that somebody agreed to, as they were shown."""

    form: str
    version: str
    language: str
    text: str

    @property
    def hash(self) -> str:
        """By which the ledger names them."""
        said = "\n".join((self.form, self.version, self.language, self.text))
        return f"sha256:{sha256(said.encode()).hexdigest()}"


def wording_of(form: Form, language: str) -> Wording:
    """The words of a form in one of its languages."""
    return Wording(form.name, form.version, language, form.wording[language])


def sign_up(
    form: Form,
    topic: str,
    ledger: Sequence[ConsentEntry],
    terms: Terms,
    here: Terms,
    now: datetime,
) -> ConsentEntry | None:
    """What a sign-up adds to the ledger at `now`; None where it changes nothing: it was given before, or
    waits already since less than a day. By `terms`, those of the person's country, it is decided what
    counts; `here` are those that a yes on this form has to meet.

    Where a yes in words is enough `here`, it is one, but not of somebody who ever left: whoever comes
    back does so by confirming.
    """
    word, entry = deciding(ledger, topic, now, terms)
    if word == "given":
        return None
    if word == "pending" and entry is not None and now - entry.at < ONCE_IN:
        return None
    left = any(line.state == "unsubscribed" and speaks_of(line, topic) for line in ledger)
    return ConsentEntry(
        topic=topic,
        state="express" if "express" in here.enough and not left else "pending",
        at=now,
        basis=BASIS,
        own_act=True,
        source=f"{SOURCE} {form.name}",
        wording=form.version,
    )
