"""Which words speak for a mood, and whether they really do."""

import csv
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from engine.adapters.nlp import evidence
from engine.adapters.nlp.classifier import Classifier
from engine.adapters.nlp.explain import explain
from engine.adapters.nlp.pipeline import build
from engine.cli.call import Call
from engine.cli.mood import mood
from engine.domain.emotion import EMOTIONS
from tests.standins.lexicon import Lexicon

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
MAIL = """\
Hi Maria, thaaaanks for the lovely cake! But I've called you three times and nobody answers. I'm furious!

Kind regards
Anna

On 3 March 2026 the shop wrote:
> great news
"""


@pytest.fixture
def lexicon(monkeypatch):
    monkeypatch.setattr(Classifier, "load", lambda folder=None, backend="auto": Lexicon())


def run(*arguments, **more):
    # click remembers a command's help option of its first call: let it be the one that `--help` has.
    more = {"help_option_names": ["-h", "--help"], **more}
    return CliRunner().invoke(
        mood, ["explain", *arguments], obj=Call(**more.pop("call", {})), **more
    )


def test_an_explanation_reads_like_this(lexicon, golden):
    golden(HERE / "explained.out", run(MAIL).output)


def test_programs_get_the_same(lexicon, golden):
    golden(HERE / "explained.json", run(MAIL, call={"format": "json"}).output)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Unknown: there are no words"),
        ("🐈", "Unknown: there are no words"),
        ("> only a quotation", "Unknown: there are no words"),
        ("Das ist schrecklich", "Unknown: it does not look like English (`de`"),
        ("My father died.", "Sensitive: it speaks of grief"),
        ("\x1b[31mThanks\x00", "grateful"),
    ],
)
def test_what_cannot_be_read_says_why(lexicon, text, says):
    found = run(text)
    assert found.exit_code == 0
    assert says in found.output
    assert "\x1b" not in found.output


def test_of_a_text_without_an_end_the_beginning_is_shown(lexicon):
    shown = run("I hate this. " + "word " * 20_000).output
    assert len(shown) < 4_000
    assert " …\n" in shown


def test_standard_input_and_files_are_read(lexicon, tmp_path):
    (tmp_path / "mail.txt").write_bytes(b"Thanks \xff\xfe!")
    assert "grateful" in run("-", input=b"Thanks!").output
    assert "grateful" in run("--file", str(tmp_path / "mail.txt")).output


def test_weights_are_what_is_lost_without_the_word(lexicon):
    found = explain(build(), "I am furious, it is outrageous")
    strongest = found.words[0]
    left = explain(build(), "I am, it is outrageous").probabilities["angry"]
    assert strongest.text == "furious"
    assert strongest.weight == pytest.approx(found.probabilities["angry"] - left, abs=1e-6)
    assert strongest.adds == 4.0


def sentences():
    for name in "ABC":
        file = ROOT / f"datasets/customer-feedback/handwritten-{name}.tsv"
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if "sensitive" not in row["labels"] and 6 <= len(row["text"].split()) <= 15:
                    yield row["text"]


def test_without_its_two_strongest_words_a_sentence_loses_three_times_what_two_others_take():
    """Faithfulness, in the mean over many sentences; the model that comes along, whichever it is."""
    nlp = build(with_evidence=False)
    classifier, chance = nlp.get_pipe("emotion").classifier, random.Random(4)
    lost, lost_by_chance = [], []
    for text in chance.sample(sorted(sentences()), 90):
        found = explain(nlp, text)
        if not found.said or found.said[0] == "indifferent" or found.sarcasm_suspected:
            continue
        label = EMOTIONS.index(found.said[0])
        spans = [(one.start, one.end) for one in found.words if one.emotion == found.said[0]]
        both = [left_out(text, spans[:2])]
        others = [left_out(text, chance.sample(spans, 2)) for _ in range(3)]
        whole, without, *by_chance = classifier.predict([text, *both, *others])[:, label]
        lost.append(whole - without)
        lost_by_chance.append(whole - np.mean(by_chance))
    assert len(lost) >= 10
    assert np.mean(lost) >= 3 * np.mean(lost_by_chance)


def left_out(text, spans):
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def test_a_word_is_shown_without_the_punctuation_around_it():
    assert [evidence.trimmed(0, '"Great!"', 0, 8), evidence.trimmed(0, "a !!!", 2, 5)] == [
        evidence.Word(0, 1, 6),
        evidence.Word(0, 2, 5),
    ]
