"""What a journey test says when the engine disagrees with it."""

from engine.application.run_tests import run_tests
from engine.language.codes import project_of
from engine.language.project import read_project

JOURNEY = """\
journey: thanks
status: live
category: news
enter: { when: order.placed }
leave_when: { upset: high }
steps:
  - id: pause
    wait: 3 days
"""
TESTS = """\
test_journey: thanks
given:
  person: { consent: { news: given } }
  starts: Wednesday 2026-03-04 10:00
tests:
  - name: An upset person leaves
    when:
      - { at: day 0 10:00, event: order.placed }
      - { at: day 1 10:00, message: "Cold and wet.", angry: high }
    expect:
      ends: { at: day 1 10:00 }
"""


def differences(tests: str) -> tuple[str, ...]:
    files = {"journeys/thanks.yaml": JOURNEY, "journeys/thanks.test.yaml": tests}
    project = read_project(project_of(files))
    assert project.diagnostics == ()
    [result] = [one for one in run_tests(project, None) if one.journey == "thanks"]
    return result.differences


def test_a_mood_that_was_not_kept_is_told_where_a_test_fails():
    """R5.10."""
    ended, hint = differences(TESTS)
    assert ended == "the journey ended on day 3 10:00; day 1 10:00 was expected"
    assert hint.startswith("the mood of day 1 10:00 was not kept")
    agreed = TESTS.replace("news: given }", "news: given, profiling_emotion: given }")
    assert differences(agreed) == ()


def test_a_test_that_passes_says_nothing_of_moods():
    """Somebody without that consent is a case worth a test."""
    assert differences(TESTS.replace("day 1 10:00 }", "day 3 10:00 }")) == ()
