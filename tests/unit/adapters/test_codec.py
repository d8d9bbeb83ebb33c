"""What goes into a JSON column is what every database can keep, however it is written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.db import codec

_TEXTS = st.text(st.sampled_from("aé🎉\0\ud800\udc00\\u0\"'\n"), max_size=8)
_VALUES = st.one_of(
    _TEXTS, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(_TEXTS).map(tuple)
)


@given(st.dictionaries(_TEXTS, _VALUES, max_size=4))
def test_the_quick_way_to_write_values_writes_what_the_careful_one_does(values: object) -> None:
    assert codec.cleaned(values) == codec.dump(codec.clean(values))  # type: ignore[arg-type]


def test_what_no_database_keeps_is_left_out() -> None:
    values = {"a": "x\0y", "b": float("nan"), "c": ("\ud800",), "d": "\\u0000"}
    assert codec.cleaned(values) == '{"a":"xy","c":["\ufffd"],"d":"\\\\u0000"}'
