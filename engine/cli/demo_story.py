"""What the demo says in the end: who got what, what was held back and why, and where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.adapters.sample.history import provenance
from engine.cli.output import counted, say
from engine.domain.reasons import Reason

if TYPE_CHECKING:
    from engine.cli.demo_moods import Moods, Sentence
    from engine.cli.demo_walk import Line, Walked

_LINES = 7


def tell(walked: Walked, moods: Moods, out: Path, index: Path, orders: int, seconds: float) -> None:
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
    by_message = f", {walked.by_message:,} of them because of what they wrote"
    say(
        f"  {walked.handed:>7,}   people were handed to a human instead of a mail"
        f"{by_message if walked.by_message else ''}."
    )
    say()
    _tell_moods(walked, moods)
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


def as_json(walked: Walked, moods: Moods, index: Path, seconds: float) -> dict[str, Any]:
    """The summary, for programs."""
    facts = provenance()
    return {
        "people": len(walked.lived),
        "sent": {mail: count for (_, mail), count in sorted(walked.sent.items())},
        "held": dict(walked.held.most_common()),
        "handed_over": walked.handed,
        "handed_over_by_message": walked.by_message,
        "waited": {reason: len(held) for reason, held in sorted(walked.waited.items())},
        "messages": moods.as_json(),
        "goals": dict(walked.reached),
        "index": str(index),
        "real": dict(facts.real),
        "made": dict(facts.made),
        "seconds": round(seconds, 1),
    }


def _tell_moods(walked: Walked, moods: Moods) -> None:
    """What was read of the words, how good that is, and what came of it."""
    read = moods.felt + moods.unknown + moods.sensitive
    _heading(f"{read:,} sentences were read, of people who agreed to it")
    say(f"  {_ranked(moods.moods)}")
    others = {
        "show nothing that could be read": moods.unknown,
        "are for a person to read": moods.sensitive,
        "were not read: their writers did not agree": moods.not_agreed,
    }
    say(f"  {'; '.join(f'{count:,} {what}' for what, count in others.items() if count)}.")
    if moods.leaning:
        share = moods.agree / moods.leaning
        say(
            f"  {moods.leaning:,} of them lean one way, and {share:.0%} of these the way that the readers of"
            f" the data set say ({moods.model})."
        )
    held = {reason: len(messages) for reason, messages in walked.waited.items()}
    for reason, count in sorted(held.items(), key=lambda one: -one[1]):
        say(f"  {counted(count, 'mail')} waited for a while: {_meaning(reason)}")
    example = _example(walked, moods)
    if example is not None:
        words = " and ".join(f"“{word}”" for word in example.words)
        say(f"  For example {example.person}: “{example.text}”")
        say(f"  {example.emotion}, {example.probability:.0%} sure, by {words}.")


def _example(walked: Walked, moods: Moods) -> Sentence | None:
    """The surest upset sentence with words to show for it, of somebody who waited or met a human."""
    waited = {person for held in walked.waited.values() for person, _ in held}
    met = {
        person
        for person, lines in walked.stories.items()
        if any("a human is asked" in line.what for line in lines)
    }
    found = [one for one in moods.strong if one.words and one.person in waited | met]
    return next(iter(found), next(iter(moods.strong), None))


def _ranked(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{name} {count:,}" for name, count in counts.items())


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
