"""Imports: good rows in, bad ones aside, twice changes nothing."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.application.importing import BATCH, import_rows
from engine.application.ports.intake import Taken
from engine.application.row_kinds import Reader
from engine.application.rows import read_rows

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
READER = Reader(NOW, ZoneInfo("UTC"), lambda text: (text, text.lower()))


class Memory:
    """An intake that remembers arrivals and how large the batches were."""

    def __init__(self):
        self.known = set()
        self.batches = []

    def take_in(self, arrivals, now):
        self.batches.append(len(arrivals))
        new = {repr(arrival) for arrival in arrivals} - self.known
        self.known |= new
        return Taken(people=len(new))


def run(text, intake, reject=lambda row: None):
    rows = read_rows(io.BytesIO(text.encode()), "people", READER)
    return import_rows(rows, intake, NOW, reject=reject)


def test_the_summary_counts_what_became_of_the_rows():
    rejected = []
    text = "id,since,time_zone\na,2026-01-01,Europe/Berlin\nb,2026-02-30,\nc,2026-04-31,\nd,,GMT-8 Pacific\n"
    summary = run(text, Memory(), rejected.append)
    assert (summary.read, summary.accepted, summary.rejected) == (4, 2, 2)
    assert summary.reasons == {"`since` `…` is not a date that exists": 2}
    assert [row.line for row in rejected] == [3, 4]
    assert summary.taken == Taken(people=2)
    assert list(summary.notes.values()) == [1]
    assert "`time_zone` is no IANA zone" in next(iter(summary.notes))


def test_running_it_twice_changes_nothing():
    """R1.4."""
    intake = Memory()
    first, second = run("id\na\nb\n", intake), run("id\na\nb\n", intake)
    assert (first.taken, second.taken) == (Taken(people=2), Taken())


def test_rows_go_in_batch_by_batch_and_none_is_lost():
    intake = Memory()
    number = 2 * BATCH + 3
    summary = run("id\n" + "".join(f"{i}\n" for i in range(number)), intake)
    assert intake.batches == [BATCH, BATCH, 3]
    assert summary.taken == Taken(people=number)


def test_rows_go_in_person_by_person_where_any_order_will_do(monkeypatch):
    """Within a window, those of one person in their order; nobody's rows are lost at its end."""
    monkeypatch.setattr("engine.application.importing.WINDOW", 4)
    monkeypatch.setattr("engine.application.importing.BATCH", 3)
    rows = [("c", 1), ("a", 2), ("x", None), ("c", 3), ("b", 4), ("a", 5)]
    text = "person,name,at\n" + "".join(
        f"{who},{'' if n is None else f'n{n}'},2026-03-04\n" for who, n in rows
    )
    taken, shown = [], []

    class Order:
        def take_in(self, arrivals, now):
            taken.append([(one.person_id, one.event.name) for one in arrivals])
            return Taken(events=len(arrivals))

    summary = import_rows(
        read_rows(io.BytesIO(text.encode()), "events", READER),
        Order(),
        NOW,
        reject=lambda row: None,
        by_person=True,
        progress=lambda done, read: shown.append((done, read)),
    )
    assert taken == [[("a", "n2"), ("b", "n4"), ("c", "n1")], [("c", "n3")], [("a", "n5")]]
    assert (summary.read, summary.rejected, summary.taken) == (6, 1, Taken(events=5))
    assert shown == [(4, 5), (5, 5), (6, 6)]


def test_a_dry_run_counts_and_stores_nothing():
    summary = run("id\na\n", None)
    assert (summary.accepted, summary.taken) == (1, None)


def test_a_number_with_a_comma_and_a_country_in_words_are_noted():
    """R5.2: a country that is none counts as the strictest."""
    rows = b"id;country;spent\na;Deutschland;24,50\nb;de;24.50\nc;CH;tea, milk\n"
    summary = import_rows(
        read_rows(io.BytesIO(rows), "people", READER), None, NOW, reject=lambda row: None
    )
    assert [note.split(",")[0] for note in summary.notes] == [
        "`country` is no code of two letters such as DE; it counts as missing",
        "`spent` is a number with a comma",
    ]
    rows = b"person;name;at;total\na;order.placed;2026-03-04;24,50\n"
    summary = import_rows(
        read_rows(io.BytesIO(rows), "events", READER), None, NOW, reject=lambda row: None
    )
    assert list(summary.notes.values()) == [1]


def test_consent_for_what_nothing_asks_for_is_noted():
    rows = b"person,topic,state,at\na,promotoin,given,2026-03-04\na,all,given,2026-03-04\n"
    summary = import_rows(
        read_rows(io.BytesIO(rows), "consent", READER),
        None,
        NOW,
        reject=lambda row: None,
        topics=("promotion",),
    )
    [note] = summary.notes
    assert note.startswith("`promotoin` is no category of the config")


def test_long_texts_end_a_window_before_it_is_full(monkeypatch):
    """Memory stays flat, however long the texts of a file are."""
    monkeypatch.setattr("engine.application.importing.LETTERS", 1_000)
    rows = "".join(f"p{9 - n},f{n},2026-03-04,{'x' * 400}\n" for n in range(5))
    intake = Memory()
    summary = import_rows(
        read_rows(io.BytesIO(f"person,id,at,text\n{rows}".encode()), "feedback", READER),
        intake,
        NOW,
        reject=lambda row: None,
        by_person=True,
    )
    assert (intake.batches, summary.taken) == ([3, 2], Taken(people=5))
