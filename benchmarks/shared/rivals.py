"""A town in which everybody competes for the same few slots, on PostgreSQL, made by the engine itself.

Four people share each mailbox, and one event starts three journeys for each of them, all of whose mails
fall due at one instant: twelve messages for the one slot that the day allows. Of the week's three, most
mailboxes have used two or three.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.crowd import MAIL, NINE
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import connect, writing
from engine.adapters.db.deployments import DatabaseDeployments
from engine.adapters.db.events import ingest
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.schema import upgrade_engine
from engine.adapters.db.stored import length_micros, micros
from engine.application.advance_due import advance_due
from engine.application.deploy import apply
from engine.bootstrap import compile_project
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.in_force import Applied

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SHARING = 4
RIVALS = {"alpha": "high", "beta": "normal", "gamma": "low"}

_CONFIG = """
company:
  name: The Cozy Coffee Shop
  address: Example Street 1, 10115 Berlin
  time_zone: Europe/Berlin
  site: https://cozy.example
delivery: { by: folder, to: outbox }
secrets: { links: $LINK_KEY }
senders:
  lena: { name: Lena, email: lena@mail.cozy.example, reply_to: hello@cozy.example }
policy:
  categories:
    care: { class: marketing, consent: opt-in, cap: 2 per 36 hours }
  marketing_cap: [1 per calendar day, 3 per 7 days, at least 16 hours apart]
  quiet_hours: 20:00-08:00
  over_the_cap: postpone up to 3 days, then drop
"""
_JOURNEY = """
journey: {name}
title: Rival {name}
owner: lena@cozy.example
status: live
category: care
priority: {priority}
enter: {{ when: order.delivered, again: always }}
steps:
  - {{ id: a-day, wait: 1 day }}
  - {{ id: ask, send: rivals/{name} }}
"""
_EARLIER = """
    INSERT INTO slot (send_id, person_id, mailbox_key, mail, category, klass, at, tags, run, step, ghost)
    SELECT md5('slot' || id || ago), id, mailbox_key, 'earlier', 'care', 'marketing',
        CAST(:nine AS bigint) - ago * CAST(:day AS bigint), '[]', md5('earlier' || id), 'step', false
    FROM (SELECT id, mailbox_key, CAST(right(id, 8) AS bigint) AS n FROM person) p,
        generate_series(2, 6, 2) ago
    WHERE n % :sharing = 0 AND ago / 2 <= n / :sharing % 4"""


def open_town(url: str, people: int, rounds: int) -> Engine:
    """An engine on a new database with so many people, in as many cohorts as there are rounds: the mails
    of the first are due at `NINE`, those of each other one an hour later."""
    engine = connect(url)
    upgrade_engine(engine)
    project = compile_project(_project())
    if not project.ok:
        raise SystemExit("\n".join(map(str, project.diagnostics)))
    with writing(engine) as connection:
        apply(None, project, {}, DatabaseDeployments(connection), NINE - 10 * DAY)
    force = Applied(engine).at(NINE)
    assert force is not None
    for cohort in range(rounds):
        at = NINE - DAY + cohort * HOUR
        cast = range(cohort * people // rounds, (cohort + 1) * people // rounds)
        for first in range(cast.start, cast.stop, 1000):
            some = range(first, min(first + 1000, cast.stop))
            with writing(engine) as connection:
                ingest(connection, list(_arrivals(some, at)), at)
        advance_due(DatabaseLives(engine), force.rules, at, "town")
    with writing(engine) as connection:
        bound = {"nine": micros(NINE), "day": length_micros(DAY), "sharing": SHARING}
        connection.execute(sql(_EARLIER), bound)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sql("VACUUM ANALYZE"))
    return engine


def _project() -> dict[str, str]:
    journeys = {
        f"journeys/{name}.yaml": _JOURNEY.format(name=name, priority=priority)
        for name, priority in RIVALS.items()
    }
    mails = {f"templates/rivals/{name}.html.j2": MAIL for name in RIVALS}
    return {"config.yaml": _CONFIG, **journeys, **mails}


def _arrivals(some: range, at: datetime) -> Iterator[Arrival]:
    told = {"country": "DE", "locale": "de", "first_name": "Hanna"}
    agreed = ConsentEntry("care", "express", at - 30 * DAY, confirmed=True, own_act=True)
    for number in some:
        who, mailbox = f"p{number:08}", f"box{number // SHARING}@example.com"
        yield PersonArrived(who, mailbox, mailbox, told, at)
        yield ConsentArrived(who, agreed)
        yield EventArrived(who, Event(f"e{number}", "order.delivered", at))
