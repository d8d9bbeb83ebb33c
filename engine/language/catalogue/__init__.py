"""The entries of the catalogue, one file a family. Add a family to `FAMILIES`."""

from __future__ import annotations

from engine.language.catalogue import (
    care,
    config,
    flow,
    journey,
    law,
    mail,
    names,
    people,
    phrases,
    test,
    time,
    words,
    yaml,
)
from engine.language.catalogue.entry import Entry

FAMILIES: tuple[tuple[Entry, ...], ...] = (
    yaml.ENTRIES,
    words.ENTRIES,
    names.ENTRIES,
    phrases.ENTRIES,
    journey.ENTRIES,
    people.ENTRIES,
    mail.ENTRIES,
    test.ENTRIES,
    config.ENTRIES,
    flow.ENTRIES,
    time.ENTRIES,
    care.ENTRIES,
    law.ENTRIES,
)
