"""A corrected address: what was agreed to goes along, what was proven of the old mailbox does not.

A double opt-in proves that whoever reads a mailbox agreed. Of another mailbox it proves nothing: it may
be misspelt and belong to a stranger (scenario 34 asks for a record of this very address). So the
agreement stays, and its confirmation holds for the mailbox that gave it. Where the country asks for
none, mail goes on at once; elsewhere the person confirms once more. Whoever left stays away, whatever
their address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.domain.consent import ConsentEntry


def readdressed(
    ledger: Iterable[ConsentEntry], before: str, after: str
) -> tuple[ConsentEntry, ...]:
    """The ledger of a person whose mailbox is `after` and was `before`: every line remembers the
    mailbox of its time (`ConsentEntry.elsewhere`), and belongs here again where that comes back."""
    return tuple(_readdressed(line, before, after) for line in ledger)


def _readdressed(line: ConsentEntry, before: str, after: str) -> ConsentEntry:
    spoke_of = line.elsewhere or before
    return replace(line, elsewhere="" if spoke_of == after else spoke_of)
