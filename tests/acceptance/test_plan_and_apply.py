"""Edits in flight, by the commands alone: what `plan` says and what `apply` does (R1.1, R2.8-2.10)."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli.main import group

HISTORY = [
    {"type": "person", "id": "ann", "email": "ann@example.com", "first_name": "Ann",
     "country": "DE", "at": "2026-03-02T08:00:00Z"},
    {"type": "consent", "person": "ann", "topic": "onboarding", "state": "given", "confirmed": True,
     "at": "2026-03-02T08:00:00Z"},
    {"type": "event", "id": "o", "person": "ann", "name": "order.placed",
     "at": "2026-03-02T09:00:00Z", "order_id": "7", "total": 20},
]  # fmt: skip
BUYERS = "segment: buyers\ntitle: Buyers\nowner: lena@cozy.example\nwho: { did: order.placed }\n"
HELLO = """journey: hello-buyers
title: Hello
owner: lena@cozy.example
status: live
category: onboarding
enter: { joins: buyers, backfill: yes }
stay: always
steps:
  - id: hello
    send: onboarding/meet-the-roaster
"""


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def sincerely(*arguments: str) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """A shop in force since Monday morning, where Ann waits for her first parcel."""
    folder = tmp_path / "shop"
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    sincerely("init", str(folder))
    monkeypatch.chdir(folder)
    Path("history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in HISTORY))
    sincerely("--at", "2026-03-02 08:00", "apply", "--yes")
    sincerely("--at", "2026-03-02 10:00", "import", "history", "history.jsonl")
    sincerely("--at", "2026-03-02 10:01", "run", "--once")
    assert mails(folder) == ["onboarding-welcome"]
    return folder


def mails(shop: Path) -> list[str]:
    return sorted("-".join(f.stem.split("-")[1:-1]) for f in shop.glob("outbox/*/*.eml"))


def edit(old: str, new: str) -> None:
    journey = Path("journeys/onboarding.yaml")
    text = journey.read_text()
    assert old in text
    journey.write_text(text.replace(old, new))


def test_a_step_where_somebody_stands_does_not_vanish_without_a_word(shop: Path) -> None:
    """R2.8, scenario 25"""
    edit("- id: parcel", "- id: the-parcel")
    refused = invoke("--at", "2026-03-02 11:00", "plan")
    assert refused.exit_code == 1
    assert "- step parcel: 1 person here; the edit does not say where they go" in refused.stdout
    assert "step `parcel` of `onboarding` is gone, but 1 person stands there" in refused.stdout
    result = invoke("--at", "2026-03-02 11:00", "apply", "--yes")
    assert (result.exit_code, "D110" in result.stderr) == (1, True)


def test_a_renamed_step_keeps_its_people_and_sends_nothing_twice(shop: Path) -> None:
    """R2.8, R2.10"""
    edit("- id: parcel", "- id: the-parcel\n    was: parcel")
    edit("- id: welcome", "- id: hello\n    was: welcome")
    assert "parcel → the-parcel: 1 person here" in sincerely("--at", "2026-03-02 11:00", "plan")
    sincerely("--at", "2026-03-02 11:00", "apply", "--yes")
    sincerely("--at", "2026-03-02 11:01", "run", "--once")
    assert mails(shop) == ["onboarding-welcome"]
    [run] = json.loads(sincerely("--format", "json", "person", "show", "ann"))["journeys"]
    assert run["step"] == "the-parcel"


def test_a_roll_back_gives_nobody_anything_twice(shop: Path) -> None:
    """R2.10, scenario 26"""
    edit("wait: 6 days", "wait: 2 days")
    sincerely("--at", "2026-03-02 11:00", "apply", "--yes")
    edit("wait: 2 days", "wait: 6 days")
    sincerely("--at", "2026-03-02 11:10", "apply", "--yes")
    sincerely("--at", "2026-03-02 11:11", "run", "--once")
    assert mails(shop) == ["onboarding-welcome"]
    assert "Nothing to do" in sincerely("--at", "2026-03-02 11:12", "plan")


def test_a_plan_says_where_people_stand_and_whose_wait_is_another(shop: Path) -> None:
    """R2.8, scenario 24: what is overdue by the new wait goes on soon, the rest wakes elsewhen."""
    edit("up_to: 8 days", "up_to: 3 days")
    later = sincerely("--at", "2026-03-03 11:00", "plan")
    assert "~ step parcel: 1 person here; 1 wake at another time" in later
    now = sincerely("--at", "2026-03-06 11:00", "plan")
    assert "~ step parcel: 1 person here; 1 go on now, a few at a time" in now
    kept = sincerely("--at", "2026-03-06 11:00", "plan", "--keep-timers")
    assert "~ step parcel: 1 person here; nothing changes for them" in kept


def test_a_plan_foretells_the_mail_that_the_edit_brings(shop: Path) -> None:
    """R7.1: what `plan` says of the next 7 days is what the daemon then does."""
    edit("up_to: 8 days", "up_to: 2 days")
    edit("- id: no-parcel-no-guide\n        leave: The first parcel did not arrive in time",
         "- id: still-on-its-way\n        send: onboarding/first-cup")  # fmt: skip
    told = json.loads(sincerely("--at", "2026-03-03 11:00", "--format", "json", "plan"))
    assert (told["mail_ahead"]["days"], told["mail_ahead"]["people"]) == (7, 1)
    before_and_after = {
        mail["mail"]: (mail["sent_before"], mail["sent_after"])
        for mail in told["mail_ahead"]["mails"]
        if mail["mail"]
    }
    assert before_and_after == {
        "onboarding/first-cup": (0, 1),
        "onboarding/meet-the-roaster": (0, 1),
    }
    text = sincerely("--at", "2026-03-03 11:00", "plan")
    assert re.search(r"onboarding +onboarding/first-cup +0 +1 +0 +0\n", text)
    sincerely("--at", "2026-03-03 11:00", "apply", "--yes")
    sincerely("--at", "2026-03-03 11:00", "run", "--until", "2026-03-10 11:00")
    assert mails(shop) == [
        "onboarding-first-cup", "onboarding-meet-the-roaster", "onboarding-welcome"
    ]  # fmt: skip


def test_a_backfill_lets_nobody_into_another_journey_with_the_same_way_in(shop: Path) -> None:
    """R1.1: what was confirmed for one journey is an edge for no other."""
    Path("segments/buyers.yaml").write_text(BUYERS)
    other = HELLO.replace("hello-buyers", "other").replace(", backfill: yes", "")
    Path("journeys/other.yaml").write_text(other.replace("meet-the-roaster", "second-bag"))
    sincerely("--at", "2026-03-03 09:00", "apply", "--yes")
    sincerely("--at", "2026-03-03 09:01", "run", "--once")
    Path("journeys/hello-buyers.yaml").write_text(HELLO)
    sincerely("--at", "2026-03-03 10:00", "apply", "--yes", "--backfill", "hello-buyers")
    sincerely("--at", "2026-03-03 10:01", "run", "--once")
    sincerely("--at", "2026-03-03 10:02", "run", "--once")
    assert mails(shop) == ["onboarding-meet-the-roaster", "onboarding-welcome"]


@pytest.mark.parametrize("confirmed", [True, False])
def test_people_of_today_enter_only_by_a_confirmed_backfill(shop: Path, confirmed: bool) -> None:
    """R1.1: a first deploy enters nobody, unless the journey asks for it and somebody says yes."""
    Path("segments/buyers.yaml").write_text(BUYERS)
    Path("journeys/hello-buyers.yaml").write_text(HELLO)
    assert "1 person would enter at once" in sincerely("--at", "2026-03-03 10:00", "plan")
    yes = ["--backfill", "hello-buyers"] if confirmed else []
    sincerely("--at", "2026-03-03 10:00", "apply", "--yes", *yes)
    sincerely("--at", "2026-03-03 10:01", "run", "--once")
    more = ["onboarding-meet-the-roaster"] if confirmed else []
    assert mails(shop) == sorted([*more, "onboarding-welcome"])


def test_a_paused_journey_sends_nothing_and_goes_on_when_it_is_resumed(shop: Path) -> None:
    """R2.11, scenario 27"""
    edit("    wait_for: order.delivered      # looks back to the moment the person entered\n"
         "    same: order_id                 # the parcel of the order that started this run\n"
         "    up_to: 8 days\n", "    wait_for: order.delivered\n    up_to: 8 days\n")  # fmt: skip
    sincerely("--at", "2026-03-02 11:00", "apply", "--yes")
    sincerely("--at", "2026-03-02 11:05", "pause")
    Path("parcel.jsonl").write_text(
        json.dumps({"id": "d", "person": "ann", "name": "order.delivered",
                    "at": "2026-03-02T10:30:00Z"}) + "\n"
    )  # fmt: skip
    sincerely("--at", "2026-03-02 11:31", "import", "events", "parcel.jsonl")
    sincerely("--at", "2026-03-03 10:30", "run", "--once")
    assert mails(shop) == ["onboarding-welcome"]
    sincerely("--at", "2026-03-03 12:00", "resume")
    sincerely("--at", "2026-03-03 12:00", "run", "--once")
    sincerely("--at", "2026-03-04 10:00", "run", "--once")
    assert mails(shop) == ["onboarding-first-cup", "onboarding-welcome"]
