"""The rights of a person: to have their data, and to be forgotten (R5.9; GDPR 15, 17 and 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.application.ports.profiles import Erased, Profiles, RenderedMails
from engine.domain.emotion import EmotionConfig
from engine.domain.errors import MistakeError


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: `erased` is None where it had been done before, at `at`. `copies` are rendered
    mails that were deleted."""

    at: datetime
    erased: Erased | None = None
    copies: int = 0


def known(profiles: Profiles, who: str) -> str:
    """The id of today of somebody.

    Raises:
        MistakeError: if nobody has this id or address.
    """
    person_id = profiles.find(who)
    if person_id is None:
        raise MistakeError(
            f"nobody is called {who}", help="`sincerely person list` shows who is there"
        )
    return person_id


def forget(
    profiles: Profiles, rendered: RenderedMails, who: str, name: str, now: datetime
) -> Forgotten:
    """Erase somebody, by an id or an address; once more answers when it was done.

    `name` is what stays in place of the id: it must be by chance. Copies of mails go after the store
    has forgotten, so that nothing is lost if it cannot; asked again, the rest of them goes.

    Raises:
        MistakeError: if nobody has this id or address, and nobody ever asked to be forgotten by it.
    """
    person_id = profiles.find(who)
    erased = None if person_id is None else profiles.erase(person_id, name, now)
    if erased is None:
        at = profiles.erased_at(who)
        if at is None:
            known(profiles, who)
        return Forgotten(at or now)
    return Forgotten(erased.at, erased, rendered.forget(erased.mails))


def forget_message(
    profiles: Profiles, who: str, message: str, config: EmotionConfig, now: datetime
) -> Mapping[str, int]:
    """Erase one message of somebody, by its id, and what was read of it; answers how many rows went.

    Raises:
        MistakeError: if nobody has this id or address, or they wrote no such message.
    """
    person_id = known(profiles, who)
    gone = profiles.erase_message(person_id, message, config, now)
    if gone is None:
        raise MistakeError(
            f"{person_id} wrote no message {message}",
            help=f"`sincerely person export {person_id}` shows their messages: the `id` of each"
            " `feedback.received`",
        )
    return gone
