"""Writes `sentences.tsv`: what the templates say once their slots are filled.

    python datasets/customer-feedback/expand.py

A slot `{item}` takes a filling from its author's `slots-AUTHOR.yaml`; `{Item}` takes the same
fillings with a capital. Each template draws with a seed of its own, its id: whoever adds a template
changes no sentence of another.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from math import prod
from pathlib import Path
from random import Random

import yaml
from rows import HERE, SENTENCES, TEMPLATES, Row, Wrong, read_all, text_of

SENTENCES_A_TEMPLATE = 9
SLOT = re.compile(r"\{([^{}]*)\}")

Slots = Mapping[str, list[str]]


def expand(folder: Path = HERE) -> str:
    """The text of `sentences.tsv`, or `Wrong` with one line for each thing that is wrong."""
    slots, sentences, wrong = slots_of(folder), [], []
    for row in read_all("templates-*.tsv", TEMPLATES, folder):
        try:
            texts = fill(row["template"], slots.get(row["author"], {}), row["id"])
        except Wrong as problem:
            wrong.append(f"{row.place}: {problem}")
            continue
        sentences += [_sentence(row, number, text) for number, text in enumerate(texts, start=1)]
    if wrong:
        raise Wrong("\n".join(wrong))
    return text_of(SENTENCES, sentences)


def fill(template: str, slots: Slots, seed: str) -> list[str]:
    """Up to nine different sentences; every slot goes round all its fillings before one returns."""
    names = list(dict.fromkeys(SLOT.findall(template)))
    if not names:
        raise Wrong("a template has at least one {slot}")
    if missing := [name for name in names if _plain(name) not in slots]:
        raise Wrong(f"no slot of this author is called {' or '.join(missing)}")
    fillings = {name: [_cased(name, each) for each in slots[_plain(name)]] for name in names}
    possible = prod(len(choices) for choices in fillings.values())
    chance, piles = Random(seed), {name: list[str]() for name in names}
    hands: list[dict[str, str]] = []
    while len(hands) < min(SENTENCES_A_TEMPLATE, possible):
        hand = {name: _draw(piles[name], fillings[name], chance) for name in names}
        if hand not in hands:
            hands.append(hand)
    return [SLOT.sub(lambda slot, hand=hand: hand[slot[1]], template) for hand in hands]  # type: ignore[misc]


def slots_of(folder: Path = HERE) -> dict[str, Slots]:
    """The slots of each author, by letter; `Wrong` where a slot is not a list of different texts."""
    slots = {}
    for path in sorted(folder.glob("slots-*.yaml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, fillings in read.items():
            if not isinstance(fillings, list) or {*map(type, fillings)} != {str}:
                raise Wrong(f"{path.name}: {name} is not a list of texts (quote yes, no, numbers)")
            if len(fillings) < 2 or len({*fillings}) < len(fillings):
                raise Wrong(f"{path.name}: {name} says a thing twice, or has one filling only")
        slots[path.stem.removeprefix("slots-")] = read
    return slots


def _draw(pile: list[str], fillings: list[str], chance: Random) -> str:
    if not pile:
        pile += chance.sample(fillings, len(fillings))
    return pile.pop()


def _plain(name: str) -> str:
    return name[:1].lower() + name[1:]


def _cased(name: str, filling: str) -> str:
    return filling[:1].upper() + filling[1:] if name[:1].isupper() else filling


def _sentence(row: Row, number: int, text: str) -> dict[str, str]:
    own = {"id": f"{row['id']}-{number}", "text": text, "pair": "", "template": row["id"]}
    return {**row.cells, **own}


def main() -> int:
    """Writes the file; 1 where a template or slot is wrong."""
    try:
        text = expand()
    except Wrong as problem:
        print(problem, file=sys.stderr)
        return 1
    (HERE / "sentences.tsv").write_text(text, encoding="utf-8", newline="\n")
    print(f"sentences.tsv: {text.count(chr(10)) - 1} sentences")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
