"""P7: the sample segment `loyal-but-upset` over all people, as the engine asks it (kept columns, moods
first) against a grouped scan of the same tables. Both find the same people, or nothing is measured.

`PEOPLE` sets the size (1,000,000 by default, with ten events each; about 2 GB of temporary disk).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, not_, select, text

from engine.adapters.db.condition_sql import where, zones_in_use
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import METADATA, PERSON
from engine.domain.condition import (
    All,
    Attribute,
    Did,
    Feels,
    InSegment,
    InStage,
    Not,
    Op,
    TextTest,
)
from engine.domain.emotion import GROUPS
from engine.domain.facts import Rulebook
from engine.domain.journey import Policy
from engine.domain.segment import Segment

IDS = ("P7",)
ROUNDS = 5
PEOPLE = int(os.environ.get("PEOPLE", "1000000"))
NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)

EMPLOYEES = Attribute("email", TextTest("ends_with", "@cozy.example"))
LOYAL_BUT_UPSET = All(
    (
        InStage(("loyal",)),
        Feels(GROUPS["upset"], "high", 14 * DAY),
        Did("order.placed", Op.AT_LEAST, 3, 180 * DAY),
        Not(InSegment("employees")),
    )
)
RULES = Rulebook(
    journeys={},
    segments={
        "employees": Segment("employees", EMPLOYEES),
        "loyal-but-upset": Segment("loyal-but-upset", LOYAL_BUT_UPSET, stay_at_least=2 * DAY),
    },
    personas=(),
    policy=Policy({}),
    mails={},
)

# A year of events, one in seven an order, a few people very active; every number from a row number.
FILL = """
INSERT INTO person (id, shard, mailbox, mailbox_key, attributes, erased, orders)
SELECT 'p' || value, value % 256, value || iif(value % 1000, '@mail.example', '@cozy.example'), value,
       '{"first_name":"Ann","plan":"trial","country":"FR"}', 0, 0
FROM generate(:people);
INSERT INTO event (id, source, person_id, name, at, received_at, properties, starts, clock_skew, pending)
SELECT value, 'bench', 'p' || (value * 48271 % :people * (value * 16807 % :people) / :people),
       iif(value * 7919 % 7, 'page.viewed', 'order.placed'), :now - value * 69621 % 31536000 * 1000000,
       0, '{"total":20}', 1, 0, 0
FROM generate(:people * 10);
INSERT INTO reading (person_id, emotion, at, probability, message, until_low, until_medium, until_high)
SELECT person_id, emotion, at, 0.8, '', at + 14 * 86400000000, at + 7 * 86400000000, at + 86400000000
FROM (SELECT 'p' || (value * 39373 % :people) AS person_id,
             CASE value % 3 WHEN 0 THEN 'angry' WHEN 1 THEN 'delighted' ELSE 'satisfied' END AS emotion,
             :now - value * 40692 % 31536000 * 1000000 AS at FROM generate(:people / 5));
INSERT INTO consent (person_id, mailbox_key, topic, state, basis, at, recorded_at, confirmed, own_act,
                     source, wording, counts)
SELECT 'p' || value, value, 'profiling_emotion', 'express', '', 0, 0, 1, 1, '', '', 1
FROM generate(:people);
UPDATE person SET orders = kept.orders, first_order_at = kept.first, last_order_at = kept.last
FROM (SELECT person_id, count(*) AS orders, min(at) AS first, max(at) AS last FROM event
      WHERE name = 'order.placed' GROUP BY person_id) AS kept
WHERE kept.person_id = person.id;
"""
ROWS = (
    "(WITH RECURSIVE n (value) AS"
    " (SELECT 0 UNION ALL SELECT value + 1 FROM n WHERE value + 1 < {}) SELECT value FROM n)"
)
GROUPED = """
SELECT person.id FROM person
JOIN (SELECT person_id, count(*) AS orders, max(at) AS last,
             sum(at > :now - 180 * 86400000000) AS recent
      FROM event WHERE name = 'order.placed' AND at <= :now GROUP BY person_id) AS bought
  ON bought.person_id = person.id
JOIN (SELECT person_id, max(until_high) AS until FROM reading
      WHERE emotion IN ('angry', 'frustrated', 'disappointed', 'anxious') AND at <= :now
      GROUP BY person_id) AS mood
  ON mood.person_id = person.id
JOIN (SELECT person_id, max(at), state FROM consent WHERE topic = 'profiling_emotion'
      GROUP BY person_id) AS ledger
  ON ledger.person_id = person.id
WHERE bought.orders >= 4 AND bought.last >= :now - 182 * 86400000000 AND bought.recent >= 3
  AND mood.until > :now - 14 * 86400000000 AND ledger.state = 'express'
  AND person.mailbox NOT LIKE '%@cozy.example' AND NOT person.erased
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'people.db'}")
        METADATA.create_all(engine)
        with writing(engine, durable=False) as connection:
            fill(connection)
        with reading(engine) as connection:
            measure(connection)
        engine.dispose()


def fill(connection: Connection) -> None:
    values = {":people": str(PEOPLE), ":now": str(micros(NOW))}
    for statement in FILL.split(";\n")[:-1]:
        before, generated, size = statement.partition("generate(")
        if generated:
            size, _, after = size.partition(")")
            statement = before + ROWS.format(size) + after
        for name, value in values.items():
            statement = statement.replace(name, value)
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("ANALYZE")


def measure(connection: Connection) -> None:
    found = set(ours(connection))
    if not found or found != set(grouped(connection)):
        raise SystemExit("the two forms do not find the same people, or find nobody")
    ratios, millis = [], []
    for _ in range(ROUNDS):
        slow, fast = seconds(grouped, connection), seconds(ours, connection)
        ratios.append(slow / fast)
        millis.append(fast * 1000)
    print(
        f"{len(found):,} of {PEOPLE:,} people in {statistics.median(millis):.1f} ms",
        file=sys.stderr,
    )
    row = {
        "value": round(statistics.median(ratios), 1),
        "low": round(min(ratios), 1),
        "high": round(max(ratios), 1),
        "rounds": ROUNDS,
        "unit": "ratio",
    }
    print(json.dumps({"P7": row}))


def ours(connection: Connection) -> list[str]:
    """As `segment members` asks it, with the compiling."""
    inside = where(
        InSegment("loyal-but-upset"), RULES, NOW, lambda: zones_in_use(connection, RULES)
    )
    return list(connection.scalars(select(PERSON.c.id).where(inside, not_(PERSON.c.erased))))


def grouped(connection: Connection) -> list[str]:
    return list(connection.scalars(text(GROUPED), {"now": micros(NOW)}))


def seconds(ask: Callable[[Connection], list[str]], connection: Connection) -> float:
    began = time.perf_counter()
    ask(connection)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
