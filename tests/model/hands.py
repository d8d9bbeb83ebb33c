"""Workers that stop at every call of the store, and go on only when they are told to.

So any order of their steps can be played, again and again the same, with the real code of the living
loop: a worker may be claimed from under its feet, stall until its lease runs out, or store late.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Hand:
    """One worker on a thread of its own, of which no other runs at the same time."""

    def __init__(self, work: Callable[[Callable[[], None]], object]) -> None:
        self.done = False
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def step(self) -> None:
        """Let it go on to its next call of the store, or to its end."""
        self._go.release()
        self._stopped.acquire()
        if self._trouble is not None:
            raise self._trouble

    def finish(self) -> None:
        """Let it come to its end."""
        while not self.done:
            self.step()

    def _pause(self) -> None:
        self._stopped.release()
        self._go.acquire()

    def _run(self, work: Callable[[Callable[[], None]], object]) -> None:
        self._go.acquire()
        try:
            work(self._pause)
        except BaseException as trouble:
            self._trouble = trouble
        finally:
            self.done = True
            self._stopped.release()
