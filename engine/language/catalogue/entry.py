"""What an entry of the catalogue is, and the sound little project in which the examples stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language.diagnostics import Severity

Files = Mapping[str, str | None]
"""Paths and texts; None is a file that is not there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. `title` is a heading, `why` a sentence or two for a marketer. `wrong` put into the
    project of `BASE` gives this one code and no other; `right` gives none."""

    code: str
    title: str
    why: str
    wrong: Files
    right: Files
    severity: Severity = "error"


JOURNEY = "journeys/welcome.yaml"
SEGMENT = "segments/loyal.yaml"
GRID = "segments/stage-by-mood.grid.yaml"
PERSONA = "segments/regular.persona.yaml"
TEST = "journeys/welcome.test.yaml"
CONFIG = "config.yaml"
MAIL = "templates/welcome/hello.md.j2"
JURISDICTION = "jurisdictions/canada.yaml"
LAYOUT = "templates/_layouts/letter.html.j2"

BASE: Mapping[str, str] = {
    JOURNEY: """\
journey: welcome
status: live
category: news
enter: { when: order.placed }
steps:
  - id: hello
    send: welcome/hello
  - id: second-order
    wait_for: order.placed
    up_to: 7 days
""",
    SEGMENT: """\
segment: loyal
title: Loyal customers
who: { lifecycle: loyal }
refresh: every hour
""",
    GRID: """\
grid: stage-by-mood
rows: { lifecycle: [new, active] }
columns:
  upset: { upset: high }
  calm: everyone_else
""",
    PERSONA: """\
persona: regular
rank: 10
who: { orders: { at_least: 5 } }
voice: { greeting: "Hello {first_name}," }
sample: { first_name: Tara, orders: 7 }
""",
    TEST: """\
test_journey: welcome
given:
  person: { like: regular, consent: { news: given } }
  starts: Wednesday 2026-03-04 10:00
tests:
  - name: A first order brings a welcome
    when:
      - { at: day 0 10:00, event: order.placed }
    expect:
      emails:
        - { at: day 0 10:00, email: welcome/hello }
""",
    CONFIG: """\
company:
  name: The Cozy Coffee Shop
  address: Example Street 1, 10115 Berlin
  time_zone: Europe/Berlin
senders:
  lena: { name: Lena, email: lena@mail.cozy.example }
teams:
  care: { email: care@cozy.example, open: Mon-Fri 09:00-17:00 }
policy:
  categories:
    receipt: { class: transactional }
    service: { class: service }
    news: { class: marketing, cap: 1 per calendar day }
    promotion: { class: marketing, sells: yes, cap: 2 per 7 days }
""",
    MAIL: """\
---
subject: Welcome to the shop
preheader: Four minutes to your first cup
from: lena
layout: letter
needs:
  first_name: { sample: Tara, if_missing: there }
---
Hello {{ first_name }},

how lovely that you are here.
""",
    JURISDICTION: """\
jurisdiction: canada
title: Canada
source: Canada's Anti-Spam Legislation, S.C. 2010, c. 23
countries: CA
enough:
  double opt-in: no end
  express: no end
  purchase: 2 years
purchase: purchase
""",
    LAYOUT: """\
<!doctype html>
<html lang="{{ lang }}">
<head><title>{{ subject }}</title></head>
<body>
{{ content }}
<p>{{ company.name }}, {{ company.address }}</p>
<p><a href="{{ links.unsubscribe }}">Unsubscribe</a>,
<a href="{{ links.preferences }}">choose your mail</a></p>
</body>
</html>
""",
}
"""A project without mistakes."""


def edit(
    code: str, title: str, why: str, path: str, right: str, wrong: str, severity: Severity = "error"
) -> Entry:
    """An entry whose right example is a file of `BASE`, and whose wrong one differs in one place."""
    text = BASE[path]
    if text.count(right) != 1:
        raise ValueError(f"{code}: {right!r} does not stand once in {path}")
    return Entry(code, title, why, {path: text.replace(right, wrong)}, {path: text}, severity)


def steps(
    code: str, title: str, why: str, *, right: str, wrong: str, severity: Severity = "error"
) -> Entry:
    """An entry about the steps of a journey; the examples are lists of steps, indented by two."""
    head = "journey: welcome\nstatus: live\ncategory: news\nenter: { when: order.placed }\nsteps:\n"
    return Entry(code, title, why, {JOURNEY: head + wrong}, {JOURNEY: head + right}, severity)


def entering(code: str, title: str, why: str, *, right: str, wrong: str) -> Entry:
    """An entry about other words of a journey; the examples stand above its one step."""
    head, tail = (
        "journey: welcome\nstatus: live\ncategory: news\n",
        "steps:\n  - { id: hello, send: welcome/hello }\n",
    )
    return Entry(code, title, why, {JOURNEY: head + wrong + tail}, {JOURNEY: head + right + tail})


def who(
    code: str, title: str, why: str, *, right: str, wrong: str, severity: Severity = "error"
) -> Entry:
    """An entry about a condition, shown in a segment."""
    head = "segment: loyal\nwho: "
    return Entry(
        code, title, why, {SEGMENT: f"{head}{wrong}\n"}, {SEGMENT: f"{head}{right}\n"}, severity
    )
