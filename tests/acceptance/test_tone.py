"""A mail in every tone: `preview --tone`, and scenario 39 on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import group
from engine.domain.emotion import EMOTIONS, GROUPS
from engine.language.catalogue.entry import BASE, JOURNEY, MAIL, PERSONA
from engine.language.codes import project_of

SPOKEN = """\
{% tone anxious %}
Your parcel is safe.
{% elsetone angry, frustrated %}
You are right to be annoyed.
{% elsetone %}
Your parcel is on its way.
{% endtone %}

{{ persona.voice.sign_off }}
"""
VOICE = BASE[PERSONA].replace(
    'voice: { greeting: "Hello {first_name}," }',
    "voice: { sign_off: Lena }\nvoice_when:\n  upset: { sign_off: Omar from Care }",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    mail = BASE[MAIL].replace("how lovely that you are here.", SPOKEN)
    for path, text in project_of({MAIL: mail, PERSONA: VOICE}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def call(project: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(group, ["--project", str(project), *words])
    return result.exit_code, result.output


def written(project: Path, tone: str) -> str:
    out = project / f"{tone}.txt"
    code, said = call(project, "preview", "welcome/hello", "--tone", tone, "--out", str(out))
    assert code == 0, said
    return out.read_text()


@pytest.mark.parametrize("tone", [*EMOTIONS, *GROUPS, "neutral"])
def test_every_tone_has_its_words_and_its_voice(project: Path, tone: str) -> None:
    text = written(project, tone)
    words = {"anxious": "is safe", "angry": "to be annoyed", "frustrated": "to be annoyed"}
    assert words.get(tone, "on its way") in text
    assert ("Omar from Care" in text) == (tone in (*GROUPS["upset"], "upset"))


def test_a_group_says_who_in_it_reads_other_words(project: Path) -> None:
    _, said = call(project, "preview", "welcome/hello", "--tone", "upset")
    assert "angry and frustrated read other words: --tone angry" in said
    assert "anxious read other words: --tone anxious" in said


def test_what_is_no_tone_is_refused_with_the_nearest(project: Path) -> None:
    code, said = call(project, "preview", "welcome/hello", "--tone", "anxius")
    assert code == 2
    assert "did you mean `anxious`?" in said


def test_a_preview_says_what_the_care_checks_say(project: Path) -> None:
    mail = project / MAIL
    mail.write_text(mail.read_text().replace("Your parcel is safe.", "Hurry! Last chance!"))
    _, said = call(project, "--format", "json", "preview", "welcome/hello", "--tone", "anxious")
    doubts = json.loads(said)["doubts"]
    assert {one["code"] for one in doubts} == {"T504", "T507"}
    _, said = call(project, "preview", "welcome/hello", "--tone", "anxious")
    assert "warning T507" in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('{{ coupon("WELCOME", "10 % off") }}', "T501"),
        ("you seem {{ customer.mood }} today.", "T503"),
        ("we noticed that you are angry.", "T518"),
    ],
)
def test_a_coupon_in_transactional_mail_and_a_printed_mood_fail_with_their_line_S39(
    project: Path, words: str, code: str
) -> None:
    """Scenario 39."""
    (project / JOURNEY).write_text(BASE[JOURNEY].replace("category: news", "category: receipt"))
    block = project / "templates/_blocks/coupon.html.j2"
    block.parent.mkdir(exist_ok=True)
    root = Path(__file__).parents[2]
    block.write_text((root / "templates/_blocks/coupon.html.j2").read_text())
    mail = project / MAIL
    mail.write_text(mail.read_text() + f"\n{words}\n")
    line = mail.read_text().split("\n").index(words) + 1
    exit_code, said = call(project, "check")
    assert exit_code == 1
    assert f"{MAIL}:{line}:" in said
    assert f" {code} " in said


def test_a_draft_that_cannot_be_written_gives_its_own_error_only(project: Path) -> None:
    mail = project / MAIL
    mail.write_text(mail.read_text() + "\nHurry! Last chance! {{ 5 | nothing }}\n")
    exit_code, said = call(project, "--format", "json", "check")
    assert exit_code == 1
    assert [one["code"] for one in json.loads(said)] == ["T401"]
