"""`mood evaluate` and `mood train`, as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli.main import group

OWN = "id\ttext\tlabels\n1\tThank you so much!\tgrateful\n2\tThank you, but where is it?\tanxious\n"


def called(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["mood", *arguments])


def test_a_file_is_judged_in_words(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text(OWN)
    said = called("evaluate", str(tmp_path / "own.tsv"), "--backend", "linear").output
    assert "own.tsv: 2 sentences" in said
    assert "top label exact     0.500" in said


def test_a_file_is_judged_for_programs(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text(OWN)
    found = called("evaluate", str(tmp_path / "own.tsv"), "--backend", "linear", "--format", "json")
    answer = json.loads(found.output)
    assert answer["model"].endswith("-linear")
    assert answer["sets"][0]["top_label_exact"]["value"] == 0.5


def test_a_wrong_label_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text(OWN.replace("anxious", "cheerful"))
    found = called("evaluate", str(tmp_path / "own.tsv"), "--backend", "linear")
    assert found.exit_code == 1
    assert "own.tsv:3" in found.output


@pytest.mark.parametrize("text", ["", "id\ttext\tlabels\n", "\n\n"])
def test_an_empty_file_is_judged_without_a_crash(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.tsv").write_text(text)
    found = called("evaluate", str(tmp_path / "own.tsv"), "--backend", "linear")
    assert found.exit_code in (1, 2)
    assert "no texts" in found.output


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = called("evaluate", "--model", str(tmp_path))
    assert found.exit_code in (1, 2)
    assert "no mood model" in found.output


def test_training_wants_weights_to_begin_with_or_its_extra(tmp_path: Path) -> None:
    found = called("train", "--base", str(tmp_path))
    assert found.exit_code in (1, 2)
    assert "config.json" in found.output or "[train]" in found.output
