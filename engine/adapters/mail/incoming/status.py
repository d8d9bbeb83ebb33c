"""Delivery status notifications (RFC 3464): what became of each recipient.

Read by lines and not by blocks, for servers put empty lines where none belong, leave them out where they
do, and send the fields as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FIELD = re.compile(r"^[ \t]?([A-Za-z][A-Za-z0-9-]{2,40})[ \t]*:[ \t]*(.*)$")
_KEYS = ("original-recipient", "final-recipient", "action", "status")
_RECIPIENT = ("original-recipient", "final-recipient", "x-actual-recipient")
_KNOWN = frozenset({
    *_KEYS, "x-actual-recipient", "diagnostic-code", "remote-mta", "last-attempt-date", "final-log-id",
    "will-retry-until", "reporting-mta", "arrival-date", "received-from-mta", "original-envelope-id",
    "dsn-gateway", "x-original-message-id", "x-supplementary-info", "x-display-name", "last-retry-date",
    "reporting-ua", "disposition", "original-message-id", "x-postfix-queue-id", "x-postfix-sender",
    "reporting-host", "smtp-remote-recipient", "auth-failure",
})  # fmt: skip
_ADDRESS = re.compile(r"[^\s<>;:,()\"']+@[^\s<>;:,()\"']+[^\s<>;:,()\"'.]")
_KIND = re.compile(r"^\s*[A-Za-z0-9.+-]{1,20}\s*;\s*")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)", re.ASCII)
_MOST = 1000

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reported:
    """One recipient of a report. `action` is failed, delayed, or arrived for all that is no failure."""

    address: str
    action: str
    status: str
    diagnostic: str


def looks_like_status(text: str) -> bool:
    """Whether text holds the fields of a report."""
    lower = text.lower()
    return "final-recipient" in lower and ("action" in lower or "status" in lower)


def reported(text: str) -> list[Reported]:
    """The recipients of a report, each with what became of it; those without any address too."""
    return [_reported(block) for block in _blocks(text)[:_MOST] if _is_of_recipient(block)]


def address_in(value: str) -> str:
    """The mail address in `rfc822; ada@example.com`, in whichever form; or nothing."""
    found = _ADDRESS.search(_KIND.sub("", value))
    return found[0].lower() if found else ""


def _is_of_recipient(block: Fields) -> bool:
    return any(name in block for name in _RECIPIENT) or ("action" in block and "status" in block)


def _reported(block: Fields) -> Reported:
    found = [address for name in _RECIPIENT if (address := address_in(block.get(name, "")))]
    status = _STATUS.search(block.get("status", ""))
    code = status[1] if status else ""
    action = re.sub(r"[^a-z].*", "", block.get("action", "").strip().lower())
    if action.startswith(("delay", "defer")):
        action = "delayed"
    elif action in ("delivered", "relayed", "expanded", "success") or (
        not action.startswith(("fail", "error")) and code.startswith("2")
    ):
        action = "arrived"
    else:
        action = "failed"
    diagnostic = _KIND.sub("", block.get("diagnostic-code", "")).strip()
    return Reported(found[0] if found else "", action, code, diagnostic)


def _blocks(text: str) -> list[dict[str, str]]:
    """The fields of each recipient. A field that is there already begins the next one."""
    blocks: list[dict[str, str]] = [{}]
    last = ""
    for line in text.splitlines():
        field = _FIELD.match(line)
        if field and field[1].lower() in _KNOWN:
            last, value = field[1].lower(), field[2]
            block = blocks[-1]
            if last in _KEYS and last in block:
                block = {}
                blocks.append(block)
            if last in block:
                last = ""
            else:
                block[last] = value
        elif not line.strip():
            last = ""
            if _is_of_recipient(blocks[-1]) and "action" in blocks[-1]:
                blocks.append({})
        elif last and (line[0] in " \t" or (last == "diagnostic-code" and not field)):
            blocks[-1][last] += " " + line.strip()
        elif field:
            last = ""
    return _joined(blocks)


def _joined(blocks: list[dict[str, str]]) -> list[dict[str, str]]:
    """Fields that an empty line tore off go back to their recipient."""
    whole: list[dict[str, str]] = []
    for block in blocks:
        torn = not any(name in block for name in _RECIPIENT)
        if whole and block and torn and not set(block) & set(whole[-1]):
            whole[-1].update(block)
        else:
            whole.append(block)
    return whole
