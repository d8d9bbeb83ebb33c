"""The name beside somebody's address."""

import pytest

from engine.application.letters import full_name
from engine.domain.person import Person


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ann", "Ray", "Ann Ray"),
        (None, "Ray", "Ray"),
        ("Ann\r\nBcc: x", "  Ray ", "Ann Bcc: x Ray"),
    ],
)
def test_a_name_is_one_line_whatever_an_import_brought(
    first: str | None, last: str, name: str
) -> None:
    said = {"first_name": first} if first else {}
    assert full_name(Person("a", attributes={**said, "last_name": last})) == name
