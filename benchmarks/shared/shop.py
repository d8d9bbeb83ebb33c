"""A small shop for benchmarks of the living loop: one journey, one mail of 16 KB, many people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from engine.adapters.db.connect import connect, writing
from engine.adapters.db.deployments import DatabaseDeployments
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.schema import upgrade_engine
from engine.application.deploy import apply
from engine.bootstrap import compile_project
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.settings import Settings

NOW = datetime(2026, 11, 4, 10, tzinfo=UTC)
"""A Wednesday morning."""

CONFIG = """
company:
  name: The Cozy Coffee Shop
  address: Example Street 1, 10115 Berlin
  time_zone: Europe/Berlin
  site: https://cozy.example
delivery: { by: smtp, host: 127.0.0.1, port: %d, security: none }
secrets: { links: $LINK_KEY }
senders:
  lena: { name: Lena, email: lena@mail.cozy.example, reply_to: hello@cozy.example }
policy:
  categories:
    promotion: { class: marketing, sells: yes, consent: double opt-in, cap: 2 per 7 days }
  marketing_cap: [1 per calendar day, 3 per 7 days]
"""
JOURNEY = """
journey: thanks
title: Thanks for the order
owner: lena@cozy.example
status: live
category: promotion
enter: { when: order.placed, again: never }
steps:
  - { id: thanks, send: order/thanks }
  - { id: a-month, wait: 30 days }
"""
PARAGRAPH = """
<tr><td style="margin:0;padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:16px">
{{ first_name }}, order {{ order_id }} is on its way: grind it just before you brew, and wait half a
minute after the water has boiled. <a href="https://cozy.example/beans/%d" style="color:#7a4b2a;
font-weight:600">Read more about beans, water and patience</a>.</td></tr>
"""
MAIL = """---
subject: "{{ first_name }}, order {{ order_id }} is on its way"
preheader: And what happens next
from: lena
needs:
  first_name: { sample: Hanna, if_missing: there }
  order_id: { sample: "1042", if_missing: hold the mail }
---
<html lang="en"><head><title>Thanks</title></head><body><table role="presentation"><tbody>
PARAGRAPHS
<tr><td>The Cozy Coffee Shop, Example Street 1, 10115 Berlin.
<a href="{{ links.unsubscribe }}">Unsubscribe</a>, <a href="{{ links.preferences }}">choose what you
get</a>, or see <a href="{{ links.why }}">why you got this</a>.</td></tr></tbody></table></body></html>
""".replace("PARAGRAPHS", "".join(PARAGRAPH % number for number in range(19)))


def open_shop(url: str, port: int = 25) -> Engine:
    """An engine on a new database where the shop's only version is in force."""
    engine = connect(url)
    upgrade_engine(engine)
    project = compile_project(
        {
            "config.yaml": CONFIG % port,
            "journeys/thanks.yaml": JOURNEY,
            "templates/order/thanks.html.j2": MAIL,
        }
    )
    if not project.ok:
        raise SystemExit("\n".join(map(str, project.diagnostics)))
    with writing(engine) as connection:
        apply(None, project, {}, DatabaseDeployments(connection), NOW)
    return engine


def settings(folder: Path) -> Settings:
    """What the environment says."""
    return Settings(folder, {"LINK_KEY": "0123456789abcdef" * 4})


def people(numbers: Iterable[int]) -> list[Arrival]:
    """People who agreed to everything."""
    agreed = ConsentEntry("promotion", "express", NOW, confirmed=True, own_act=True)
    arrivals: list[Arrival] = []
    for number in numbers:
        name, address = f"p{number:07}", f"person{number}@example.com"
        values = {"first_name": f"Person {number}", "country": "DE"}
        arrivals.append(PersonArrived(name, address, address, values, NOW))
        arrivals.append(ConsentArrived(name, agreed))
    return arrivals


def orders(numbers: Iterable[int], round_: int = 0) -> list[Arrival]:
    """One order each, just placed."""
    return [
        EventArrived(
            f"p{number:07}",
            Event(
                f"{round_}-{number}", "order.placed", NOW, {"order_id": f"{number}", "total": 20}
            ),
        )
        for number in numbers
    ]


def take_in(engine: Engine, arrivals: list[Arrival]) -> None:
    """By the ordinary door, in batches."""
    intake = DatabaseIntake(engine)
    for start in range(0, len(arrivals), 5_000):
        intake.take_in(arrivals[start : start + 5_000], NOW)
