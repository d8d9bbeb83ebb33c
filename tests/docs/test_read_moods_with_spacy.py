"""What `docs/how-to/read-moods-with-spacy.md` shows runs as it stands, one block after the other."""

import re
from pathlib import Path

from spacy.tokens import Doc, DocBin

from engine.adapters.nlp.extensions import register

PAGE = Path(__file__).parents[2] / "docs/how-to/read-moods-with-spacy.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first, second, _ = BLOCKS
    exec(first, {})
    printed = capsys.readouterr().out
    assert "grateful" in printed
    assert "'quotation'" in printed
    exec(second, {})
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_labels_of_ones_own_become_documents(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = re.search(r"```\n(text\tlabels\n.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    for name in ("train", "dev"):
        Path(f"{name}.tsv").write_text(rows[1], "utf-8")
    found = {}
    exec(BLOCKS[2], found)
    cake = list(DocBin().from_disk("train.spacy").get_docs(found["nlp"].vocab))[1]
    assert cake.cats == {"delivery": 0.0, "price": 1.0, "staff": 0.0, "taste": 1.0}


def test_every_attribute_in_the_table_is_there():
    register()
    table = PAGE.read_text("utf-8").partition("| attribute |")[2].partition("\n\n")[0]
    for cell in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE):
        for name in re.findall(r"`(\w+)`", cell):
            assert Doc.has_extension(name), name
