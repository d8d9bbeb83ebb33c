"""The catalogue of codes: what each means, why it is so, a wrong example and the right one.

A letter for the kind of file (`Y` any YAML, `J` journey, `S` segment, `P` persona, `T` template,
`X` test, `D` delivery, `C` config and policy) and three digits (hundreds: 1 words, 2 references,
3 time, 4 flow, 5 consent and care). A code is never used again for something else. The entries stand
in `catalogue/`, one file a family; a test runs every example.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from engine.language.catalogue import FAMILIES
from engine.language.catalogue.entry import BASE, Entry, Files


@cache
def catalogue() -> Mapping[str, Entry]:
    """All entries by code, in order.

    Raises:
        ValueError: if two entries have one code.
    """
    entries: dict[str, Entry] = {}
    for family in FAMILIES:
        for entry in family:
            if entry.code in entries:
                raise ValueError(f"two entries have the code {entry.code}")
            entries[entry.code] = entry
    return dict(sorted(entries.items()))


def project_of(example: Files) -> dict[str, str]:
    """A whole project around an example: a sound small one, with the example's files in it.

    A file that the example says is None is not there.
    """
    files = {**BASE, **example}
    return {path: text for path, text in files.items() if text is not None}
