"""People who need a person: a task without a journey, and no marketing meanwhile (R2.7, R5.10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.arrival import ConsentArrived, MessageRead
from engine.domain.calendar import add
from engine.domain.care import BECAUSE, WAITS, alarm_of, rests_until
from engine.domain.changes import Life, TaskOpened, TaskRaised
from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.emotion import EmotionConfig
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.journey import Enter, HandTo, Team, WhenEvent
from engine.domain.message_mood import MessageMood
from engine.domain.own_data import asks_a_person
from engine.domain.person import Person
from engine.domain.profile import hand_written
from engine.domain.reasons import Reason
from engine.domain.receiving import receive
from engine.domain.values import END
from tests.unit.domain.walking import conftest as theatre

NOON = theatre.NOON
DAY = timedelta(days=1)
ANN = Person("ann", "ann@example.com", "ann@example.com")
CARE = {"care": Team("care", "care@shop.example")}


def sensitive(key="m1", at=NOON):
    return MessageRead("ann", MessageMood(key, at, "reply", sensitive=True))


def urgent(key="m1", at=NOON, urgency=0.7, **moods):
    mood = hand_written(key, at, moods or {"angry": 0.9})
    return MessageRead("ann", replace(mood, urgency=urgency))


def play(*journeys, consents=("profiling_emotion", "news", "promotion"), teams=CARE, **more):
    rules = theatre.rulebook(*journeys, teams=teams, **more)
    return theatre.Play(rules, Life(Facts(ANN, consents=theatre.agreed(*consents))))


def read(scene, message, starts=True):
    """The message comes in as every runner takes it: facts, alarm, turn."""
    alarm = alarm_of(message, scene.life.facts.consents)
    scene.life = replace(scene.life, facts=receive(scene.life.facts, message))
    wrote = Event(message.mood.message, "feedback.received", message.at, starts=starts)
    scene.turn(wrote, *([replace(alarm, starts=starts)] if alarm else []))


def tasks(scene, kind=TaskOpened):
    return [change for _, change in scene.changes if isinstance(change, kind)]


def done(scene, task, at=None):
    scene.now = at or scene.now
    scene.turn(Event(f"done:{task}", "task.done", scene.now, {"task": task}))


@pytest.mark.parametrize("emotion", ["angry", "anxious"])
def test_an_urgent_message_from_somebody_very_upset_opens_a_task(emotion):
    scene = play()
    read(scene, urgent(**{emotion: 0.8}))
    [task] = tasks(scene)
    assert (task.team, task.urgency, task.because, task.at) == ("care", "today", BECAUSE, NOON)
    assert (task.journey, task.step, task.run, task.until) == ("", "", "", None)
    assert not task.sensitive


@pytest.mark.parametrize("urgency, when", [(0.59, None), (0.6, "today"), (0.85, "now")])
def test_how_urgent_it_is_says_how_soon_somebody_looks(urgency, when):
    scene = play()
    read(scene, urgent(urgency=urgency))
    assert [task.urgency for task in tasks(scene)] == ([when] if when else [])


@pytest.mark.parametrize(
    "moods", [{"angry": 0.69}, {"frustrated": 0.95}, {"disappointed": 0.95}, {"delighted": 0.95}]
)
def test_who_is_not_very_upset_is_left_to_the_journeys(moods):
    scene = play()
    read(scene, urgent(urgency=1.0, **moods))
    assert tasks(scene) == []


def test_a_sensitive_message_comes_first_and_keeps_nothing_but_that_it_is():
    """GDPR 9: no score, no emotion, no word."""
    scene = play()
    read(scene, sensitive())
    [task] = tasks(scene)
    assert (task.sensitive, task.urgency) == (True, "now")
    assert scene.life.facts.readings == ()
    [alarm] = scene.life.facts.history.named("care.needed")
    assert alarm.properties == {"why": "sensitive", "urgency": "now", "message": "m1"}


def test_without_consent_nobody_is_handed_over():
    """R5.10: and nothing is kept of it."""
    scene = play(consents=("news",))
    read(scene, sensitive())
    assert tasks(scene) == []
    assert not scene.life.facts.history.named("care.needed")


def test_one_task_a_person_at_a_time_and_what_comes_meanwhile_raises_it():
    scene = play()
    read(scene, urgent())
    read(scene, urgent("m2"))
    read(scene, sensitive("m3"))
    read(scene, sensitive("m4"))
    [task] = tasks(scene)
    raised = tasks(scene, TaskRaised)
    assert {one.id for one in raised} == {task.id}
    assert [(one.urgency, one.sensitive, one.tell) for one in raised] == [
        ("today", False, False),
        ("now", True, True),
        ("now", True, False),
    ]


def test_once_it_is_done_the_next_message_opens_another():
    scene = play()
    read(scene, urgent())
    done(scene, tasks(scene)[0].id)
    read(scene, urgent("m2"))
    assert len({task.id for task in tasks(scene)}) == 2


def test_who_is_handed_over_by_a_journey_is_not_handed_over_twice():
    """The journey acts first; its task is about the message then."""
    review = theatre.journey(
        "review",
        HandTo(id="call", team="care", because="A bad review", urgency="this week"),
        enter=Enter(WhenEvent("feedback.received")),
        category="service",
    )
    scene = play(review)
    read(scene, sensitive())
    [task] = tasks(scene)
    [raised] = tasks(scene, TaskRaised)
    assert (task.journey, raised.id, raised.urgency, raised.tell) == (
        "review",
        task.id,
        "now",
        True,
    )


@pytest.mark.parametrize(
    "teams, hand_to, expected",
    [
        ({}, None, []),
        (CARE, None, ["care"]),
        ({**CARE, "billing": Team("billing", "b@shop.example")}, None, ["care"]),
        (CARE, "", []),
        ({**CARE, "billing": Team("billing", "b@shop.example")}, "billing", ["billing"]),
    ],
)
def test_the_team_is_the_one_that_the_config_names_else_the_first(teams, hand_to, expected):
    scene = play(teams=teams, emotion=EmotionConfig(hand_to=hand_to))
    read(scene, sensitive())
    assert [task.team for task in tasks(scene)] == expected


def test_what_came_in_too_late_opens_no_task_unless_it_is_sensitive():
    """R1.3; somebody in grief is worth a look after the weekend, too."""
    scene = play()
    scene.turn()
    read(scene, urgent("m1", NOON - 4 * DAY), starts=False)
    assert tasks(scene) == []
    read(scene, sensitive("m2", NOON - 31 * DAY), starts=False)
    assert tasks(scene) == []
    read(scene, sensitive("m3", NOON - 4 * DAY), starts=False)
    assert [task.sensitive for task in tasks(scene)] == [True]


def promotion():
    return theatre.journey("offer", theatre.send("mail"), category="promotion")


def offered(scene, at):
    scene.now = at
    scene.turn(Event(f"go {at}", "go", at))
    return scene


def test_nothing_is_advertised_until_somebody_has_seen_to_it():
    scene = play(promotion())
    read(scene, sensitive())
    offered(scene, NOON + timedelta(hours=1))
    assert [mail for _, mail in scene.mails] == []
    assert Reason.IN_CARE in {line.reason for line in scene.traced("postponed")}
    done(scene, tasks(scene)[0].id, NOON + timedelta(hours=5))
    assert [mail for _, mail in scene.mails] == ["mails/mail"]


def test_without_a_team_it_rests_for_its_time():
    scene = play(teams={}, emotion=EmotionConfig(rest=10 * DAY))
    read(scene, sensitive())
    facts, rules = scene.life.facts, scene.rules
    assert rests_until(facts, rules, NOON) == NOON + 10 * DAY
    assert rests_until(facts, rules, NOON + 10 * DAY) is None


def test_service_mail_goes_on():
    apology = theatre.journey("sorry", theatre.send("mail"), category="service")
    scene = play(apology)
    read(scene, sensitive())
    offered(scene, NOON + timedelta(hours=1))
    assert [mail for _, mail in scene.mails] == ["mails/mail"]


def test_withdrawn_consent_ends_the_rest_and_forgets_why():
    """R5.10: ordinary mail goes on; the open task stays, and says nothing of a mood."""
    scene = play()
    read(scene, sensitive())
    left = ConsentEntry("profiling_emotion", "unsubscribed", NOON, own_act=True)
    scene.life = replace(scene.life, facts=receive(scene.life.facts, ConsentArrived("ann", left)))
    assert rests_until(scene.life.facts, scene.rules, NOON) is None
    assert not scene.life.facts.history.named("care.needed")
    [opened] = scene.life.facts.history.named("task.opened")
    assert set(opened.properties) == {"task", "team", "urgency", "message"}


def test_a_journey_may_follow_it():
    thanks = theatre.journey("thanks", theatre.send("mail"), when="care.needed", category="service")
    scene = play(thanks)
    read(scene, urgent())
    assert [mail for _, mail in scene.mails] == ["mails/mail"]


def test_a_mail_that_would_expire_before_the_rest_ends_waits_for_the_team():
    """R3.6: it is not dropped at once, for somebody may read the message within the hour."""
    offer = theatre.journey(
        "offer", theatre.send("mail", expires_after=Duration(days=2)), category="promotion"
    )
    scene = play(offer)
    read(scene, sensitive())
    offered(scene, NOON + timedelta(hours=1))
    assert not scene.traced("dropped")
    done(scene, tasks(scene)[0].id, NOON + timedelta(hours=5))
    assert [mail for _, mail in scene.mails] == ["mails/mail"]
    late = play(offer)
    read(late, sensitive())
    offered(late, NOON + timedelta(hours=1)).until(NOON + 5 * DAY)
    assert [line.reason for line in late.traced("dropped")] == [Reason.EXPIRED]


# ── replies ───────────────────────────────────────────────────────────────────────────────────


def waits(why, key="r1", at=NOON, starts=True):
    said = {"why": why, "urgency": "today", "message": key, "mail": "shop/offer"}
    return Event(f"{key}:{why}", "answer.needed", at, said, source="replies", starts=starts)


def test_a_reply_that_asks_opens_a_task_whatever_its_writer_agreed_to():
    """R5.10: a question is ordinary correspondence and no profile of anybody."""
    scene = play(consents=("news",))
    scene.turn(waits("question"))
    [task] = tasks(scene)
    assert (task.because, task.urgency, task.team) == (WAITS["question"], "today", "care")


def test_who_asked_gets_no_marketing_until_the_task_is_done_or_its_time_is_over():
    """R6.4."""
    scene = play()
    scene.turn(waits("question"))
    [task] = tasks(scene)
    assert rests_until(scene.life.facts, scene.rules, NOON) == NOON + EmotionConfig().rest
    done(scene, task.id, NOON + DAY)
    assert rests_until(scene.life.facts, scene.rules, NOON + DAY) is None


def test_who_asked_for_their_data_gets_an_answer_and_their_mail_goes_on():
    """GDPR 12: and nobody is upset about it."""
    scene = play()
    scene.turn(asks_a_person("n1", NOON))
    [task] = tasks(scene)
    assert (task.because, task.urgency, task.sensitive) == (WAITS["data"], "this week", False)
    assert task.until == add(NOON, Duration(months=1), "UTC")
    assert rests_until(scene.life.facts, scene.rules, NOON) is None


def test_a_wish_for_data_is_told_also_where_a_task_is_open_for_something_else():
    """GDPR 12(3): who closes the one has heard of the other."""
    scene = play()
    scene.turn(waits("question"))
    [task] = tasks(scene)
    scene.turn(asks_a_person("n1", NOON))
    [raised] = tasks(scene, TaskRaised)
    assert (raised.id, raised.urgency, raised.tell) == (task.id, "today", True)
    assert raised.until == add(NOON, Duration(months=1), "UTC")


@pytest.mark.parametrize("why", ["leaving", "elsewhere"])
def test_who_may_want_to_leave_rests_until_somebody_has_decided(why):
    """R5.5: however long that takes, and however late it came in."""
    scene = play()
    scene.turn(waits(why, at=NOON - 9 * DAY, starts=False))
    [task] = tasks(scene)
    assert rests_until(scene.life.facts, scene.rules, NOON + 400 * DAY) == END
    done(scene, task.id, NOON + 400 * DAY)
    assert rests_until(scene.life.facts, scene.rules, NOON + 400 * DAY) is None


def test_or_until_they_have_decided_themselves_on_a_page_of_ours():
    scene = play()
    scene.turn(waits("leaving"))
    stays = ConsentArrived("ann", ConsentEntry("news", "express", NOON + DAY, own_act=True))
    facts = receive(scene.life.facts, stays)
    assert rests_until(facts, scene.rules, NOON) == END
    assert rests_until(facts, scene.rules, NOON + DAY) is None


def test_a_reply_of_somebody_upset_is_for_a_person_and_a_review_is_not():
    """R6.4: at the level from which conditions call somebody upset, whatever the haste."""
    for source, expected in (("reply", ["today"]), ("review", [])):
        scene = play()
        mood = replace(hand_written("m1", NOON, {"disappointed": 0.5}), source=source)
        read(scene, MessageRead("ann", mood))
        assert [task.urgency for task in tasks(scene)] == expected
        rests = rests_until(scene.life.facts, scene.rules, NOON)
        assert rests == (NOON + EmotionConfig().rest if expected else None)


def test_an_answer_needed_from_outside_in_words_of_its_own_is_harmless():
    """Anybody with a write key may send an event of this name."""
    scene = play()
    scene.turn(Event("x", "answer.needed", NOON, {"urgency": "yesterday", "until": "soon"}))
    [task] = tasks(scene)
    assert task.urgency == "today"


def test_a_wish_to_be_deleted_has_a_day_and_gives_it_to_the_task_that_is_open():
    """GDPR Art. 12(3): whatever else the task is about, the team is told again."""
    day = NOON + 30 * DAY
    wish = waits("erasure")
    dated = replace(wish, properties={**wish.properties, "until": day.isoformat()})
    scene = play()
    scene.turn(dated)
    [task] = tasks(scene)
    assert (task.because, task.until) == (WAITS["erasure"], day)

    scene = play()
    scene.turn(waits("question", "r0"))
    scene.turn(dated)
    [raised] = tasks(scene, TaskRaised)
    assert (raised.until, raised.tell) == (day, True)
    assert rests_until(scene.life.facts, scene.rules, NOON) == END
