"""Care checks measured on drafts by other hands: precision and recall, rule by rule.

The drafts and the definitions of the rules are in `tests/data/care_drafts`. The rules may be tuned on
drafts with `by: rules` and on those with an even number; the odd ones of other authors judge.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

import yaml

from engine.adapters.files import read_assets, read_sources
from engine.application.check import check
from engine.bootstrap import compile_project, templates_of
from engine.language.diagnostics import Diagnostic

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests/data/care_drafts"
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)

RULES: Mapping[str, tuple[str, ...]] = {
    "apology-without-acknowledgement": ("T511",),
    "apology-without-responsibility": ("T512",),
    "apology-without-remedy": ("T513",),
    "apology-argues": ("T508",),
    "apology-sells": ("T514",),
    "exclamation-marks": ("T504",),
    "shouting": ("T505",),
    "false-urgency": ("T507",),
    "guilt": ("T509",),
    "scarcity-or-fear": ("T510", "T515"),
    "too-many-personal-facts": ("T516",),
    "sensitive-fact": ("T517",),
    "printed-mood": ("T503", "T518"),
    "hard-to-read": ("T523",),
    "too-long": ("T524",),
    "about-us": ("T525",),
    "empty-link-text": ("T506",),
    "picture-without-words": ("T526",),
    "low-contrast": ("T527",),
    "offer-where-none-belongs": ("T501", "T519"),
}
_RULE_OF = {code: rule for rule, codes in RULES.items() for code in codes}
_CATEGORY_OF = {
    "receipt": "receipt",
    "service": "service",
    "news": "news",
    "promotion": "promotion",
}
_RECEIPT = "  categories:\n    receipt: { class: transactional }\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail, and what a colleague says of it. `unseen`: no rule was tuned on it."""

    name: str
    path: str
    by: str
    sent_as: str
    deserves: frozenset[str]
    may: frozenset[str]

    @property
    def unseen(self) -> bool:
        return self.by != "rules" and int(self.name.partition("-")[0]) % 2 == 1


@dataclass(slots=True)
class Count:
    """Warnings that were deserved, that were not, and deserved ones that were not given."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def given(self) -> int:
        return len(self.right) + len(self.wrong)

    @property
    def deserved(self) -> int:
        return len(self.right) + len(self.missed)


def drafts() -> list[Draft]:
    """All drafts of the folder, in order.

    Raises:
        ValueError: if a file has no line in `expected.yaml`, a line no file, or a rule no definition.
    """
    expected = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))
    files = {path.name.partition(".")[0]: path for path in FOLDER.glob("*.j2")}
    if set(files) != set(expected):
        raise ValueError(f"without a file or a line: {sorted(set(files) ^ set(expected))}")
    found = []
    for name, line in sorted(expected.items()):
        deserves, may = frozenset(line["deserves"]), frozenset(line.get("may", ()))
        unknown = (deserves | may) - set(RULES)
        if unknown or line["sent_as"] not in _CATEGORY_OF:
            raise ValueError(f"{name}: {sorted(unknown) or line['sent_as']} is not defined")
        path = f"templates/draft/d{files[name].name}"
        found.append(Draft(name, path, line["by"], line["sent_as"], deserves, may))
    return found


def project_files(among: Iterable[Draft]) -> dict[str, str]:
    """The sample business with these drafts for its mails, each sent by a journey of its category."""
    shared = ("templates/_", "segments/", "jurisdictions/", "config")
    files = {path: text for path, text in read_sources(ROOT).items() if path.startswith(shared)}
    config = files["config.example.yaml"]
    files["config.example.yaml"] = config.replace("  categories:", _RECEIPT.rstrip("\n"), 1)
    for draft in among:
        file = FOLDER / draft.path.rpartition("/")[2][1:]
        files[draft.path] = file.read_text("utf-8")
        mail = f"draft/d{draft.name}"
        files[f"journeys/d{draft.name}.yaml"] = (
            f"journey: d{draft.name}\nstatus: live\ncategory: {_CATEGORY_OF[draft.sent_as]}\n"
            f"enter: {{ when: order.placed }}\nsteps:\n  - {{ id: only, send: {mail} }}\n"
        )
    return files


def diagnostics(among: Iterable[Draft]) -> list[Diagnostic]:
    """What `check` says of them."""
    project = compile_project(project_files(among))
    return list(check(project, templates_of(project, read_assets(ROOT)), NOW))


def given(among: Iterable[Draft], found: Iterable[Diagnostic]) -> dict[str, set[str]]:
    """The rules that warned, by draft."""
    said: dict[str, set[str]] = {draft.path: set() for draft in among}
    for one in found:
        if one.file in said and one.code in _RULE_OF:
            said[one.file].add(_RULE_OF[one.code])
    return said


def counted(among: Iterable[Draft], said: Mapping[str, set[str]]) -> dict[str, Count]:
    """The counts, rule by rule."""
    counts = {rule: Count() for rule in RULES}
    for draft in among:
        for rule in said[draft.path] - draft.may:
            kind = counts[rule].right if rule in draft.deserves else counts[rule].wrong
            kind.append(draft.name)
        for rule in draft.deserves - said[draft.path]:
            counts[rule].missed.append(draft.name)
    return counts


def total(counts: Mapping[str, Count]) -> Count:
    """All rules together."""
    whole = Count()
    for one in counts.values():
        whole.right += one.right
        whole.wrong += one.wrong
        whole.missed += one.missed
    return whole


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate; everything is possible where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    rate = hits / of
    middle, spread = rate + z * z / (2 * of), z * sqrt(rate * (1 - rate) / of + (z / (2 * of)) ** 2)
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def table(counts: Mapping[str, Count]) -> str:
    """Precision and recall with their intervals, as text."""
    rows = [f"{'rule':<34}{'given':>6}{'precision':>24}{'deserved':>10}{'recall':>24}"]
    for rule, one in [*counts.items(), ("all", total(counts))]:
        rows.append(
            f"{rule:<34}{one.given:>6}{_rate(len(one.right), one.given):>24}"
            f"{one.deserved:>10}{_rate(len(one.right), one.deserved):>24}"
        )
    return "\n".join(rows)


def _rate(hits: int, of: int) -> str:
    if of == 0:
        return "-"
    low, high = wilson(hits, of)
    return f"{hits / of:.2f}  [{low:.2f}, {high:.2f}]"


def main() -> int:
    everything = drafts()
    found = diagnostics(everything)
    broken = [one for one in found if one.severity == "error" and one.code not in _RULE_OF]
    for one in broken:
        print(f"{one.file}:{one.line}: {one.code} {one.message}")
    said = given(everything, found)
    for title, among in (
        ("Drafts that the rules were tuned on", [d for d in everything if not d.unseen]),
        ("Unseen drafts", [draft for draft in everything if draft.unseen]),
    ):
        counts = counted(among, said)
        print(f"\n{title}: {len(among)}\n\n{table(counts)}\n")
        if among and among[0].unseen and "--unseen" not in sys.argv:
            continue  # who tunes a rule does not look at what judges it
        for rule, one in counts.items():
            for word, names in (("not deserved", one.wrong), ("missed", one.missed)):
                if names:
                    print(f"{rule}, {word}: {', '.join(names)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
