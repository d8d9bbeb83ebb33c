"""Checks every file of this set, and counts.

    python datasets/customer-feedback/check.py [--write]

Prints what is wrong, line by line, or the counts; `--write` puts the counts into the README.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from expand import SLOT, expand, slots_of
from rows import (
    DOMAINS,
    HANDWRITTEN,
    HERE,
    KINDS,
    LABELS,
    SENTENCES,
    TEMPLATES,
    Row,
    Wrong,
    read_all,
)

NAMED = {"handwritten": r"%s-\d{4}", "templates": r"%sT-\d{3}"}
BLOCK = re.compile(r"```\nall .*?```", re.DOTALL)


def problems(folder: Path = HERE) -> list[str]:
    """All that is wrong, each with its place; empty where the set keeps its own rules."""
    try:
        handwritten = read_all("handwritten-*.tsv", HANDWRITTEN, folder)
        templates = read_all("templates-*.tsv", TEMPLATES, folder)
        sentences = read_all("sentences.tsv", SENTENCES, folder)
        expanded = expand(folder)
    except Wrong as problem:
        return [str(problem)]
    wrong = [problem for row in [*handwritten, *templates] for problem in _cells(row)]
    wrong += _pairs(handwritten)
    wrong += _twice([(row, row["id"]) for row in [*handwritten, *templates]], "the id of")
    wrong += _twice([(row, _bare(row["template"])) for row in templates], "the template of")
    texts = [(row, _bare(row["text"])) for row in [*handwritten, *sentences]]
    wrong += _twice(texts, "the text of")
    wrong += _idle_slots(templates, folder)
    written = folder / "sentences.tsv"
    if not written.is_file() or expanded != written.read_text(encoding="utf-8"):
        wrong.append("sentences.tsv: not what the templates say now: run expand.py")
    return wrong


def counts(folder: Path = HERE) -> str:
    """What is in the set, by author, domain, kind and label."""
    groups = {
        "handwritten": read_all("handwritten-*.tsv", HANDWRITTEN, folder),
        "templates": read_all("templates-*.tsv", TEMPLATES, folder),
        "sentences": read_all("sentences.tsv", SENTENCES, folder),
    }
    tables = [_table("all", groups, lambda row: ["all"], ["all"])]
    authors = sorted({row["author"] for rows in groups.values() for row in rows})
    tables.append(_table("author", groups, lambda row: [row["author"]], authors))
    tables.append(_table("domain", groups, lambda row: [row["domain"]], DOMAINS))
    tables.append(_table("kind", groups, lambda row: [row["kind"]], KINDS))
    tables.append(_table("hard", groups, lambda row: ["hard"] * (row["kind"] != "plain"), ["hard"]))
    tables.append(_table("top label", groups, lambda row: [row.top], LABELS))
    tables.append(_table("any label", groups, lambda row: row.labels, LABELS))
    return "\n\n".join(tables)


def _cells(row: Row) -> Iterator[str]:
    text = row.cells.get("text", row.cells.get("template", ""))
    file, author = re.fullmatch(r"(\w+)-(\w)\.tsv:\d+", row.place).groups()  # type: ignore[union-attr]
    if row["author"] != author or not re.fullmatch(NAMED[file] % author, row["id"]):
        yield f"{row.place}: the author is {author}, the id like {NAMED[file] % author}"
    if not text or text != " ".join(text.split()):
        yield f"{row.place}: no text, or a space too many"
    if unknown := [label for label in {*row.labels, *row.accepted} if label not in LABELS]:
        yield f"{row.place}: no label is called {', '.join(map(repr, sorted(unknown)))}"
    if len(set(row.labels)) < len(row.labels) or len(row.labels) > 3:
        yield f"{row.place}: a label twice, or more than three"
    if row.top not in row.accepted:
        yield f"{row.place}: accepted lacks the top label, {row.top}"
    if row["domain"] not in DOMAINS:
        yield f"{row.place}: no domain is called {row['domain']!r}"
    if row["kind"] not in KINDS:
        yield f"{row.place}: no kind is called {row['kind']!r}"
    if (row["kind"] == "sensitive") > ("sensitive" in row.labels):
        yield f"{row.place}: of kind sensitive, without the label"


def _pairs(handwritten: list[Row]) -> Iterator[str]:
    pairs = defaultdict(list)
    for row in handwritten:
        if row["pair"]:
            pairs[row["pair"]].append(row)
        elif row["kind"] in ("sarcasm", "sincere-twin"):
            yield f"{row.place}: of kind {row['kind']}, without a pair"
    for pair, rows in pairs.items():
        if sorted(row["kind"] for row in rows) != ["sarcasm", "sincere-twin"]:
            yield f"{rows[0].place}: pair {pair} is not one sarcasm and one sincere-twin"
        elif rows[0].top == rows[1].top:
            yield f"{rows[0].place}: both of pair {pair} are {rows[0].top}"


def _twice(keyed: Iterable[tuple[Row, str]], what: str) -> Iterator[str]:
    first: dict[str, Row] = {}
    for row, key in keyed:
        if key in first:
            yield f"{row.place}: {what} {first[key].place} again"
        first.setdefault(key, row)


def _bare(text: str) -> str:
    """Case, spaces and punctuation gone; an emoji or an accent still counts."""
    return re.sub(r"[\s!-/:-@\[-`|~‘-‟–—…]+", " ", text.casefold()).strip()


def _idle_slots(templates: list[Row], folder: Path) -> Iterator[str]:
    used = {(row["author"], name) for row in templates for name in SLOT.findall(row["template"])}
    used |= {(author, name[:1].lower() + name[1:]) for author, name in used}
    for author, slots in slots_of(folder).items():
        for name in slots:
            if (author, name) not in used:
                yield f"slots-{author}.yaml: no template uses {name}"


def _table(
    title: str,
    groups: dict[str, list[Row]],
    keys: Callable[[Row], Iterable[str]],
    order: Iterable[str],
) -> str:
    found = [Counter(key for row in rows for key in keys(row)) for rows in groups.values()]
    lines = [(title, groups), *((key, [f"{each[key]:,}" for each in found]) for key in order)]
    return "\n".join(f"{name:<16}" + "".join(f"{cell:>14}" for cell in row) for name, row in lines)


def main() -> int:
    """Prints the counts, or the problems with exit code 1."""
    if wrong := problems():
        print("\n".join(wrong), file=sys.stderr)
        return 1
    counted = counts()
    print(counted)
    if "--write" in sys.argv[1:]:
        readme = HERE / "README.md"
        text, times = BLOCK.subn(f"```\n{counted}\n```", readme.read_text(encoding="utf-8"))
        if times != 1:
            print("README.md: no block that begins with `all`", file=sys.stderr)
            return 1
        readme.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
