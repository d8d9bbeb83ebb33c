"""What the tables of a language hold, by which a reply is told from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """How people of one language ask to be left alone, and how they ask for anything else.

    Each is a table of regular expressions, one a line (`patterns.any_of`), with the names of `parts` in
    them. All are searched for in one sentence, folded (`reply_text.folded`): lower case,
    plain quotes, no marks on letters; `whole` and `polite` have to be all of it.
    """

    leave: str
    """Asks for one person to be taken off mail in general."""
    whole: str
    """Asks for it where nothing else is said: "Stop it, you make me blush" is no wish."""
    speaks: str
    """Speaks of leaving, or of getting less: for a human to read."""
    opposite: str
    """Says the contrary: please do not stop."""
    denies: str
    """Turns a wish into its contrary, right before it and at most three words away."""
    doubt: str
    """Says it under a condition, of another time, of another person or of another thing."""
    doubt_before: str
    """The same, where it stands before the wish: after it, it is a threat."""
    keep: str
    """Wants a part of it."""
    erase: str
    """Asks for everything that is known of them to be deleted (GDPR Art. 17)."""
    ask: str
    """Wants an answer: a question, a request, or something that went wrong."""
    polite: str
    """A question that nobody has to answer."""
    parts: Mapping[str, str] = field(default_factory=dict)
