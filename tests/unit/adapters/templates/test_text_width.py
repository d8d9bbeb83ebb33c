"""The text part is wrapped: no line of words over 72 characters, and no word is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.templates.plain import WIDTH, tidy

_WORDS = st.lists(st.sampled_from(("a", "bean", "x" * 30, "https://cozy.example/" + "y" * 80)))
_LEADS = st.sampled_from(("", "> ", "- ", "   ", ">> "))


@given(_LEADS, _WORDS)
def test_lines_are_as_full_as_the_width_allows(lead: str, words: list[str]) -> None:
    lines = tidy(lead + "  ".join(words)).splitlines()
    found = [line.split() for line in lines]
    marks = set(lead.split()) | {""}
    assert [w for line in found for w in line if w not in marks] == words
    for line, following in zip(lines, [*found[1:], []], strict=True):
        assert len(line) <= WIDTH or len([w for w in line.split() if w not in marks]) == 1
        first = next((w for w in following if w not in marks), None)
        assert first is None or len(line) + 1 + len(first) > WIDTH


def test_a_quote_goes_on_as_a_quote_and_a_list_item_under_itself() -> None:
    words = " ".join(["coffee"] * 12)
    assert [line[:3] for line in tidy(f"> {words}").splitlines()] == ["> c", "> c"]
    assert [line[:3] for line in tidy(f"- {words}").splitlines()] == ["- c", "  c"]
