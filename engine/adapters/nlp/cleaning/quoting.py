"""Lines of a message that somebody else wrote: quoted mails and what announces them."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[ \t]*[>|»]")
_ANNOUNCES = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|a écrit|escribió|ha scritto|escreveu|schreef|geschreven|skrev"
    r"|napisał\(?a?\)?)\b.{0,120}:\s*$",
    re.IGNORECASE,
)
_BEGINS_ANNOUNCING = re.compile(
    r"[ \t>]*(?:(?:on|am|le|el|il|em|no dia|op|den|dnia|w dniu)\s.*(?:\d|@|<)|[^<>]{1,80}<[^<>\s]+@[^<>\s]+>"
    r"\s*(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef)\s*[(:])",
    re.IGNORECASE,
)
_REST_IS_OLD = re.compile(
    r"\s*(?:-{3,}\s*(?:original|forwarded|ursprüngliche|weitergeleitete|message d'origine|mensaje original"
    r"|messaggio originale|oorspronkelijk).*|begin forwarded message:?|_{20,}|-{20,}"
    r"|={2,}\s*please reply above this line.*|.*reply above this line.*"
    r"|this e-?mail (?:and any|is confidential|message is).*|confidentiality notice.*|disclaimer:.*)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"[ \t*>]*(?:from|sent|date|to|subject|cc|von|gesendet|datum|an|betreff|de|envoyé|à|objet"
    r"|enviad[oa](?: el| em)?|fecha|para|asunto|da|inviato|data|a|oggetto|van|verzonden|aan|onderwerp"
    r"|assunto)\*?\s*:\*?\s+\S",
    re.IGNORECASE,
)
_LONGEST_LINE = 400


def quoted(lines: list[str]) -> list[bool]:
    """For each line whether it is part of a quotation."""
    found = [_QUOTED.match(line) is not None for line in lines]
    number = 0
    while number < len(lines):
        line = lines[number][:_LONGEST_LINE]
        if _REST_IS_OLD.match(line) or _is_head(lines, number):
            return found[:number] + [True] * (len(lines) - number)
        length = _announcement(lines, number)
        if length:
            found[number : number + length] = [True] * length
            number += length
            if not _followed_by_quotation(lines, number):
                return found[:number] + [True] * (len(lines) - number)
        else:
            number += 1
    return found


def _announcement(lines: list[str], number: int) -> int:
    """How many lines from here say who wrote what follows; 0 if none do."""
    first = lines[number][:_LONGEST_LINE]
    if _ANNOUNCES.search(first):
        begins = _BEGINS_ANNOUNCING.match(first) is not None
        return 1 if begins or _followed_by_quotation(lines, number + 1) else 0
    if not _BEGINS_ANNOUNCING.match(first):
        return 0
    together = first
    for length in (2, 3):
        if number + length > len(lines):
            break
        together = f"{together.rstrip()} {lines[number + length - 1][:_LONGEST_LINE]}"
        if _ANNOUNCES.search(together):
            return length
    return 0


def _followed_by_quotation(lines: list[str], number: int) -> bool:
    """Whether quotation marks follow: then what stands below them is the writer's again."""
    for line in lines[number : number + 3]:
        if line.strip():
            return _QUOTED.match(line) is not None
    return False


def _is_head(lines: list[str], number: int) -> bool:
    """Whether the head of a quoted mail begins: From, Sent, To, Subject, three of them in four lines."""
    if not _HEADER.match(lines[number][:_LONGEST_LINE]):
        return False
    near = lines[number : number + 5]
    return sum(_HEADER.match(line[:_LONGEST_LINE]) is not None for line in near) >= 3
