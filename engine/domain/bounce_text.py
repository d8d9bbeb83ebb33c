"""What a server's refusal means: is the address bad, or is it something else (R5.8)?

Codes say less than they should (a full mailbox comes as 5.1.1, an unknown user as 5.7.1), so the words
count beside the code.
"""

from __future__ import annotations

import re
from typing import Literal

from engine.domain import bounce_words as words_of

Verdict = Literal["hard", "soft", "unknown"]
"""hard: the address itself is bad (R5.8). soft: it is not the address, or it may pass. unknown: the
report does not say."""

BAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""Codes that say that the address itself is bad (RFC 3463, RFC 7505). No other 5.x.x does: the rest is
about size, content, policy or a full box, and 331 of 414 such mailboxes were alive when we looked."""

_LONGEST = 4_000
_STATUS = re.compile(r"(?<![\w.-])([45]\.[0-7]\.\d{1,3})(?!\d|\.\d|-\w)", re.ASCII)
_AFTER_REPLY = re.compile(r"\b[45]\d\d[ -]+[#(<]*([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)", re.ASCII)
_REPLY = re.compile(r"(?<![\d.#-])([45]\d\d)(?=[ -][^\d])", re.ASCII)
_ADDRESS = re.compile(r"[^\s（）()，。；：]{1,256}@(?:(?!\.\.)[^\s（）()，。；：]){1,256}")
_LINK = re.compile(r"https?:\S+")
_HOST = re.compile(r"(?:\b[a-z0-9_-]{1,63}\.){1,20}[a-z]{2,24}\b")
_SUBJECT = re.compile(
    r"(?im)^[ \t]*(?:subject|betreff|objet|asunto|oggetto|assunto|件名|主题)[ \t]*[:：].*$"
)
_US = "@us"


def status_in(text: str) -> str:
    """The enhanced code (RFC 3463) in a server's words, or nothing: the one beside a reply code, else the
    first that is no part of a longer number."""
    text = text[:_LONGEST]
    found = _AFTER_REPLY.search(text) or _STATUS.search(text)
    return found[1] if found else ""


def judge(status: str, text: str, *, final: bool = True) -> tuple[Verdict, bool]:
    """Whether a refusal means that the address is bad, and whether it is about us (R5.8).

    `status` is the enhanced code of the report, which the server's own in `text` outdoes where it is
    more exact. `final` is whether the sending side has given up.
    """
    said = status_in(text)
    if said and (not said.endswith(".0.0") or not status):
        status = said
    words = plain(text)
    full = words_of.FULL.search(words) is not None
    about_us = status[1:4] == ".7." or _US in words or words_of.BLOCKED.search(words) is not None
    if not final:
        return "soft", about_us
    surely_us = words_of.SURELY_BLOCKED.search(_in_small_letters(text)) is not None
    replies = _REPLY.findall(text[:_LONGEST])
    gone = _is_gone(status, words, replies)
    if status in BAD_ADDRESS:
        off = words_of.SWITCHED_OFF.search(words) is not None
        return ("hard", False) if gone or not (full or off or surely_us) else ("soft", about_us)
    later = status.startswith("4") or (not status and bool(replies) and replies[-1][0] == "4")
    if gone and not full and not (status[1:4] == ".7." and surely_us):
        passes = words_of.LATER.search(words) or (later and not words_of.GAVE_UP.search(words))
        return ("soft" if passes else "hard"), False
    if about_us or full or later or words_of.PASSES.search(words) or _says_something(status):
        return "soft", about_us and not full
    return "unknown", False


def plain(text: str) -> str:
    """A server's words in small letters, without the names of addresses and hosts, which say nothing,
    without the subject of the mail that came back, and without what is said of the sender."""
    said = _in_small_letters(text)
    if words_of.SENDER_WAS_CHECKED.search(said):
        return _US
    return " ".join(words_of.ABOUT_US.sub(f" {_US} ", said).split())


def _in_small_letters(text: str) -> str:
    text = text[:_LONGEST].replace("\u2019", "'").replace("\u2018", "'")
    return _HOST.sub("@h", _ADDRESS.sub(" @a ", _LINK.sub("", _SUBJECT.sub("", text)))).lower()


def _is_gone(status: str, words: str, replies: list[str]) -> bool:
    """Whether the words say that nobody is there. `550 mailbox unavailable` are those of RFC 5321 for it;
    with another code they mean what that says."""
    if words_of.NO_ADDRESS.search(words):
        return True
    if status == "5.4.1" and words_of.NOT_IN_DIRECTORY in words:
        return True
    if not words_of.MAILBOX_UNAVAILABLE.search(words) or status.startswith(("4", "5.2.", "5.7.")):
        return False
    return any(reply[0] == "5" for reply in replies) or status in ("5.0.0", "5.5.0", "5.1.0")


def _says_something(status: str) -> bool:
    return bool(status) and not status.endswith(".0.0") and status != "5.1.0"
