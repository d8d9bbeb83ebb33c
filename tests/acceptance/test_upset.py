"""From what somebody writes to what they get, and to the human who calls: by the commands alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import group

CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
teams: { care: { email: care@shop.example, open: Mon-Fri 08:00-18:00 } }
policy:
  over_the_cap: postpone up to 20 days, then drop
  categories:
    help: { class: service }
    promotion: { class: marketing, sells: yes }
"""
HOLD = """\
  hold_when:
    - { category: promotion, if: { upset: { at_least: medium, within: 1 day } } }
"""
OFFER = """\
journey: offer
title: Offer
status: live
category: promotion
enter: { when: offer.asked }
steps: [ { id: offer, send: shop/offer, expires_after: 15 days } ]
"""
SORRY = """\
journey: sorry
title: Sorry
status: live
category: help
enter: { when: order.delayed }
steps:
  - id: how
    if: { angry: high }
    then: [ { id: angry, send: shop/sorry-angry } ]
    otherwise: [ { id: calm, send: shop/sorry-calm } ]
"""
MAIL = """\
---
subject: {name}
needs: {{ first_name: {{ sample: Ann, if_missing: you }} }}
---
Dear {{{{ first_name }}}}, a word from us.
"""
LAYOUT = (Path(__file__).parents[2] / "templates/_layouts/plain.html.j2").read_text()
MORNING = "2026-03-04T09:00:00Z"
FURIOUS = (
    "I am so angry! Worst service ever, you are liars and thieves."
    " I need an answer today, it is urgent."
)
GRIEF = "My mother died last week, and I cannot use the order any more."


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """Ann agreed to offers and to be read, Bob to offers only."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    write("config.yaml", CONFIG)
    write("journeys/offer.yaml", OFFER)
    write("journeys/sorry.yaml", SORRY)
    write("templates/_layouts/letter.html.j2", LAYOUT)
    for name in ("offer", "sorry-angry", "sorry-calm"):
        write(f"templates/shop/{name}.md.j2", MAIL.format(name=name))
    CliRunner().invoke(group, ["db", "upgrade"])
    run("apply", "--yes", at="2026-03-01T09:00:00Z")
    take(
        {"type": "person", "id": "ann", "email": "ann@shop.example", "first_name": "Ann"},
        {"type": "person", "id": "bob", "email": "bob@shop.example", "first_name": "Bob"},
        *(
            {"type": "consent", "person": who, "topic": topic, "state": "confirmed"}
            for who, topic in (("ann", "promotion"), ("bob", "promotion"))
        ),
        {"type": "consent", "person": "ann", "topic": "profiling_emotion", "state": "given"},
        at="2026-03-01T09:00:00Z",
    )
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def run(*arguments: str, at: str = MORNING) -> str:
    result = CliRunner().invoke(group, ["--at", at, *arguments])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def take(*rows: dict, at: str = MORNING) -> dict:
    """Import rows of a history that happen now, and let them act."""
    Path("rows.jsonl").write_text("\n".join(json.dumps({"at": at, **row}) for row in rows))
    taken = json.loads(run("--format", "json", "import", "history", "rows.jsonl", at=at))["taken"]
    run("run", "--once", at=at)
    return taken


def wrote(text: str, who: str = "ann", key: str = "m1", **more: str) -> dict:
    return {"type": "feedback", "id": key, "person": who, "text": text, **more}


def event(name: str, who: str = "ann", **properties: str) -> dict:
    return {"type": "event", "id": f"{name} {who}", "person": who, "name": name, **properties}


def mails(who: str) -> list[tuple[str, str]]:
    """What became of each mail to somebody: by `person export`, which holds nothing back."""
    exported = json.loads(run("person", "export", who))
    return [(row["mail"], row["status"]) for row in exported["holds"]["outbox"]["rows"]]


def traced(who: str) -> set[tuple[str, str]]:
    exported = json.loads(run("person", "export", who))
    rows = exported["holds"]["trace"]["rows"]
    return {(row["what"], row["reason"]) for row in rows if row["reason"]}


def tasks(at: str = MORNING) -> list[dict]:
    return json.loads(run("--format", "json", "tasks", "list", at=at))


def test_a_promotion_waits_until_the_ticket_is_solved_and_the_apology_does_not(shop):
    """R6.4: and the apology knows how they feel, from the words alone."""
    taken = take(wrote(FURIOUS, source="ticket", ticket="7"), event("offer.asked"))
    assert (taken["felt"], taken["not_agreed"]) == (1, 0)
    take(event("order.delayed"))
    assert mails("ann") == [("shop/sorry-angry", "sent")]
    assert ("postponed", "open_ticket") in traced("ann")
    day_after = "2026-03-05T09:00:00Z"
    take(event("ticket.solved", ticket="7"), at=day_after)
    assert ("shop/offer", "sent") in mails("ann")


def test_a_promotion_that_waits_too_long_is_dropped_as_expired(shop):
    """R3.6, R6.4: a ticket that nobody solves."""
    take(wrote(FURIOUS, source="ticket", ticket="7"), event("offer.asked"))
    run("run", "--once", at="2026-03-19T10:00:00Z")
    assert ("dropped", "expired") in traced("ann")
    assert mails("ann") == []


def test_somebody_upset_is_held_until_it_has_passed(shop):
    """`hold_when` on a mood that was read: it ends by time."""
    write("config.yaml", CONFIG + HOLD)
    run("apply", "--yes")
    take(wrote(FURIOUS, source="review"), event("offer.asked"))
    assert ("postponed", "hold_when") in traced("ann")
    run("run", "--once", at="2026-03-07T09:00:00Z")
    assert mails("ann") == []
    for at in ("2026-03-16T09:00:00Z", "2026-03-16T09:30:00Z"):  # released over 15 minutes (R4.4)
        run("run", "--once", at=at)
    assert mails("ann") == [("shop/offer", "sent")]


def test_who_did_not_agree_is_not_read_and_gets_what_everybody_gets(shop):
    """R5.10."""
    write("config.yaml", CONFIG + HOLD)
    run("apply", "--yes")
    taken = take(wrote(FURIOUS, "bob", source="review"), event("offer.asked", "bob"))
    assert (taken["felt"], taken["not_agreed"], taken["readings"]) == (0, 1, 0)
    assert mails("bob") == [("shop/offer", "sent")]
    assert tasks() == []
    assert "Mood: not profiled: no consent." in run("person", "show", "bob")


def test_a_human_is_asked_and_told_in_which_words_and_how_sure(shop):
    """R2.7: without any journey."""
    take(wrote(FURIOUS, source="reply"))
    [task] = tasks()
    assert (task["team"], task["person"], task["journey"]) == ("care", "ann", None)
    assert task["felt"].startswith("angry (high)")
    briefing = run("tasks", "show", task["task"])
    assert FURIOUS in briefing.replace("\n", " ")
    assert "angry, high" in briefing
    assert "% sure" in briefing
    shown = run("person", "show", "ann")
    assert "Mood: angry, high until" in shown
    run("tasks", "done", task["task"])
    assert tasks() == []


def test_what_is_sensitive_comes_first_and_holds_all_marketing_until_somebody_has_read_it(shop):
    """GDPR 9: one flag, and nothing else."""
    take(wrote(FURIOUS, source="reply", key="m0"))
    later = "2026-03-04T10:00:00Z"
    take(
        {"type": "person", "id": "cy", "email": "cy@shop.example"},
        {"type": "consent", "person": "cy", "topic": "profiling_emotion", "state": "given"},
        {"type": "consent", "person": "cy", "topic": "promotion", "state": "confirmed"},
        wrote(GRIEF, "cy", source="reply"),
        event("offer.asked", "cy"),
        at=later,
    )
    assert [(task["person"], task["sensitive"]) for task in tasks(later)] == [
        ("cy", True), ("ann", False),
    ]  # fmt: skip
    assert ("postponed", "in_care") in traced("cy")
    exported = json.loads(run("person", "export", "cy"))["holds"]
    assert exported["score"]["rows"] == exported["reading"]["rows"] == []
    [task, _] = tasks(later)
    assert GRIEF in run("tasks", "show", task["task"], at=later).replace("\n", " ")
    run("tasks", "done", task["task"], at=later)
    run("run", "--once", at="2026-03-04T10:01:00Z")
    assert mails("cy") == [("shop/offer", "sent")]


def test_who_takes_consent_back_is_unknown_and_their_task_says_nothing_of_it(shop):
    """R5.10; scenario 36."""
    take(wrote(GRIEF, source="reply"), event("offer.asked"))
    left = {"type": "consent", "person": "ann", "topic": "profiling_emotion"}
    take({**left, "state": "unsubscribed"}, at="2026-03-04T11:00:00Z")
    assert [task["sensitive"] for task in tasks()] == [False]
    run("run", "--once", at="2026-03-04T11:01:00Z")
    assert mails("ann") == [("shop/offer", "sent")]
    exported = json.loads(run("person", "export", "ann"))["holds"]["event"]["rows"]
    assert not {row["name"] for row in exported} & {"mood.changed", "care.needed"}


def test_importing_twice_reads_nothing_twice(shop):
    """R1.4."""
    row = wrote(FURIOUS, source="reply")
    assert take(row)["felt"] == 1
    again = take(row)
    assert (again["felt"], again["duplicates"]) == (0, 1)
    assert len(tasks()) == 1


def test_a_dry_run_reads_nothing(shop):
    Path("one.jsonl").write_text(
        json.dumps({"person": "ann", "at": MORNING, "text": FURIOUS, "source": "reply"})
    )
    said = run("import", "feedback", "one.jsonl", "--dry-run")
    assert "nothing was stored, and no text was read" in said
    assert "Texts: 1 read" in run("import", "feedback", "one.jsonl")


@pytest.mark.parametrize(
    "text",
    ["😡😡😡", "> quoted\n> again", "\u0000\ufffd" * 50, "Der Kaffee kam nicht an.", "x" * 90_000],
)
def test_nothing_that_somebody_writes_stops_an_import(shop, text):
    taken = take(wrote(text, source="reply"))
    assert taken["felt"] + taken["unknown"] + taken["sensitive"] <= 1
    assert taken["events"] == 1
