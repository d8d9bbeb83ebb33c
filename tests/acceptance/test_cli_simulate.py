"""`simulate` on the sample business: a history in a file, people as they stand, a past lived again."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import group

ROOT = Path(__file__).parents[2]
FOLDERS = ("journeys", "segments", "templates")


def row(**values):
    return json.dumps(values) + "\n"


def history(person="ann", email="ann@example.com"):
    """A customer with an account, consent to everything, and a first order that came at once."""
    consents = [
        row(
            type="consent", person=person, topic=topic, state="confirmed", at="2026-03-02T09:01:00Z"
        )
        for topic in ("onboarding", "review", "news", "promotion")
    ]
    events = [
        row(type="event", id=f"{person}-{name}", person=person, name=name, at=at, order_id="7",
            total=20)
        for name, at in (("order.placed", "2026-03-02T09:30:00Z"),
                         ("order.delivered", "2026-03-02T09:35:00Z"))
    ]  # fmt: skip
    born = row(type="person", id=person, email=email, at="2026-03-02T09:00:00Z", first_name="Ann",
               country="DE", time_zone="Europe/Berlin")  # fmt: skip
    return "".join([born, *consents, *events])


@pytest.fixture
def shop(tmp_path, monkeypatch):
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "config.example.yaml", tmp_path / "config.yaml")
    (tmp_path / "past.jsonl").write_text(history() + history("bob", "bob@example.com"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    return tmp_path


def invoke(*arguments):
    return CliRunner().invoke(group, arguments)


def run(*arguments):
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def simulated(*arguments, since="2026-03-02", until="2026-03-31"):
    said = run("simulate", "--from", since, "--to", until, *arguments)
    return [json.loads(line) for line in said.splitlines()]


def sent(lines):
    return [(one["at"], one["person"], one["mail"]) for one in lines if one["outcome"] == "sent"]


def test_a_history_in_a_file_is_walked_without_a_database(shop):
    """R7.1: jsonl in a pipe, in order of time, a reason wherever nothing leaves."""
    found = simulated("--events", "past.jsonl")
    assert list(found[0]) == ["at", "person", "journey", "step", "mail", "outcome", "reason"]
    assert [one["at"] for one in found] == sorted(one["at"] for one in found)
    assert ("ann", "onboarding/welcome") in {one[1:] for one in sent(found)}
    assert all(one["reason"] for one in found if one["outcome"] in ("dropped", "postponed"))
    assert not (shop / "sincerely.db").exists()


def test_one_person_is_found_by_address_and_one_journey_shown(shop):
    everybody = simulated("--events", "past.jsonl")
    bobs = simulated("--events", "past.jsonl", "--person", "Bob@Example.com")
    assert bobs == [one for one in everybody if one["person"] == "bob"]
    onboarding = simulated("--events", "past.jsonl", "--journey", "onboarding")
    assert onboarding == [one for one in everybody if one["journey"] == "onboarding"]


def test_what_is_predicted_from_today_is_what_the_daemon_then_does(shop):
    """Invariant 5, by way of the commands: forecast, then live through it."""
    run("db", "upgrade")
    run("--at", "2026-03-02T08:00:00Z", "apply", "--yes")
    run("--at", "2026-03-02T09:40:00Z", "import", "history", "past.jsonl")
    run("--at", "2026-03-02T09:40:00Z", "run", "--once")
    predicted = sent(simulated(since="2026-03-02T09:41:00Z", until="2026-03-20T12:00:00Z"))
    assert len(predicted) == 6
    assert predicted == sent(
        simulated(since="2026-03-02T09:41:00Z", until="2026-03-20T12:00:00Z")
    ), "nothing of a simulation is stored"
    run("--at", "2026-03-02T09:41:00Z", "run", "--until", "2026-03-20T12:00:00Z")
    lived = [
        (mail["at"][:16], person, mail["mail"])
        for person in ("ann", "bob")
        for mail in json.loads(run("--format", "json", "--at", "2026-03-20T12:00:00Z",
                                   "person", "show", person))["mails"]
        if mail["at"] > "2026-03-02T09:41:00Z"
    ]  # fmt: skip
    assert sorted((at[:16], person, mail) for at, person, mail in predicted) == sorted(lived)


def test_an_edit_can_be_tried_before_it_is_applied(shop):
    run("db", "upgrade")
    run("--at", "2026-03-02T08:00:00Z", "apply", "--yes")
    run("--at", "2026-03-02T09:40:00Z", "import", "history", "past.jsonl")
    run("--at", "2026-03-02T09:40:00Z", "run", "--once")
    before = sent(simulated(since="2026-03-02T09:41:00Z"))
    assert before
    journey = shop / "journeys/onboarding.yaml"
    text = journey.read_text()
    assert "wait:" in text
    journey.write_text(text.replace("status: live", "status: ending", 1))
    after = sent(simulated(since="2026-03-02T09:41:00Z"))
    assert [one for one in after if one[2].startswith("onboarding/")] == [
        one for one in before if one[2].startswith("onboarding/")
    ], "who is inside an ending journey finishes it"
    journey.write_text(text.replace("status: live", "status: paused", 1))
    paused = sent(simulated(since="2026-03-02T09:41:00Z"))
    assert not [one for one in paused if one[2].startswith("onboarding/")]


def test_a_past_is_lived_again_and_what_was_before_it_starts_nothing(shop):
    run("db", "upgrade")
    run("--at", "2026-03-02T08:00:00Z", "apply", "--yes")
    run("--at", "2026-03-02T09:40:00Z", "import", "history", "past.jsonl")
    run("--at", "2026-03-02T09:40:00Z", "run", "--until", "2026-03-20T12:00:00Z")
    again = sent(simulated(until="2026-03-20T12:00:00Z"))
    assert ("ann", "onboarding/welcome") in {one[1:] for one in again}
    later = sent(simulated(since="2026-03-03", until="2026-03-20T12:00:00Z"))
    assert not [one for one in later if one[2] == "onboarding/welcome"]


def test_the_mails_are_written_with_an_index(shop):
    found = simulated("--events", "past.jsonl", "--out", "look")
    mails = [path.name for path in (shop / "look").rglob("*.eml")]
    assert len(mails) == len(sent(found)) > 0
    assert "onboarding/welcome" in (shop / "look/index.html").read_text()
    assert simulated("--events", "past.jsonl", "--out", "look") == found
    refused = invoke("simulate", "--from", "2026-03-02", "--to", "2026-03-31",
                     "--events", "past.jsonl", "--out", "journeys")  # fmt: skip
    assert refused.exit_code == 2
    assert "holds something that is no simulation" in refused.stderr


def test_a_summary_for_people(shop):
    said = run("--format", "text", "simulate", "--from", "2026-03-02", "--to", "2026-03-31",
               "--events", "past.jsonl")  # fmt: skip
    assert said.splitlines()[0].split() == ["journey", "mail", "outcome", "reason", "times"]
    assert "The first of" in said


def test_unreadable_rows_are_named_and_skipped(shop):
    with (shop / "past.jsonl").open("a") as file:
        file.write("{no json\n")
    result = invoke("simulate", "--from", "2026-03-02", "--to", "2026-03-31",
                    "--events", "past.jsonl")  # fmt: skip
    assert result.exit_code == 1
    assert "past.jsonl:15: the line is not JSON" in result.stderr
    assert "1 row of past.jsonl skipped" in result.stderr
    assert result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--from", "2026-04-01", "--to", "2026-03-01"), 2, "`--from` lies after `--to`"),
        (("--from", "soon", "--to", "2026-03-01"), 2, "`soon` is not a time"),
        (("--from", "2026-03-01", "--to", "2026-03-31", "--journey", "win-bak"), 1,
         "did you mean `win-back`?"),
        (("--from", "2026-03-01", "--to", "2026-03-31", "--events", "past.jsonl", "--person", "zoe"),
         1, "nobody is called zoe"),
        (("--from", "2026-03-01", "--to", "2026-03-31", "--events", "none.jsonl"), 1,
         "cannot read none.jsonl"),
    ],
)  # fmt: skip
def test_wrong_usage_is_said_clearly(shop, arguments, code, said):
    result = invoke("simulate", *arguments)
    assert result.exit_code == code
    assert said in result.stderr
