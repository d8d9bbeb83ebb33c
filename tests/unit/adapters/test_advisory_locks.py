"""PostgreSQL's advisory locks are numbers that all modules share."""

from __future__ import annotations

import re
from pathlib import Path

ADAPTERS = Path(__file__).parents[3] / "engine" / "adapters"


def test_no_two_locks_have_the_same_number():
    """Else whoever lets people in would wait for whoever is the clock, who never lets go."""
    found = [
        number
        for path in ADAPTERS.rglob("*.py")
        for number in re.findall(r"^_[A-Z_]+ = (0x51C_E2E[0-9A-F])$", path.read_text(), re.M)
    ]
    assert len(found) >= 4
    assert len(found) == len(set(found))
