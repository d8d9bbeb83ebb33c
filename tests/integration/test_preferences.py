"""What people chose for themselves, in the store: nothing but their own newer word takes it back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.profiles import DatabaseProfiles
from engine.adapters.db.then import DatabasePast
from engine.application.merge import merge
from engine.domain.arrival import Arrival, PersonArrived, PreferenceArrived
from engine.domain.facts import Facts
from engine.domain.preference import Preference
from tests.integration.news_shop import DAY, NOW, RULES

MINUTE = timedelta(minutes=1)


def test_a_choice_is_kept_once_and_every_profile_of_the_mailbox_has_it(
    store_engine: Engine,
) -> None:
    """R3.5, R1.4."""
    _take(store_engine, *_people("ann", "ben", address="both@example.com"), *_people("cy"))
    pace = Preference("pace", NOW, source="preferences x")
    for _ in range(2):
        _take(store_engine, PreferenceArrived("ann", pace))
    assert _facts(store_engine, "ann").preferences == (pace,)
    assert _facts(store_engine, "ben").mailbox_preferences == (pace,)
    assert _facts(store_engine, "ben").wishes().less_often
    assert not _facts(store_engine, "cy").wishes().less_often


def test_a_choice_stays_with_its_mailbox_and_goes_along_with_its_person(
    store_engine: Engine,
) -> None:
    """As an opt-out does (R5.5)."""
    _take(store_engine, *_people("ann", "ben", address="both@example.com"), *_people("cy"))
    _take(store_engine, PreferenceArrived("ann", Preference("pace", NOW)))
    _take(store_engine, PersonArrived("ann", "cy@example.com", "cy@example.com", {}, NOW))
    assert _facts(store_engine, "ann").wishes().less_often
    assert _facts(store_engine, "ben").wishes().less_often
    assert not _facts(store_engine, "cy").wishes().less_often


def test_what_was_chosen_before_there_was_an_address_speaks_of_the_first(
    store_engine: Engine,
) -> None:
    _take(store_engine, PreferenceArrived("ann", Preference("pace", NOW)))
    _take(store_engine, *_people("ann", "ben", address="both@example.com"))
    assert _facts(store_engine, "ben").wishes().less_often


def test_no_import_takes_back_a_language_that_was_chosen(store_engine: Engine) -> None:
    """Neither later, nor in the same batch, nor by leaving it out."""
    german = PreferenceArrived("ann", Preference("language", NOW, value="de"))
    _take(store_engine, *_people("ann", locale="en"), german, *_people("ann", locale="fr"))
    assert _locale(store_engine, "ann") == ("de", "de")
    _take(store_engine, *_people("ann", "ben", locale="fr"))
    _take(store_engine, PersonArrived("ann", None, None, {"locale": None}, NOW))
    assert _locale(store_engine, "ann") == ("de", "de")
    assert _locale(store_engine, "ben") == ("fr", "fr")


def test_who_chose_is_due_at_once(store_engine: Engine) -> None:
    _take(store_engine, *_people("ann"))
    with writing(store_engine) as connection:
        connection.execute(sql("UPDATE due SET due_at = :at"), {"at": 2**60})
    _take(store_engine, PreferenceArrived("ann", Preference("pace", NOW)))
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT due_at FROM due")).scalar_one() < 2**60


def test_merged_profiles_keep_what_either_asked_for(store_engine: Engine) -> None:
    """R5.5: a newer word of the one lifts nothing of the other."""
    _take(store_engine, *_people("k"), *_people("o"))
    _take(
        store_engine,
        PreferenceArrived("o", Preference("pause", NOW, until=NOW + 30 * DAY)),
        PreferenceArrived("o", Preference("theme", NOW, value="spring")),
        PreferenceArrived("o", Preference("language", NOW, value="de")),
        PreferenceArrived("k", Preference("pause", NOW + MINUTE, active=False)),
        PreferenceArrived("k", Preference("pace", NOW)),
    )
    merge(DatabaseProfiles(store_engine), "k", "o", RULES, NOW + DAY)
    asked = _facts(store_engine, "k").wishes()
    assert (asked.less_often, asked.paused_until, asked.skipped) == (
        True,
        NOW + 30 * DAY,
        {"spring"},
    )
    assert _locale(store_engine, "k") == ("de", "de")


def test_nothing_is_kept_of_somebody_who_was_erased(store_engine: Engine) -> None:
    """R5.9: also not by an old link of theirs."""
    _take(store_engine, *_people("ann"))
    _take(store_engine, PreferenceArrived("ann", Preference("pace", NOW)))
    DatabaseProfiles(store_engine).erase("ann", "erased-1", NOW)
    _take(store_engine, PreferenceArrived("erased-1", Preference("pace", NOW + MINUTE)))
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM preference")).scalar_one() == 0


def test_an_export_tells_what_was_chosen(store_engine: Engine) -> None:
    _take(store_engine, *_people("ann"))
    pause = Preference("pause", NOW, until=NOW + DAY, source="preferences x")
    _take(store_engine, PreferenceArrived("ann", pause))
    [row] = DatabaseProfiles(store_engine).export("ann", NOW)["holds"]["preference"]["rows"]
    assert (row["what"], row["until"][:10], row["active"]) == ("pause", "2027-03-05", True)


def test_the_past_knows_what_was_chosen_by_then(store_engine: Engine) -> None:
    """R7.1: `why` looks at an instant with what had come in up to it."""
    _take(store_engine, *_people("ann"))
    chosen = PreferenceArrived("ann", Preference("pace", NOW))
    with writing(store_engine) as connection:
        ingest(connection, [chosen], NOW + DAY)
    with reading(store_engine) as connection:
        past = DatabasePast(connection, "ann")
        lives = [past.life(NOW + days * DAY) for days in (0, 1)]
    assert [life is not None and life.life.facts.wishes().less_often for life in lives] == [
        False,
        True,
    ]


def _people(*ids: str, address: str = "", **values: str) -> list[Arrival]:
    return [
        PersonArrived(who, box, box, values, NOW)
        for who in ids
        for box in [address or f"{who}@example.com"]
    ]


def _take(engine: Engine, *arrivals: Arrival) -> None:
    with writing(engine) as connection:
        ingest(connection, arrivals, NOW)


def _facts(engine: Engine, who: str) -> Facts:
    with reading(engine) as connection:
        [visit] = load(connection, [who], NOW + DAY)
        return visit.life.facts


def _locale(engine: Engine, who: str) -> tuple[object, str]:
    """As conditions see it in Python, and as SQL does."""
    with reading(engine) as connection:
        column = connection.execute(
            sql("SELECT locale FROM person WHERE id = :who"), {"who": who}
        ).scalar_one()
    return _facts(engine, who).person.attributes["locale"], column
