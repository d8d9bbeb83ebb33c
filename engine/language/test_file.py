"""Journey tests, YAML to a typed tree that the test runner walks."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.consent import Standing
from engine.domain.emotion import EMOTIONS
from engine.domain.event import Value
from engine.language import leaf_time
from engine.language.nodes import Entries, Items, Node, Text, is_empty, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    YES_NO,
    Got,
    Kind,
    Shape,
    Word,
    as_entries,
    as_items,
    block_of,
    in_shape,
    list_of,
    one_of,
    phrase,
    read_block,
    short,
)
from engine.language.suggest import did_you_mean, listed
from engine.language.test_types import (
    Expect,
    ExpectedEmail,
    ExpectedEnd,
    ExpectedTask,
    Given,
    GivenPerson,
    JourneyTest,
    JourneyTests,
    When,
)
from engine.language.values import (
    ATTRIBUTE,
    EVENT,
    JOURNEY,
    LEVEL,
    MAIL,
    MOODS,
    PERSONA,
    TEAM,
    TOPIC,
    read_attribute,
)

# ── given ─────────────────────────────────────────────────────────────────────────────────────

_CONSENTS = block_of(one_of("given", "pending", "unsubscribed", "unknown"), "`consent`", TOPIC)
_STARTS = phrase("a date with a time", leaf_time.wall_time, "Wednesday 2026-03-04 10:00")


def _read_person(node: Node, pen: Pen) -> GivenPerson:
    like: str | None = None
    attributes: dict[str, Value] = {}
    consent: Mapping[str, Standing] = {}
    broken = False
    for key, value in as_entries(node, pen, "`person`").entries:
        try:
            if is_empty(value):
                raise pen.error(
                    "103",
                    place_of(key),
                    f"nothing stands behind `{short(key.text)}`",
                    "write a value, or delete it",
                )
            if key.text == "like":
                like = PERSONA.read(value, pen)
            elif key.text == "consent":
                consent = _CONSENTS.read(value, pen)
            else:
                name = ATTRIBUTE.read(key, pen)
                attributes[name] = read_attribute(name, value, pen)
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return GivenPerson(like, attributes, consent)


_PERSON: Kind[GivenPerson] = Kind("a person", _read_person, {"type": "object"})
G_PERSON = Word(
    "person",
    _PERSON,
    "Who it is: like a persona, with attributes and consent.",
    "{ like: team-lead }",
)
G_STARTS = Word(
    "starts", _STARTS, "When day 0 begins; a weekday is checked.", "Wednesday 2026-03-04 10:00"
)
GIVEN = Shape("`given`", (G_PERSON, G_STARTS))


def _given(got: Got, pen: Pen) -> Given:
    if not got.is_whole(GIVEN.words):
        raise Unreadable
    return Given(got.get(G_PERSON), got.get(G_STARTS))


# ── when ──────────────────────────────────────────────────────────────────────────────────────

_AT = phrase("a time of the test", leaf_time.day_and_time, "day 1 15:00")
_HAPPENINGS = ("event", "message", "person", "task")


def _read_when(node: Node, pen: Pen) -> When:
    entries = as_entries(node, pen, "a line of `when`")
    by_name = {key.text: (key, value) for key, value in entries.entries}
    if "at" not in by_name:
        raise pen.error(
            "102", place_of(node), "a line of `when` needs `at`", "add `at: day 1 15:00`"
        )
    day, clock = _AT.read(by_name["at"][1], pen)
    here = [name for name in _HAPPENINGS if name in by_name]
    if "event" in here or "message" in here:
        here = here[:1]  # `person`, `task` and the like may be properties of an event
    if len(here) != 1:
        raise pen.error(
            "107",
            place_of(node),
            f"a line of `when` says one of {listed(_HAPPENINGS)}",
            "say what happens, for example `event: order.placed`",
        )
    kind = here[0]
    value = by_name[kind][1]
    rest = [(k, v) for k, v in entries.entries if k.text not in ("at", kind)]
    line = pen.place(place_of(node)).line
    if kind == "event":
        name = EVENT.read(value, pen)
        properties = {ATTRIBUTE.read(k, pen): read_attribute(k.text, v, pen) for k, v in rest}
        return When(day, clock, "event", name, properties, {}, line)
    if kind == "message":
        return When(day, clock, "message", TEXT.read(value, pen), _moods(rest, pen), {}, line)
    _nothing_else(rest, kind, pen)
    if kind == "task":
        return When(day, clock, "task", one_of("done").read(value, pen), {}, {}, line)
    person = _read_person(value, pen)
    return When(day, clock, "person", "", person.attributes, person.consent, line)


ASKING = ("urgent", "sensitive")
"""What a message may be beside its mood: it is read by a person then."""


def _moods(rest: list[tuple[Text, Node]], pen: Pen) -> dict[str, Value]:
    moods: dict[str, Value] = {}
    for key, value in rest:
        if key.text in ASKING:
            moods[key.text] = YES_NO.read(value, pen)
            continue
        if key.text not in MOODS:
            raise pen.error(
                "X110",
                place_of(key),
                f"`{short(key.text)}` is not one of the ten moods",
                did_you_mean(key.text, (*MOODS, *ASKING)) or f"they are {listed(EMOTIONS)}",
            )
        moods[key.text] = LEVEL.read(value, pen)
    return moods


def _nothing_else(rest: list[tuple[Text, Node]], kind: str, pen: Pen) -> None:
    for key, _ in rest:
        pen.error(
            "104",
            place_of(key),
            f"`{short(key.text)}` is not a word beside `{kind}`",
            "write it on a line of its own",
        )
    if rest:
        raise Unreadable


_WHEN: Kind[When] = Kind(
    "something that happens",
    _read_when,
    {
        "type": "object",
        "required": ["at"],
        "properties": {
            "at": {"type": "string"},
            "event": {"type": "string"},
            "message": {"type": "string"},
            "person": {"type": "object"},
            "task": {"enum": ["done"]},
        },
    },
)

# ── expect ────────────────────────────────────────────────────────────────────────────────────

E_AT = Word("at", _AT, "When.", "day 1 15:00", required=True)
E_ANY_TIME = Word("at", _AT, "When; any time where nothing is said.", "day 1 15:00")
E_EMAIL = Word("email", MAIL, "Which mail.", "onboarding/welcome", required=True)
E_SUBJECT = Word("subject_has", TEXT, "Words of its subject.", "2 days")
EMAIL = Shape("an expected mail", (E_AT, E_EMAIL, E_SUBJECT))
E_TEAM = Word("team", TEAM, "Which team.", "customer-care", required=True)
TASK = Shape("an expected task", (E_TEAM, E_ANY_TIME))
E_BECAUSE = Word("because", TEXT, "`goal`, `leave_when`, `end`, or the words of a `leave`.", "goal")
END = Shape("an expected end", (E_ANY_TIME, E_BECAUSE))


def _email(got: Got, pen: Pen) -> ExpectedEmail:
    day, clock = got.need(E_AT)
    line = pen.place(got.place).line
    return ExpectedEmail(day, clock, got.need(E_EMAIL), got.get(E_SUBJECT), line)


def _task(got: Got, pen: Pen) -> ExpectedTask:
    day, clock = got.get(E_ANY_TIME) or (None, None)
    return ExpectedTask(got.need(E_TEAM), day, clock, pen.place(got.place).line)


def _end(got: Got, pen: Pen) -> ExpectedEnd:
    day, clock = got.get(E_ANY_TIME) or (None, None)
    return ExpectedEnd(day, clock, got.get(E_BECAUSE), pen.place(got.place).line)


_TASK = in_shape(TASK, _task)


def _read_tasks(node: Node, pen: Pen) -> tuple[ExpectedTask, ...]:
    if isinstance(node, Items):
        return list_of(_TASK).read(node, pen)
    return (_TASK.read(node, pen),)


_TASKS: Kind[tuple[ExpectedTask, ...]] = Kind(
    "an expected task, or a list",
    _read_tasks,
    {"anyOf": [_TASK.schema, {"type": "array", "items": _TASK.schema}]},
)
X_EMAILS = Word(
    "emails",
    list_of(in_shape(EMAIL, _email), "`emails`"),
    "Exactly these mails, in this order.",
    "[ { at: day 0 10:00, email: onboarding/welcome } ]",
)
X_NEVER = Word(
    "never", list_of(MAIL, "`never`"), "Mails that must not leave.", "[ onboarding/gentle-nudge ]"
)
X_HANDED = Word(
    "handed_to", _TASKS, "A task that a team gets.", "{ team: customer-care, at: day 8 09:00 }"
)
X_ENDS = Word(
    "ends", in_shape(END, _end), "How the run ends.", "{ at: day 9 12:00, because: goal }"
)
EXPECT = Shape("`expect`", (X_EMAILS, X_NEVER, X_HANDED, X_ENDS))


def _expect(got: Got, pen: Pen) -> Expect:
    return Expect(got.get(X_EMAILS), got.get(X_NEVER) or (), got.get(X_HANDED), got.get(X_ENDS))


# ── tests ─────────────────────────────────────────────────────────────────────────────────────

T_NAME = Word(
    "name", TEXT, "What is proved, as a sentence.", "Nobody gets the nudge twice", required=True
)
T_GIVEN = Word(
    "given",
    in_shape(GIVEN, _given),
    "What is different in this test.",
    "{ person: { plan: team } }",
)
T_WHEN = Word(
    "when",
    list_of(_WHEN, "`when`"),
    "What happens.",
    "[ { at: day 0 10:00, event: trial.started } ]",
    required=True,
)
T_EXPECT = Word(
    "expect",
    in_shape(EXPECT, _expect),
    "What comes out.",
    "{ never: [ onboarding/welcome ] }",
    required=True,
)
TEST = Shape("a test", (T_NAME, T_GIVEN, T_WHEN, T_EXPECT))


def _test(got: Got, pen: Pen) -> JourneyTest:
    if not got.is_whole(TEST.words):
        raise Unreadable
    line = pen.place(got.value(T_NAME)).line
    given = got.get(T_GIVEN) or Given()
    return JourneyTest(
        got.need(T_NAME), pen.file, line, given, got.need(T_WHEN), got.need(T_EXPECT)
    )


JOURNEY_WORD = Word(
    "test_journey", JOURNEY, "The journey that is tested.", "onboarding", required=True
)
FILE_GIVEN = Word(
    "given",
    in_shape(GIVEN, _given),
    "What every test starts from.",
    "{ starts: Wednesday 2026-03-04 10:00 }",
    required=True,
)
TESTS = Word("tests", list_of(in_shape(TEST, _test), "`tests`"), "The tests.", required=True)
TEST_FILE = Shape("a file of journey tests", (JOURNEY_WORD, FILE_GIVEN, TESTS))


def read_tests(node: Node, pen: Pen) -> JourneyTests | None:
    """The tests of one file, or None where something in it is unreadable."""
    try:
        got = read_block(TEST_FILE, node, pen)
        _once_each(got, node, pen)
        given = got.need(FILE_GIVEN)
        if given.starts is None:
            pen.error(
                "102",
                got.key(FILE_GIVEN),
                "`given` needs `starts`",
                "add `starts: Wednesday 2026-03-04 10:00`",
            )
            return None
        person = given.person or GivenPerson()
        return JourneyTests(got.need(JOURNEY_WORD), pen.file, person, given.starts, got.need(TESTS))
    except Unreadable:
        return None


def _once_each(got: Got, node: Node, pen: Pen) -> None:
    seen: set[str] = set()
    tests = next((v for k, v in as_entries(node, pen, "").entries if k.text == "tests"), None)
    if not isinstance(tests, Items):
        return
    for test in as_items(tests, pen, "").items:
        if not isinstance(test, Entries):
            continue
        for key, value in test.entries:
            if key.text == "name" and isinstance(value, Text):
                if value.text in seen:
                    pen.error(
                        "X111",
                        place_of(value),
                        "another test has this name",
                        "say what is different here",
                    )
                seen.add(value.text)


__all__ = [
    "Expect",
    "ExpectedEmail",
    "ExpectedEnd",
    "ExpectedTask",
    "Given",
    "GivenPerson",
    "JourneyTest",
    "JourneyTests",
    "When",
    "read_tests",
]
