"""How often somebody may come: one token bucket for each name and client, in a bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from engine.web.shell.bounds import Bounds

MOST = 20_000
"""Buckets that are kept, about 6 MB. Who was not seen for longest is forgotten first, and starts anew."""


class Rates:
    """The buckets of one process. `clock` gives seconds that only ever rise."""

    def __init__(self, clock: Callable[[], float], most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def wait(self, bounds: Bounds, client: str) -> float:
        """Take one request out of the client's bucket: 0 if it may pass, else the seconds until one may.

        Who is refused pays nothing, so that asking again and again does not make the wait longer.
        """
        now, key = self._clock(), (bounds.name, client)
        left, since = self._left.pop(key, (float(bounds.burst), now))
        left = min(float(bounds.burst), left + (now - since) * bounds.rate)
        may = left >= 1
        self._left[key] = left - may, now
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0.0 if may else (1 - left) / bounds.rate
