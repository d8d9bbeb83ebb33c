"""What a person may write that is nobody's business to sell into: grief, illness, harm, abuse, despair.

A stop flag (R6.3). The phrases are in `phrases/sensitive.txt`; a model's own head for it is asked besides.
"""

from __future__ import annotations

from engine.adapters.nlp.phrases import phrases


def speaks_of_harm(text: str) -> bool:
    """Whether a text speaks of something sensitive."""
    return any(pattern.search(text) for pattern in phrases("sensitive").values())
