"""Rows of commands.md, "Data in": what they become, and what a bad one gets."""

import gzip
import io
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.application.row_kinds import Reader
from engine.application.rows import KINDS, Accepted, Rejected, read_rows
from engine.domain.arrival import ConsentArrived, EventArrived, MessageRead, PersonArrived
from engine.domain.consent import Evidence
from engine.domain.errors import MistakeError
from engine.domain.profile import readings_of

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


def normal_address(text):
    name, at, domain = text.partition("@")
    if not at or "." not in domain:
        raise ValueError(f"`{text}` is not a mail address")
    return text, f"{name}@{domain.lower()}"


READER = Reader(NOW, ZoneInfo("Europe/Berlin"), normal_address)


def read(kind, data, **options):
    data = data if isinstance(data, bytes) else data.encode()
    return list(read_rows(io.BytesIO(data), kind, READER, **options))


def only(kind, data, **options):
    [row] = read(kind, data, **options)
    assert isinstance(row, Accepted), row
    [arrival] = row.arrivals
    return arrival


# ── people ────────────────────────────────────────────────────────────────────────────────────


def test_a_person_row_of_a_csv_becomes_typed_attributes():
    person = only(
        "people",
        "id,email,first_name,seats,score,zip,birthday,signed_up_at,tags,plan\n"
        "7,Ann@Shop.Example,Ann,12,-3.1234567,01234,1988-02-29,2026-03-01T10:00:00+01:00,vip; vip2,\n",
    )
    assert person == PersonArrived(
        "7",
        "Ann@Shop.Example",
        "Ann@shop.example",
        {
            "first_name": "Ann",
            "seats": 12,
            "score": -3.123457,
            "zip": "01234",
            "birthday": "1988-02-29",
            "signed_up_at": "2026-03-01T09:00:00.000000Z",
            "tags": ("vip", "vip2"),
        },
        NOW,
    )


def test_in_json_only_numbers_are_numbers_and_null_takes_away():
    person = only(
        "people",
        '{"id": 7, "email": null, "zip": "10115", "vip": true, "plan": null, "points": 5, '
        '"address": {"city": "Bonn", "street": null}, "likes": ["tea", "milk"], "mixed": [1, "a"]}',
    )
    assert (person.person_id, person.email, person.mailbox) == ("7", "", "")
    assert person.values == {
        "zip": "10115",
        "vip": True,
        "plan": None,
        "points": 5,
        "address_city": "Bonn",
        "address_street": None,
        "likes": ("tea", "milk"),
        "mixed": '[1, "a"]',
    }


def test_a_row_that_says_nothing_of_the_address_leaves_it():
    person = only("people", "id;first_name;email\na;Ann;\n")
    assert (person.email, person.mailbox) == (None, None)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_seen_from_the_heading(separator):
    person = only("people", f"\ufeffID{separator}First Name\r\na{separator}Ann\r\n")
    assert (person.person_id, person.values) == ("a", {"first_name": "Ann"})


def test_headings_are_renamed_by_the_map():
    person = only("people", "Nr,Vorname\n9,Ann\n", renames={"Nr": "id", "Vorname": "first_name"})
    assert (person.person_id, person.values) == ("9", {"first_name": "Ann"})


def test_the_map_takes_the_names_that_the_message_lists():
    person = only("people", "Kunden-Nr;Vor Name\n9;Ann\n", renames={"kunden_nr": "id"})
    assert (person.person_id, person.values) == ("9", {"vor_name": "Ann"})


def test_nul_and_lone_surrogates_are_taken_out():
    assert only("people", r'{"id": "a", "note": "x\u0000y\ud800z"}').values == {"note": "xyz"}
    assert only("people", b"id,note\na,x\x00y\n").values == {"note": "xy"}


# ── events, feedback, consent, history ────────────────────────────────────────────────────────


def test_an_event_keeps_its_properties_and_times_are_read_in_the_companys_zone():
    row = (
        'id,person,name,at,total,properties\n1,a,order.placed,2026-03-04 10:00,12.50,"{""n"": 2}"\n'
    )
    arrival = only("events", row)
    assert isinstance(arrival, EventArrived)
    assert (arrival.person_id, arrival.event.id, arrival.event.source) == ("a", "1", "import")
    assert arrival.event.at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert arrival.event.properties == {"total": 12.5, "n": 2}


def test_an_event_without_an_id_gets_the_same_one_every_time():
    row = '{"person": "a", "name": "order.placed", "at": "2026-03-04", "total": 3}'
    first, second = only("events", row), only("events", row)
    other = only("events", row.replace("3}", "4}"))
    assert first.event.id == second.event.id != other.event.id


def test_feedback_of_a_ticket_opens_it_and_brings_its_mood():
    [row] = read(
        "feedback",
        '{"id": "f1", "person": "a", "source": "ticket", "ticket": 77, "rating": 1, '
        '"at": "2026-03-04T09:00:00Z", "text": "Late again!", "mood": {"angry": "high"}, "anxious": 0.5}',
    )
    received, opened, read_so = row.arrivals
    assert received.event.name == "feedback.received"
    assert received.event.properties == {
        "id": "f1", "source": "ticket", "ticket": "77", "rating": 1, "text": "Late again!",
    }  # fmt: skip
    assert (opened.event.name, opened.event.properties) == ("ticket.opened", {"ticket": "77"})
    assert isinstance(read_so, MessageRead)
    assert (read_so.mood.message, read_so.mood.thread) == ("f1", "77")
    angry, anxious = readings_of(read_so.mood, read_so.by)
    assert (angry.emotion, angry.message) == ("angry", "f1")
    assert "high" in angry.until
    assert (anxious.emotion, anxious.probability) == ("anxious", 0.5)


def test_a_ticket_has_the_same_name_in_every_kind_of_file():
    solved = only("events", "person,name,at,ticket\na,ticket.solved,2026-03-04,77\n")
    [row] = read("feedback", "person,at,source,ticket,text\na,2026-03-03,ticket,77,123\n")
    received, opened = row.arrivals
    assert solved.event.properties["ticket"] == opened.event.properties["ticket"] == "77"
    assert received.event.properties["text"] == "123"


def test_a_type_is_a_property_like_any_other_outside_a_history():
    row = '{"person": "a", "name": "order.placed", "at": "2026-03-04", "type": "event"}'
    assert only("events", row).event.properties == {"type": "event"}
    assert only("history", row).event.properties == {}


def test_a_mood_is_never_a_property_that_a_template_could_print():
    """R6.6."""
    [row] = read("feedback", "id,person,at,text,angry\nf,a,2026-03-04,Bad!,high\n")
    assert row.arrivals[0].event.properties == {"text": "Bad!", "id": "f"}


@pytest.mark.parametrize(
    ("words", "state", "confirmed"),
    [
        ("given,", "express", False),
        ("express,double opt-in", "express", True),
        ("double opt-in,", "express", True),
        ("implied,", "implied", False),
        ("Unsubscribed,", "unsubscribed", False),
    ],
)
def test_consent_words_become_states(words, state, confirmed):
    entry = only("consent", f"person,topic,at,state,basis\na,promotion,2026-03-04,{words}\n").entry
    assert (entry.topic, entry.state, entry.confirmed) == ("promotion", state, confirmed)


def test_an_import_is_never_the_persons_own_act():
    """R5.5, scenario 33."""
    arrival = only(
        "consent",
        '{"person": "a", "topic": "all", "state": "given", "at": "2026-03-04", "own_act": true}',
    )
    assert isinstance(arrival, ConsentArrived)
    assert (arrival.entry.topic, arrival.entry.own_act) == ("*", False)


def test_a_row_of_consent_brings_its_evidence():
    """R5.1: which words, in which language, where, from where, by whom."""
    arrival = only(
        "consent",
        '{"person": "a", "topic": "news", "state": "confirmed", "at": "2026-03-01T10:00:00Z",'
        ' "confirmed_at": "2026-03-01T10:05:00Z", "wording": "footer 3", "language": "de",'
        ' "wording_hash": "sha256:9f", "url": "https://shop.example/join", "ip": "2001:0DB8::1",'
        ' "user_agent": "Firefox", "jurisdiction": "de", "actor": "shop"}',
    )
    captured = datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert (arrival.entry.at, arrival.entry.confirmed) == (captured + timedelta(minutes=5), True)
    assert arrival.evidence == Evidence(
        jurisdiction="DE", captured_at=captured, url="https://shop.example/join", ip="2001:db8::1",
        user_agent="Firefox", language="de", wording_hash="sha256:9f", actor="shop",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "basis", "becomes"),
    [
        ("implied", "Implied-Purchase", "purchase"),
        ("implied", "implied by inquiry", "inquiry"),
        ("implied", "soft_opt_in", "soft opt-in"),
        ("soft opt-in", "", "soft opt-in"),
        ("implied", "CONTRACT", "contract"),
        ("implied", "met at a fair", "met at a fair"),
    ],
)
def test_a_basis_is_said_in_the_words_of_the_jurisdictions(state, basis, becomes):
    """R5.2"""
    entry = only(
        "consent", f"person,topic,at,state,basis\na,news,2026-03-01,{state},{basis}\n"
    ).entry
    assert (entry.state, entry.basis) == ("implied", becomes)


@pytest.mark.parametrize(
    ("says", "column", "reason"),
    [
        ({"ip": "home"}, "ip", "is no IP address"),
        ({"url": "shop.example"}, "url", "is no address in the web"),
        ({"jurisdiction": "Bonn"}, "jurisdiction", "is no code of two letters such as DE"),
        ({"confirmed_at": "2025-12-31"}, "confirmed_at", "lies before `at`"),
        ({"state": "pending", "confirmed_at": "2026-01-02"}, "confirmed_at", "goes with express"),
        ({"wording": "w" * 2001}, "wording", "is longer than 2,000 characters"),
    ],
)
def test_evidence_that_is_none_rejects_the_row(says, column, reason):
    """R5.1: what proves nothing is said, not stored."""
    row = {"person": "a", "topic": "t", "state": "given", "at": "2026-01-01", **says}
    [rejected] = read("consent", json.dumps(row))
    assert rejected.column == column
    assert rejected.reason.startswith(reason)


def test_nobody_agreed_tomorrow_and_a_no_dated_ahead_counts_from_now():
    """R5.5: a date ahead neither raises anything nor loses an opt-out."""
    ahead = "person,topic,state,at\na,news,{},2099-01-01\n"
    [rejected] = read("consent", ahead.format("given"))
    assert (rejected.column, rejected.reason) == ("at", "lies ahead: nobody has agreed yet")
    assert only("consent", ahead.format("unsubscribed")).entry.at == NOW


def test_a_history_mixes_the_kinds():
    rows = read(
        "history",
        '{"type": "person", "id": "a", "at": "2026-03-01", "plan": "trial"}\n'
        '{"type": "consent", "person": "a", "topic": "news", "state": "given", "at": "2026-03-01"}\n'
        '{"person": "a", "name": "order.placed", "at": "2026-03-02"}\n'
        '{"type": "feedback", "person": "a", "at": "2026-03-03", "text": "Lovely"}\n'
        '{"type": "letter", "person": "a", "at": "2026-03-03"}\n',
    )
    assert [type(row.arrivals[0]).__name__ for row in rows[:4]] == [
        "PersonArrived", "ConsentArrived", "EventArrived", "EventArrived",
    ]  # fmt: skip
    assert rows[4].sentence == "`type` `letter` is none of person, event, consent, feedback"


# ── bad rows ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "row", "column", "reason"),
    [
        ("people", '{"email": "a@b.example"}', "id", "is missing"),
        ("people", '{"id": "a", "email": "nobody"}', "email", "is no address: `nobody` is not"),
        ("people", '{"id": "a", "email": 5}', "email", "is not text"),
        ("people", '{"id": "a", "birthday": "31.02.1980"}', "birthday", "is not a date"),
        ("people", '{"id": "a", "since": "2026-02-30"}', "since", "not a date that exists"),
        ("people", '{"id": "a", "n": NaN}', "n", "is not a number"),
        ("events", '{"person": "a", "name": "x.y"}', "at", "is missing"),
        ("events", '{"person": "a", "name": "x.y", "at": 5}', "at", "is not a date"),
        ("events", '{"person": "a", "name": "x.y", "at": "0900-01-01"}', "at", "outside the years"),
        ("events", '{"person": [], "name": "x.y", "at": "2026-01-01"}', "person", "is not text"),
        ("events", '{"person": "a", "name": "x", "at": "2026-01-01", "properties": 3}', "properties", "not"),
        ("consent", '{"person": "a", "topic": "t", "state": "maybe", "at": "2026"}', "state", "is none of"),
        ("consent", '{"person": "a", "state": "given", "at": "2026-01-01"}', "topic", "is missing"),
        ("feedback", '{"person": "a", "at": "2026-01-01", "mood": {"cross": "high"}}', "mood", "is none of"),
        ("feedback", '{"person": "a", "at": "2026-01-01", "angry": 7}', "angry", "nor a number from 0 to 1"),
        ("feedback", '{"person": "a", "at": "2026-01-01", "angry": []}', "angry", "nor a number from 0 to 1"),
        ("people", '{"id": "a"', "", "is not JSON"),
        ("people", '{"a":' * 5000, "", "nested too deeply"),
    ],
)  # fmt: skip
def test_a_bad_row_is_rejected_with_its_column_and_reason(kind, row, column, reason):
    rejected = read(kind, "{}\n" + row)[1]
    assert isinstance(rejected, Rejected)
    assert rejected.column == column
    assert reason in rejected.reason


def test_one_bad_row_stops_only_itself():
    """R10.4."""
    rows = read(
        "people", "id,email\na,a@b.example\nb,nobody\nc,c@b.example\nd,x@y.example,1\n\ne,\n"
    )
    assert [(row.line, isinstance(row, Accepted)) for row in rows] == [
        (2, True), (3, False), (4, True), (5, False), (7, True),
    ]  # fmt: skip
    assert rows[1].row == {"id": "b", "email": "nobody"}
    assert rows[3].reason == "the row has 3 cells, the heading has 2"


def test_a_quoted_cell_may_run_over_lines_and_keeps_its_empty_ones():
    rows = read("feedback", 'person,at,text\na,2026-03-04,"one\n\n""two"""\nb,2026-03-04,5" pipe\n')
    assert [row.arrivals[0].event.properties["text"] for row in rows] == ['one\n\n"two"', '5" pipe']
    assert [row.line for row in rows] == [2, 5]


def test_a_quote_that_never_closes_costs_only_its_own_line():
    rows = read("people", 'id,note\na,"open\nb,fine\nc,"fine, too"\nd,"a"b\n')
    assert [(row.line, isinstance(row, Accepted)) for row in rows] == [
        (2, False), (3, True), (4, True), (5, False),
    ]  # fmt: skip


def test_a_line_of_ten_megabytes_is_rejected_and_the_next_one_read():
    data = b'{"id": "' + b"x" * 10_000_000 + b'"}\n{"id": "b"}\n'
    long, good = read("people", b'{"id": "a"}\n' + data)[1:]
    assert "longer than 200,000 bytes" in long.reason
    assert len(str(long.row)) <= 2_000
    assert (good.line, good.arrivals[0].person_id) == (3, "b")


def test_a_line_that_is_not_utf8_says_so():
    [rejected] = read("people", "id,first_name\na,J\xfcrgen\n".encode("latin-1"))
    assert "not UTF-8" in rejected.reason


def test_a_gzip_file_is_unpacked_and_a_broken_one_named():
    packed = gzip.compress(b'{"id": "a"}\n' * 5000)
    assert len(read("people", packed)) == 5000
    with pytest.raises(MistakeError, match="broken after line"):
        read("people", packed[: len(packed) // 2])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("name,mail\nx,y\n", "need a column `id`"),
        ('[{"id": 1}]', "is one JSON array"),
        ("id" + ",x" * 5000, "5,001 columns"),
        ("id,a,A\n1,2,3\n", "two columns are called `a`"),
        ("id\n1\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(data, message):
    with pytest.raises(MistakeError, match=message):
        read("people", data)


def test_an_empty_file_has_no_rows():
    assert read("people", "") == []
    assert read("people", "id,email\n\n") == []


# ── any file at all ───────────────────────────────────────────────────────────────────────────


class Endless(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, lines):
        self._lines = iter(lines)
        self._rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self._rest or next(self._lines, b"")
        self._rest = data[len(buffer) :]
        data = data[: len(buffer)]
        buffer[: len(data)] = data
        return len(data)


def test_memory_stays_flat_whatever_the_size_of_the_file():
    def lines():
        yield b"id,email,first_name\n"
        for number in range(20_000):
            yield b"%d,p%d@example.com,Ann\n" % (number, number)

    tracemalloc.start()
    try:
        number = sum(1 for _ in read_rows(Endless(lines()), "people", READER))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert number == 20_000
    assert peak < 1_000_000


pieces = st.sampled_from(
    [b"id,person,name,at\n", b'{"id": "a", "person": "a"', b"}", b"\n", b'"', b",", b";", b"a", b"\x00",
     b"\xff", b"2026-03-04", b'"at": ', b"[", b"{", b": ", b"\r\n", b"1e999", b"\xef\xbb\xbf"]
)  # fmt: skip


@given(
    data=st.one_of(st.binary(max_size=200), st.lists(pieces, max_size=40).map(b"".join)),
    kind=st.sampled_from(sorted(KINDS)),
)
def test_no_file_whatever_is_in_it_is_our_fault(data, kind):
    try:
        rows = read(kind, data)
    except MistakeError:
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert all(row.arrivals if isinstance(row, Accepted) else row.reason for row in rows)
