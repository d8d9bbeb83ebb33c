"""The checks across a project: what they find, and above all what they leave alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.language.catalogue.entry import BASE, CONFIG, JOURNEY, MAIL, PERSONA
from engine.language.codes import project_of
from engine.language.diagnostics import Diagnostic
from engine.language.project import read_project

Codes = Callable[..., list[str]]

HEAD = "journey: welcome\nstatus: live\ncategory: news\nenter: { when: order.placed }\n"
SELLS = {CONFIG: BASE[CONFIG].replace("news: {", "news: { sells: yes,")}
QUIET = {CONFIG: BASE[CONFIG].replace("policy:\n", "policy:\n  quiet_hours: 20:00-08:00\n")}


def journey(steps: str, more: str = "") -> dict[str, str | None]:
    return {JOURNEY: f"{HEAD}{more}steps:\n{steps}"}


def entered(enter: str) -> dict[str, str | None]:
    return {JOURNEY: BASE[JOURNEY].replace("{ when: order.placed }", enter)}


def found(files: dict[str, str | None]) -> tuple[Diagnostic, ...]:
    return read_project(project_of(files)).diagnostics


# ── flow ──────────────────────────────────────────────────────────────────────────────────────


def test_a_stretch_that_nobody_comes_to_is_told_once_at_its_first_step() -> None:
    steps = (
        "  - { id: enough, leave: Enough }\n"
        "  - { id: first, wait: 1 day }\n"
        "  - { id: second, wait: 1 day }\n"
    )
    (one,) = found(journey(steps))
    assert (one.code, one.line, one.column) == ("J408", 7, 11)
    assert "`first`" in one.message


def test_a_step_behind_a_jump_of_everybody_is_never_reached(codes_of: Codes) -> None:
    steps = (
        "  - { id: jump, go_to: last }\n"
        "  - { id: between, wait: 1 day }\n"
        "  - { id: last, wait: 1 day }\n"
    )
    assert codes_of(journey(steps)) == ["J408"]


def test_a_branch_that_leaves_hides_nothing_where_another_goes_on(codes_of: Codes) -> None:
    steps = (
        "  - id: ask\n    if: { plan: team }\n    then: [ { id: enough, leave: Enough } ]\n"
        "  - { id: after, wait: 1 day }\n"
    )
    assert codes_of(journey(steps)) == []


def test_a_wait_that_skips_the_next_step_reaches_the_one_behind(codes_of: Codes) -> None:
    steps = (
        "  - { id: day, wait_until: 2026-12-24 18:00, if_past: skip_next }\n"
        "  - { id: enough, leave: In time }\n"
        "  - { id: too-late, wait: 1 day }\n"
    )
    assert codes_of(journey(steps)) == []


def test_a_journey_whose_every_way_does_nothing_is_fine(codes_of: Codes) -> None:
    assert codes_of(journey("  - { id: only-look, leave: Only looked }\n")) == []


def test_a_journey_may_be_started_by_two_others_and_a_chain_is_no_circle(codes_of: Codes) -> None:
    files = {
        f"journeys/{name}.yaml": BASE[JOURNEY]
        .replace("journey: welcome", f"journey: {name}")
        .replace("send: welcome/hello", f"start: {to}")
        for name, to in (("one", "two"), ("two", "welcome"), ("three", "welcome"))
    }
    assert codes_of(files) == []


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_a_circle_of_journeys_is_told_once_however_long_R2_7(length: int) -> None:
    names = [f"n{number}" for number in range(length)]
    files: dict[str, str | None] = {
        f"journeys/{name}.yaml": BASE[JOURNEY]
        .replace("journey: welcome", f"journey: {name}")
        .replace("send: welcome/hello", f"start: {names[(place + 1) % length]}")
        for place, name in enumerate(names)
    }
    files["journeys/outside.yaml"] = (
        BASE[JOURNEY]
        .replace("journey: welcome", "journey: outside")
        .replace("send: welcome/hello", "start: n0")
    )
    (one,) = found(files)
    assert (one.code, one.file) == ("J410", "journeys/n0.yaml")


def test_two_circles_are_told_as_two(codes_of: Codes) -> None:
    pairs = (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"))
    files = {
        f"segments/{name}.yaml": f"segment: {name}\nwho: {{ segment: {to} }}\n"
        for name, to in pairs
    }
    assert codes_of(files) == ["S401", "S401"]


def test_a_persona_may_ask_for_a_segment_but_not_for_one_that_asks_for_a_persona() -> None:
    files: dict[str, str | None] = {
        PERSONA: BASE[PERSONA].replace("{ orders: { at_least: 5 } }", "{ segment: ours }")
    }
    assert found({**files, "segments/ours.yaml": "segment: ours\nwho: { plan: team }\n"}) == ()
    who = "segment: ours\nwho: { not: { persona: regular } }\n"
    (one,) = found({**files, "segments/ours.yaml": who})
    assert (one.code, one.file, one.line) == ("P401", PERSONA, 3)


# ── time ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("window", "codes"),
    [
        ("Mon-Fri 09:00-18:00", []),
        ("20:00-08:00", ["J303"]),
        ("21:00-23:00", ["J303"]),
        ("07:00-08:01", []),
        ("19:59-07:00", []),
        ("Sat 22:00-06:00", ["J303"]),
    ],
)
def test_a_window_inside_the_quiet_hours_never_opens_R4_2(
    codes_of: Codes, window: str, codes: list[str]
) -> None:
    text = BASE[JOURNEY].replace("steps:", f"send_window: {window}\nsteps:")
    assert codes_of({**QUIET, JOURNEY: text}) == codes


def test_mail_that_ignores_quiet_hours_may_have_a_window_in_the_night(codes_of: Codes) -> None:
    text = BASE[JOURNEY].replace("category: news", "category: receipt")
    config = (QUIET[CONFIG] or "").replace(
        "{ class: transactional }", "{ class: transactional, quiet_hours: ignore }"
    )
    night = text.replace("steps:", "send_window: 21:00-23:00\nsteps:")
    assert codes_of({CONFIG: config, JOURNEY: night}) == []


@pytest.mark.parametrize(
    ("at", "life", "codes"),
    [
        ("05:00", "2 hours", ["J304"]),
        ("05:00", "3 hours", []),
        ("05:00", "1 day", []),
        ("10:00", "1 minute", []),
        ("21:00", "10 hours", ["J304"]),
    ],
)
def test_a_mail_that_expires_while_it_waits_for_the_morning_is_a_doubt_R3_6(
    codes_of: Codes, at: str, life: str, codes: list[str]
) -> None:
    steps = (
        f'  - {{ id: pause, wait: 1 day, at: "{at}" }}\n'
        f"  - {{ id: hello, send: welcome/hello, expires_after: {life} }}\n"
    )
    assert codes_of({**QUIET, **journey(steps)}) == codes


def test_words_for_a_date_do_not_go_with_a_weekday_nor_the_other_way_round_R2_2(
    codes_of: Codes,
) -> None:
    step = "  - {{ id: pause, wait_until: {} }}\n"
    weekday = "Tuesday 09:00, same_day_after: go_on, if_past: leave"
    date = "2026-12-24 18:00, if_past: leave, same_day_after: go_on"
    assert codes_of(journey(step.format(weekday))) == ["J110"]
    assert codes_of(journey(step.format(date))) == ["J110"]


def test_a_leap_day_needs_a_date_of_every_year(codes_of: Codes) -> None:
    assert codes_of(entered("{ on_date: birthday, leap_day: mar1 }")) == ["J110"]
    assert codes_of(entered("{ on_date: birthday, yearly: yes, leap_day: mar1 }")) == []


# ── consent and care ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "enter",
    [
        "{ joins: any-upset }",
        "{ joins: new-upset }",
        "{ when: order.placed, if: { angry: low } }",
        "{ when: order.placed, if: { any: [ { upset: high }, { plan: team } ] } }",
        "{ when: order.placed, if: { disposition: frustrated } }",
        "{ every: Monday 09:00, who: { all: [ { plan: team }, { segment: any-upset } ] } }",
    ],
)
def test_no_promotion_is_made_for_upset_people_R6_6(codes_of: Codes, enter: str) -> None:
    assert codes_of({**SELLS, **entered(enter)}) == ["J503"]
    assert codes_of(entered(enter)) == []


@pytest.mark.parametrize(
    "enter",
    [
        "{ joins: any-calm }",
        "{ joins: new-any }",
        "{ when: order.placed, if: { not: { upset: low } } }",
        "{ when: order.placed, if: { not: { segment: any-upset } } }",
        "{ when: order.placed, if: { happy: high } }",
        "{ when: order.placed, if: { mood: unknown } }",
    ],
)
def test_a_promotion_may_leave_upset_people_out(codes_of: Codes, enter: str) -> None:
    assert codes_of({**SELLS, **entered(enter)}) == []


def test_only_sends_that_upset_people_alone_come_to_are_told() -> None:
    steps = (
        "  - id: mood\n    if: { upset: medium }\n"
        "    then: [ { id: calm-down, wait: 3 days }, { id: offer, send: welcome/hello } ]\n"
        "  - { id: for-all, send: welcome/hello }\n"
    )
    (one,) = found({**SELLS, **journey(steps)})
    assert (one.code, one.line) == ("J503", 8)
    assert "`offer`" in one.message


def test_the_other_way_of_not_upset_is_a_way_of_upset_people(codes_of: Codes) -> None:
    steps = (
        "  - id: mood\n    if: { not: { upset: medium } }\n"
        "    then: []\n    otherwise: [ { id: offer, send: welcome/hello } ]\n"
    )
    assert codes_of({**SELLS, **journey(steps)}) == ["J503"]


def test_who_fails_one_of_two_tests_need_not_be_upset(codes_of: Codes) -> None:
    steps = (
        "  - id: mood\n    if: { plan: team, not: { upset: medium } }\n"
        "    then: []\n    otherwise: [ { id: offer, send: welcome/hello } ]\n"
    )
    assert codes_of({**SELLS, **journey(steps)}) == []


def test_long_chains_of_segments_are_no_reason_to_stop(codes_of: Codes) -> None:
    files: dict[str, str | None] = {
        f"segments/s{n}.yaml": f"segment: s{n}\nwho: {{ segment: s{n + 1} }}\n"
        for n in range(1_500)
    }
    files["segments/s1500.yaml"] = "segment: s1500\nwho: { upset: high }\n"
    assert codes_of({**SELLS, **files, **entered("{ joins: s0 }")}) == []


def test_a_coupon_makes_a_promotion_in_a_category_that_does_not_say_so(codes_of: Codes) -> None:
    coupon = {MAIL: BASE[MAIL] + '\n{{ coupon("X", gives="Y") }}\n'}
    assert codes_of({**coupon, **entered("{ joins: any-upset }")}) == ["J503"]


def test_scenario_39_a_coupon_in_a_receipt_is_told_at_its_line() -> None:
    text = BASE[JOURNEY].replace("category: news", "category: receipt")
    mail = BASE[MAIL] + '\nThanks.\n\n{%- call coupon("X", gives="Y") %}\n{% endcall %}\n'
    (one,) = found({JOURNEY: text, MAIL: mail})
    line = mail.split("\n")[one.line - 1]
    assert (one.code, one.file) == ("T501", MAIL)
    assert line[one.column - 1 : one.end_column - 1] == "coupon"


@pytest.mark.parametrize(
    "printed",
    [
        "{{ customer.mood }}",
        "{{ customer.lifecycle }}",
        "{{ customer['churn_risk'] }}",
        "{{- customer.angry | default('calm') }}",
        "{{ 'You are ' ~ customer.stage }}",
        "{{ event.mood }}",
    ],
)
def test_scenario_39_no_mail_prints_a_mood_a_score_or_a_stage(printed: str) -> None:
    mail = BASE[MAIL] + f"\nWe see: {printed}\n"
    (one,) = found({MAIL: mail})
    assert (one.code, one.line) == ("T503", mail.count("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "{% if customer.mood == 'angry' %}Sorry.{% endif %}",
        "{{ 'Sorry' if customer.mood == 'angry' else 'Hello' }}",
        "{{ event.stage }}",
        "{{ customer.moodboard }}",
        "We are happy, and the stage is yours: customer.mood is only a word.",
    ],
)
def test_a_mood_may_choose_the_words(codes_of: Codes, text: str) -> None:
    assert codes_of({MAIL: BASE[MAIL] + f"\n{text}\n"}) == []


@pytest.mark.parametrize(
    ("locales", "files", "codes"),
    [
        ("[de]", [], []),
        ("[en, de]", [], ["T502"]),
        ("[en, de]", ["de"], []),
        ("[en, de-AT]", ["de"], []),
        ("[en, de]", ["de-AT"], ["T502"]),
        ("[en, de, fr]", ["de"], ["T502"]),
    ],
)
def test_a_mail_is_there_in_every_language_R9_3(
    codes_of: Codes, locales: str, files: list[str], codes: list[str]
) -> None:
    config = BASE[CONFIG].replace("  time_zone:", f"  locales: {locales}\n  time_zone:")
    mails: dict[str, str | None] = {
        f"templates/welcome/hello.{one}.md.j2": BASE[MAIL] for one in files
    }
    assert codes_of({CONFIG: config, **mails}) == codes


def test_a_briefing_for_colleagues_needs_no_translation(codes_of: Codes) -> None:
    config = BASE[CONFIG].replace("  time_zone:", "  locales: [en, de]\n  time_zone:")
    steps = "  - { id: tell, hand_to: care, because: Upset, briefing: welcome/hello }\n"
    test = BASE["journeys/welcome.test.yaml"].replace("welcome/hello", "welcome/other")
    files = {CONFIG: config, **journey(steps), "journeys/welcome.test.yaml": test}
    other = {
        "templates/welcome/other.md.j2": BASE[MAIL],
        "templates/welcome/other.de.md.j2": BASE[MAIL],
    }
    assert codes_of({**files, **other}) == []


def test_a_broken_config_is_the_only_mistake(codes_of: Codes) -> None:
    config = BASE[CONFIG].replace("{ class: service }", "{ class: helpful }")
    text = BASE[JOURNEY].replace("category: news", "category: service")
    assert codes_of({CONFIG: config, JOURNEY: text}) == ["C105"]


@pytest.mark.parametrize(
    ("enter", "steps", "printed"),
    [
        ("{ when: mood.changed }", "", "{{ event.to }}"),
        ("{ when: mood.changed }", "", "{{ event.level | upper }}"),
        ("{ when: care.needed }", "", "{{ event.why }}"),
        ("{ when: stage.changed }", "", "{{ event.from }}"),
        (
            "{ when: order.placed }",
            "  - { id: calm, wait_for: mood.changed, up_to: 1 day }\n",
            "{{ steps.calm.event.to }}",
        ),
    ],
)
def test_what_an_event_says_of_a_mood_is_not_printed(enter: str, steps: str, printed: str) -> None:
    """R6.6, by way of the events that tell of it."""
    told = journey(f"{steps}  - {{ id: hello, send: welcome/hello }}\n")[JOURNEY]
    assert told is not None
    mail = BASE[MAIL] + f"You seem {printed}.\n"
    files = {JOURNEY: told.replace("{ when: order.placed }", enter), MAIL: mail}
    (one,) = found(files)
    assert (one.code, one.line) == ("T503", mail.count("\n"))
    assert (
        found({**files, MAIL: BASE[MAIL] + "{% if event.to == 'angry' %}Sorry.{% endif %}\n"}) == ()
    )


def test_the_same_property_of_another_event_is_the_marketers_own(codes_of: Codes) -> None:
    files = journey("  - { id: hello, send: welcome/hello }\n")
    assert codes_of({**files, MAIL: BASE[MAIL] + "It goes {{ event.to }}.\n"}) == []
