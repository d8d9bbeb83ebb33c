"""`sincerely audit`: held, handed off and offered, compared across an attribute, on both databases."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner, Result

from engine.cli.main import group

CONFIG = """\
company:
  name: Shop
  address: "Street 1, 10115 Berlin"
  time_zone: Europe/Berlin
  site: https://shop.example
secrets: { links: $LINKS }
senders: { lena: { name: Lena, email: lena@shop.example } }
teams: { care: { email: care@shop.example } }
policy:
  categories: { offers: { class: marketing, consent: opt-in, sells: yes } }
  hold_when: [{ category: offers, if: { upset: { at_least: medium, within: 7 days } } }]
"""
JOURNEY = """\
journey: sale
title: Sale
owner: lena@shop.example
status: live
category: offers
enter: { when: sale.began }
steps:
  - id: offer
    send: offers/offer
"""
CALL = """\
journey: call
title: Call
owner: lena@shop.example
status: live
category: offers
enter: { when: call.asked }
steps:
  - id: call
    hand_to: care
    because: They asked for a call
"""
MAIL = "---\nsubject: Hello\nfrom: lena\n---\nHello, how are you?\n"
AT = "2026-03-04T10:00:00Z"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def sincerely(*arguments: str) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """60 women, half of them upset; 60 men, none upset; 5 who said nothing, and asked for a call."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("LINKS", "k" * 40)
    for path, text in {
        "config.yaml": CONFIG, "journeys/sale.yaml": JOURNEY, "journeys/call.yaml": CALL,
        "templates/offers/offer.md.j2": MAIL,
    }.items():  # fmt: skip
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
    for shared in ("_layouts", "_blocks", "_assets"):
        copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
    sincerely("db", "upgrade")
    sincerely("--at", "2026-03-04 08:00", "apply", "--yes")
    history: list[dict[str, Any]] = []
    for number in range(125):
        who = f"p{number}"
        gender = {"gender": "f" if number < 60 else "m"} if number < 120 else {}
        person = {"type": "person", "id": who, "email": f"{who}@example.com", "country": "FR"}
        history.append({**person, **gender, "newsletter": number % 2 == 0, "at": AT})
        history += [
            {"type": "consent", "person": who, "topic": topic, "state": "given",
             "confirmed": True, "at": AT} for topic in ("offers", "profiling_emotion")
        ]  # fmt: skip
        if number < 30:
            history.append({"type": "feedback", "id": f"f{number}", "person": who, "source": "chat",
                            "text": "x", "mood": {"angry": "high"}, "at": AT})  # fmt: skip
        began = "sale.began" if number < 120 else "call.asked"
        history.append({"type": "event", "id": f"e{number}", "person": who, "name": began,
                        "at": "2026-03-04T11:00:00Z"})  # fmt: skip
    history.append({"type": "person", "id": "erased", "email": "e@example.com", "at": AT})
    Path("history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in history))
    sincerely("--at", "2026-03-04 12:00", "import", "history", "history.jsonl")
    sincerely("person", "erase", "erased", "--yes")
    sincerely("--at", "2026-03-04 12:30", "run", "--once")
    return tmp_path


def test_each_group_is_counted_and_compared_with_everybody_else(shop: Path) -> None:
    found = json.loads(sincerely("--format", "json", "audit", "--by", "gender"))
    groups = {one["value"]: one for one in found["groups"]}
    assert found["people"] == 125, "the erased do not count"
    counted = {
        value: [one["people"], *(one[what]["people"] for what in ("held", "handed_off", "offered"))]
        for value, one in groups.items()
    }
    assert counted == {"f": [60, 30, 0, 30], "m": [60, 0, 0, 60], "not said": [5, 0, 5, 0]}
    assert groups["f"]["held"]["says"] == groups["f"]["offered"]["says"] == "a difference"
    assert groups["f"]["held"]["low"] > 0 > groups["f"]["offered"]["high"]
    said = sincerely("audit", "--by", "gender")
    assert "gender f: held more often than everybody else, 50.0% against 0.0%" in said
    assert "A difference is a question" in said


def test_an_attribute_that_has_nothing_to_do_with_it_shows_no_difference(shop: Path) -> None:
    said = sincerely("audit", "--by", "newsletter")
    assert "No difference beyond chance in 4 comparisons." in said
    assert "2 comparisons had too few people." in said
    before = sincerely("audit", "--by", "country", "--to", "2026-03-04 09:00")
    assert "There is not enough data to compare anybody." in before


def test_an_attribute_nobody_has_and_a_turned_period_are_refused(shop: Path) -> None:
    wrong = invoke("audit", "--by", "gendr")
    assert wrong.exit_code == 1 and "did you mean `gender`?" in wrong.output
    turned = invoke("audit", "--by", "gender", "--from", "2026-03-05", "--to", "2026-03-04")
    assert turned.exit_code == 2
    strange = invoke("audit", "--by", "we\"ird'; DROP TABLE person")
    assert strange.exit_code == 1 and "nobody has" in strange.output
