"""Small building blocks for random worlds, drawn from one seed.

They are spelled like those of Hypothesis, which draws the seed. Its own blocks repeat themselves to
shrink well: of 1,500 conditions only 313 were different ones. A world of these does not shrink, so a
test names the one person and the one condition that it failed for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any


class Chance:
    """A way to draw a value."""

    def __init__(self, draw: Callable[[Random], Any]) -> None:
        self.draw = draw

    def map(self, change: Callable[[Any], Any]) -> Chance:
        return Chance(lambda random: change(self.draw(random)))


def just(value: Any) -> Chance:
    return Chance(lambda random: value)


def none() -> Chance:
    return just(None)


def booleans() -> Chance:
    return Chance(lambda random: random.random() < 0.5)


def integers(low: int, high: int) -> Chance:
    return Chance(lambda random: random.randint(low, high))


def sampled_from(values: Sequence[Any]) -> Chance:
    return Chance(lambda random: values[int(random.random() * len(values))])


def one_of(*ways: Chance) -> Chance:
    return Chance(lambda random: ways[int(random.random() * len(ways))].draw(random))


def tuples(*ways: Chance) -> Chance:
    return Chance(lambda random: tuple(way.draw(random) for way in ways))


def lists(way: Chance, *, min_size: int = 0, max_size: int) -> Chance:
    return Chance(lambda r: [way.draw(r) for _ in range(r.randint(min_size, max_size))])


def builds(build: Callable[..., Any], *ways: Chance, **named: Chance) -> Chance:
    return Chance(
        lambda random: build(
            *[way.draw(random) for way in ways],
            **{name: way.draw(random) for name, way in named.items()},
        )
    )


def fixed_dictionaries(
    needed: Mapping[str, Chance], *, optional: Mapping[str, Chance] | None = None
) -> Chance:
    def draw(random: Random) -> dict[str, Any]:
        found = {name: way.draw(random) for name, way in needed.items()}
        for name, way in (optional or {}).items():
            if random.random() < 0.7:
                found[name] = way.draw(random)
        return found

    return Chance(draw)
