"""A shop with very many customers on PostgreSQL, made by the server itself in a few statements.

Everybody has a past: two orders, a look at the shop, a mail they got; three in ten stopped ordering and
went through the win-back. People come in ten cohorts, by the last digit of their number; those of a
waiting cohort stand at the wait of `care`, whose mail is due for all of them at one instant. One in
twenty has had as many mails this week as they may, and one in fifty shares a mailbox with somebody of
the same cohort.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import tables
from engine.adapters.db.connect import connect, writing
from engine.adapters.db.deployments import DatabaseDeployments
from engine.adapters.db.schema import upgrade_engine
from engine.adapters.db.stored import length_micros, micros
from engine.application.deploy import apply
from engine.bootstrap import compile_project
from engine.in_force import Applied

NINE = datetime(2026, 11, 4, 8, tzinfo=UTC)
"""A Wednesday, nine o'clock in Berlin."""

COHORTS = 10

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
    care: { class: marketing, consent: opt-in }
    promotion: { class: marketing, sells: yes, consent: double opt-in, cap: 2 per 7 days }
  marketing_cap: [1 per calendar day, 3 per 7 days, 8 per calendar month]
  quiet_hours: 20:00-08:00
  over_the_cap: postpone up to 3 days, then drop
  hold_when:
    - { category: promotion, if: { open_ticket: yes } }
"""
_CARE = """
journey: care
title: How is the coffee?
owner: lena@cozy.example
status: live
category: care
enter: { when: order.delivered, again: after 30 days }
goal: { did: review.written, within: 14 days }
leave_when: { open_ticket: yes }
steps:
  - { id: five-days, wait: 5 days }
  - { id: ask, send: crowd/hello }
  - { id: a-week, wait: 7 days }
  - { id: ask-again, send: crowd/hello-again }
"""
_WIN_BACK = """
journey: win-back
title: Where have you been?
owner: lena@cozy.example
status: live
category: promotion
priority: low
enter: { joins: quiet, again: after 180 days }
stay: always
goal: { did: order.placed, within: 30 days }
steps:
  - { id: offer, send: crowd/hello }
"""
_BIRTHDAY = """
journey: birthday
title: A coffee on us
owner: lena@cozy.example
status: live
category: promotion
enter:
  on_date: birthday
  yearly: yes
  at: "09:00"
  leap_day: feb28
  if: { did: order.placed }
  again: always
steps:
  - { id: wish, send: crowd/hello, expires_after: 20 hours }
"""
_QUIET = """
segment: quiet
title: Ordered once, and not for three months
owner: lena@cozy.example
who:
  all:
    - did: order.placed
    - { did_not: order.placed, within: 90 days }
    - consent: { promotion: given }
"""
MAIL = """---
subject: "Hello {{ first_name }}"
preheader: And what happens next
from: lena
needs:
  first_name: { sample: Hanna, if_missing: there }
---
<html lang="en"><head><title>Hello</title></head><body><p>{{ first_name }}, how is the coffee?</p>
<p>The Cozy Coffee Shop, Example Street 1, 10115 Berlin.
<a href="{{ links.unsubscribe }}">Unsubscribe</a>, <a href="{{ links.preferences }}">choose</a>, or see
<a href="{{ links.why }}">why you got this</a>.</p></body></html>
"""
_PROJECT = {
    "config.yaml": _CONFIG,
    "journeys/care.yaml": _CARE,
    "journeys/win-back.yaml": _WIN_BACK,
    "journeys/birthday.yaml": _BIRTHDAY,
    "segments/quiet.yaml": _QUIET,
    "templates/crowd/hello.html.j2": MAIL,
    "templates/crowd/hello-again.html.j2": MAIL,
}

_ADDRESS = "CASE WHEN n % 500 BETWEEN 10 AND 19 THEN n - 10 ELSE n END"
_LAST_ORDER = (
    ":nine - :day * (CASE WHEN n * 7919 % 100 < 70 THEN 35 + n % 25 ELSE 200 + n % 100 END)"
)
_AWAY = "n * 7919 % 100 >= 70"
_WAKES = ":nine + :hour * (n % 10)"
_ENTERED = f"{_WAKES} - 5 * :day"
_PEOPLE = f"""
    SELECT n, 'p' || lpad(n::text, 8, '0') AS id, 'person' || ({_ADDRESS}) || '@example.com' AS mailbox,
        encode(sha256(convert_to('person' || ({_ADDRESS}) || '@example.com', 'UTF8')), 'hex') AS key,
        {_LAST_ORDER} AS ordered, n % 10 < :waiting AS waits, {_ENTERED} AS entered
    FROM generate_series(CAST(0 AS bigint), CAST(:people AS bigint) - 1) n"""

_FILL = (
    """
    INSERT INTO person (id, shard, email, mailbox, mailbox_key, zone, zone_source, country, locale,
        attributes, created_at, erased, orders, first_order_at, last_order_at, stage)
    SELECT id, ('x' || left(key, 2))::bit(8)::int, mailbox, mailbox, key, 'Europe/Berlin', 'country',
        'DE', 'de', jsonb_build_object('first_name', 'Person ' || n, 'country', 'DE', 'locale', 'de',
            'birthday', (date '1950-01-01' + (n * 37 % 18000)::int)::text, 'tags',
            jsonb_build_array('filter', 'decaf')),
        ordered - 101 * :day, false, 2, ordered - 100 * :day, ordered,
        CASE WHEN {away} THEN 'at-risk' ELSE 'active' END
    FROM crowd""",
    """
    INSERT INTO consent (person_id, mailbox_key, topic, state, basis, at, recorded_at, confirmed,
        own_act, source, wording, counts)
    SELECT id, key, topic, 'express', '', ordered - 101 * :day, ordered - 101 * :day, true, true,
        'form', 'v1', true
    FROM crowd, (VALUES ('promotion'), ('care')) t (topic)""",
    """
    INSERT INTO event (id, source, person_id, name, at, received_at, properties, starts, clock_skew,
        pending)
    SELECT md5(id || kind || ago), CASE kind WHEN 'mail.sent' THEN 'engine' ELSE 'api' END, id, kind,
        ordered - ago * :day, ordered - ago * :day, jsonb_build_object('order_id', (n * 10 + ago)::text,
            'total', 20, 'items', 2), true, false, false
    FROM crowd, (VALUES ('order.placed', 100), ('order.placed', 0), ('product.viewed', 1),
        ('mail.sent', 50)) t (kind, ago)""",
    """
    INSERT INTO event (id, source, person_id, name, at, received_at, properties, starts, clock_skew,
        pending)
    SELECT md5(id || kind), source, id, kind, entered, entered, CASE source WHEN 'engine'
            THEN jsonb_build_object('journey', 'care', 'run', md5('care' || n))
            ELSE jsonb_build_object('order_id', (n * 10)::text) END, true, false, false
    FROM crowd, (VALUES ('order.delivered', 'api'), ('journey.entered', 'engine')) t (kind, source)
    WHERE waits""",
    """
    INSERT INTO run (id, person_id, journey, entry_key, entered_at, version, step, since, wake_at,
        held_out, kept, state)
    SELECT md5('care' || n), id, 'care', 'api:' || md5(id || 'order.delivered'), entered, :version,
        'five-days', entered, {wakes}, false, true, jsonb_build_object('visited',
            jsonb_build_array('five-days'), 'entry', jsonb_build_object('id',
            md5(id || 'order.delivered'), 'name', 'order.delivered', 'at', entered, 'properties',
            jsonb_build_object('order_id', (n * 10)::text), 'source', 'api', 'starts', true))
    FROM crowd WHERE waits""",
    """
    INSERT INTO run (id, person_id, journey, entry_key, entered_at, version, since, ended_at, because,
        held_out, kept, state)
    SELECT md5('win-back' || n), id, 'win-back', 'joined', ordered + 90 * :day, 'old',
        ordered + 90 * :day, ordered + 90 * :day, 'finished', false, false,
        jsonb_build_object('visited', jsonb_build_array('offer'))
    FROM crowd WHERE {away}""",
    """
    INSERT INTO membership (person_id, segment, since)
    SELECT id, 'quiet', ordered + 90 * :day FROM crowd WHERE {away}""",
    """
    INSERT INTO slot (send_id, person_id, mailbox_key, mail, category, klass, at, tags, run, step,
        ghost)
    SELECT md5('slot' || n || ago), id, key, 'earlier', 'care', 'marketing', :nine - ago * :day, '[]',
        md5('earlier' || n), 'step', false
    FROM crowd, generate_series(2, 10, 2) ago
    WHERE CASE WHEN n / 10 % 20 = 3 THEN ago < 8 ELSE ago = 10 AND n / 10 % 20 > 11 END""",
    """
    INSERT INTO trace (person_id, at, journey, run, step, what, because, detail, version)
    SELECT id, entered, 'care', md5('care' || n), 'five-days', what, '', '{{}}', :version
    FROM crowd, (VALUES ('entered'), ('waits')) t (what) WHERE waits""",
    """
    INSERT INTO due (person_id, shard, mailbox_key, due_at, changed, looked_at, wakes_at, zone,
        knocking)
    SELECT id, ('x' || left(key, 2))::bit(8)::int, key, wakes, 1, looked, wakes, 'Europe/Berlin', '[]'
    FROM (SELECT *, CASE WHEN waits THEN {wakes} ELSE :nine + :day * (30 + n % 60) END AS wakes,
        CASE WHEN waits THEN entered ELSE :nine - :day END AS looked FROM crowd) c""",
)


def open_crowd(url: str, people: int, waiting: int) -> Engine:
    """An engine on a new database with so many people, of whom the first `waiting` cohorts wait:
    cohort 0 until `NINE`, and each other one an hour longer."""
    engine = connect(url)
    upgrade_engine(engine)
    project = compile_project(_PROJECT)
    if not project.ok:
        raise SystemExit("\n".join(map(str, project.diagnostics)))
    with writing(engine) as connection:
        apply(None, project, {}, DatabaseDeployments(connection), NINE - timedelta(days=400))
    force = Applied(engine).at(NINE)
    assert force is not None
    with writing(engine) as connection:
        _fill(connection, people, waiting, force.rules.journeys["care"].version)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sql("VACUUM ANALYZE"))
    return engine


def _fill(connection: Connection, people: int, waiting: int, version: str) -> None:
    indexes = [index for table in tables.METADATA.sorted_tables for index in table.indexes]
    for index in indexes:
        index.drop(connection, checkfirst=True)
    bound = {
        "nine": micros(NINE),
        "day": length_micros(timedelta(days=1)),
        "hour": length_micros(timedelta(hours=1)),
        "people": people,
        "waiting": waiting,
        "version": version,
    }
    connection.execute(sql(_casted(f"CREATE TEMPORARY TABLE crowd AS {_PEOPLE}")), bound)
    for statement in _FILL:
        filled = _casted(statement.format(away=_AWAY, wakes=_WAKES))
        connection.execute(sql(filled), bound)
    for index in indexes:
        index.create(connection)


def _casted(statement: str) -> str:
    for name in ("nine", "day", "hour"):
        statement = statement.replace(f":{name}", f"CAST(:{name} AS bigint)")
    return statement
