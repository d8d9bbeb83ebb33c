"""How work becomes jobs: shards put together to about a thousand people, messages to hands."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.application.ports.queue import Job
from engine.application.share_out import PEOPLE, SENDERS, deciding, everybody, sending, share_out

COUNTS = st.lists(
    st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 3_000)), min_size=16, max_size=16
)


@given(COUNTS)
def test_every_shard_with_due_people_is_in_one_job_and_no_other_shard_makes_one(
    people: list[int],
) -> None:
    jobs = deciding(people)
    covered = [shard for job in jobs for shard in range(job.first, job.first + job.width)]
    assert len(covered) == len(set(covered))
    assert {shard for shard, due in enumerate(people) if due} <= set(covered)
    assert all(sum(people[job.first : job.first + job.width]) for job in jobs)


@given(COUNTS)
def test_a_job_has_up_to_a_thousand_people_or_one_shard(people: list[int]) -> None:
    for job in deciding(people):
        due = sum(people[job.first : job.first + job.width])
        assert due <= PEOPLE or job.width == 1


@given(COUNTS, COUNTS)
def test_parts_of_one_second_and_the_next_never_overlap_halfway(
    one: list[int], other: list[int]
) -> None:
    """So that a job which waits and one that is asked for again have the same name."""
    for a in deciding(one):
        for b in deciding(other):
            first, second = (range(job.first, job.first + job.width) for job in (a, b))
            common = set(first) & set(second)
            assert not common or common in (set(first), set(second))


def test_a_few_people_anywhere_are_one_job() -> None:
    assert deciding([0, 3, 0, 1]) == [everybody(4)]


def test_a_hundred_thousand_are_a_hundred_and_more() -> None:
    assert 100 <= len(deciding([100_000 // 256] * 256)) <= 200


def test_nothing_due_is_no_job() -> None:
    assert deciding([0] * 256) == []
    assert sending(0) == []


def test_each_thousand_messages_get_a_pair_of_hands() -> None:
    assert sending(1) == [Job("send")]
    assert sending(2_001) == [Job("send", first=number) for number in range(3)]
    assert len(sending(10_000_000)) == SENDERS


def test_sharing_out_asks_for_both_kinds() -> None:
    asked: list[Job] = []

    class Waiting:
        def people(self, now: datetime) -> list[int]:
            return [1, 0]

        def messages(self, now: datetime) -> int:
            return 7

    class Queue:
        def defer(self, jobs: list[Job]) -> int:
            asked.extend(jobs)
            return len(jobs)

    assert share_out(Waiting(), Queue(), datetime(2026, 3, 4, tzinfo=UTC)) == 2
    assert asked == [everybody(2), Job("send")]
    asked.clear()
    assert share_out(Waiting(), Queue(), datetime(2026, 3, 4, tzinfo=UTC), paused=True) == 1
    assert asked == [everybody(2)], "R2.11: timers run, and nothing is handed off"
