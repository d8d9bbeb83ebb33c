"""Whole mails as one customer gets them. A case is a template here and the two parts it becomes:
`NAME.html` and `NAME.txt` (with subject and preheader on top), renewed by `pytest --accept`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.adapters.templates.renderer import Templates
from engine.application.mail_links import with_links
from engine.application.ports.renderer import RenderContext
from engine.domain.event import Event
from engine.domain.journey import Class
from engine.domain.mail_links import LinkRules, Utm, tagged
from engine.domain.person import Person
from engine.language.config_file import Company
from engine.language.pen import Pen
from engine.language.template_header import TemplateFile, read_template

HERE = Path(__file__).parent / "mails"
PROJECT = Path(__file__).parents[2] / "templates"
CASES = sorted(path.name for path in HERE.glob("*.j2"))
COMPANY = Company(
    name="The Cozy Coffee Shop",
    address="Example Street 1, 10115 Berlin",
    site="https://cozy.example",
)
HREF = re.compile(r'href="[^"]*"')
LINKS = LinkRules(utm=Utm(), site="https://cozy.example")
CONTEXT = RenderContext(
    person=Person(
        "p-1",
        "tara@example.com",
        "tara@example.com",
        {"first_name": "Tara <Q>", "examples": ("Roadmap", "Budget"), "tags": ("a", "b")},
    ),
    now=datetime(2027, 3, 14, 12, tzinfo=UTC),
    zone="Europe/Berlin",
    event=Event("e-1", "order.placed", datetime(2027, 3, 12, tzinfo=UTC), {"order_id": "1042"}),
    voice={"greeting": "Hello {first_name},", "sign_off": "Warmly, Lena"},
    links={name: f"https://cozy.example/{name[0]}/TOKEN" for name in ("unsubscribe", "preferences", "why")},
)  # fmt: skip


def read(name: str) -> TemplateFile:
    path = f"templates/golden/{name}"
    file = read_template(path, (HERE / name).read_text(), Pen(path, "T"))
    assert file is not None
    return file


@pytest.fixture(scope="module")
def templates() -> Templates:
    shared = {
        path.relative_to(PROJECT).as_posix(): path.read_text()
        for folder in ("_layouts", "_blocks")
        for path in (PROJECT / folder).glob("*.j2")
    }
    pictures = {path.name: path.read_bytes() for path in (PROJECT / "_assets").glob("*.png")}
    return Templates([read(name) for name in CASES], shared, COMPANY, pictures)


@pytest.mark.parametrize("name", CASES)
def test_a_mail_is_what_was_accepted(
    name: str, templates: Templates, golden: Callable[[Path, str], None]
) -> None:
    stem = name.partition(".")[0]
    mail = templates.render(f"golden/{stem}", CONTEXT)
    golden(HERE / f"{stem}.html", mail.html)
    golden(HERE / f"{stem}.txt", f"{mail.subject}\n{mail.preheader}\n\n{mail.text}")


@pytest.mark.parametrize("name", CASES)
def test_a_tagged_mail_is_what_was_accepted(
    name: str, templates: Templates, golden: Callable[[Path, str], None]
) -> None:
    """Only the addresses differ, and only those of the business's own pages."""
    stem = name.partition(".")[0]
    mail = templates.render(f"golden/{stem}", CONTEXT)
    about = {"mail": f"golden/{stem}", "journey": "winter", "category": "news"}
    links = with_links(mail, lambda link: tagged(link.url, LINKS, about))
    assert HREF.sub("", mail.html) == HREF.sub("", links.html)
    plain, new = (HREF.findall(one.html) + one.text.splitlines() for one in (mail, links))
    changed = [f"- {a}\n+ {b}" for a, b in zip(plain, new, strict=True) if a != b]
    golden(HERE / f"{stem}.tagged", "\n".join(changed) + "\n")


@pytest.mark.parametrize("name", CASES)
def test_a_mail_passes_the_inspection(name: str, templates: Templates) -> None:
    mail = templates.render(f"golden/{name.partition('.')[0]}", CONTEXT)
    found = templates.inspect(mail, Class.MARKETING, CONTEXT.links)
    assert [finding for finding in found if finding.severity == "error"] == []
