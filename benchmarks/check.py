"""P14: `check` of a project of 300 files, mails written and looked over, after start-up; and reading a
journey of 50 lines.

Half of the files are mails, the others journeys, tests, segments and personas. The first round pays
for what is loaded on the way, and is not counted; templates are compiled anew in every round. Time is
that of the processor: the work is one thread that reads no disk.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from engine.application.check import check
from engine.bootstrap import compile_project, templates_of
from engine.language.catalogue.entry import BASE, CONFIG, GRID, JOURNEY, LAYOUT, MAIL, PERSONA, TEST
from engine.language.codes import project_of
from engine.language.project import read_project

IDS = ("P14",)
ROUNDS = 7
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SHOPS = 49
NEEDS = "needs:\n"

STEPS = """\
  - id: hello
    send: {mail}
    expires_after: 2 days
  - id: second-order
    wait_for: order.placed
    up_to: 7 days
    then:
      - id: thank-you
        update: {{ increase: {{ points: 5 }} }}
    otherwise:
      - id: next-morning
        wait: 1 day
        at: "10:00"
      - id: reminder
        send: {other}
  - id: how-is-it-going
    choose:
      - if: {{ angry: {{ at_least: high, within: 3 days }} }}
        then:
          - id: ask-a-human
            hand_to: care
            because: Angry in the first week
            up_to: 2 days
      - if: {{ any: [ {{ plan: team }}, {{ orders: {{ at_least: 5 }} }} ] }}
        then:
          - id: for-regulars
            send: {third}
      - otherwise:
          - id: some-time
            wait: 3 days
  - id: next-tuesday
    wait_until: Tuesday 09:00
    same_day_after: next_week
  - id: did-they-read
    if: {{ clicked: {mail}, within: 10 days }}
    then:
      - id: enough
        leave: They found what they wanted
"""
HEAD = """\
journey: {name}
owner: lena@cozy.example
status: live
category: news
enter:
  when: order.placed
  if: {{ not: {{ lifecycle: lapsed }} }}
  again: after 90 days
goal: {{ did: order.paid, within: 30 days }}
leave_when: {{ did: account.closed }}
send_window: Mon-Fri 09:00-18:00
steps:
"""
BODY = """
A bag lasts most people a fortnight, and beans are at their best for five weeks after roasting.

{% if orders %}You know that.{% else %}There is no reason to hurry, and one not to hoard.{% endif %}

If you liked the last one, the same again is two clicks. If you did not, tell me what it lacked.

[The same again](https://cozy.example/orders/again)

Lena from {{ company.name }}
"""


def journey(name: str, mails: tuple[str, str, str]) -> str:
    text = (HEAD + STEPS).format(name=name, mail=mails[0], other=mails[1], third=mails[2])
    assert text.count("\n") == 50, text.count("\n")
    return text


def sources() -> dict[str, str]:
    """300 files: 6 for each of 49 shops, and 6 that they share."""
    files = {path: BASE[path] for path in (CONFIG, LAYOUT, GRID, PERSONA, JOURNEY, MAIL)}
    for number in range(SHOPS):
        mails = tuple(f"shop-{number}/{name}" for name in ("hello", "reminder", "regulars"))
        for mail in mails:
            files[f"templates/{mail}.md.j2"] = (
                BASE[MAIL].replace(NEEDS, NEEDS + "  orders: { sample: 3, if_missing: few }\n")
                + BODY
            )
        first, second, third = mails
        name = f"first-weeks-{number}"
        files[f"journeys/{name}.yaml"] = journey(name, (first, second, third))
        files[f"journeys/{name}.test.yaml"] = (
            BASE[TEST]
            .replace("test_journey: welcome", f"test_journey: {name}")
            .replace("welcome/hello", first)
        )
        files[f"segments/loyal-{number}.yaml"] = (
            f"segment: loyal-{number}\nwho: {{ lifecycle: loyal, orders: {{ at_least: {number} }} }}\n"
        )
    assert len(files) == 300, len(files)
    return files


def timed(files: dict[str, str]) -> Iterator[float]:
    """The seconds of each round; the first is not counted. In each the shop has another name, which
    stands in its layout, so that every mail is compiled anew."""
    for number in range(ROUNDS + 1):
        named = {**files, CONFIG: files[CONFIG].replace("The Cozy Coffee Shop", f"Shop {number}")}
        start = time.process_time()
        project = compile_project(named)
        found = check(project, templates_of(project, {}), NOW)
        spent = time.process_time() - start
        assert not found, found[:3]
        if number:
            yield spent


def journeys() -> Iterator[float]:
    """What a journey adds to a small project, in milliseconds: 20 readings a round."""
    text = journey("x", ("welcome/hello",) * 3)
    projects = project_of({"journeys/x.yaml": text}), project_of({})
    for number in range(ROUNDS + 1):
        spent = [0.0, 0.0]
        for _ in range(20):
            for place, files in enumerate(projects):
                start = time.process_time()
                read_project(files)
                spent[place] += time.process_time() - start
        if number:
            yield (spent[0] - spent[1]) / 20 * 1000


def row(times: list[float], unit: str) -> dict[str, object]:
    return {
        "value": round(statistics.median(times), 3),
        "low": round(min(times), 3),
        "high": round(max(times), 3),
        "rounds": len(times),
        "unit": unit,
    }


def main() -> None:
    print(
        json.dumps(
            {
                "P14.project": row(list(timed(sources())), "seconds for 300 files, after start-up"),
                "P14.journey": row(list(journeys()), "milliseconds for a journey of 50 lines"),
            }
        )
    )


if __name__ == "__main__":
    main()
