"""Where a message ends and its signature begins."""

from __future__ import annotations

import re

MOST_LINES = 8
"""A signature that nothing but a greeting announces has no more lines than this."""

_DASHES = re.compile(r"\s*(?:--|—|__)\s*$")
_SENT_FROM = re.compile(
    r"\s*(?:sent from (?:my |a |the )?\w+|sent via \w+|sent with \w+ (?:mail|secure)|get outlook for"
    r"|gesendet (?:von meinem|von|mit) \w+|von meinem \w+ gesendet|outlook für \w+ beziehen"
    r"|envoyé (?:de mon|à partir de|depuis mon) \w+|télécharger outlook pour"
    r"|enviado (?:desde|do|de|a partir do) (?:mi|meu|mis)?|obtener outlook para"
    r"|obter o outlook para|inviato da|scarica outlook per"
    r"|verstuurd vana?f? \w+|verzonden vanaf mijn|outlook voor \w+ downloaden)\b.{0,60}$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:(?:(?:with|many)\s+)?(?:(?:kind|best|warm|kindest|warmest)\s+)?(?:regards|wishes)"
    r"|best|all the best|yours"
    r"(?:\s+(?:sincerely|faithfully|truly))?|sincerely(?:\s+yours)?|respectfully|cordially|rgds|kr|br|cheers|ta"
    r"|(?P<thanks>(?:many |kind )?thanks|thank you|thx)(?: (?:and|&) (?:best |kind )?regards)?)\s*[,.!]?\s*$",
    re.IGNORECASE,
)
_LIKE_A_NAME = re.compile(r"\s*[^\W\d_a-z][^\W\d_]*(?:[ .'’-]+[^\W\d_]+){0,3}[.,]?\s*$")


def signature(lines: list[str]) -> tuple[int, int]:
    """From which line on a signature goes, and from which on it is to be left out.

    They differ where the greeting is a `Thanks`, which says something. Both are the number of lines
    where there is none.
    """
    total = len(lines)
    for number, line in enumerate(lines):
        line = line[:200]
        if _DASHES.match(line) or _SENT_FROM.match(line):
            return number, number
    last = [number for number, line in enumerate(lines) if line.strip()][-MOST_LINES:]
    for number in last[1:] if len(last) > 1 else ():
        greeting = _GREETING.match(lines[number][:200])
        if greeting and _only_names_below(lines[number + 1 :]):
            return number, number + 1 if greeting["thanks"] else number
    if len(last) > 1 and _is_name_alone(lines, last[-1]):
        return last[-1], last[-1]
    return total, total


def _only_names_below(lines: list[str]) -> bool:
    below = [line for line in lines if line.strip()]
    return len(below) < MOST_LINES and all(len(line.split()) <= 8 for line in below)


def _is_name_alone(lines: list[str], number: int) -> bool:
    """The last line, apart from the text: up to three capitalised words without an end."""
    line = lines[number]
    return (
        len(line.split()) <= 3
        and len(line) < 60
        and not line.strip().isupper()
        and _LIKE_A_NAME.match(line) is not None
        and all(word[:1].isupper() for word in line.split())
        and not lines[number - 1].strip()
    )
