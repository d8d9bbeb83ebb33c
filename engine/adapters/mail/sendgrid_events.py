"""SendGrid's event webhook, read: octets in, what they tell out.

Traps that others found out the hard way: `category` is text or a list, `attempt` is text, `timestamp`
may be text or count milliseconds, `status` may be absent, `event` may be written in capitals, an
asynchronous bounce has neither ids nor our own arguments, and new types and keys come without notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from engine.application.ports.inbox import Part
from engine.application.provider_deliveries import Read
from engine.domain.told import Told, Trouble, What

SEND_ID = "sincerely_send_id"
"""The custom argument that we give each mail; SendGrid puts it flat into its events."""

_WHAT: Mapping[str, What] = {
    "processed": "accepted",
    "dropped": "dropped",
    "deferred": "deferred",
    "delivered": "delivered",
    "bounce": "bounced",
    "open": "opened",
    "click": "clicked",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "group_resubscribe": "resubscribed",
}
_ACCOUNT = "account_status_change"
_KNOWN = frozenset(
    "email timestamp event category smtp-id sg_event_id sg_message_id response attempt useragent ip url"
    " url_offset reason status type bounce_classification asm_group_id tls pool unique_args"
    " marketing_campaign_id marketing_campaign_name marketing_campaign_version"
    " marketing_campaign_split_id newsletter send_at sg_machine_open sg_content_type sg_template_id"
    " sg_template_name template_id template_hash template_version_id singlesend_id singlesend_name"
    " mc_stats phase_id post_type sg_user_id cert_err ot_id".split()
) | {SEND_ID}
_MESSAGE_ID = re.compile(r"<?([0-9a-f]{32})\.[0-9a-f]{16}@")
"""Our own Message-ID (`mime.message_id`), which SendGrid calls `smtp-id` where it keeps it."""
_MILLISECONDS = 100_000_000_000
_LONGEST_OTHER = 2_000
_LONGEST_FIELD = 4_000


def read_events(body: bytes, received_at: datetime, secret: bytes) -> Read:
    """All events of a delivery; one that is bad stops only itself.

    `secret` is the key of addresses: what a repetition is known by is a keyed hash. An event without a
    time has that of its receipt.

    Raises:
        ValueError: if the whole is no JSON.
    """
    try:
        return _read(json.loads(body), received_at, secret)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _read(content: Any, received_at: datetime, secret: bytes) -> Read:
    told: list[Told] = []
    troubles: list[Trouble] = []
    unread: list[Part] = []
    for one in content if isinstance(content, list) else [content]:
        try:
            found = _event(one, received_at, secret)
        except ValueError as problem:
            unread.append(Part(str(problem), json.dumps([one]).encode()))
            continue
        if isinstance(found, Trouble):
            troubles.append(found)
        else:
            told.append(found)
    return Read(told, troubles, unread)


def _event(one: Any, received_at: datetime, secret: bytes) -> Told | Trouble:
    if not isinstance(one, dict):
        raise ValueError("this is no event: it has no keys")
    name = _text(one, "event").lower()
    at = _time(one.get("timestamp"), received_at)
    if name == _ACCOUNT:
        return Trouble(at, " ".join(filter(None, (_text(one, "type"), _text(one, "reason")))))
    what = _WHAT.get(name)
    if what is None:
        raise ValueError(f"unknown type of event: {name[:80] or 'none'}")
    address, send_id = _text(one, "email").lower(), _send_id(one)
    if not address and not send_id:
        raise ValueError(f"`{name}` names neither an address nor a mail of ours")
    return Told(
        what=what,
        at=at,
        key=_hash(
            secret, "told", name, _text(one, "sg_message_id"), address, send_id,
            json.dumps(one.get("timestamp")), _text(one, "url"),
            json.dumps(one.get("url_offset"), sort_keys=True),
        ),
        twin=_twin(one, name, secret),
        address=address,
        send_id=send_id,
        provider_id=_text(one, "sg_message_id"),
        status=_text(one, "status"),
        text=_text(one, "reason") if what == "bounced" else _text(one, "response"),
        kind=_text(one, "type") if what == "bounced" else "",
        classification=_text(one, "bounce_classification"),
        reason=_text(one, "reason") if what == "dropped" else "",
        link=_text(one, "url") if what == "clicked" else "",
        agent=_text(one, "useragent"),
        machine=one.get("sg_machine_open") in (True, "true", "True", 1),
        group=_text(one, "asm_group_id"),
        other=_other(one),
    )  # fmt: skip


def _twin(one: Mapping[str, Any], name: str, secret: bytes) -> str:
    """SendGrid's id of the event, which should stay the same when it is sent again, and does not always."""
    given = _text(one, "sg_event_id")
    return _hash(secret, "twin", name, given) if given else ""


def _text(one: Mapping[str, Any], key: str) -> str:
    """A value as text: absent is empty, numbers are spelled, all else is not believed."""
    value = one.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()[:_LONGEST_FIELD]


def _send_id(one: Mapping[str, Any]) -> str:
    given = _text(one, SEND_ID)
    if given:
        return given
    found = _MESSAGE_ID.match(_text(one, "smtp-id"))
    return found[1] if found else ""


def _time(given: Any, received_at: datetime) -> datetime:
    """Seconds since 1970, as a number or as text; some of SendGrid's products count milliseconds."""
    if given is None or given == "":
        return received_at
    try:
        seconds = float(given) if not isinstance(given, bool) else float("nan")
        if seconds >= _MILLISECONDS:
            seconds /= 1000
        at = datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise ValueError(f"`timestamp` is no time: {str(given)[:40]}") from None
    if not 1970 <= at.year <= 2200:
        raise ValueError(f"`timestamp` lies in the year {at.year}")
    return at


def _other(one: Mapping[str, Any]) -> str:
    """Keys that nobody here knows, so that nothing is lost: the custom arguments of other programs on the
    same account, and whatever SendGrid adds next."""
    unknown = {key: value for key, value in one.items() if key not in _KNOWN}
    written = json.dumps(unknown, ensure_ascii=False, sort_keys=True) if unknown else ""
    return written if len(written) <= _LONGEST_OTHER else f"{written[: _LONGEST_OTHER - 1]}…"


def _hash(secret: bytes, *parts: str) -> str:
    said = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(said, key=secret[:64], digest_size=16).hexdigest()
