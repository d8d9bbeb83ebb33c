"""How the mood models are made: what is learned from, what is measured, and a small training."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from engine.adapters.nlp.classifier import ARTEFACT, Classifier
from engine.adapters.nlp.labels import GOEMOTIONS, columns
from engine.adapters.nlp.training import customers, needs
from engine.adapters.nlp.training.calibrate import platt, probabilities
from engine.adapters.nlp.training.evaluate import judged
from engine.adapters.nlp.training.own_set import own_figures
from engine.adapters.nlp.training.rows import Rows, goemotions
from engine.adapters.nlp.training.score import (
    best_thresholds,
    calibration_error,
    f1,
    interval,
    micro_f1,
)
from engine.adapters.nlp.training.split import part
from engine.domain.emotion import EMOTIONS
from engine.domain.errors import MistakeError, SetupError, UsageError

HEADER = "id\ttext\tlabels\taccepted\tdomain\tkind\tpair\tauthor\n"


def one_hot(label: str, probability: float = 0.9) -> np.ndarray:
    return np.array([[probability if one == label else 0.05 for one in EMOTIONS]], np.float32)


def customer_file(folder: Path, *lines: str) -> Path:
    file = folder / "own.tsv"
    file.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_a_comment_belongs_to_the_groups_of_its_labels(tmp_path: Path) -> None:
    number = GOEMOTIONS.index("annoyance")
    (tmp_path / "a.tsv").write_text(f"Oh come on\t{number},27\tx1\n")
    rows = goemotions(tmp_path / "a.tsv")
    assert rows.head("mood")[0].tolist() == [
        label in ("frustrated", "indifferent") for label in EMOTIONS
    ]
    assert rows.head("ekman")[0].tolist() == [1, 0, 0, 0, 0, 0, 1]
    assert rows.head("sentiment")[0].tolist() == [0, 1, 0, 1]


def test_a_comment_of_caring_alone_is_none_of_the_ten(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(f"Take care\t{GOEMOTIONS.index('caring')}\tx1\n")
    assert not goemotions(tmp_path / "a.tsv").head("mood").any()


def test_all_sentences_of_a_template_are_on_the_same_side_and_two_authors_only_judge() -> None:
    data = needs.data_folder() / "customer-feedback"
    everything = customers.own(data, "train", "dev", "test", "other-author")
    sides: dict[str, set[str]] = {}
    for one in everything:
        if one.template:
            sides.setdefault(one.template, set()).add(one.part)
    assert sides and all(len(found) == 1 for found in sides.values())
    judges = {one.author for one in everything if one.part == "other-author"}
    assert judges == {"D", "J"}
    assert not judges & {one.author for one in customers.own(data, "train", "dev", "test")}


def test_about_a_tenth_of_the_keys_goes_to_each_of_dev_and_test() -> None:
    found = [part("A", f"A-{number}") for number in range(5000)]
    assert 0.08 < found.count("dev") / 5000 < 0.12
    assert 0.08 < found.count("test") / 5000 < 0.12
    assert part("A", "A-7") == part("A", "A-7")


def test_a_sentence_is_true_of_its_labels_and_in_part_of_what_is_accepted(tmp_path: Path) -> None:
    file = customer_file(
        tmp_path,
        "A-1\tNo answer yet\tfrustrated,anxious\tfrustrated,angry\tshop\tplain\t\tA",
        "A-2\tMy wife died\tsensitive\t\tshop\tsensitive\t\tA",
    )
    rows = customers.rows(customers.read(file))
    true = dict(zip(EMOTIONS, rows.head("mood")[0].tolist(), strict=True))
    assert true["frustrated"] == 1
    assert 1 > true["anxious"] > true["angry"] > 0
    assert true["delighted"] == 0
    assert not rows.weights[1, columns("mood")].any()
    assert rows.head("sensitive")[:, 0].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A-1\tHello\tcheerful\t\tshop\tplain\t\tA", "own.tsv:2: `cheerful`"),
        ("A-1\tHello", "own.tsv:2: 2 columns instead of 8"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(MistakeError) as caught:
        customers.read(customer_file(tmp_path, line))
    assert said in caught.value.message


def test_hasty_typing_changes_words_and_keeps_labels() -> None:
    rows = Rows(["a"] * 50, ["nobody answers my messages, ever!"] * 50, *_nothing(50))
    hasty = customers.misspelt(rows, 1)
    assert len(set(hasty.texts)) > 10
    assert hasty.texts == customers.misspelt(rows, 1).texts
    assert hasty.targets is rows.targets


def test_f1_and_the_threshold_that_is_best() -> None:
    truth = np.array([[True], [True], [False], [False]])
    probability = np.array([[0.9], [0.6], [0.4], [0.1]], np.float32)
    assert 0.4 < best_thresholds(truth, probability)[0] < 0.6
    assert f1(truth, probability > 0.5).tolist() == [1]
    assert f1(truth, probability > 0.7)[0] == pytest.approx(2 / 3)
    assert micro_f1(truth, probability > 0.05) == pytest.approx(2 / 3)
    assert best_thresholds(np.zeros((4, 1), bool), probability)[0] == 0.5


def test_calibration_error_is_the_gap_between_said_and_true() -> None:
    truth = np.array([[True]] * 6 + [[False]] * 4)
    assert calibration_error(truth, np.full((10, 1), 0.6, np.float32))[0] == pytest.approx(
        0, abs=1e-6
    )
    assert calibration_error(truth, np.full((10, 1), 0.9, np.float32))[0] == pytest.approx(
        0.3, abs=1e-6
    )


def test_platts_line_finds_the_scale_that_was_lost() -> None:
    chance = np.random.default_rng(3)
    honest = chance.normal(size=(20_000, 1)).astype(np.float32) * 2
    targets = (chance.random((20_000, 1)) < 1 / (1 + np.exp(-honest))).astype(np.float32)
    rows = Rows([], [], targets, np.ones_like(targets))
    slope, shift = platt(honest * 3 - 1, rows)
    assert slope[0] == pytest.approx(1 / 3, abs=0.02)
    assert shift[0] == pytest.approx(1 / 3, abs=0.05)
    assert calibration_error(targets > 0.5, probabilities(honest * 3 - 1, slope, shift))[0] < 0.02


def test_an_interval_holds_its_value() -> None:
    hits = np.arange(100) < 70
    found = interval(lambda rows: float(hits[rows].mean()), 100)
    assert found.low < found.value == 0.7 < found.high


@pytest.mark.parametrize(
    ("top", "exact", "accepted", "flips"),
    [("frustrated", 1, 1, 0), ("angry", 0, 1, 0), ("delighted", 0, 0, 1), ("confused", 0, 0, 0)],
)
def test_the_top_label_is_exact_accepted_or_flipped(
    tmp_path: Path, top: str, exact: int, accepted: int, flips: int
) -> None:
    line = "A-1\tGreat, on hold again\tfrustrated\tfrustrated,angry\tshop\tsarcasm\tp1\tA"
    sentences = customers.read(customer_file(tmp_path, line))
    mood = one_hot(top)
    found = own_figures(sentences, mood, mood > 0.5, np.array([False]))
    assert (found.exact.value, found.accepted.value, found.flips.value) == (exact, accepted, flips)
    assert found.sarcasm.value == accepted


def test_a_file_of_either_format_is_judged(tmp_path: Path) -> None:
    model = Classifier.load(backend="linear")
    own = customer_file(tmp_path, "A-1\tThank you so much\tgrateful\tgrateful\tshop\tplain\t\tA")
    assert judged(model, own).figures["top_label_exact"]["value"] == 1
    (tmp_path / "go.tsv").write_text("Thank you so much\t15\tx\n")
    assert judged(model, tmp_path / "go.tsv").figures["mood"]["macro_f1"]["value"] == 1


def test_a_file_of_no_format_says_what_one_is(tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("hello\n")
    with pytest.raises(MistakeError, match="neither") as caught:
        judged(Classifier.load(backend="linear"), tmp_path / "bad.tsv")
    assert "label numbers" in caught.value.help


def test_without_weights_to_begin_with_training_says_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=r"config\.json"):
        needs.base_folder(tmp_path)
    monkeypatch.setattr(needs, "BASE_PACKAGE", "no_such_package_anywhere")
    with pytest.raises(SetupError, match="no weights"):
        needs.base_folder(None)


@pytest.mark.skipif(
    any(find_spec(name) is None for name in needs.EXTRA),
    reason="training needs the extra `train`: pip install 'sincerely[train]'",
)
@pytest.mark.filterwarnings("default")
def test_a_small_training_gives_a_model_that_loads(tmp_path: Path) -> None:
    """Two layers of width 24 with random weights to begin with, 400 rows of each set."""
    from engine.adapters.nlp.training.recipe import train

    base, out, lines = _tiny_base(tmp_path / "base"), tmp_path / "model", list[str]()
    train(base, out, 0, 400, lines.append)
    model = Classifier.load(out, "hybrid")
    texts = ["Thank you!", "Where is my parcel? I have waited three weeks", ""]
    found = model.predict(texts)
    assert found.shape == (3, 10)
    assert np.isfinite(found).all()
    assert np.abs(found[1] - model.predict(texts[1:2])[0]).max() < 1e-6
    assert Classifier.load(out, "linear").version == "2026.11-linear"
    assert "GoEmotions" in (out / "MODEL_CARD.md").read_text()
    assert any("share of the encoder" in line for line in lines)


def _tiny_base(folder: Path) -> Path:
    import torch
    from safetensors.torch import save_file

    folder.mkdir()
    tokenizer = (ARTEFACT / "tokenizer.json").read_text(encoding="utf-8")
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    words, width, inner = len(json.loads(tokenizer)["model"]["vocab"]), 24, 48
    config = {
        "vocab_size": words, "hidden_size": width, "intermediate_size": inner,
        "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 64,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    torch.manual_seed(0)
    shapes = {
        "embeddings.word_embeddings.weight": (words, width),
        "embeddings.position_embeddings.weight": (64, width),
        "embeddings.token_type_embeddings.weight": (2, width),
        "embeddings.LayerNorm.weight": (width,),
        "embeddings.LayerNorm.bias": (width,),
    }
    for number in range(2):
        layer = f"encoder.layer.{number}."
        for name in ("attention.self.query", "attention.self.key", "attention.self.value"):
            shapes |= {f"{layer}{name}.weight": (width, width), f"{layer}{name}.bias": (width,)}
        for name, rows, columns_ in (
            ("attention.output.dense", width, width),
            ("intermediate.dense", inner, width),
            ("output.dense", width, inner),
        ):
            shapes |= {f"{layer}{name}.weight": (rows, columns_), f"{layer}{name}.bias": (rows,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{layer}{name}.weight": (width,), f"{layer}{name}.bias": (width,)}
    save_file(
        {name: torch.randn(shape) * 0.1 for name, shape in shapes.items()},
        folder / "model.safetensors",
    )
    return folder


def _nothing(rows: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((rows, 50), np.float32), np.zeros((rows, 50), np.float32)
