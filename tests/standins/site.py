"""The web side of a small business as a visitor meets it: a real server on a real database."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.data_links import DatabaseDataLinks
from engine.adapters.db.events import ingest
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.lives import load
from engine.adapters.db.notices import DatabaseNotices
from engine.adapters.db.past_mails import DatabasePastMails
from engine.adapters.db.profiles import DatabaseProfiles
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import OUTBOX, PERSON, RUN
from engine.adapters.db.tasks import DatabaseTasks
from engine.adapters.links import Links, Purpose
from engine.adapters.page_words import words_for
from engine.application.data_mail import DataMail
from engine.application.tell import tell
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.ids import send_id
from engine.domain.message import Message, Receipt
from engine.language.config_file import Config
from engine.language.config_types import Company, Sender
from engine.language.page_words import Pages
from engine.web.app import build_app
from engine.web.doors import Doors, OwnData
from engine.web.page import Look
from tests.standins.running import running

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
COMPANY = Company(
    "The Cozy Coffee Shop",
    time_zone="Europe/Berlin",
    locales=("en", "de", "fr", "es", "it", "nl", "pt-BR"),
    colour="#7a4b2a",
)
PAGES = Pages(
    themes={"mothers-day": {"": "Mother's Day", "de": "den Muttertag"}, "wine": {"": "wine"}},
    topics={"news": {"": "news from the café", "de": "Neues aus dem Café"}},
    journeys={"win-back": {"": "A coffee for old friends"}},
)
SENDERS = {"lena": Sender("Lena", "lena@cozy.example", reply_to="care@cozy.example")}
TOPICS = ("news", "promotion")
MAIL = send_id("r1", "hello")
SERVICE_MAIL = send_id("r2", "late")
ASKING_MAIL = send_id("r3", "confirm")
FORM = "application/x-www-form-urlencoded"


@dataclass
class Post:
    """A mailer that keeps what it is given."""

    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message, now: datetime) -> Receipt:
        """Take it."""
        self.sent.append(message)
        return Receipt("accepted", provider_id="x")


@dataclass
class Site:
    """Zoe, three mails to her, and the pages that they lead to. `now` is the clock of the pages."""

    engine: Engine
    port: int = 0
    now: datetime = NOW
    post: Post = field(default_factory=Post)
    links: Links = field(init=False)

    def __post_init__(self) -> None:
        self.links = Links("https://cozy.example", [b"a key of the coffee shop"])

    def path(self, purpose: Purpose, mail: str = MAIL) -> str:
        """The address of a page, without the host."""
        return f"/{purpose}/{self.links.token(purpose, mail)}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        """One request, as no browser makes it: with nothing but what is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(connection):
            connection.request(method, path, body, {"Content-Type": FORM, **named})
            answer = connection.getresponse()
            return answer, answer.read().decode("utf-8", "replace")

    def facts(self) -> Facts:
        """Zoe, as the next turn sees her."""
        with reading(self.engine) as connection:
            [visit] = load(connection, ["zoe"], self.now)
            return visit.life.facts

    def tell(self, *arrivals: Arrival) -> None:
        """Something comes in."""
        with writing(self.engine) as connection:
            ingest(connection, arrivals, self.now)

    def deliver(self) -> list[Message]:
        """What the daemon hands over now of the mails that people asked for."""
        config = Config(company=COMPANY, senders=SENDERS)
        writer = DataMail(
            config,
            reader=DatabaseDataLinks(self.engine).reader,
            link=lambda notice: self.links.url("d", notice),
            words=lambda locale: words_for(locale, company=COMPANY.locales),
        )
        before = len(self.post.sent)
        tell(
            DatabaseNotices(self.engine),
            writer.write,
            self.post,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
            self.now,
            "test",
            kinds=("data",),
        )
        return self.post.sent[before:]


def agreed(topic: str, **more: object) -> ConsentArrived:
    """Zoe said yes, on the form, a month ago."""
    entry = ConsentEntry(
        topic, "express", NOW - timedelta(days=30), basis="sign-up form", confirmed=True,
        own_act=True,
    )  # fmt: skip
    return ConsentArrived("zoe", replace(entry, **more))  # type: ignore[arg-type]


def settle(site: Site, locale: str | None = "en") -> None:
    """Zoe and her mails, on an empty database."""
    known = {"first_name": "Zoe", "country": "DE", "birthday": "1990-02-11", "loyalty": "gold"}
    values = known | ({"locale": locale} if locale else {})
    signed_up = ConsentEntry("promotion", "pending", NOW - timedelta(days=1), own_act=True)
    order = Event("o1", "order.placed", NOW - timedelta(days=90), {"total": 24.5}, starts=False)
    site.tell(
        PersonArrived("zoe", "Zoe@example.com", "zoe@example.com", values, NOW),
        EventArrived("zoe", order),
        agreed("news"),
        ConsentArrived("zoe", signed_up),
    )
    with writing(site.engine) as connection:
        connection.execute(PERSON.update().values(first_order_at=micros(order.at), orders=1))
        connection.execute(
            RUN.insert().values(
                id="r1", person_id="zoe", journey="win-back", entry_key="once",
                entered_at=micros(NOW - timedelta(days=3)), version="1", since=micros(NOW),
                held_out=False, state={}, kept=True,
            )
        )  # fmt: skip
        for identity, category, klass in (
            (MAIL, "news", "marketing"),
            (SERVICE_MAIL, "service", "service"),
            (ASKING_MAIL, "sign-up", "transactional"),
        ):
            connection.execute(
                OUTBOX.insert().values(
                    send_id=identity, person_id="zoe", run="r1", journey="win-back", step="hello",
                    mail="win-back/hello", category=category, klass=klass, rank=2, priority=2,
                    due=micros(NOW), ready_at=micros(NOW), queued_at=micros(NOW), status="sent",
                    detail="", attempt=1, provider_id="", message_id="",
                )
            )  # fmt: skip


@contextmanager
def serving(
    engine: Engine, look: Look | None = None, locales: Sequence[str] = COMPANY.locales
) -> Iterator[Site]:
    """The pages, until the block ends."""
    site = Site(engine)
    profiles = DatabaseProfiles(engine)

    def erase(who: str, now: datetime) -> None:
        profiles.erase(who, f"erased-{who[::-1]}-7f3a", now)

    doors = Doors(
        look=look or Look(COMPANY.name, COMPANY.colour),
        links=site.links,
        past_mails=DatabasePastMails(engine),
        intake=DatabaseIntake(engine),
        now=lambda: site.now,
        topics=TOPICS,
        confirms={"sign-up": ("promotion",)},
        pages=PAGES,
        locales=locales,
        zone=COMPANY.time_zone,
        data=OwnData(DatabaseDataLinks(engine), profiles.export, erase),
    )
    app = build_app(doors, lambda digest: None, DatabaseTasks(engine))
    with running(app) as site.port:
        yield site
