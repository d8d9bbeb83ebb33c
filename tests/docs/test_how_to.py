"""What the guides show can be pasted: whole files are read beside the sample business, commands exist,
links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.adapters.files import read_sources
from engine.bootstrap import compile_project
from engine.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
GUIDES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs").glob("how-to/*.md")),
    *sorted((ROOT / "docs").glob("tutorial/*.md")),
    *sorted((ROOT / "docs").glob("decisions/*.md")),
    *sorted((ROOT / "docs").glob("mood/*.md")),
    *sorted((ROOT / "datasets").glob("*/README.md")),
]
PLACES = {
    "journey": "journeys/{}.yaml",
    "test_journey": "journeys/{}.test.yaml",
    "segment": "segments/{}.yaml",
    "grid": "segments/{}.grid.yaml",
    "persona": "segments/{}.persona.yaml",
    "jurisdiction": "jurisdictions/{}.yaml",
}
OPENING = re.compile(
    r"(?:#.*\n)*(journey|test_journey|segment|grid|persona|jurisdiction): ([\w-]+)"
)


def whole_files():
    for guide in GUIDES:
        for block in re.findall(r"```yaml\n(.*?)```", guide.read_text("utf-8"), re.DOTALL):
            opening = OPENING.match(block)
            if opening and (
                "owner:" in block or "tests:" in block or "grid:" in block or "enough:" in block
            ):
                yield pytest.param(PLACES[opening[1]].format(opening[2]), block, id=guide.stem)


@pytest.mark.parametrize(("place", "text"), list(whole_files()))
def test_a_whole_file_in_a_guide_has_no_mistake(place, text):
    project = compile_project({**read_sources(ROOT), place: text})
    assert [str(found) for found in project.diagnostics if found.file == place] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_command_in_a_guide_exists(guide):
    text = guide.read_text("utf-8")
    called = re.findall(r"(?:^|[`$] ?)sincerely (?:--\S+ \S+ )*([a-z]+)", text, re.MULTILINE)
    assert set(called) <= set(COMMANDS)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_link_in_a_guide_leads_somewhere(guide):
    for target in re.findall(r"\]\(([^)#\s]+)\)|src=\"([^\"]+)\"", guide.read_text("utf-8")):
        path = target[0] or target[1]
        if not path.startswith(("http://", "https://")):
            assert (guide.parent / path).exists(), path


@pytest.mark.parametrize(
    ("index", "pages"),
    [
        ("docs/README.md", "how-to/*.md"),
        ("docs/README.md", "tutorial/*.md"),
        ("docs/README.md", "reference/*"),
        ("docs/README.md", "mood/*.md"),
        ("docs/README.md", "*.md"),
        ("docs/decisions/README.md", "*.md"),
    ],
)
def test_every_page_is_named_in_its_index(index, pages):
    index = ROOT / index
    named = set(re.findall(r"\]\(([^)#\s]+)\)", index.read_text("utf-8")))
    there = {str(path.relative_to(index.parent)) for path in index.parent.glob(pages)}
    assert there - {"README.md"} <= named


def test_a_decision_is_called_by_its_number():
    for page in (ROOT / "docs/decisions").glob("0*.md"):
        heading = page.read_text("utf-8").partition("\n")[0]
        assert heading.startswith(f"# {int(page.name[:4])}. "), page.name
