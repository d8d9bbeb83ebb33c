"""The set of sentences keeps its own rules and the promises of its README."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.nlp.training import split

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "datasets/customer-feedback"
GUIDE = ROOT / "docs/mood/labels.md"
JUDGES = ("D", "J")


def run(program: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, encoding="utf-8"
    )


def rows(pattern: str) -> list[dict[str, str]]:
    found = []
    for path in sorted(FOLDER.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return found


def learned(pattern: str) -> list[dict[str, str]]:
    return [row for row in rows(pattern) if row["author"] not in JUDGES]


def bare(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "set")
    return tmp_path / "set"


def test_the_set_passes_its_own_check_and_the_readme_tells_its_counts():
    """`python datasets/customer-feedback/check.py --write` renews them."""
    checked = run(FOLDER / "check.py")
    assert checked.stderr == ""
    assert checked.stdout.strip() in (FOLDER / "README.md").read_text("utf-8")


def test_the_templates_say_what_is_committed(copied):
    committed = (copied / "sentences.tsv").read_bytes()
    assert run(copied / "expand.py").returncode == 0
    assert (copied / "sentences.tsv").read_bytes() == committed


def test_a_new_template_changes_no_sentence_of_another(copied):
    before = (copied / "sentences.tsv").read_text("utf-8").splitlines()
    with (copied / "templates-A.tsv").open("a", encoding="utf-8") as file:
        file.write("AT-999\tOnly {item}.\tindifferent\tindifferent\tshop\tplain\tA\n")
    run(copied / "expand.py")
    after = (copied / "sentences.tsv").read_text("utf-8").splitlines()
    new = [line for line in after if line.startswith("AT-999-")]
    assert len(new) == 9
    assert [line for line in after if line not in new] == before


WRONG = (
    ("A-9001\tHello there\tmad\tmad\tshop\tplain\t\tA", "no label is called 'mad'"),
    ("A-9002\tHello you\tangry\tfrustrated\tshop\tplain\t\tA", "accepted lacks the top label, angry"),
    ("A-9003\tHello us\tangry\tangry\tshop\tsarcasm\t\tA", "of kind sarcasm, without a pair"),
    ("A-9004\tHello me\tangry\tangry\tshop\tsarcasm\tx\tA", "not one sarcasm and one sincere-twin"),
    ("A-9005\tHello him\tangry\tangry\tpub\tplain\t\tA", "no domain is called 'pub'"),
    ("A-9006\tHello her\tangry\tangry\tshop\tsensitive\t\tA", "without the label"),
    ("B-9001\tHello it\tangry\tangry\tshop\tplain\t\tB", "the author is A"),
    ("A-0001\tHello them\tangry\tangry\tshop\tplain\t\tA", "the id of handwritten-A.tsv:2 again"),
    ("A-9007\tHELLO... them!!\tangry\tangry\tshop\tplain\t\tA", "the text of handwritten-A.tsv:"),
)  # fmt: skip


def test_what_is_wrong_is_told_with_its_line(copied):
    file = copied / "handwritten-A.tsv"
    first = file.read_text("utf-8").count("\n") + 1
    with file.open("a", encoding="utf-8") as handwritten:
        handwritten.writelines(line + "\n" for line, _ in WRONG)
    checked = run(copied / "check.py")
    assert checked.returncode == 1
    told = checked.stderr.splitlines()
    for number, (_, complaint) in enumerate(WRONG, start=first):
        place = f"handwritten-A.tsv:{number}: "
        assert any(each.startswith(place) and complaint in each for each in told), complaint
    assert {each.split(":")[1] for each in told} == {str(first + n) for n in range(len(WRONG))}


def test_a_line_with_too_few_columns_is_told(copied):
    with (copied / "handwritten-A.tsv").open("a", encoding="utf-8") as file:
        file.write("A-9001\tHello\tangry\n")
    assert "3 columns instead of 8" in run(copied / "check.py").stderr


def test_templates_that_cannot_be_filled_are_told_and_nothing_is_written(copied):
    written = (copied / "sentences.tsv").read_bytes()
    with (copied / "templates-A.tsv").open("a", encoding="utf-8") as file:
        file.write("AT-998\tI want {nothing}.\tindifferent\tindifferent\tshop\tplain\tA\n")
        file.write("AT-999\tI want a kettle.\tindifferent\tindifferent\tshop\tplain\tA\n")
    expanded = run(copied / "expand.py")
    assert expanded.returncode == 1
    assert "no slot of this author is called nothing" in expanded.stderr
    assert "a template has at least one {slot}" in expanded.stderr
    assert (copied / "sentences.tsv").read_bytes() == written


def test_the_promises_of_size_hold_without_the_judge():
    """Issue 4, item 2: 6,000 sentences of 800 templates, 1,500 by hand, a fifth hard."""
    handwritten, templates = learned("handwritten-*.tsv"), learned("templates-*.tsv")
    sentences = learned("sentences.tsv")
    assert len(sentences) >= 6_000
    assert len(templates) >= 800
    assert len(handwritten) >= 1_500
    for part in (handwritten, templates, sentences):
        assert sum(row["kind"] != "plain" for row in part) >= len(part) / 5
    assert {row["domain"] for row in handwritten} == {row["domain"] for row in templates}
    assert len({row["domain"] for row in handwritten}) == 6


def test_the_readme_splits_as_the_engine_does():
    readme = (FOLDER / "README.md").read_text("utf-8")
    (code,) = (
        each for each in re.findall(r"```python\n(.*?)```", readme, re.S) if "def part" in each
    )
    shown: dict[str, Any] = {}
    exec(code, shown)
    for row in learned("handwritten-*.tsv") + learned("sentences.tsv"):
        key = row.get("template") or row["pair"] or row["id"]
        assert shown["part"](row) == split.part(row["author"], key)
    for judge in JUDGES:
        found = rows(f"handwritten-{judge}.tsv")
        assert {split.part(judge, row["id"]) for row in found} == {"other-author"}


def test_no_example_of_the_guide_is_a_sentence_of_the_set():
    examples = {bare(each) for each in re.findall(r'^- "(.*?)"', GUIDE.read_text("utf-8"), re.M)}
    assert len(examples) > 150
    texts = {bare(row["text"]) for row in rows("handwritten-*.tsv") + rows("sentences.tsv")}
    assert examples & texts <= {""}


def test_the_guide_gives_ten_examples_and_five_near_misses_for_each_label():
    sections = re.split(r"^## ", GUIDE.read_text("utf-8"), flags=re.M)[1:]
    found = {
        each.split("\n")[0]: each.split("Near misses:")
        for each in sections
        if "Near misses:" in each
    }
    assert len(found) == 12
    for label, (examples, misses) in found.items():
        assert (label, examples.count("\n- "), misses.count("\n- ")) == (label, 10, 5)
