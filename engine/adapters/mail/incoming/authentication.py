"""What our own server found out about a mail that it took in: `Authentication-Results` (RFC 8601).

Anybody can write such a field. The one that counts bears the name of a server that the config trusts, which
takes away what comes in under its name (RFC 8601 5). It is written above what was there before, so of each
method the topmost field counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from engine.adapters.mail.incoming.parts import Mail
from engine.domain.authentication import Check

_METHODS = frozenset({"spf", "dkim", "dmarc"})
_NAMES = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom",),
}
"""Which property names the domain that a method checked (RFC 8601 2.7, RFC 7489 11.2)."""
_RESULT = re.compile(r"\s*([a-z0-9-]{1,30})\s*(?:/\s*\d+\s*)?=\s*([a-z]{1,20})(?![a-z])")
_PROPERTY = re.compile(
    r"(?<!\S)([a-z]{1,20}(?:\.[a-z0-9-]{1,30})?)\s*=\s*((?:\"[^\"]*\"|[^\s;\"])+)"
)
"""With `reason`, whose quoted words are no properties."""
_MOST, _LONGEST = 50, 8_000


def checks_of(mail: Mail, trusted: Collection[str]) -> list[Check]:
    """The results in the fields of these servers, whose names are in small letters.

    The name is taken as it was written: in other letters, in quotes or behind a comment it is not what a
    server looks for where it takes fields of its name away.
    """
    found: list[Check] = []
    for value in mail.message.get_all("authentication-results", [])[:_MOST]:
        first, *results = parts_of(str(value)[:_LONGEST].lower())
        if first.split()[:1] and first.split()[0] in trusted:
            known = {check.method for check in found}
            found += [check for check in _checks_in(results) if check.method not in known]
    return found


def parts_of(value: str) -> list[str]:
    """What stands between semicolons, those in quotes and comments aside, without comments (RFC 5322
    3.2.2). The sender's own words stand in quotes there; of a quote that never ends nothing is read. A
    comment before the first part stays in it."""
    parts: list[str] = []
    letters: list[str] = []
    depth, quoted, escaped = 0, False, False
    for letter in value:
        if escaped:
            escaped = False
        elif letter == "\\" and (quoted or depth):
            escaped = True
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted and parts:
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
            continue
        elif letter == ";" and not quoted and not depth:
            parts.append("".join(letters))
            letters.clear()
            continue
        if not depth:
            letters.append(letter)
    return parts or [""] if quoted else [*parts, "".join(letters)]


def _checks_in(results: Iterable[str]) -> Iterator[Check]:
    """Of a domain that is named twice, and not the same, none is known: a sender's own words can end the
    comment that they are copied into."""
    for one in results:
        found = _RESULT.match(one)
        if found and found[1] in _METHODS:
            said: dict[str, set[str]] = {}
            for name, given in _PROPERTY.findall(one):
                said.setdefault(name, set()).add(given.rpartition("@")[2].rstrip("."))
            named = next((said[name] for name in _NAMES[found[1]] if name in said), set())
            yield Check(found[1], found[2], named.pop() if len(named) == 1 else "")
