"""A shop in which every kind of mail stands at once: caps over two profiles of one mailbox, quiet hours,
competing journeys, waits, a transactional mail, a service mail with a cap."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from engine.cli.main import group

START = datetime(2027, 3, 8, 10, tzinfo=UTC)
"""A Monday. Six people order at this instant, one of them twice."""
LASTS = timedelta(days=5)
MARKETING_A_DAY = 1
MARKETING_A_WEEK = 3
LINK_KEY = "0123456789abcdef" * 4

_CONFIG = """\
company: {{ name: Shop, address: "Street 1, 10115 Berlin", time_zone: UTC, site: "https://shop.example" }}
delivery: {{ by: smtp, host: 127.0.0.1, port: {port}, security: none }}
secrets: {{ links: $SINCERELY_LINK_KEY }}
senders: {{ lena: {{ name: Lena, email: lena@shop.example }} }}
policy:
  categories:
    receipt: {{ class: transactional }}
    care: {{ class: service, cap: 1 per 7 days }}
    news: {{ class: marketing, consent: opt-in }}
    promotion: {{ class: marketing, sells: yes, consent: opt-in }}
  marketing_cap: [1 per calendar day, 3 per 7 days]
  over_the_cap: postpone up to 3 days, then drop
  {quiet_hours}
"""
_JOURNEYS = {
    "receipt": """\
category: receipt
enter: { when: order.placed, one_run_per: event.order_id, again: always }
steps:
  - { id: receipt, send: receipt/note }
""",
    "care": """\
category: care
enter: { when: order.placed, again: always }
steps:
  - { id: care, send: care/note }
""",
    "news": """\
category: news
enter: { when: order.placed, again: never }
steps:
  - { id: hello, send: news/note }
  - { id: pause, wait: 2 hours }
  - { id: more, send: news/more }
""",
    "offer": """\
category: promotion
enter: { when: order.placed, again: never }
steps:
  - { id: offer, send: offer/note }
""",
}
_HEAD = "journey: {name}\ntitle: {name}\nowner: lena@shop.example\nstatus: live\n"
_MAIL = "---\nsubject: Thank you\nfrom: lena\n---\nThank you for your order.\n"
_LAYOUT = Path(__file__).parents[2] / "templates/_layouts/plain.html.j2"
_PEOPLE = [
    ("ann", "ann@example.com", "UTC"),
    ("bob", "bob@example.com", "UTC"),
    ("cat", "both@example.com", "UTC"),
    ("dan", "both@example.com", "UTC"),
    ("eve", "eve@example.com", "America/Los_Angeles"),
    ("gus", "gus@example.com", "UTC"),
]
ORDERS = len(_PEOPLE) + 1
"""At a time: one of each, two of the first."""


def sincerely(*arguments: str) -> str:
    """One command in this process."""
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


def write_project(folder: Path, port: int, *, night: bool = True) -> None:
    """The files of the shop, whose mail goes to a port of this machine. With `night` nobody gets
    marketing between 20:00 and 08:00 of their own zone."""
    quiet_hours = "quiet_hours: 20:00-08:00" if night else "release_spread: 15 minutes"
    files = {"config.yaml": _CONFIG.format(port=port, quiet_hours=quiet_hours)}
    files["templates/_layouts/letter.html.j2"] = _LAYOUT.read_text("utf-8")
    for name, journey in _JOURNEYS.items():
        files[f"journeys/{name}.yaml"] = _HEAD.format(name=name) + journey
        files[f"templates/{name}/note.md.j2"] = _MAIL
    files["templates/news/more.md.j2"] = _MAIL
    for place, text in files.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, "utf-8")


def open_shop(folder: Path, start: datetime = START, *, abroad: bool = True) -> None:
    """The version in force in the configured database, and everybody has just ordered. One of them lives
    `abroad`, where it is still night."""
    at = ["--project", str(folder), "--at", start.isoformat()]
    long_ago = (start - timedelta(days=30)).isoformat()
    rows = ["id,email,country,time_zone"]
    rows += [f"{p[0]},{p[1]},US,{p[2] if abroad else 'UTC'}" for p in _PEOPLE]
    consent = ["person,topic,state,at,confirmed,basis"]
    consent += [
        f"{p[0]},{t},given,{long_ago},yes,form" for p in _PEOPLE for t in ("news", "promotion")
    ]
    order(folder, "first", start)
    (folder / "people.csv").write_text("\n".join(rows) + "\n")
    (folder / "consent.csv").write_text("\n".join(consent) + "\n")
    sincerely(*at, "db", "upgrade")  # the queue of workers, on PostgreSQL
    sincerely(*at, "apply", "--yes")
    sincerely(*at, "import", "people", str(folder / "people.csv"))
    sincerely(*at, "import", "consent", str(folder / "consent.csv"))
    sincerely(*at, "import", "events", str(folder / "first.jsonl"))


def order(folder: Path, name: str, at: datetime) -> Path:
    """A file of events in which everybody orders once, and the first of them twice."""
    numbered = [(person, number) for number, (person, *_) in enumerate([*_PEOPLE, _PEOPLE[0]])]
    events = [
        {
            "id": f"{name}-{number}",
            "person": person,
            "name": "order.placed",
            "at": at.isoformat(),
            "order_id": f"{name}-{number}",
            "total": 20,
        }
        for person, number in numbered
    ]
    place = folder / f"{name}.jsonl"
    place.write_text("".join(json.dumps(event) + "\n" for event in events))
    return place
