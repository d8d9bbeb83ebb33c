"""`why` on the sample business: what happened, what was held back, and what never came."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import group

ROOT = Path(__file__).parents[2]
NOW = "2026-03-09T12:00:00Z"


def row(**values):
    return json.dumps(values) + "\n"


def customer(person, *, agrees=True):
    """Somebody whose first order was on a Monday night and came at once."""
    consents = [
        row(type="consent", person=person, topic=topic, state="confirmed", basis="double opt-in",
            at="2026-03-02T21:01:00Z")
        for topic in ("onboarding", "review", "news", "promotion")
    ]  # fmt: skip
    return "".join(
        [
            row(type="person", id=person, email=f"{person}@example.com", at="2026-03-02T21:00:00Z",
                first_name=person.title(), country="DE", time_zone="Europe/Berlin"),
            *(consents if agrees else ()),
            row(type="event", id=f"{person}-1", person=person, name="order.placed", order_id="7",
                total=20, at="2026-03-02T21:30:00Z"),
        ]
    )  # fmt: skip


@pytest.fixture
def shop(tmp_path, monkeypatch):
    for folder in ("journeys", "segments", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "config.example.yaml", tmp_path / "config.yaml")
    (tmp_path / "past.jsonl").write_text(customer("ann") + customer("bob", agrees=False))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    run("db", "upgrade")
    run("--at", "2026-03-02T08:00:00Z", "apply", "--yes")
    run("--at", "2026-03-02T21:31:00Z", "import", "history", "past.jsonl")
    run("--at", "2026-03-02T21:31:00Z", "run", "--until", NOW)
    return tmp_path


def invoke(*arguments):
    return CliRunner().invoke(group, arguments)


def run(*arguments):
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def why(*arguments):
    return run("--at", NOW, "why", *arguments)


def test_a_mail_that_waited_for_the_morning_is_told_from_its_cause_to_its_leaving(shop):
    """The evidence of that moment, in the person's own time."""
    said = why("ann@example.com")
    assert said.startswith("Ann · ann · ann@example.com. Times are in Europe/Berlin.\n")
    place = 0
    for words in (
        "onboarding/welcome: SENT",
        "Mon 2 March 2026, 22:30: came into the journey onboarding",
        "because of the event order.placed (order_id 7, total 20)",
        "it was due and held back, to be tried again Tue 3 March 2026, 08:00.",
        "It is night where the person lives. (20:00-08:00: 22:31 in Europe/Berlin)",
        "Tue 3 March 2026, 08:00: everything allowed onboarding/welcome to go",
        "consent to onboarding: confirmed since Mon 2 March 2026, 22:01 (double opt-in",
        "it left to ann@example.com.",
    ):
        place = said.find(words, place)
        assert place >= 0, words


def test_a_mail_without_consent_is_told_with_what_the_ledger_held(shop):
    known = json.loads(run("--format", "json", "--at", NOW, "why", "bob"))
    [story] = [one for one in known["mails"] if one["mail"] == "onboarding/welcome"]
    assert (story["outcome"], story["reason"]) == ("dropped", "consent_unknown")
    told = "\n".join(story["sentences"])
    assert "The person never agreed to this kind of mail." in told
    assert "The ledger of that moment: nothing was ever agreed to." in told
    assert known["time_zone"] == "Europe/Berlin"


def test_a_time_range_leaves_out_the_rest(shop):
    assert "No mail was due in this time." in why("ann", "--to", "2026-03-01")
    assert "onboarding/welcome: SENT" in why("ann", "--from", "2026-03-02", "--to", "2026-03-04")


def test_a_mail_that_never_came_is_explained_by_the_way_in_and_the_gate(shop):
    said = why("ann", "--mail", "win-back/what-is-new")
    assert "win-back/what-is-new never came." in said
    assert "win-back begins on joining lapsed-calm: today the answer is no." in said
    assert "If it were due now, it would" in said
    missed = why("ann", "--mail", "service/we-read-your-review")
    assert "begins with the event feedback.received, which never happened" in missed


def test_a_condition_that_is_turned_round_is_told_with_its_not(shop):
    """Else a door's open half reads like its shut one."""
    person = row(type="person", id="cy", email="cy@example.com")
    order = row(type="event", person="cy", name="order.placed", total=0, at="2026-03-09T10:00:00Z")
    (shop / "lead.jsonl").write_text(person + order)
    run("--at", NOW, "import", "history", "lead.jsonl")
    run("--at", NOW, "run", "--once")
    said = why("cy", "--mail", "onboarding/welcome")
    assert "no: did order.placed exactly 1 time where total more than 0" in said
    assert "yes: not segment employees" in said


def test_a_door_that_stayed_shut_is_named(shop):
    said = why("ann", "--mail", "review/after-three-bags")
    assert "was not let into review-request: the entry condition did not hold in time." in said


def test_a_mail_behind_a_wait_is_told_by_where_the_person_stands(shop):
    said = why("ann", "--mail", "onboarding/first-cup")
    assert "Inside onboarding since Mon 2 March 2026, 22:30, at the step parcel" in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("zoe",), 1, "nobody is called zoe"),
        (("ann", "--mail", "onboarding/welcom"), 1, "did you mean `onboarding/welcome`?"),
        (("ann", "--from", "2026-03-05", "--to", "2026-03-01"), 2, "`--from` lies after `--to`"),
    ],
)
def test_wrong_usage_is_said_clearly(shop, arguments, code, words):
    result = invoke("--at", NOW, "why", *arguments)
    assert result.exit_code == code
    assert words in result.stderr
