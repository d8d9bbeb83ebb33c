"""What the demo says in the end: who got what, what was held back and why, and where to look."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.adapters.sample.history import provenance
from engine.cli.output import say
from engine.domain.reasons import Reason

if TYPE_CHECKING:
    from engine.cli.demo_walk import Line, Walked

_LINES = 7


def tell(walked: Walked, out: Path, index: Path, orders: int, seconds: float) -> None:
    """The summary, for people."""
    say()
    _heading("The Cozy Coffee Shop, January 1997 to June 1998")
    facts = provenance()
    say(f"Real: {_listed(facts.real)}.")
    say(f"Made: {_listed(facts.made)}.")
    say()
    _heading(f"{sum(walked.sent.values()):,} mails were sent")
    for journey in sorted({name for name, _ in walked.sent}):
        mails = {mail: n for (name, mail), n in walked.sent.items() if name == journey}
        say(f"  {journey:<16}{sum(mails.values()):>7,}   {_mails(mails)}")
    goals = ", ".join(f"{name} {count:,}" for name, count in sorted(walked.reached.items()))
    say(f"  Goals reached: {goals}.")
    say()
    _heading(f"{sum(walked.held.values()):,} were held back, each for a reason")
    for reason, count in walked.held.most_common():
        say(f"  {count:>7,}   {_meaning(reason)}")
    say(f"  {walked.handed:>7,}   people were handed to a human instead of a mail.")
    say()
    for who, lines in _stories(walked):
        _heading(f"Customer {who}")
        for line in lines[:_LINES]:
            say(f"  {line.when}  {line.what}")
        say()
    _heading("Look")
    say(f"  All mails, to search and read:  {index}")
    who = next(iter(dict(_stories(walked))), "1")
    for command in (f"why {who}", f"preview onboarding/welcome --for {who} --open", "status"):
        say(f"  sincerely --project {out} --at 1998-07-01 {command}")
    say("  (1 July 1998 is the present of these customers.)")
    say()
    say(f"Done in {seconds:.0f} seconds. Run it again any time; it makes the same mails.")


def as_json(walked: Walked, index: Path, seconds: float) -> dict[str, Any]:
    """The summary, for programs."""
    facts = provenance()
    return {
        "people": len(walked.lived),
        "sent": {mail: count for (_, mail), count in sorted(walked.sent.items())},
        "held": dict(walked.held.most_common()),
        "handed_over": walked.handed,
        "goals": dict(walked.reached),
        "index": str(index),
        "real": dict(facts.real),
        "made": dict(facts.made),
        "seconds": round(seconds, 1),
    }


def _stories(walked: Walked) -> list[tuple[str, list[Line]]]:
    """Three people worth meeting: handed to a human, won back, and one who just enjoyed the shop."""
    found: dict[str, list[Line]] = {}
    for words in ("a human is asked", "reached the goal of win-back", "after-three-bags"):
        for who, lines in sorted(walked.stories.items(), key=lambda one: (-len(one[1]), one[0])):
            fits = any(words in line.what for line in lines)
            if who not in found and fits and 3 <= len(lines) <= _LINES:
                found[who] = lines
                break
    return list(found.items())


def _mails(mails: dict[str, int]) -> str:
    ranked = Counter(mails).most_common()
    return " · ".join(f"{mail.partition('/')[2]} {count:,}" for mail, count in ranked)


def _meaning(reason: str) -> str:
    return Reason(reason).meaning if reason in set(Reason) else reason


def _listed(counts: Any) -> str:
    return "; ".join(f"{count:,} {what}" for what, count in counts.items())


def _heading(text: str) -> None:
    click.secho(text, bold=True)
