"""A shop whose data comes in by HTTP: a real server on a port, a real database, and the inbox drained."""

from __future__ import annotations

import http.client
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import reading
from engine.adapters.db.inbox import DatabaseInbox, Kept, kept
from engine.adapters.db.past_mails import DatabasePastMails
from engine.adapters.db.people import find, page
from engine.adapters.db.tasks import DatabaseTasks
from engine.adapters.db.write_keys import DatabaseWriteKeys
from engine.adapters.links import Links
from engine.application.ports.write_keys import SCOPES
from engine.application.take_in import drain
from engine.application.write_keys import make_key
from engine.bootstrap import compile_project, intake_of, processors_of
from engine.domain.person import Person
from engine.settings import Settings
from engine.web.app import build_app
from engine.web.doors import Doors
from engine.web.letterbox import Letterbox
from engine.web.page import Look
from engine.web.tracking import Tracking
from tests.standins.running import running

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)
CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy: { categories: { news: { class: marketing } } }
"""


@dataclass
class Shop:
    """One server and its database; the clock stands at `now`."""

    engine: Engine
    port: int = 0
    now: datetime = NOW
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def key(self, name: str = "shop", *scopes: str, source: str = "api") -> str:
        """The key of this name, made when first asked for."""
        if name not in self.keys:
            store = DatabaseWriteKeys(self.engine)
            wanted = scopes or SCOPES
            self.keys[name] = make_key(
                store, name, f"{name}-0123456789abcdef", self.now, scopes=wanted, source=source
            )
        return self.keys[name]

    def post(
        self, call: str, body: Any, key: str | None = "", method: str = "POST", **headers: str
    ) -> tuple[int, dict[str, Any], http.client.HTTPResponse]:
        """Post a document, or raw bytes; by the usual key, by another, or by none (None)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            named["Authorization"] = basic(key or self.key())
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, f"/v1/{call}", raw, named)
            answer = connection.getresponse()
            content = answer.read()
        try:
            said = json.loads(content)
        except ValueError:
            said = {}
        return answer.status, said, answer

    def process(self) -> int:
        """Drain the inbox, as the daemon does."""
        project = compile_project({"config.yaml": CONFIG})
        assert project.ok, project.diagnostics
        settings = Settings(Path.cwd())

        def clock() -> datetime:
            return self.now

        table = processors_of(self.engine, project, project.rulebook, settings, clock)
        return drain(DatabaseInbox(self.engine), table, clock)

    def people(self) -> dict[str, Person]:
        with reading(self.engine) as connection:
            return {one.id: one for one in page(connection)}

    def find(self, who: str) -> str | None:
        with reading(self.engine) as connection:
            return find(connection, who)

    def events(self) -> list[tuple[str, str, str]]:
        """Person, name and id of all events, in the order of their ids."""
        return [
            tuple(row) for row in self.rows("SELECT person_id, name, id FROM event ORDER BY id")
        ]

    def kept(self) -> list[Kept]:
        with reading(self.engine) as connection:
            return kept(connection)

    def rows(self, statement: str) -> list[Any]:
        with reading(self.engine) as connection:
            return list(connection.execute(sql(statement)))


def track(name: str, message: str, user: str = "u", **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": name, "messageId": message, "userId": user, **more}


def identify(message: str, at: datetime, user: str = "u", **traits: Any) -> dict[str, Any]:
    said = {"type": "identify", "messageId": message, "userId": user, "traits": traits}
    return {**said, "timestamp": at.isoformat()}


def basic(key: str) -> str:
    return "Basic " + b64encode(f"{key}:".encode()).decode()


@contextmanager
def serving(engine: Engine) -> Iterator[Shop]:
    shop = Shop(engine)
    doors = Doors(
        look=Look("Shop"),
        links=Links("https://shop.example", [b"a key of the shop"]),
        past_mails=DatabasePastMails(engine),
        intake=intake_of(engine),
        now=lambda: shop.now,
    )
    tracking = Tracking(
        DatabaseWriteKeys(engine), Letterbox(DatabaseInbox(engine).put_all), lambda: shop.now
    )
    app = build_app(doors, lambda _: None, DatabaseTasks(engine), [tracking.route()])
    with running(app) as shop.port:
        yield shop
