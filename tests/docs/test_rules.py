"""Every rule and every scenario of docs/reference/rules.md is cited by a test that proves it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
PAGE = ROOT / "docs" / "reference" / "rules.md"
NOT_YET = {
    "R6.5": "nothing is predicted yet",
}
"""What no test can prove today, and why."""

_RULE = re.compile(r"R(\d+)[._](\d+)")
_SCENARIOS = re.compile(r"[Ss]cenarios?[ _](\d+(?:(?:, |, and | and |_and_|, _)\d+)*)")


def test_every_rule_is_cited_by_a_test() -> None:
    assert promised() - cited() == NOT_YET.keys()


def test_no_test_code_or_page_cites_a_rule_that_is_none() -> None:
    assert cited() <= promised()
    strangers = {
        f"{path.relative_to(ROOT)}: {rule}"
        for folder, kind in (("engine", "*.py"), ("docs", "*.md"))
        for path in (ROOT / folder).rglob(kind)
        for rule in _cited_in(path.read_text())
        if rule not in promised()
    }
    assert strangers == set()


def test_numbers_follow_each_other_and_each_stands_once() -> None:
    page = PAGE.read_text()
    rules = [(int(a), int(b)) for a, b in re.findall(r"^- \*\*R(\d+)\.(\d+)\*\* ", page, re.M)]
    assert rules == sorted(set(rules))
    scenarios = [int(number) for number in re.findall(r"^(\d+)\. ", page, re.M)]
    assert scenarios == list(range(1, len(scenarios) + 1))


def test_the_page_marks_as_planned_what_waits() -> None:
    page = PAGE.read_text()
    for rule in NOT_YET:
        assert f"- **{rule}** (*planned*)" in page


# ── what is promised, and what is cited ───────────────────────────────────────────────────────


@cache
def promised() -> frozenset[str]:
    """The ids on the page: "R3.6" for a rule, "scenario 27" for a scenario."""
    page = PAGE.read_text()
    rules = re.findall(r"^- \*\*(R\d+\.\d+)\*\* ", page, re.M)
    scenarios = re.findall(r"^(\d+)\. ", page, re.M)
    return frozenset(rules) | {f"scenario {number}" for number in scenarios}


@cache
def cited() -> frozenset[str]:
    """The ids in the names and docstrings of tests."""
    return frozenset(
        found
        for path in TESTS.rglob("test_*.py")
        for words in _words_of_tests(ast.parse(path.read_text()))
        for found in _cited_in(words)
    )


def _words_of_tests(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield f"{node.name} {ast.get_docstring(node) or ''}"


def _cited_in(words: str) -> Iterator[str]:
    for part, number in _RULE.findall(words):
        yield f"R{part}.{number}"
    for numbers in _SCENARIOS.findall(words):
        for number in re.findall(r"\d+", numbers):
            yield f"scenario {number}"
