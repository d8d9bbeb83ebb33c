"""Looking over written mails: each finding once, at its file, and the layout's in the layout."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.adapters.templates.renderer import Templates
from engine.application.check import check
from engine.bootstrap import templates_of
from engine.language.catalogue.entry import BASE, CONFIG, JOURNEY, LAYOUT, MAIL
from engine.language.codes import project_of
from engine.language.diagnostics import Diagnostic
from engine.language.project import read_project

OTHER = "templates/welcome/other.md.j2"
TWO = BASE[JOURNEY] + "  - { id: other, send: welcome/other }\n"
BARE = BASE[LAYOUT].replace('<a href="{{ links.unsubscribe }}">Unsubscribe</a>,\n', "")


def found(files: dict[str, str | None]) -> list[Diagnostic]:
    project = read_project(project_of(files))
    writer: Templates = templates_of(project, {})
    return list(check(project, writer, datetime(2026, 3, 4, tzinfo=UTC)))


def test_marketing_without_a_way_out_is_a_mistake_told_once_R9_4() -> None:
    (one,) = found({LAYOUT: BARE})
    assert (one.code, one.severity, one.file) == ("T404", "error", MAIL)
    assert "unsubscribe" in one.message


def test_what_all_mails_of_a_layout_lack_is_told_in_the_layout() -> None:
    (one,) = found({LAYOUT: BARE, OTHER: BASE[MAIL], JOURNEY: TWO})
    assert (one.code, one.file) == ("T404", LAYOUT)


def test_what_one_of_two_mails_lacks_is_told_in_that_mail() -> None:
    other = BASE[MAIL].replace("preheader: Four minutes to your first cup\n", "")
    (one,) = found({OTHER: other, JOURNEY: TWO})
    assert (one.code, one.severity, one.file) == ("T405", "warning", OTHER)


def test_service_mail_needs_no_way_to_unsubscribe() -> None:
    text = BASE[JOURNEY].replace("category: news", "category: service")
    assert found({LAYOUT: BARE, JOURNEY: text}) == []


def test_a_mail_that_two_journeys_send_has_the_duties_of_marketing() -> None:
    second = BASE[JOURNEY].replace("category: news", "category: service")
    files = {"journeys/again.yaml": second.replace("journey: welcome", "journey: again")}
    assert [one.code for one in found({LAYOUT: BARE, **files})] == ["T404"]


def test_a_briefing_is_not_looked_over() -> None:
    briefing = BASE[MAIL].replace(
        "how lovely that you are here.", "CALL THEM RIGHT AWAY!! [here](https://a.example)"
    )
    steps = "  - { id: call, hand_to: care, because: Upset, briefing: welcome/other }\n"
    assert found({OTHER: briefing, JOURNEY: BASE[JOURNEY] + steps}) == []


def test_a_mistake_in_the_config_is_not_told_again_in_every_mail() -> None:
    config = BASE[CONFIG].replace("  address: Example Street 1, 10115 Berlin\n", "  adress: X\n")
    assert [one.code for one in found({CONFIG: config})] == ["C104"]


@pytest.mark.parametrize("words", ["Last chance", "click here"])
def test_a_doubt_about_words_is_told_at_their_line(words: str) -> None:
    body = f"how lovely.\n\n{words} to read on.\n"
    if words == "click here":
        body = f"how lovely.\n\n[{words}](https://cozy.example) to read on.\n"
    mail = BASE[MAIL].replace("how lovely that you are here.\n", body)
    (one,) = found({MAIL: mail})
    assert one.severity == "warning"
    line = mail.split("\n")[one.line - 1]
    assert line[one.column - 1 : one.end_column - 1] == words


def test_of_several_wordings_only_the_written_one_is_judged() -> None:
    body = "{% tone angry %}We are sorry!{% elsetone %}How lovely!{% endtone %}"
    mail = BASE[MAIL].replace("how lovely that you are here.", body)
    assert found({MAIL: mail}) == []
