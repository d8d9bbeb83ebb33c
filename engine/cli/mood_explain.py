"""`sincerely mood explain`: what a text says of its writer's mood, and which words say it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, say, table
from engine.domain.emotion import EmotionConfig
from engine.domain.errors import UsageError

if TYPE_CHECKING:
    from engine.adapters.nlp.explain import Explanation

_WORDS_SHOWN = 5
_LONGEST_SHOWN = 2_000
_STYLES = {"upset": "bold red", "happy": "bold green", "": "bold yellow"}


@click.command()
@click.argument("text", required=False)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the text from a file.",
)
@click.option("--name", "names", multiple=True, help="A name to mask; more than once for more.")
@click.option(
    "--backend",
    type=click.Choice(["auto", "hybrid", "linear"]),
    default="auto",
    help="The encoder with the linear model, or the linear model alone.",
)
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="A model that `mood train` made; the one that comes along if not given.",
)
@pass_call
def explain(
    call: Call,
    text: str | None,
    file: Path | None,
    names: tuple[str, ...],
    backend: str,
    model: Path | None,
) -> None:
    """What TEXT says of its writer's mood, and which words say it; `-` reads standard input.

    A word's weight is how far the probability falls without it. Only what the writer wrote is read:
    quoted mails, signatures and markup are left out, names masked. English only.
    """
    from engine.adapters.nlp.explain import explain as explained
    from engine.adapters.nlp.pipeline import build

    output = call.wants("text", "json")
    written = _written(text, file)
    nlp = build(backend, with_evidence=False, folder=model)  # type: ignore[arg-type]
    found = explained(nlp, written, names)
    if output == "json":
        document(
            {**asdict(found), "levels": {e: _level(p) for e, p in found.probabilities.items()}}
        )
    else:
        _tell(found, written)


def _written(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise UsageError(
            "there is nothing to read" if text is None else "a text and a file are two",
            help='give one: `sincerely mood explain "..."`, `--file FILE`, or `-` for standard input',
        )
    if file is not None:
        return file.read_bytes().decode("utf-8", "replace")
    if text == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return text or ""


def _level(probability: float) -> str:
    levels = EmotionConfig().levels
    reached = [name for name, floor in levels.items() if probability >= floor]
    return max(reached, key=levels.__getitem__, default="")


def _tell(found: Explanation, written: str) -> None:
    if found.sensitive:
        say("Sensitive: it speaks of grief, illness, harm or ruin.")
        say("Nothing else is read from it and nothing kept. A person should answer.")
    elif not found.probabilities:
        say(f"Unknown: {_why_unknown(found)}")
    else:
        _tell_moods(found, written)
    for line in _remarks(found):
        say(line)


def _why_unknown(found: Explanation) -> str:
    if found.language not in ("en", ""):
        return f"it does not look like English (`{found.language}`, by its words); others are not read."
    return "there are no words of the writer in it."


def _tell_moods(found: Explanation, written: str) -> None:
    _tell_text(found, written)
    say()
    ranked = sorted(found.probabilities, key=lambda e: -found.probabilities[e])
    rows = [
        (
            emotion,
            f"{found.probabilities[emotion]:.2f}",
            _level(found.probabilities[emotion]),
            _words_for(found, emotion),
        )
        for emotion in ranked
        if emotion in found.said or emotion == ranked[0]
    ]
    table(("mood", "p", "level", "words that speak for it"), rows)
    rest = [f"{emotion} {found.probabilities[emotion]:.2f}" for emotion in ranked[len(rows) :]]
    say()
    if not found.said:
        say("No emotion is sure enough to be said.")
    say(f"The rest: {', '.join(rest)}.")


def _words_for(found: Explanation, emotion: str) -> str:
    words = [word for word in found.words if word.emotion == emotion and word.weight >= 0.005]
    return ", ".join(f"{word.text} {word.weight:.2f}" for word in words[:_WORDS_SHOWN])


def _remarks(found: Explanation) -> Iterator[str]:
    if found.probabilities:
        yield (
            f"Sure: {found.confidence:.2f} of 1. Pleasant: {found.valence:+.2f}. Stirred:"
            f" {found.arousal:.2f}. Urgent: {found.urgency:.2f}."
        )
        yield "In a profile its level is weighed by where it was written, and fades: `sincerely person show`."
    if found.mixed:
        yield "Mixed: it is pleasant and unpleasant at once."
    if found.sarcasm_suspected:
        yield "Sarcasm is suspected: pleasant words about trouble, so the pleasant moods are held down."
    counts: dict[str, int] = {}
    for one in found.left_out:
        counts[one.why] = counts.get(one.why, 0) + 1
    if counts:
        each = ", ".join(f"{why} ({number})" for why, number in counts.items())
        yield f"Left out or masked: {each}."
    yield f"Model {found.model}."


def _tell_text(found: Explanation, written: str) -> None:
    """The text, or its beginning, with the words that speak for a mood marked on a terminal."""
    more = " …" if len(written) > _LONGEST_SHOWN else ""
    written = written[:_LONGEST_SHOWN]
    if not sys.stdout.isatty():
        say(f"{written.strip()}{more}")
        return
    from rich.console import Console
    from rich.text import Text

    from engine.cli.output import clean
    from engine.domain.emotion import GROUPS

    shown = Text(clean(f"{written}{more}"))
    for one in found.left_out:
        shown.stylize("dim", one.start, one.end)
    for word in found.words:
        if word.weight >= 0.02 and word.emotion == (found.said or [word.emotion])[0]:
            group = next((g for g, members in GROUPS.items() if word.emotion in members), "")
            shown.stylize(_STYLES[group], word.start, word.end)
    Console().print(shown)
