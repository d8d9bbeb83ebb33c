"""Drafts to approve and tasks to do, by the commands alone, on both databases."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.outbox import messages_of
from engine.cli.main import group

CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
teams: { care: { email: care@shop.example, open: Mon-Fri 08:00-18:00 } }
policy: { categories: { receipt: { class: service } } }
"""
THANKS = """\
journey: thanks
title: Thanks
status: live
category: receipt
enter: { when: order.placed }
steps:
  - { id: thank, send: thanks/note, approval: first_send }
  - { id: rest, wait: 1 day }
  - { id: again, send: thanks/again, approval: every_send, expires_after: 2 days }
  - id: call
    hand_to: care
    because: Bought twice
    urgency: now
    up_to: 1 day
    then: [ { id: called, send: thanks/called } ]
    otherwise: [ { id: missed, send: thanks/missed } ]
"""
MAIL = """\
---
subject: {subject}
needs: {{ first_name: {{ sample: Ann, if_missing: you }} }}
---
Dear {{{{ first_name }}}}.
"""
LAYOUT = (Path(__file__).parents[2] / "templates/_layouts/plain.html.j2").read_text()
START = "2026-03-04T11:00:00Z"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """Two people have ordered, and their journey wants its mails approved."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    write(tmp_path, "config.yaml", CONFIG)
    write(tmp_path, "journeys/thanks.yaml", THANKS)
    write(tmp_path, "templates/_layouts/letter.html.j2", LAYOUT)
    for name in ("note", "again", "called", "missed"):
        write(tmp_path, f"templates/thanks/{name}.md.j2", MAIL.format(subject=name))
    write(
        tmp_path, "people.csv",
        "id,email,first_name\nann,ann@shop.example,Ann\nbob,bob@shop.example,Bob\n",
    )  # fmt: skip
    write(
        tmp_path, "events.csv",
        f"id,person,name,at,total\n1,ann,order.placed,{START},20\n2,bob,order.placed,{START},30\n",
    )  # fmt: skip
    run("apply", "--yes", at=START, upgrade=True)
    run("import", "people", "people.csv")
    run("import", "events", "events.csv")
    run("run", "--once")
    return tmp_path


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def run(*arguments: str, at: str = START, code: int = 0, upgrade: bool = False) -> str:
    if upgrade:
        CliRunner().invoke(group, ["db", "upgrade"])
    result = CliRunner().invoke(group, ["--at", at, *arguments])
    assert result.exit_code == code, result.output + str(result.exception)
    return result.output


def listed(what: str, at: str = START) -> list[dict]:
    return json.loads(run("--format", "json", what, "list", at=at))


def outcomes(database: str, person: str) -> list[tuple[str, str]]:
    engine = connect(database)
    with reading(engine) as connection:
        found = [(one.mail, one.status) for one in messages_of(connection, person)]
    engine.dispose()
    return found


def test_the_first_send_of_a_step_waits_until_somebody_approves_it(shop, database):
    """R7.3: shown as its reader would get it, approved once for the step, by whom is kept."""
    [waiting] = listed("drafts")
    assert (waiting["draft"], waiting["people"]) == ("thanks:thank", 2)
    assert outcomes(database, "ann") == []
    shown = run("drafts", "show", "thanks:thank", "--for", "bob@shop.example")
    assert "Dear Bob." in shown
    assert (shop / ".preview/thanks-note-bob.html").read_text().count("Dear Bob.") == 1
    run("drafts", "approve", waiting["waiting"][0]["draft"], code=2)
    run("drafts", "approve", "thanks:thank", "--by", "Maria")
    assert listed("drafts") == []
    run("run", "--once")
    assert outcomes(database, "ann") == [("thanks/note", "sent")]
    assert outcomes(database, "bob") == [("thanks/note", "sent")]
    said = run("drafts", "list", "--judged")
    assert "Maria" in said
    assert "approved" in said


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/thanks/note.md.j2", MAIL.format(subject="Other words")),
        ("templates/_layouts/letter.html.j2", LAYOUT + "<!-- another frame -->"),
        ("journeys/thanks.yaml", THANKS.replace("title: Thanks", "title: Many thanks")),
        ("config.yaml", CONFIG.replace("name: Lena,", "name: Lena Fox,")),
    ],
)
def test_any_change_that_its_reader_may_see_voids_an_approval(shop, database, path, text):
    """R7.3"""
    run("drafts", "approve", "--all")
    write(shop, path, text)
    run("apply", "--yes")
    run("run", "--once")
    assert outcomes(database, "ann") == []
    assert [one["draft"] for one in listed("drafts")] == ["thanks:thank"]


def test_an_approval_outlives_an_edit_elsewhere(shop, database):
    run("drafts", "approve", "--all")
    write(shop, "templates/thanks/missed.md.j2", MAIL.format(subject="We missed you"))
    run("apply", "--yes")
    run("run", "--once")
    assert outcomes(database, "ann") == [("thanks/note", "sent")]


def test_an_edit_voids_the_approval_of_what_is_on_its_way_too(shop, database):
    """R7.3, R3.9: a message that could not be handed off yet is asked again, and so is somebody."""
    (shop / "outbox").write_text("this is no folder, so no mail can be delivered into it")
    run("drafts", "approve", "--all")
    run("run", "--once")
    assert outcomes(database, "ann") == [("thanks/note", "queued")]
    write(shop, "templates/thanks/note.md.j2", MAIL.format(subject="Other words"))
    run("apply", "--yes")
    (shop / "outbox").unlink()
    later = "2026-03-04T11:30:00Z"
    run("run", "--once", at=later)
    assert outcomes(database, "ann") == [("thanks/note", "queued")]
    [waiting] = listed("drafts", at=later)
    assert (waiting["draft"], waiting["people"]) == ("thanks:thank", 2)
    run("drafts", "approve", "thanks:thank", at=later)
    run("run", "--once", at=later)
    assert outcomes(database, "ann") == [("thanks/note", "sent")]


def test_single_drafts_are_approved_rejected_or_expire_and_the_journey_goes_on(shop, database):
    """R7.3: a rejection ends the message with its reason; waiting too long is `expired`."""
    run("drafts", "approve", "thanks:thank")
    run("run", "--once")
    run("run", "--once", at="2026-03-05T11:00:00Z")
    ann, _ = sorted(
        listed("drafts", at="2026-03-05T11:00:00Z"), key=lambda d: d["waiting"][0]["person"]
    )
    assert (ann["approval"], ann["mail"], ann["people"]) == ("every_send", "thanks/again", 1)
    later = "2026-03-05T12:00:00Z"
    said = run(
        "drafts", "reject", ann["draft"][:8], "--because", "too soon", "--by", "Maria", at=later
    )
    assert "rejected" in said
    run("run", "--once", at=later)
    assert outcomes(database, "ann") == [("thanks/note", "sent")]
    assert "rejected by Maria: too soon" in run("why", "ann", "--mail", "thanks/again", at=later)
    assert [task["person"] for task in listed("tasks", at=later)] == ["ann"]
    run("run", "--until", "2026-03-07T11:30:00Z", at=later)
    story = run("why", "bob", "--mail", "thanks/again", at="2026-03-07T11:30:00Z")
    assert "no longer worth sending" in story
    assert listed("drafts", at="2026-03-07T11:30:00Z") == []


def test_an_approved_draft_passes_the_whole_gate_before_it_goes(shop, database):
    """R3.9: an approval is no consent; whoever is suppressed meanwhile gets nothing."""
    run("drafts", "approve", "thanks:thank")
    run("suppression", "add", "ann@shop.example")
    run("run", "--once")
    assert outcomes(database, "ann") == []
    assert outcomes(database, "bob") == [("thanks/note", "sent")]


def test_what_is_no_draft_is_said_so(shop):
    assert "no draft is called" in run("drafts", "show", "nothing", code=2)
    assert "name drafts, or say `--all`" in run("drafts", "approve", code=2)
    assert "needs its reason" in run("drafts", "reject", "--all", "--because", " ", code=2)
    run("drafts", "reject", "--all", "--because", "not now")
    assert listed("drafts") == []


def test_a_task_is_shown_with_its_briefing_and_closing_it_answers_the_journey(shop, database):
    """R2.7: `tasks done` comes back as an event; closing twice is closing once."""
    run("drafts", "approve", "thanks:thank")
    run("run", "--once")
    day = "2026-03-05T11:00:00Z"
    run("run", "--once", at=day)
    run("drafts", "reject", "--all", "--because", "enough said", at=day)
    run("run", "--once", at=day)
    first, second = listed("tasks", at=day)
    assert (first["urgency"], first["team"], first["because"]) == ("now", "care", "Bought twice")
    shown = run("tasks", "show", first["task"][:8], at=day)
    assert f"{first['person']}@shop.example" in shown
    assert "order.placed: total" in shown
    assert "thanks/note" in shown
    closed = run("tasks", "done", first["task"][:8], "--note", "happy", "--by", "Omar", at=day)
    assert "Closed: Bought twice" in closed
    again = run("tasks", "done", first["task"], "--note", "again", "--by", "Eve", at=day)
    assert "It was closed 2026-03-05 11:00Z by Omar: happy." in again
    run("run", "--once", at=day)
    assert outcomes(database, first["person"])[-1] == ("thanks/called", "sent")
    run("run", "--until", "2026-03-07T12:00:00Z", at=day)
    assert outcomes(database, second["person"])[-1] == ("thanks/missed", "sent")
    assert [task["overdue"] for task in listed("tasks", at="2026-03-07T12:00:00Z")] == [True]
    assert "begins with `zz`" in run("tasks", "show", "zz", code=1)


def test_a_task_done_elsewhere_is_closed_here_too(shop, database):
    """R2.7: a help desk sends `task.done` by the door that all events come in by."""
    run("drafts", "reject", "--all", "--because", "enough said")
    run("run", "--once")
    day = "2026-03-05T11:00:00Z"
    run("run", "--once", at=day)
    run("drafts", "reject", "--all", "--because", "enough said", at=day)
    run("run", "--once", at=day)
    task = next(one for one in listed("tasks", at=day) if one["person"] == "ann")
    write(
        shop, "done.csv",
        f"id,person,name,at,task,source\nd,ann,task.done,{day},{task['task']},desk\n",
    )  # fmt: skip
    run("import", "events", "done.csv", "--source", "desk", at=day)
    run("run", "--once", at=day)
    assert outcomes(database, "ann")[-1] == ("thanks/called", "sent")
    assert [one["person"] for one in listed("tasks", at=day)] == ["bob"]
    assert "desk" in run("tasks", "list", "--done", at=day)


def told(folder: Path) -> list[str]:
    """The mails to our own people, oldest first, as they stand in the delivery's folder."""
    return [
        path.read_text("utf-8", "replace")
        for path in sorted(folder.glob("outbox/*/*-notice-*.eml"))
    ]


def to_the_task(at: str) -> None:
    """Past the mails that want approval, to the step that asks for a person."""
    run("drafts", "approve", "--all")
    run("run", "--once")
    run("run", "--once", at=at)
    run("drafts", "reject", "--all", "--because", "enough said", at=at)
    run("run", "--once", at=at)


def test_the_team_hears_of_an_urgent_task_at_once_and_only_once(shop, database):
    """R2.7, R3.4: at night too, without consent, in no cap, and twice for nobody."""
    night = "2026-03-05T22:00:00Z"
    to_the_task(night)
    mails = told(shop)
    assert len(mails) == 2
    assert all(
        "To: <care@shop.example>" in mail or "To: care@shop.example" in mail for mail in mails
    )
    assert "Auto-Submitted: auto-generated" in mails[0]
    assert "sincerely tasks done" in mails[0]
    run("run", "--until", "2026-03-06T12:00:00Z", at=night)
    assert len(told(shop)) == 2


def test_a_task_that_is_not_urgent_is_told_when_the_team_is_there(shop, database):
    """R2.7: on Friday night nobody reads it; on Monday at eight somebody does."""
    write(shop, "journeys/thanks.yaml", THANKS.replace("urgency: now", "urgency: today"))
    run("apply", "--yes")
    friday = "2026-03-06T22:00:00Z"
    to_the_task(friday)
    [first, _] = listed("tasks", at=friday)
    assert told(shop) == []
    run("run", "--until", "2026-03-09T06:59:00Z", at=friday)
    assert told(shop) == []
    run("tasks", "done", first["task"], at="2026-03-09T06:59:00Z")
    run("run", "--until", "2026-03-09T07:01:00Z", at="2026-03-09T06:59:00Z")
    assert len(told(shop)) == 1, "of the task that was closed before, nobody hears"


def test_a_paused_engine_tells_no_team_until_it_goes_on(shop, database):
    """R2.11"""
    write(shop, "journeys/thanks.yaml", THANKS.replace("urgency: now", "urgency: today"))
    run("apply", "--yes")
    friday, monday = "2026-03-06T22:00:00Z", "2026-03-09T12:00:00Z"
    to_the_task(friday)
    run("pause", at=friday)
    run("run", "--once", at=monday)
    assert told(shop) == []
    run("resume", at=monday)
    run("run", "--once", at=monday)
    assert len(told(shop)) == 2
