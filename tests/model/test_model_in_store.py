"""The real store against the oracle: the same towns, with several workers and senders in any order.

One piece by itself: `pytest tests/model/test_model_in_store.py -k sqlite`. `SEQUENCES=500` before it
runs so many stories on each database; `SINCERELY_HYPOTHESIS=nightly` (that is `make nightly`) 2,000.
Without either the few stories are the same each time, so that they say what a change did.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from engine.adapters.db.connect import connect
from engine.adapters.queue.install import install
from tests.model.by_jobs import ByJobsMachine
from tests.model.in_store import InStoreMachine

NIGHTLY = os.environ.get("SINCERELY_HYPOTHESIS") == "nightly"
SEQUENCES = int(os.environ.get("SEQUENCES", "2000" if NIGHTLY else "15"))
SAME = not NIGHTLY and "SEQUENCES" not in os.environ


def test_workers_and_senders_in_any_order_break_no_rule(database: str) -> None:
    """R3.3, R3.9, R10.2; invariants 1 to 3."""
    _play(InStoreMachine, database, SEQUENCES)


def test_workers_that_take_jobs_in_any_order_break_no_rule(postgres_url: str) -> None:
    """R10.1, R10.2: by jobs of parts and of everything, some of them lost; nothing is left undone."""
    engine = connect(postgres_url)
    install(engine)
    engine.dispose()
    _play(ByJobsMachine, postgres_url, max(5, SEQUENCES // 2))


def _play(machine: type[InStoreMachine], database: str, sequences: int) -> None:
    engine: Engine = connect(database)

    class Here(machine):  # type: ignore[misc,valid-type]
        pass

    Here.engine = engine
    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=sequences,
                derandomize=SAME,
                stateful_step_count=60,
                deadline=None,
                phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
                report_multiple_bugs=False,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        engine.dispose()
