"""`why` on the sample business: what happened, what was held back, and what never came."""

import json
import shutil
import sqlite3
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
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    return opened(tmp_path, monkeypatch)


@pytest.fixture
def shop_anywhere(tmp_path, monkeypatch, database):
    """The same shop, on either database."""
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    return opened(tmp_path, monkeypatch)


def opened(tmp_path, monkeypatch):
    for folder in ("journeys", "segments", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "config.example.yaml", tmp_path / "config.yaml")
    (tmp_path / "past.jsonl").write_text(customer("ann") + customer("bob", agrees=False))
    monkeypatch.chdir(tmp_path)
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


def test_what_an_event_lists_is_told_in_words(shop):
    """As people write a list, not as a program does."""
    (shop / "cat.jsonl").write_text(
        customer("cat").replace('"order_id": "7"', '"bags": ["Huila", "Sidamo"]')
    )
    run("--at", "2026-03-02T21:31:00Z", "import", "history", "cat.jsonl")
    run("--at", "2026-03-02T21:31:00Z", "run", "--until", NOW)
    assert "the event order.placed (bags Huila, Sidamo, total 20)" in why("cat")


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


def test_what_the_provider_told_of_a_mail_is_told(shop):
    """After it left: in which order it was told of does not matter."""
    [send_id] = _send_ids(shop, "ann", "onboarding/welcome")
    rows = [
        ("mail.bounced", "2026-03-03T07:20:00Z", {"text": "552 5.2.2 over quota"}),
        ("mail.delivered", "2026-03-03T07:10:00Z", {}),
        ("mail.complained", "2026-03-03T07:30:00Z", {}),
    ]
    lines = [
        json.dumps(
            {"person": "ann", "name": name, "at": at, "id": name, "send_id": send_id, **said}
        )
        for name, at, said in rows
    ]
    (shop / "told.jsonl").write_text("\n".join(lines))
    run("--at", "2026-03-03T09:00:00Z", "import", "events", "told.jsonl", "--source", "provider")
    run("--at", "2026-03-03T09:00:00Z", "run", "--once")
    said = why("ann")
    assert "Tue 3 March 2026, 08:20: it came back (552 5.2.2 over quota)." in said
    assert "Tue 3 March 2026, 08:30: they said that it is spam." in said


def test_a_bounce_that_anybody_could_have_written_is_told_as_such(shop):
    [send_id] = _send_ids(shop, "ann", "onboarding/welcome")
    row = {"person": "ann", "name": "mail.bounce_claimed", "at": "2026-03-03T07:20:00Z", "id": "b"}
    (shop / "told.jsonl").write_text(json.dumps(row | {"send_id": send_id}))
    run("--at", "2026-03-03T09:00:00Z", "import", "events", "told.jsonl", "--source", "provider")
    run("--at", "2026-03-03T09:00:00Z", "run", "--once")
    assert "a report without a mark of ours says that it came back." in why("ann")


def _send_ids(folder, person, mail):
    from engine.adapters.db.connect import connect, reading
    from engine.adapters.db.outbox import messages_of

    engine = connect(f"sqlite:///{folder / 'sincerely.db'}")
    with reading(engine) as connection:
        found = [m.send_id for m in messages_of(connection, person) if m.mail == mail]
    engine.dispose()
    return found


def test_a_mail_without_consent_is_told_with_what_the_ledger_held(shop):
    known = json.loads(run("--format", "json", "--at", NOW, "why", "bob"))
    [story] = [one for one in known["mails"] if one["mail"] == "onboarding/welcome"]
    assert (story["outcome"], story["reason"]) == ("dropped", "consent_unknown")
    told = "\n".join(story["sentences"])
    assert "There is no consent on file that is enough where the person lives." in told
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


# ── the past asked again ──────────────────────────────────────────────────────────────────────

LETTER = """\
journey: {name}
owner: lena@cozy.example
status: live
category: onboarding
enter: {{ when: {event}, again: always }}
steps:
  - {{ id: mail, send: {mail}, expires_after: 1 day }}
"""


def later(*rows):
    """What comes in afterwards: another address, other attributes, and no more agreement."""
    return "".join(row(**values) for values in rows)


def change_everything(shop):
    """A week in which nothing stays as it was when the welcome was decided on."""
    (shop / "later.jsonl").write_text(
        later(
            {"type": "person", "id": "ann", "email": "ann@elsewhere.example", "first_name": "Anna",
             "time_zone": "America/New_York", "at": "2026-03-10T08:00:00Z"},
            {"type": "consent", "person": "ann", "topic": "onboarding", "state": "unsubscribed",
             "at": "2026-03-10T09:00:00Z"},
        )
    )  # fmt: skip
    run("--at", "2026-03-10T10:00:00Z", "import", "history", "later.jsonl")
    run("--at", "2026-03-10T10:00:00Z", "suppression", "add", "ann@elsewhere.example")
    onboarding = shop / "journeys" / "onboarding.yaml"
    onboarding.write_text(onboarding.read_text().replace("08:00-19:00", "12:00-13:00"))
    run("--at", "2026-03-10T11:00:00Z", "apply", "--yes")
    run("--at", "2026-03-10T12:00:00Z", "run", "--once")
    run("--at", "2026-03-10T13:00:00Z", "pause")


def test_the_past_is_told_the_same_after_everything_has_changed(shop_anywhere):
    """R7.1: address, zone, consent, suppression, journey and switch are those of that moment."""
    change_everything(shop_anywhere)
    known = json.loads(run("--format", "json", "--at", "2026-03-11T08:00:00Z", "why", "ann"))
    [story] = [one for one in known["mails"] if one["mail"] == "onboarding/welcome"]
    waited, went = story["decisions"]
    assert (waited["answer"], waited["reason"]) == ("wait", "quiet_hours")
    assert went["answer"] == "go"
    assert [one["asked_again"] for one in (waited, went)] == ["same", "same"]
    assert all(question["passed"] for question in went["questions"])
    asked = [question["question"] for question in went["questions"]]
    assert list(dict.fromkeys(asked)) == [
        "engine", "person", "run", "address", "consent", "preferences", "hold-out", "expiry", "holds",
        "hours", "caps", "approval",
    ]  # fmt: skip
    assert "inside the send window (08:00-19:00)" in "\n".join(story["sentences"])
    assert story["sentences"][-1] == (
        "Asked again with what was known then, the gate gives the same answers."
    )


def test_a_person_is_shown_as_they_were_at_the_moment_asked_about(shop):
    change_everything(shop)
    assert why("ann").startswith("Ann · ann · ann@example.com. Times are in Europe/Berlin.")
    today = run("--at", "2026-03-11T08:00:00Z", "why", "ann")
    assert today.startswith("Anna · ann · ann@elsewhere.example. Times are in America/New_York.")


def test_a_line_of_which_no_turn_is_kept_is_told_from_the_record(shop):
    """Nobody is told that the two do not agree, where one of them is gone."""
    with sqlite3.connect(shop / "sincerely.db") as database:
        database.execute("DELETE FROM former WHERE seq <= (SELECT max(seq) FROM former) - 4")
    said = why("ann", "--mail", "onboarding/welcome")
    assert "It is night where the person lives. (20:00-08:00: 22:31 in Europe/Berlin)" in said
    assert "told from the record alone" in said
    assert "nothing is kept of the turn that decided it" in said
    assert "do not agree" not in said


def test_a_record_that_says_something_else_is_not_smoothed_over(shop):
    with sqlite3.connect(shop / "sincerely.db") as database:
        database.execute("UPDATE trace SET reason = 'suppressed' WHERE what = 'postponed'")
    said = why("ann")
    assert "The two do not agree: the record says “wait, suppressed" in said
    assert "asked again, the answer is “wait, quiet_hours" in said
    assert "the gate gives the same" not in said


def test_the_caps_are_told_with_their_numbers(shop):
    """R3.1, R3.2: which mails were counted, the limit, and when the next was possible."""
    for name, event, mail in (
        ("first-letter", "shelf.new", "onboarding/first-cup"),
        ("second-letter", "shelf.moved", "onboarding/second-bag"),
    ):
        letter = LETTER.format(name=name, event=event, mail=mail)
        (shop / "journeys" / f"{name}.yaml").write_text(letter)
    run("--at", NOW, "apply", "--yes")
    (shop / "shelf.jsonl").write_text(
        later(
            {"type": "event", "person": "ann", "name": "shelf.new", "at": "2026-03-09T12:00:00Z"},
            {"type": "event", "person": "ann", "name": "shelf.moved", "at": "2026-03-09T12:00:01Z"},
        )
    )
    run("--at", "2026-03-09T12:01:00Z", "import", "history", "shelf.jsonl")
    run("--at", "2026-03-09T12:01:00Z", "run", "--once")
    said = run("--at", "2026-03-09T12:02:00Z", "why", "ann", "--mail", "onboarding/second-bag")
    gone = "onboarding/first-cup on Mon 9 March 2026, 13:01"
    assert (
        f"On that calendar day, one onboarding mail had gone ({gone}), and the limit is 1 per"
        " calendar day; the next was possible from Tue 10 March 2026, 00:00 on." in said
    )
    assert (
        f"In the 16 hours before, one marketing mail had gone ({gone}), and mails go at least 16"
        " hours apart; the next was possible from Tue 10 March 2026, 05:01 on." in said
    )
    assert "onboarding/first-cup went first." in said


def test_a_day_on_which_nothing_came_is_answered_by_the_rules_of_that_day(shop):
    """Conditions with their evidence then, and the gate of then."""
    change_everything(shop)
    asked = (
        "why",
        "ann",
        "--mail",
        "win-back/what-is-new",
        "--from",
        "2026-03-08",
        "--to",
        "2026-03-09",
    )
    said = run("--at", "2026-03-11T08:00:00Z", *asked)
    assert "win-back/what-is-new never came in this time." in said
    assert (
        "win-back begins on joining lapsed-calm: Mon 9 March 2026, 00:00: the answer was no."
        in said
    )
    assert "no: lifecycle lapsed (new: 1 order, the last 2026-03-02 21:30)" in said
    assert "If it had been due then, it would have waited until" in said
    now = run("--at", "2026-03-12T08:00:00Z", "why", "ann", "--mail", "win-back/what-is-new")
    assert "The engine is paused: nothing is sent." in now
    assert "today the answer is no" in now


def test_before_anybody_had_heard_of_them_nothing_could_be_due(shop):
    said = why("ann", "--to", "2026-03-01")
    assert (
        "Nobody had heard of ann before Mon 2 March 2026, 22:31, so nothing could be due." in said
    )
    known = json.loads(run("--format", "json", "--at", NOW, "why", "ann", "--to", "2026-03-01"))
    assert (known["person"], known["mails"]) == ("ann", [])


def test_the_future_is_for_the_simulation(shop):
    result = invoke("--at", "2031-01-01", "why", "ann")
    assert result.exit_code == 2
    assert "lies in the future, where nothing is decided yet" in result.stderr
    assert "sincerely simulate --from 2030-12-31 --to 2031-01-07 --person ann" in result.stderr


def test_who_asked_to_be_forgotten_is(shop):
    """R5.9"""
    run("--at", NOW, "person", "erase", "bob@example.com", "--yes")
    result = invoke("--at", NOW, "why", "bob@example.com")
    assert result.exit_code == 1
    assert "nobody is called bob@example.com" in result.stderr
