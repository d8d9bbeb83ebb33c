"""`sincerely import`: from a file into the database, twice, with bad rows aside."""

import gzip
import json

import pytest
from click.testing import CliRunner

from engine.cli.main import group

CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
"""


@pytest.fixture
def shop(tmp_path, monkeypatch):
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    return tmp_path


def run(*arguments, **options):
    return CliRunner().invoke(group, arguments, **options)


def summary(*arguments, **options):
    result = run("--format", "json", *arguments, **options)
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)


@pytest.fixture
def store(shop):
    assert run("db", "upgrade").exit_code == 0
    return shop


def test_a_database_without_schema_says_which_command_mends_it(shop):
    (shop / "people.csv").write_text("id\na\n")
    result = run("import", "people", "people.csv")
    assert result.exit_code == 1
    assert "the database is empty" in result.stderr
    assert "run `sincerely db upgrade`" in result.stderr


def test_good_rows_are_in_bad_rows_are_kept_and_a_repeat_changes_nothing(store):
    (store / "people.csv").write_text(
        "id,email,first_name\na,Ann@Shop.Example,Ann\nb,nobody,Bob\nc,ann@shop.example,Cy\n"
    )
    result = run("import", "people", "people.csv")
    assert result.exit_code == 1
    assert "3 rows of people, 2 taken in, 1 rejected" in result.stdout
    assert "New: 2 people. Changed: 0 people." in result.stdout
    assert "Shared by several people: 1 address." in result.stdout
    kept = (store / "people.csv.rejected.jsonl").read_text().splitlines()
    assert [json.loads(line)["line"] for line in kept] == [3]
    assert json.loads(kept[0])["row"] == {"id": "b", "email": "nobody", "first_name": "Bob"}
    again = summary("import", "people", "people.csv")
    assert (again["taken"]["people"], again["taken"]["changed"], again["rejected"]) == (0, 0, 1)


def test_what_an_earlier_import_rejected_is_taken_away_once_it_is_mended(store):
    (store / "people.csv").write_text("id,email\na,nobody\n")
    assert summary("import", "people", "people.csv")["rejected_file"] == "people.csv.rejected.jsonl"
    assert sorted(path.name for path in store.glob("people.csv*")) == [
        "people.csv",
        "people.csv.rejected.jsonl",
    ]
    (store / "people.csv").write_text("id,email\na,ann@shop.example\n")
    assert summary("import", "people", "people.csv")["rejected_file"] is None
    assert [path.name for path in store.glob("people.csv*")] == ["people.csv"]


def test_a_changed_attribute_changes_one_person(store):
    (store / "people.csv").write_text("id,plan\na,trial\nb,trial\n")
    assert summary("import", "people", "people.csv")["taken"]["people"] == 2
    (store / "people.csv").write_text("id,plan\na,trial\nb,team\n")
    assert summary("import", "people", "people.csv")["taken"]["changed"] == 1


def test_a_gzipped_history_comes_in_once(store):
    day, angry = "2026-03-03", {"angry": "high"}
    consent = {"topic": "profiling_emotion", "state": "given", "at": "2026-03-01"}
    rows = [
        {"type": "person", "id": "a", "email": "a@shop.example", "at": "2026-03-01"},
        {"type": "consent", "person": "a", **consent},
        {
            "id": "o1",
            "person": "a",
            "name": "order.placed",
            "at": "2026-03-02 10:00",
            "total": 12.5,
        },
        {"type": "feedback", "id": "f1", "person": "a", "at": day, "source": "chat", "mood": angry},
        {"type": "feedback", "id": "f2", "person": "b", "at": day, "mood": angry},
    ]
    packed = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    (store / "history.jsonl.gz").write_bytes(packed)
    first = summary("import", "history", "history.jsonl.gz")["taken"]
    assert (first["people"], first["events"], first["consents"]) == (2, 3, 1)
    assert first["readings"] == 1, "b never agreed to a profile (R5.10)"
    second = summary("import", "history", "history.jsonl.gz")["taken"]
    assert second == {**dict.fromkeys(second, 0), "duplicates": 3}


def test_a_dry_run_stores_nothing_and_the_pipe_is_read(store):
    rows = "Nr;Mail\n1;a@shop.example\n"
    maps = ("--map", "Nr=id", "--map", "Mail=email")
    dry = summary("import", "people", "-", "--dry-run", *maps, input=rows)
    assert (dry["dry_run"], dry["accepted"], dry["taken"]) == (True, 1, None)
    assert summary("import", "people", "-", *maps, input=rows)["taken"]["people"] == 1


def test_a_file_may_hold_the_renames(store):
    (store / "columns.txt").write_text("# from the shop\nNr: id\nMail = email\n")
    rows = "Nr;Mail\n1;a@shop.example\n"
    taken = summary("import", "people", "-", "--map", "columns.txt", input=rows)
    assert (taken["accepted"], taken["rejected"]) == (1, 0)


def test_postgresql_takes_the_same_in(shop, postgres_url, monkeypatch):
    monkeypatch.setenv("SINCERELY_DATABASE", postgres_url)
    assert run("db", "upgrade").exit_code == 0
    rows = "id,email\na,a@shop.example\nb,A@shop.example\n"
    first = summary("import", "people", "-", input=rows)
    second = summary("import", "people", "-", input=rows)
    assert (first["taken"]["people"], first["shared_mailboxes"]) == (2, 1)
    assert second["taken"] == dict.fromkeys(second["taken"], 0)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["people", "none.csv"], 1, "cannot read none.csv: no such file"),
        (["people", "-", "--map", "nothing"], 2, "neither OLD=NEW nor a text file"),
        (["people", "-", "--map", "a="], 2, "renames nothing"),
        (["persons", "-"], 2, "is not one of"),
    ],
)
def test_a_wrong_call_says_what_to_write(store, arguments, code, said):
    result = run("import", *arguments)
    assert result.exit_code == code
    assert said in result.stderr


@pytest.mark.parametrize("source", ["engine", "preferences", "unsubscribe"])
def test_no_file_speaks_for_the_engine(store, source):
    """R1.4: an event from outside cannot take the id of one that is still to come."""
    (store / "events.jsonl").write_text(
        '{"id": "mail.sent:1", "person": "a", "name": "mail.sent", "at": "2026-03-04"}\n'
    )
    result = run("import", "events", "events.jsonl", "--source", source)
    assert result.exit_code == 2
    assert "is the engine's own" in result.stderr


@pytest.mark.parametrize("folder", [".", "..", "/", "journeys/"])
def test_a_folder_is_no_file_to_import(store, folder):
    (store / "journeys").mkdir()
    result = run("import", "people", folder)
    assert result.exit_code == 1
    assert f"cannot read {folder}: is a directory" in result.stderr
