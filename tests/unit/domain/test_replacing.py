"""A noun with some of its fields changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.facts import Facts
from engine.domain.person import Person
from engine.domain.replacing import replaced
from engine.domain.run import Run

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
RUN = Run("r", "welcome", "ada", "api:1", NOW, "v1", "hello", NOW, visited=("hello",))
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "step": st.none() | st.text(),
        "wake_at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "sent": st.dictionaries(st.text(), st.datetimes(timezones=st.just(UTC))),
        "held_out": st.booleans(),
    },
)


@given(changes=CHANGES)
def test_it_is_what_the_standard_one_makes(changes: dict[str, object]) -> None:
    """The same fields, the same hash where it has one, and the first one untouched."""
    before = replace(RUN)
    assert replaced(RUN, **changes) == replace(RUN, **changes)  # type: ignore[arg-type]
    assert before == RUN


def test_what_a_field_holds_is_shared() -> None:
    """Facts change one field at a time, and a history may be long."""
    facts = Facts(Person("ada"))
    assert replaced(facts, suppressed="hard_bounce").history is facts.history


def test_a_field_that_is_not_there_is_refused() -> None:
    """A slip of the pen changes nothing silently."""
    with pytest.raises(KeyError):
        replaced(RUN, stepp="hello")
