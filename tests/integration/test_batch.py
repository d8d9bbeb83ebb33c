"""Many rows in one statement: what goes in comes out, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db.batch import array
from engine.adapters.db.connect import connect, reading

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
AWKWARD = st.text(st.sampled_from('\\"{},\n\tnu0041NULL é\x01'))


@pytest.fixture(scope="module")
def postgresql(postgres_server: str) -> Iterator[Connection]:
    """A connection that only reads."""
    engine = connect(postgres_server)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


@given(values=st.lists(TEXTS | AWKWARD | st.none() | st.just("null")))
def test_texts_come_back_from_an_array_as_they_went_in(
    postgresql: Connection, values: list[str | None]
) -> None:
    """Quotes, backslashes, commas, braces, control characters, the word null."""
    assert _there_and_back(postgresql, values, "text") == values


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, -1, 2**62, None], "bigint"),
        ([True, False, None], "boolean"),
        ([0.1, -1e-300, 1.7976931348623157e308, float("inf"), None], "double precision"),
        ([b"", b"\x00\xff\\x", None], "bytea"),
    ],
)
def test_other_values_come_back_as_they_went_in(
    postgresql: Connection, values: list[object], kind: str
) -> None:
    """Numbers to the last bit, truth values, bytes."""
    assert _there_and_back(postgresql, values, kind) == values


def _there_and_back(connection: Connection, values: list[object], kind: str) -> list[object]:
    found = connection.execute(
        sql(
            f"SELECT v FROM unnest(CAST(:values AS {kind}[])) WITH ORDINALITY AS u (v, n) ORDER BY n"
        ),
        {"values": array(values)},
    )
    return list(found.scalars())
