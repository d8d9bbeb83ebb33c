"""How many recipients of a corpus of bounces are found, and whether each is told right: hard or soft.

`python benchmarks/bounces/measure.py bounceparser=FOLDER others=FOLDER` reads the mails that the tables
`bounceparser.tsv` and `others.tsv` name, each from its folder. A table has a line a recipient: `file`, `half`
(by lot, where a corpus was halved), `what` and `recipient`.

- `what` is hard (the address itself is bad), soft (anything else, R5.8), late (the server still tries),
  automatic or ordinary (no bounce), or nobody (a bounce that names nobody, which counts nowhere).
- `recipient` is the address in small letters, several with `|` between where each is right, or `#` and
  twelve digits of its SHA-256 where it may be that of a person.

A recipient is found if the mail is read as a bounce that names this address and none that the table does
not. Each rate has Wilson's interval of 95 %. `--failures A` lists what went wrong in that half, so that
the other stays unseen.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.adapters.mail.incoming.read import read_mail
from engine.domain.incoming import Bounce, Incoming, Undelivered

HERE = Path(__file__).parent
NO_BOUNCE = ("automatic", "ordinary")


@dataclass
class Known:
    """What is known of one mail. `recipients` are who it names, each with what became of the mail."""

    half: str
    what: str
    recipients: dict[str, str] = field(default_factory=dict)


@dataclass
class Count:
    """How many of how many."""

    right: int = 0
    of: int = 0

    def add(self, is_right: bool) -> None:
        self.right += is_right
        self.of += 1

    def __str__(self) -> str:
        if not self.of:
            return "none"
        low, high = wilson(self.right, self.of)
        return f"{self.right} of {self.of}, {self.right / self.of:.1%} ({low:.1%} to {high:.1%})"


@dataclass
class Tally:
    """What a corpus came to."""

    found: Count = field(default_factory=Count)
    right: Count = field(default_factory=Count)
    hard: Count = field(default_factory=Count)
    quiet: Count = field(default_factory=Count)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for mine, theirs in zip(self._counts(), other._counts(), strict=True):
            mine.right += theirs.right
            mine.of += theirs.of

    def _counts(self) -> tuple[Count, ...]:
        return self.found, self.right, self.hard, self.quiet

    def __str__(self) -> str:
        return (
            f"  recipients found: {self.found}\n"
            f"  found, and hard or soft told right: {self.right}\n"
            f"  called hard, rightly so: {self.hard}\n"
            f"  no bounce, and not taken for one: {self.quiet}"
        )


def wilson(right: int, of: int) -> tuple[float, float]:
    """The interval in which a share lies with 95 % certainty (Wilson 1927)."""
    z = 1.959964
    share, more = right / of, z * z / of
    middle = (share + more / 2) / (1 + more)
    half = z * math.sqrt(share * (1 - share) / of + more / of / 4) / (1 + more)
    return max(0.0, middle - half), min(1.0, middle + half)


def read_table(path: Path) -> dict[str, Known]:
    """The mails that a table names."""
    known: dict[str, Known] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            mail = known.setdefault(row["file"], Known(row["half"], row["what"]))
            if row["recipient"]:
                mail.recipients[row["recipient"]] = row["what"]
    return known


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", nargs="+", metavar="TABLE=FOLDER")
    parser.add_argument("--failures", metavar="HALF", help="list those of this half, or of all")
    asked = parser.parse_args()
    everything = Tally()
    for corpus in asked.corpora:
        name, _, folder = corpus.partition("=")
        known = read_table(HERE / f"{name}.tsv")
        for half in sorted({mail.half for mail in known.values()}):
            tally = measured(Path(folder), known, half)
            print(f"{name} {half}".strip())
            print(tally)
            if asked.failures in (half, "all"):
                print("\n".join(f"    {line}" for line in tally.failures))
            everything.add(tally)
    print(f"everything\n{everything}")
    return 0


def measured(folder: Path, known: Mapping[str, Known], half: str) -> Tally:
    """What was found in the mails of one half."""
    tally = Tally()
    for name, mail in known.items():
        if mail.half != half:
            continue
        incoming = read_mail((folder / name).read_bytes())
        if mail.what in NO_BOUNCE:
            tally.quiet.add(not isinstance(incoming, Bounce))
            if isinstance(incoming, Bounce):
                tally.failures.append(f"{name}: {mail.what}, {_shown(incoming)}")
            continue
        undelivered = incoming.undelivered if isinstance(incoming, Bounce) else ()
        by_name = {_name_of(one.address, mail.recipients): one for one in undelivered}
        no_other = by_name.keys() <= mail.recipients.keys()
        for recipient, what in mail.recipients.items():
            one = by_name.get(recipient) if no_other else None
            right = one is not None and _told(one) == what
            tally.found.add(one is not None)
            tally.right.add(right)
            if one is not None and one.verdict == "hard":
                tally.hard.add(what == "hard")
            if not right:
                tally.failures.append(f"{name}: {recipient} {what}, {_shown(incoming)}")
    return tally


def _told(one: Undelivered) -> str:
    """What we make of a recipient; where the report does not say, nobody is suppressed: soft."""
    if not one.final:
        return "late"
    return "hard" if one.verdict == "hard" else "soft"


def _name_of(address: str, recipients: Iterable[str]) -> str:
    """The name that the table has for an address, or the address itself."""
    digits = "#" + hashlib.sha256(address.encode()).hexdigest()[:12]
    return next((one for one in recipients if {address, digits} & set(one.split("|"))), address)


def _shown(incoming: Incoming) -> str:
    if not isinstance(incoming, Bounce):
        return type(incoming).__name__
    return " ".join(
        f"{one.address}={_told(one)}({one.verdict} {one.status})" for one in incoming.undelivered
    )


if __name__ == "__main__":
    raise SystemExit(main())
