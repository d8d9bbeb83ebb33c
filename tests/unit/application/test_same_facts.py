"""Facts never change with the mood, only words do (T411): compared over tones and voices."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.application.check import check
from engine.bootstrap import templates_of
from engine.domain.message import Rendered
from engine.language.care.stated import Fact, stated
from engine.language.catalogue.entry import BASE, CONFIG, JOURNEY, MAIL, PERSONA
from engine.language.codes import project_of
from engine.language.diagnostics import Diagnostic
from engine.language.project import read_project

LOVELY = "how lovely that you are here."


def found(files: dict[str, str | None]) -> list[Diagnostic]:
    project = read_project(project_of(files))
    return list(check(project, templates_of(project, {}), datetime(2026, 3, 4, tzinfo=UTC)))


def in_tones(anxious: str, others: str) -> list[Diagnostic]:
    body = f"{{% tone anxious %}}\n{anxious}\n{{% elsetone %}}\n{others}\n{{% endtone %}}"
    return found({MAIL: BASE[MAIL].replace(LOVELY, body)})


def test_the_anxious_variant_says_three_days_and_the_others_two() -> None:
    (one,) = in_tones("It comes in 3 days.", "It comes in two days.")
    assert (one.code, one.severity) == ("T411", "error")
    assert one.message == (
        "the wording for `anxious` says `3 days`, the plain wording says `two days`"
    )
    lines = BASE[MAIL].split("\n")
    assert one.line == lines.index(LOVELY) + 2


@pytest.mark.parametrize(
    ("anxious", "others"),
    [
        ("You get € 5.", "You get 6 EUR."),
        ("It costs 10 % less.", "It costs 15 percent less."),
        ("It leaves on Monday.", "It leaves on Tuesday."),
        ("It leaves on 3 March.", "It leaves on 4 March."),
        ("We call at 3 pm.", "We call at 16:00."),
        ("Your code is COZY-10.", "Your code is COZY-20."),
        ("Your order 1042 is safe.", "Your order 1043 is late."),
        ("You get your money back.", "We will see what we can do."),
        ("We can refund it.", "We cannot refund it."),
        ("We packed the Guatemala.", "We packed the Ethiopia."),
        ("Look at [it](https://cozy.example/a).", "Look at [it](https://cozy.example/b)."),
        ("It takes three working days.", "It takes three days."),
    ],
)
def test_no_fact_differs_between_tones(anxious: str, others: str) -> None:
    assert {one.code for one in in_tones(anxious, others)} == {"T411"}


@pytest.mark.parametrize(
    ("anxious", "others"),
    [
        ("Do not worry: it comes in 2 days.", "It will be with you within 48 hours."),
        ("You get a refund.", "You get your money back."),
        ("One line is enough, and we are there.", "Answer, and we are there."),
        ("It is on its way, take your time.", "It is on its way."),
        ("We put 5.00 EUR on your account.", "€5 are on your account."),
        ("It costs ten percent less.", "It costs 10% less."),
        ("It leaves on March 3rd, Tara.", "On 3 March it leaves."),
    ],
)
def test_the_same_fact_in_other_words_is_the_same(anxious: str, others: str) -> None:
    assert in_tones(anxious, others) == []


def test_of_three_wordings_the_odd_one_is_named() -> None:
    body = (
        "{% tone anxious %}\nIn 3 days.\n{% elsetone angry %}\nIn 2 days.\n{% elsetone %}\n"
        "In 3 days.\n{% endtone %}"
    )
    (one,) = found({MAIL: BASE[MAIL].replace(LOVELY, body)})
    assert one.message.startswith("the wording for `angry` says `2 days`")


def test_a_group_is_called_by_its_name() -> None:
    body = "{% tone upset %}\nIn 3 days.\n{% elsetone %}\nIn 2 days.\n{% endtone %}"
    (one,) = found({MAIL: BASE[MAIL].replace(LOVELY, body)})
    assert one.message.startswith("the wording for `upset` says")


def test_a_voice_that_promises_more_is_told_in_the_persona() -> None:
    mail = BASE[MAIL] + "\n{{ persona.voice.sign_off }}\n"
    config = BASE[CONFIG].replace("  name: The", "  voice: { sign_off: Lena }\n  name: The")
    voice = "voice: { sign_off: We answer within 2 hours }"
    persona = BASE[PERSONA].replace('voice: { greeting: "Hello {first_name}," }', voice)
    (one,) = found({MAIL: mail, CONFIG: config, PERSONA: persona})
    assert (one.code, one.file) == ("T411", PERSONA)
    assert persona.split("\n")[one.line - 1] == voice


def test_a_voice_that_changes_with_the_mood_keeps_to_the_facts() -> None:
    mail = BASE[MAIL] + "\n{{ persona.voice.sign_off }}\n"
    config = BASE[CONFIG].replace("  name: The", "  voice: { sign_off: Lena }\n  name: The")
    for said, codes in (("Omar, Care", []), ("With 5 euros, Omar", ["T411"])):
        persona = BASE[PERSONA].replace(
            'voice: { greeting: "Hello {first_name}," }',
            f'voice: {{ sign_off: Lena }}\nvoice_when:\n  upset: {{ sign_off: "{said}" }}',
        )
        files = {MAIL: mail, CONFIG: config, PERSONA: persona}
        assert [one.code for one in found(files)] == codes


def test_a_mail_that_cannot_be_written_in_one_tone_is_told_so() -> None:
    body = "{% tone anxious %}\n{{ first_name | money }}\n{% elsetone %}\nHello.\n{% endtone %}"
    assert [one.code for one in found({MAIL: BASE[MAIL].replace(LOVELY, body)})] == ["T402"]


def test_scarcity_in_the_words_for_the_anxious_is_a_mistake() -> None:
    """Mood design 5.5: who is calm may read it, who is anxious or angry never."""
    calm = "{% tone upset %}\nThere is enough.\n{% elsetone %}\nOnly 3 bags left.\n{% endtone %}"
    (one,) = [x for x in found({MAIL: BASE[MAIL].replace(LOVELY, calm)}) if x.code != "T411"]
    assert (one.code, one.severity) == ("T510", "warning")
    (one,) = found({MAIL: BASE[MAIL].replace(LOVELY, "Only 3 bags left.")})
    assert (one.code, one.severity) == ("T515", "error")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("{ upset: medium }", "T510"),
        ("{ any: [ { angry: low }, { anxious: medium } ] }", "T510"),
        ("{ upset: high }", "T515"),
        ("{ angry: medium }", "T515"),
        ("{ all: [ { upset: medium }, { orders: { at_least: 3 } } ] }", "T515"),
    ],
)
def test_whoever_is_held_cannot_be_frightened(condition: str, code: str) -> None:
    mail = BASE[MAIL].replace(LOVELY, "Only 3 bags left.")
    hold = f"  hold_when:\n    - {{ category: news, if: {condition} }}\n"
    assert [one.code for one in found({MAIL: mail, CONFIG: BASE[CONFIG] + hold})] == [code]
    leaves = BASE[JOURNEY].replace("steps:", f"leave_when: {condition}\nsteps:")
    assert [one.code for one in found({MAIL: mail, JOURNEY: leaves})] == [code]


def test_a_time_is_one_fact_however_it_is_spelled() -> None:
    def facts(text: str) -> set[Fact]:
        return set(stated(Rendered("Hello", "", "", text)).facts)

    assert facts("within a week") == facts("in seven days") == facts("after 168 hours")
    assert facts("at 3 pm") == facts("at 15:00")
    assert facts("1,234.50 EUR") == facts("€ 1.234,50")
    assert facts("one of us") == set()
