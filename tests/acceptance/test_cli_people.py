"""`person`, `segment` and `suppression` on a small shop."""

import json

import pytest
from click.testing import CliRunner

from engine.cli.main import group

CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
"""
SEGMENT = """\
segment: team-leads
title: Who leads a team
who: { role: lead, seats: { at_least: 3 } }
"""
PEOPLE = """\
id,email,first_name,role,seats
a,Ann@Shop.Example,Ann,lead,5
b,bob@shop.example,Bob,lead,1
c,,Cy,clerk,9
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments/team-leads.yaml").write_text(SEGMENT)
    (tmp_path / "people.csv").write_text(PEOPLE)
    CliRunner().invoke(group, ["db", "upgrade"])
    CliRunner().invoke(group, ["import", "people", "people.csv"])
    return lambda *arguments: CliRunner().invoke(group, arguments)


def as_json(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_people_are_listed_as_a_table_and_as_json_lines(run):
    result = run("person", "list", "--limit", "2")
    assert result.stdout.splitlines()[1].split()[:3] == ["a", "Ann@shop.example", "Ann"]
    assert "… and more" in result.stdout
    rows = [
        json.loads(line) for line in run("person", "list", "--format", "jsonl").stdout.splitlines()
    ]
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert rows[0]["attributes"] == {"first_name": "Ann", "role": "lead", "seats": 5}


def test_a_person_is_found_by_id_and_by_address(run):
    by_id = as_json(run("--format", "json", "--at", "2026-03-04", "person", "show", "a"))
    by_address = as_json(
        run("--format", "json", "--at", "2026-03-04", "person", "show", "ANN@shop.example")
    )
    assert by_id == by_address
    assert (by_id["mailbox"], by_id["stage"], by_id["time_zone"]) == (
        "ann@shop.example",
        "lead",
        "Europe/Berlin",
    )
    assert by_id["consent"]["profiling_emotion"] == "unknown"
    shown = run("person", "show", "a").stdout
    assert shown.startswith("a · Ann · Ann@shop.example\nlead, 0 orders, time zone Europe/Berlin")


def test_a_stranger_is_named(run):
    result = run("person", "show", "nobody@shop.example")
    assert result.exit_code == 1
    assert "nobody is called nobody@shop.example" in result.stderr


def test_segments_are_listed_counted_and_their_members_named(run):
    [segment] = as_json(run("--format", "json", "segment", "list"))
    assert (segment["segment"], segment["title"]) == ("team-leads", "Who leads a team")
    assert as_json(run("--format", "json", "segment", "count")) == {"team-leads": 1}
    members = run("--format", "jsonl", "segment", "members", "team-leads").stdout
    assert json.loads(members) == {"person": "a", "email": "Ann@shop.example"}
    assert run("segment", "members", "team-leads").stdout == "a\tAnn@shop.example\n"


def test_an_empty_segment_is_said_to_be_empty_beside_the_list(run, tmp_path):
    (tmp_path / "people.csv").write_text("id,role\na,none\n")
    run("import", "people", "people.csv")
    result = run("segment", "members", "team-leads")
    assert (result.stdout, result.stderr) == ("", "Nobody is in team-leads now.\n")


def test_why_somebody_is_not_in_a_segment_is_told_with_evidence(run):
    said = run("segment", "why", "team-leads", "bob@shop.example").stdout
    assert said.startswith("b is not in team-leads.\n")
    assert "yes  role is lead   (it is lead)" in said
    assert "no   seats at least 3   (it is 1)" in said
    known = as_json(run("--format", "json", "segment", "why", "team-leads", "a"))
    assert known["is_in"] is True


def test_a_segment_that_is_none_gets_a_suggestion(run):
    result = run("segment", "count", "team-lead")
    assert result.exit_code == 1
    assert "did you mean `team-leads`?" in result.stderr


def test_a_suppression_by_hand_is_listed_and_lifted(run):
    assert run("suppression", "add", "Ann@shop.example", "--because", "asked us").exit_code == 0
    [row] = as_json(run("--format", "json", "suppression", "list"))
    assert (row["address"], row["because"], row["source"]) == (
        "ann@shop.example",
        "manual",
        "asked us",
    )
    assert as_json(run("--format", "json", "person", "show", "a"))["suppressed"] == "manual"
    assert run("suppression", "remove", "ann@SHOP.example").exit_code == 0
    assert run("suppression", "list").stdout == "Nobody is suppressed.\n"
    assert "is not suppressed" in run("suppression", "remove", "ann@shop.example").stderr


def test_what_somebody_chose_for_themselves_is_shown(run, tmp_path):
    from datetime import UTC, datetime

    from engine.adapters.db.connect import connect, writing
    from engine.adapters.db.events import ingest
    from engine.domain.arrival import PreferenceArrived
    from engine.domain.preference import Preference

    now = datetime(2026, 3, 4, tzinfo=UTC)
    chosen = (
        Preference("pace", now),
        Preference("pause", now, until=datetime(2026, 4, 1, tzinfo=UTC)),
        Preference("theme", now, value="mothers-day"),
        Preference("language", now, value="de"),
    )
    engine = connect(f"sqlite:///{tmp_path}/sincerely.db")
    with writing(engine) as connection:
        ingest(connection, [PreferenceArrived("a", line) for line in chosen], now)
    engine.dispose()
    assert (
        "They asked for: one marketing mail in 7 days at most, a break until 2026-04-01 00:00Z,"
        " nothing about mothers-day, the language de"
    ) in run("--at", "2026-03-05", "person", "show", "a").stdout
    later = as_json(run("--format", "json", "--at", "2026-05-01", "person", "show", "a"))
    assert later["wishes"]["paused_until"] is None, "it is over"
    assert "They asked for" not in run("person", "show", "b").stdout


def test_a_complaint_is_never_lifted_by_hand(run, tmp_path):
    """R5.5, R5.8."""
    from datetime import UTC, datetime

    from engine.adapters.db.connect import connect, writing
    from engine.adapters.db.suppressions import suppress

    engine = connect(f"sqlite:///{tmp_path}/sincerely.db")
    with writing(engine) as connection:
        suppress(connection, "ann@shop.example", "complaint", datetime(2026, 3, 4, tzinfo=UTC))
    engine.dispose()
    result = run("suppression", "remove", "ann@shop.example")
    assert result.exit_code == 1
    assert "stays suppressed: complaint since 2026-03-04" in result.stderr


def test_what_is_held_of_a_person_is_written_as_json(run, tmp_path):
    """GDPR 15 and 20"""
    said = run("person", "export", "ann@shop.example", "--out", "ann.json")
    assert said.stdout.startswith("a: "), said.stdout
    found = json.loads((tmp_path / "ann.json").read_text())
    assert found["holds"]["person"]["rows"][0]["email"] == "Ann@shop.example"
    assert (tmp_path / "ann.json").stat().st_mode & 0o077 == 0  # nobody else reads it
    assert as_json(run("person", "export", "a"))["person"] == "a"
    lost = run("person", "export", "a", "--out", "no/such/folder/ann.json")
    assert lost.exit_code == 1
    assert "cannot write no/such/folder/ann.json" in lost.stderr


def test_who_asked_to_be_forgotten_is_and_stays_so(run, tmp_path):
    """R5.9: it asks first, says what it did, and no import brings anybody back."""
    asked = run("person", "erase", "a")
    assert asked.exit_code != 0
    assert "Forget a for good?" in asked.stdout
    assert run("person", "show", "a").exit_code == 0
    said = run("person", "erase", "ann@shop.example", "--yes").stdout
    assert said.startswith("a is forgotten. Deleted, or made nobody's:\n")
    assert run("person", "show", "a").exit_code == 1
    again = run("person", "erase", "ann@shop.example", "--yes")
    assert again.exit_code == 0
    assert "was forgotten on" in again.stdout
    assert as_json(run("--format", "json", "person", "erase", "a", "--yes"))["already"] is True
    assert run("person", "erase", "nobody", "--yes").exit_code == 1
    (tmp_path / "again.csv").write_text("id,email\na,ann@shop.example\nq,ann@shop.example\n")
    back = run("import", "people", "again.csv").stdout
    assert "Left out, of people who asked to be forgotten: 2 rows." in back


def test_one_message_is_forgotten_as_if_it_had_never_been_written(run, tmp_path):
    """R5.9: it asks first; the words are nowhere then, and what is not there is named."""
    (tmp_path / "said.csv").write_text(
        "person,at,text,id\na,2026-03-01T10:00:00Z,The zebra was cold and late,m1\n"
        "a,2026-03-02T10:00:00Z,Lovely beans,m2\n"
    )
    run("import", "feedback", "said.csv")
    assert "zebra" in run("person", "export", "a").stdout
    asked = run("person", "erase", "a", "--message", "m1")
    assert asked.exit_code != 0
    assert "Forget the message m1 of a for good?" in asked.stdout
    said = run("person", "erase", "ann@shop.example", "--message", "m1", "--yes")
    assert said.stdout.startswith("The message m1 of a is forgotten"), said.output
    left = run("person", "export", "a").stdout
    assert "zebra" not in left
    assert "Lovely beans" in left
    again = run("person", "erase", "a", "--message", "m1", "--yes")
    assert again.exit_code == 1
    assert "a wrote no message m1" in again.stderr
    assert "sincerely person export a" in again.stderr
    assert run("person", "erase", "nobody", "--message", "m1", "--yes").exit_code == 1
    gone = as_json(run("--format", "json", "person", "erase", "a", "--message", "m2", "--yes"))
    assert gone == {"person": "a", "message": "m2", "removed": {"event": 1, "score": 0}}


def test_copies_of_their_mails_in_the_folder_go_too(run, tmp_path):
    from datetime import UTC, datetime

    from engine.adapters.mail.folder import FolderMailer
    from engine.domain.message import Address, Message

    folder = FolderMailer(tmp_path / "outbox")
    now = datetime(2026, 3, 4, tzinfo=UTC)
    for send_id in ("a" * 32, "b" * 32):
        to = Address("ann@shop.example")
        folder.send(Message(send_id, Address("s@x.org"), to, "Hi", "<p>Hi</p>", "Hi", now), now)
    assert folder.forget(["a" * 32, "never"]) == 1
    assert folder.forget(["a" * 32]) == 0
    left = [path.name for path in (tmp_path / "outbox").rglob("*.*ml")]
    assert left and all("b" * 32 in name for name in left)


def test_two_profiles_of_one_human_become_one(run, tmp_path):
    """It asks first, and once more answers the same; the old id leads on."""
    assert "Merge b into a?" in run("person", "merge", "a", "b").stdout
    assert run("person", "show", "b").exit_code == 0
    assert run("person", "merge", "a", "b", "--yes").stdout == "b is a part of a.\n"
    assert run("person", "merge", "a", "b").stdout == "b is a part of a, as before.\n"
    assert as_json(run("--format", "json", "person", "show", "b"))["id"] == "a"
    assert run("person", "merge", "a", "a", "--yes").exit_code == 1
    (tmp_path / "again.csv").write_text("id,shoe_size\nb,42\n")
    run("import", "people", "again.csv")
    assert as_json(run("--format", "json", "person", "show", "a"))["attributes"]["shoe_size"] == 42


def test_a_provider_s_lists_are_imported_or_it_says_why_not(run, tmp_path, monkeypatch):
    from datetime import UTC, datetime

    from engine import bootstrap
    from engine.adapters.mail.sendgrid_lists import SendGridLists
    from tests.standins.sendgrid import KEY, Answer, serving

    refused = run("suppression", "import")
    assert refused.exit_code == 1
    assert "delivery by `folder` has no lists of its own" in refused.stderr
    (tmp_path / "config.yaml").write_text(f"{CONFIG}delivery: {{ by: sendgrid }}\n")
    assert "`secrets` in config.yaml has no `sendgrid`" in run("suppression", "import").stderr
    now = datetime(2026, 3, 4, 10, tzinfo=UTC)
    with serving(now.timestamp()) as stand_in:
        monkeypatch.setattr(
            bootstrap, "suppression_lists_of", lambda *_: SendGridLists(KEY, stand_in.host)
        )
        stand_in.lists = {
            "/v3/suppression/spam_reports": [{"email": "x@x.org", "created": 1, "ip": "1.2.3.4"}],
            "/v3/suppression/unsubscribes": [{"email": "ann@shop.example", "created": 1}],
        }
        said = "2 entries read: 1 address newly suppressed, 1 opt-out new in the ledger.\n"
        assert run("suppression", "import").stdout == said
        known = as_json(run("--format", "json", "suppression", "import", "--all"))
        assert known == {"read": 2, "suppressed": 0, "left": 0, "unread": 0, "whole": True}
        for answer, words in (
            (Answer(403, body=b'{"errors": []}'), "the right to read Suppressions"),
            (Answer(503), "goes on where it stopped"),
        ):
            stand_in.next_answer = answer
            result = run("suppression", "import")
            assert result.exit_code == 1
            assert words in result.stderr
