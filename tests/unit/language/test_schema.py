"""Schema and reference come from the tables by which files are read."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import jsonschema
import pytest
import yaml

import engine.language
from engine.language.codes import catalogue, project_of
from engine.language.reader import Shape
from engine.language.reference import reference
from engine.language.schema import KINDS, schema_of, schema_text

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "words.md"


def _kind(path: str) -> str:
    if path == "config.yaml":
        return "config"
    for ending in ("test", "grid", "persona"):
        if path.endswith(f".{ending}.yaml"):
            return {"test": "journey-test", "grid": "segment-grid", "persona": "persona"}[ending]
    if path.startswith("jurisdictions/"):
        return "jurisdiction"
    return "journey" if path.startswith("journeys/") else "segment"


def _is_valid(path: str, text: str) -> bool:
    validator = jsonschema.Draft202012Validator(schema_of(_kind(path)))
    return bool(validator.is_valid(yaml.load(text, Loader=yaml.BaseLoader)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_sound(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))
    assert schema_text(kind).endswith("}\n")


def test_every_sample_fits_its_schema(samples: dict[str, str]) -> None:
    for path, text in samples.items():
        if path.endswith(".yaml"):
            assert _is_valid(path, text), path


def test_no_right_example_of_the_catalogue_is_refused_by_an_editor() -> None:
    for entry in catalogue().values():
        for path, text in project_of(entry.right).items():
            if path.endswith(".yaml"):
                assert _is_valid(path, text), (entry.code, path)


@pytest.mark.parametrize("code", ["J104", "S104", "P104", "X104", "C104", "J105", "J102"])
def test_an_editor_sees_wrong_words_too(code: str) -> None:
    wrong = catalogue()[code].wrong
    assert not all(_is_valid(path, text or "") for path, text in wrong.items())


def test_the_reference_in_the_docs_is_that_of_the_code(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--accept"):
        REFERENCE.write_text(reference(), encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == reference()


def test_every_word_has_one_line_of_explanation() -> None:
    for shape in KINDS.values():
        for word in shape.words:
            assert word.doc.endswith(".")
            assert "\n" not in word.doc


def test_every_block_of_the_language_stands_in_the_reference() -> None:
    """Wherever a table of words is made, its words are explained."""
    told = reference()
    for module in pkgutil.walk_packages(engine.language.__path__, "engine.language."):
        for shape in vars(importlib.import_module(module.name)).values():
            if isinstance(shape, Shape):
                for word in shape.words:
                    assert f"| `{word.name}`" in told, f"{shape.called}: {word.name}"
                    assert word.doc.replace("|", "\\|") in told, f"{shape.called}: {word.name}"
