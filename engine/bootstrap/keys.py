"""What the environment holds for a project: keys, secrets, and the addresses that are signed with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.domain.errors import MistakeError
from engine.language.project import Project
from engine.settings import SHORTEST_KEY, Settings

if TYPE_CHECKING:
    from engine.adapters.mail.sendgrid_signature import Signatures
    from engine.adapters.mail.verp import Verp


def link_keys_of(project: Project, settings: Settings) -> tuple[bytes, ...]:
    """The keys that sign links, the newest first; none where the environment has none.

    Raises:
        MistakeError: D204, if one is too short to be safe.
    """
    from engine.adapters.links import link_keys

    reference = project.config.secrets.get("links")
    value = settings.environment.get(reference[1:], "") if reference else ""
    if not value:
        return ()
    try:
        return link_keys(value)
    except ValueError as error:
        raise MistakeError(
            f"the link key in {reference} cannot be used: {error}",
            help="make one with `python3 -c 'import secrets; print(secrets.token_hex(32))'`",
            code="D204",
        ) from None


def metrics_token(project: Project, settings: Settings) -> str:
    """The token that `/metrics` asks for (`secrets.metrics`); empty where none is named.

    Raises:
        SetupError: D201, if its variable is not set.
    """
    named = "metrics" in project.config.secrets
    return settings.secret("metrics", project.config.secrets) if named else ""


def verp_of(project: Project, settings: Settings) -> Verp | None:
    """The addresses that mail comes back to; none where the config names no address for it.

    Raises:
        SetupError: D210, if there is no key to sign them with.
    """
    from engine.adapters.mail.verp import Verp

    address = project.config.delivery.bounces
    if address is None:
        return None
    danger = "anybody could say that a mail bounced"
    return Verp(address, _keys_for("bounces", danger, "D210", project, settings))


def replies_to(project: Project, settings: Settings) -> Verp | None:
    """The addresses that mail is answered to; none where the config names no address for it.

    Raises:
        SetupError: D243, if there is no key to sign them with.
    """
    from engine.adapters.mail.verp import Verp

    address = project.config.delivery.replies
    if address is None:
        return None
    danger = "anybody could answer any mail"
    return Verp(address, _keys_for("replies", danger, "D243", project, settings), "reply")


def _keys_for(
    word: str, danger: str, code: str, project: Project, settings: Settings
) -> tuple[bytes, ...]:
    """The link keys, which signed addresses cannot do without."""
    from engine.domain.errors import SetupError

    keys = link_keys_of(project, settings)
    if not keys:
        raise SetupError(
            f"`delivery.{word}` needs a key: without one {danger}",
            help=f"set `secrets.links`, or delete `{word}`",
            code=code,
        )
    return keys


def sendgrid_signatures_of(project: Project, settings: Settings) -> Signatures:
    """What knows SendGrid's signature of events by the keys of the config; without a key, nothing is
    signed.

    Raises:
        SetupError: D201 if a variable is not set, D241 if it holds no key.
    """
    return _signatures(project.config.webhooks.sendgrid, "webhooks.sendgrid", settings)


def inbound_signatures_of(project: Project, settings: Settings) -> Signatures:
    """What knows SendGrid's signature of mails to us, in the same way.

    Raises:
        SetupError: D201 if a variable is not set, D241 if it holds no key.
    """
    return _signatures(project.config.webhooks.inbound, "webhooks.inbound", settings)


def inbound_secret_of(project: Project, settings: Settings) -> str:
    """The secret in the address that mails to us are posted to; empty where there is none.

    Raises:
        SetupError: D201 if the variable is not set, D242 if it holds what could be guessed.
    """
    from engine.domain.errors import SetupError

    named = project.config.webhooks.inbound_secret
    secret = settings.resolve("webhooks.inbound_secret", named) if named else ""
    if named and len(secret) < SHORTEST_KEY:
        raise SetupError(
            f"the secret in {named} is shorter than {SHORTEST_KEY} characters",
            help="make one with `python3 -c 'import secrets; print(secrets.token_hex(16))'`",
            code="D242",
        )
    return secret


def _signatures(named_keys: Sequence[str], place: str, settings: Settings) -> Signatures:
    """What knows a signature by some keys, or variables that hold them.

    Raises:
        SetupError: D201 if a variable is not set, D241 if it holds no key.
    """
    from engine.adapters.mail.sendgrid_signature import Signatures
    from engine.domain.errors import SetupError
    from engine.language.webhook_words import is_verification_key

    keys = []
    for named in named_keys:
        found = settings.resolve(place, named)
        keys += [key for part in found.split(",") if (key := part.strip())]
        if not all(map(is_verification_key, keys)):
            raise SetupError(
                f"{named} holds no verification key of SendGrid",
                help="copy it whole from SendGrid, Settings, Mail Settings, Event Webhook; it begins with"
                " `MFkw`",
                code="D241",
            )
    return Signatures(keys)
