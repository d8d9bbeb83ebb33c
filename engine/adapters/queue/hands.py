"""Hands that take jobs: one at a time from each queue, by Procrastinate in a loop of their own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError
from sqlalchemy import URL

from engine.adapters.queue.jobs import SCHEMA
from engine.application.ports.queue import Job, Kind


class Hands:
    """Takes jobs from queues and does them, until told to stop."""

    def __init__(self, url: URL, kinds: Sequence[Kind], do: Callable[[Job], None]) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._kinds = kinds
        self._do = do
        self._told = False
        self._wake: Callable[[], object] | None = None

    def work(self) -> str:
        """Take jobs until `stop`, and answer "" when those in hand are done; or, where the database
        could not be listened to any longer, why."""
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        try:
            asyncio.run(self._work())
        except (ConnectorException, OperationalError) as error:
            return str(error.__cause__ or error)
        finally:
            self._wake = None
        return "" if self._told else "the connection was cut"

    def stop(self) -> None:
        """Take no more jobs; from any thread."""
        self._told = True
        wake = self._wake
        if wake is not None:
            with suppress(RuntimeError):  # the loop has just ended by itself
                wake()

    async def _work(self) -> None:
        stopped = asyncio.Event()
        self._wake = partial(asyncio.get_running_loop().call_soon_threadsafe, stopped.set)
        if self._told:
            return
        async with self._app().open_async() as app:
            taking = [
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[kind],
                        concurrency=1,
                        delete_jobs="always",
                        install_signal_handlers=False,
                    )
                )
                for kind in self._kinds
            ]
            told = asyncio.create_task(stopped.wait())
            await asyncio.wait([told, *taking], return_when=asyncio.FIRST_COMPLETED)
            for task in (told, *taking):
                task.cancel()
            ended = await asyncio.gather(*taking, return_exceptions=True)
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome

    def _app(self) -> App:
        app = App(
            connector=PsycopgConnector(
                conninfo=self._url,
                kwargs={"options": f"-c search_path={SCHEMA}", "connect_timeout": 10},
                min_size=1,
                max_size=4,
            )
        )
        for kind in self._kinds:
            app.task(name=kind, queue=kind)(self._doing(kind))
        return app

    def _doing(self, kind: Kind) -> Callable[[int, int], None]:
        def do(first: int, width: int) -> None:
            self._do(Job(kind, first, width))

        return do
