"""Hands that take jobs: one at a time from each queue, by Procrastinate in a loop of their own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from procrastinate import App, PsycopgConnector
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
        self._stopped = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def work(self) -> None:
        """Take jobs until `stop`; returns when those in hand are done, or the database is lost."""
        logging.getLogger("procrastinate").setLevel(logging.ERROR)
        asyncio.run(self._work())

    def stop(self) -> None:
        """Take no more jobs; from any thread."""
        self._told = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
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
            told = asyncio.create_task(self._stopped.wait())
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
