"""The phrases that the care checks look for, as people write them (`words.pattern` reads them).

A word in capitals is one of a class of words, in `CLASSES`. A phrase that could stand in a kind mail has
no place here: a doubt that is not deserved costs more than one that is missed.
"""

from __future__ import annotations

from engine.language.care.phrases import apology, closeness, pressure
from engine.language.care.phrases.classes import CLASSES

PHRASES = {**apology.PHRASES, **pressure.PHRASES, **closeness.PHRASES}

__all__ = ["CLASSES", "PHRASES"]
