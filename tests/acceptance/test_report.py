"""What became of a journey, by the commands alone: figures, hold-out and uplift (R8.1, scenario 40)."""

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
policy:
  holdout: 20%
  categories: { news: { class: marketing, consent: opt-in }, receipt: { class: transactional } }
"""
JOURNEY = """\
journey: come-back
title: Come back
owner: lena@shop.example
status: live
category: news
holdout: 20%
enter: { when: shop.left }
goal: { did: order.placed, within: 7 days }
steps:
  - id: hello
    send: news/hello
  - id: a-day
    wait: 1 day
"""
RECEIPT = """\
journey: receipt
title: Receipt
owner: lena@shop.example
status: live
category: receipt
enter: { when: shop.left }
steps:
  - id: thanks
    send: receipt/thanks
"""
MAIL = "---\nsubject: Hello\nfrom: lena\n---\nHello, how are you?\n"
PEOPLE = 120


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def sincerely(*arguments: str) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


def told(*arguments: str) -> Any:
    return json.loads(sincerely("--format", "json", "report", *arguments))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """120 people who left on Wednesday morning; all agreed to news."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("LINKS", "k" * 40)
    for path, text in {
        "config.yaml": CONFIG, "journeys/come-back.yaml": JOURNEY,
        "journeys/receipt.yaml": RECEIPT, "templates/news/hello.md.j2": MAIL,
        "templates/receipt/thanks.md.j2": MAIL,
    }.items():  # fmt: skip
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
    for shared in ("_layouts", "_blocks", "_assets"):
        copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
    sincerely("db", "upgrade")
    sincerely("--at", "2026-03-04 08:00", "apply", "--yes")
    history: list[dict[str, Any]] = []
    for number in range(PEOPLE):
        who, at = f"p{number}", "2026-03-04T08:00:00Z"
        history += [
            {"type": "person", "id": who, "email": f"{who}@example.com", "country": "FR", "at": at},
            {"type": "consent", "person": who, "topic": "news", "state": "given",
             "confirmed": True, "at": at},
            {"type": "event", "id": f"left-{who}", "person": who, "name": "shop.left",
             "at": "2026-03-04T10:00:00Z"},
        ]  # fmt: skip
    take_in("2026-03-04 12:00", history)
    sincerely("--at", "2026-03-04 12:00", "run", "--once")
    return tmp_path


def take_in(at: str, history: list[dict[str, Any]]) -> None:
    Path("history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in history))
    sincerely("--at", at, "import", "history", "history.jsonl")


def mails(kind: str) -> set[str]:
    """Who got a mail of a kind, by what lies in the outbox."""
    found = (path.read_text() for path in Path("outbox").glob(f"*/*{kind}*.eml"))
    return {text.split("To: ")[1].split("@")[0].strip("<") for text in found}


def test_the_held_out_get_none_of_the_marketing_and_count_in_the_uplift(shop: Path) -> None:
    mailed = mails("hello")
    assert len(mails("thanks")) == PEOPLE, "transactional goes to everybody"
    ours = told("--journey", "come-back")
    [mail] = ours["mails"]
    assert (mail["sent"], mail["ghosts"]) == (len(mailed), PEOPLE - len(mailed))
    assert PEOPLE * 0.2 < mail["ghosts"] < PEOPLE * 0.55, "20 % of all, and 20 % of the others"
    assert ours["uplift"]["says"] == "not enough data"

    buyers = [f"p{n}" for n in range(PEOPLE) if f"p{n}" in mailed or n % 5 == 0]
    take_in("2026-03-05 09:00", [
        {"type": "event", "id": f"order-{who}", "person": who, "name": "order.placed",
         "at": "2026-03-05T07:00:00Z", "total": 10} for who in buyers
    ])  # fmt: skip
    sincerely("--at", "2026-03-05 09:00", "run", "--once")
    ours = told("--journey", "come-back")
    held = [f"p{n}" for n in range(PEOPLE) if f"p{n}" not in mailed]
    assert ours["goal"] == {"people": len(mailed), "reached": len(mailed)}
    assert ours["held_out"] == {
        "people": len(held), "reached": sum(who in buyers for who in held)
    }  # fmt: skip
    assert ours["uplift"]["says"] == "a difference"
    assert "The mail makes about" in sincerely("report", "--journey", "come-back")


def test_who_was_assigned_counts_whether_mail_came_or_not(shop: Path) -> None:
    """R8.1, scenario 40: who may not be written to counts in their group, and leaves no ghost."""
    unasked = [f"u{n}" for n in range(40)]
    at = "2026-03-04T12:30:00Z"
    take_in("2026-03-04 13:30", [
        row for who in unasked for row in (
            {"type": "person", "id": who, "email": f"{who}@example.com", "country": "FR", "at": at},
            {"type": "event", "id": f"left-{who}", "person": who, "name": "shop.left", "at": at},
        )
    ])  # fmt: skip
    before = told("--journey", "come-back")
    sincerely("--at", "2026-03-04 13:30", "run", "--once")
    ours = told("--journey", "come-back")
    assert ours["mails"][0]["sent"] == before["mails"][0]["sent"]
    assert ours["mails"][0]["ghosts"] == before["mails"][0]["ghosts"]
    groups = [ours["goal"]["people"], ours["held_out"]["people"]]
    assert sum(groups) == PEOPLE + 40
    assert all(now > then for now, then in zip(
        groups, (before["goal"]["people"], before["held_out"]["people"]), strict=True
    ))  # fmt: skip


def test_mails_that_an_exit_came_too_late_to_stop_are_counted(shop: Path) -> None:
    """R1.9: three ordered before their mail left at noon, and we heard of it in the afternoon."""
    buyers = sorted(mails("hello"))[:3]
    take_in("2026-03-04 16:00", [
        {"type": "event", "id": f"order-{who}", "person": who, "name": "order.placed",
         "at": "2026-03-04T10:30:00Z", "total": 10} for who in buyers
    ])  # fmt: skip
    sincerely("--at", "2026-03-04 16:00", "run", "--once")
    ours = told("--journey", "come-back")
    assert (ours["goal"]["reached"], ours["sent_after_exit"]) == (3, 3)
    assert "3 mails" in sincerely("report", "--journey", "come-back")


def test_a_period_that_holds_nothing_says_so(shop: Path) -> None:
    ours = told("--journey", "come-back", "--from", "2026-03-05")
    assert (ours["entered"], ours["mails"][0]["sent"], ours["uplift"]["says"]) == (
        0, 0, "not enough data"
    )  # fmt: skip
    assert invoke("report", "--from", "2026-03-05", "--to", "2026-03-04").exit_code == 2


def test_a_journey_that_is_not_there_is_named(shop: Path) -> None:
    result = invoke("report", "--journey", "come-bak")
    assert (result.exit_code, "did you mean `come-back`?" in result.stderr) == (1, True)


def test_all_journeys_stand_in_one_table_and_on_one_page(shop: Path) -> None:
    said = sincerely("report", "--out", "report.html")
    assert "come-back" in said and "receipt" in said
    page = Path("report.html").read_text()
    assert page.count("<h1>") == 2
    assert "<script" not in page and "http" not in page
