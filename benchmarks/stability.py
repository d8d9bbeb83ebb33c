"""Do profiles keep still, and are they right? (`mood.md`, "Profile stability")

1,500 customers live a year. Each has a true state of mood, which changes 3.7 times a year, and writes
every 14 days on average; 35 % of the messages are about something else. What the model reads in a message
is what it does read in a sentence of GoEmotions' dev split with that label: the committed model, whichever
back end is installed. The disposition is decided by `engine.domain.disposition`, message by message, and
compared with the truth at noon of every day. Everything is drawn from one seed.

A is the emotion that the last message showed most, B the disposition.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import log
from pathlib import Path

from engine.adapters.nlp.classifier import Classifier
from engine.adapters.nlp.labels import GOEMOTIONS, MOOD
from engine.domain.disposition import NOBODY, Disposition, fold
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood

IDS = ("MOOD.still",)
DEV = Path(__file__).parents[1] / "datasets" / "goemotions" / "dev.tsv"
CUSTOMERS, DAYS, ROUNDS = 1500, 365, 3
CHANGES, GAP, ELSEWHERE = 3.7, 14.0, 0.35
START, DAY = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1)

Read = tuple[tuple[float, ...], float, int]
"""Probabilities, confidence and words of one sentence."""


@dataclass(frozen=True)
class Year:
    """One customer: since when which state was true, and what they wrote when."""

    states: list[tuple[float, str]]
    written: list[tuple[float, Read]]


def main() -> None:
    """Live it, and print what was measured."""
    pools, everything = sentences()
    rounds: dict[str, list[tuple[float, float, float]]] = {"last": [], "disposition": []}
    for number in range(ROUNDS):
        chance = random.Random(4 + number)
        years = [live(chance, pools, everything) for _ in range(CUSTOMERS)]
        config = learned(years)
        rounds["last"].append(judged(years, [list(last_top(year)) for year in years]))
        rounds["disposition"].append(
            judged(years, [list(dispositions(year, config)) for year in years])
        )
    rows = {}
    for rule, measured in rounds.items():
        units = ("changes per customer and year", "share right when assigned", "share assigned")
        for name, unit, values in zip(
            ("changes", "right", "assigned"), units, zip(*measured, strict=True), strict=True
        ):
            rows[f"MOOD.still.{rule}.{name}"] = {
                "value": round(statistics.median(values), 3),
                "low": round(min(values), 3),
                "high": round(max(values), 3),
                "rounds": ROUNDS,
                "unit": unit,
            }
    print(json.dumps(rows))


def sentences() -> tuple[dict[str, list[Read]], list[Read]]:
    """What the model reads in the sentences of each emotion, and in all of them."""
    found = [line.split("\t")[:2] for line in DEV.read_text(encoding="utf-8").splitlines()]
    texts = [text for text, _ in found]
    labels = [{GOEMOTIONS[int(number)] for number in given.split(",")} for _, given in found]
    probabilities = Classifier.load().predict(texts)
    everything = [
        (tuple(map(float, row)), confidence(row), len(text.split()))
        for row, text in zip(probabilities, texts, strict=True)
    ]
    pools = {
        emotion: [
            read
            for read, given in zip(everything, labels, strict=True)
            if given & set(MOOD[emotion])
        ]
        for emotion in EMOTIONS
    }
    return pools, everything


def confidence(row: Sequence[float]) -> float:
    """1 less the normalised entropy."""
    total = float(sum(row))
    shares = [float(p) / total for p in row]
    return 1 + sum(share * log(share) for share in shares if share > 0) / log(len(shares))


def live(chance: random.Random, pools: dict[str, list[Read]], everything: list[Read]) -> Year:
    """A year of one customer."""
    state = chance.choice(EMOTIONS)
    states, day = [(0.0, state)], chance.expovariate(CHANGES / DAYS)
    while day < DAYS:
        state = chance.choice([other for other in EMOTIONS if other != state])
        states.append((day, state))
        day += chance.expovariate(CHANGES / DAYS)
    written: list[tuple[float, Read]] = []
    day = chance.expovariate(1 / GAP)
    while day < DAYS:
        now = [state for since, state in states if since <= day][-1]
        pool = everything if chance.random() < ELSEWHERE else pools[now]
        written.append((day, chance.choice(pool)))
        day += chance.expovariate(1 / GAP)
    return Year(states, written)


def learned(years: Sequence[Year]) -> EmotionConfig:
    """The defaults, with what is usual among these customers."""
    rows = [read[0] for year in years for _, read in year.written]
    usual = tuple(statistics.fmean(column) for column in zip(*rows, strict=True))
    return replace(EmotionConfig(), usual=usual)


def last_top(year: Year) -> Iterator[tuple[float, str | None]]:
    """The rule of those who look at the last message."""
    for day, (probabilities, _, _) in year.written:
        yield day, EMOTIONS[probabilities.index(max(probabilities))]


def dispositions(year: Year, config: EmotionConfig) -> Iterator[tuple[float, str | None]]:
    """When which disposition began, and when there was none any more."""
    profile, held = NOBODY, None
    for number, (day, (probabilities, sure, words)) in enumerate(year.written):
        at = START + day * DAY
        if held is not None and held.until < at:
            yield (held.until - START) / DAY, None
        mood = MessageMood(
            f"{number}", at, "ticket", dict(zip(EMOTIONS, probabilities, strict=True)), sure, words
        )
        profile = fold(profile, mood, config)
        before, held = held, profile.disposition
        if _name(before) != _name(held) or (before is not None and before.until < at):
            yield day, _name(held)
    if held is not None and held.until < START + DAYS * DAY:
        yield (held.until - START) / DAY, None


def _name(held: Disposition | None) -> str | None:
    return None if held is None else held.emotion


def judged(
    years: Sequence[Year], told: Sequence[list[tuple[float, str | None]]]
) -> tuple[float, float, float]:
    """Changes per customer, the share of days that were right where anything was said, and the share of
    days on which anything was."""
    changes = right = said = 0
    for year, segments in zip(years, told, strict=True):
        names = [None, *(name for _, name in segments)]
        changes += sum(one != other for one, other in pairwise(names))
        for day in range(DAYS):
            noon = day + 0.5
            segment = next((name for at, name in reversed(segments) if at <= noon), None)
            if segment is not None:
                truth = next(state for at, state in reversed(year.states) if at <= noon)
                said += 1
                right += segment == truth
    return changes / len(years), right / max(1, said), said / (DAYS * len(years))


if __name__ == "__main__":
    main()
