"""A small project of mails, written in the test that needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.templates.renderer import Templates
from engine.application.ports.renderer import RenderContext
from engine.domain.event import Event
from engine.domain.message import Rendered
from engine.domain.person import Person
from engine.language.config_file import Company
from engine.language.template_header import Need, TemplateFile

SAMPLES = Path(__file__).parents[4] / "templates"
COMPANY = Company(
    name="The Cozy Coffee Shop",
    address="Example Street 1, 10115 Berlin",
    site="https://cozy.example",
    voice={"greeting": "Hello {first_name},"},
)
LAYOUT = """<!doctype html><html lang="{{ lang }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>
<body><div style="display:none">{{ preheader }}</div>{{ content }}</body></html>"""
NOW = datetime(2027, 3, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared() -> dict[str, str]:
    """The layouts and blocks of the sample business, and a bare layout."""
    folders = ("_layouts", "_blocks")
    files = [path for folder in folders for path in (SAMPLES / folder).glob("*.j2")]
    found = {path.relative_to(SAMPLES).as_posix(): path.read_text() for path in files}
    return {**found, "_layouts/bare.html.j2": LAYOUT}


@pytest.fixture(scope="session")
def pictures() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (SAMPLES / "_assets").glob("*.png")}


@pytest.fixture
def context() -> Callable[..., RenderContext]:
    """A context for a person with these attributes; keywords with `_` set the rest."""

    def build(attributes: Mapping[str, Any] | None = None, **rest: Any) -> RenderContext:
        person = Person("p-1", "tara@example.com", "tara@example.com", attributes or {})
        return RenderContext(**{
            "person": person,
            "now": NOW,
            "zone": "Europe/Berlin",
            "links": {
                name: f"https://cozy.example/{name[0]}/TOKEN"
                for name in ("unsubscribe", "preferences", "why")
            },
            "voice": COMPANY.voice,
            **rest,
        })  # fmt: skip

    return build


@pytest.fixture
def event() -> Event:
    at = datetime(2027, 3, 12, 22, 30, tzinfo=UTC)
    return Event("e-1", "order.placed", at, {"order_id": "1042", "total": 12.5, "items": 3})


@pytest.fixture
def mail() -> Callable[..., TemplateFile]:
    """A file of the mail `a/b`: a body, and what differs from a plain Markdown mail."""

    def build(body: str, *needs: Need, **rest: Any) -> TemplateFile:
        known: dict[str, Any] = {
            "mail": "a/b", "locale": "", "kind": "md", "path": "templates/a/b.md.j2",
            "subject": "Hello", "layout": "bare", "needs": needs, "body": body, "body_line": 5,
        }  # fmt: skip
        return TemplateFile(**{**known, **rest})

    return build


@pytest.fixture
def write(
    shared: dict[str, str],
    pictures: dict[str, bytes],
    mail: Callable[..., TemplateFile],
    context: Callable[..., RenderContext],
) -> Callable[..., Rendered]:
    """Render a body for a person: `write(body, need, …, values=…, kind=…)`."""

    def render(
        body: str, *needs: Need, values: RenderContext | None = None, **rest: Any
    ) -> Rendered:
        templates = Templates([mail(body, *needs, **rest)], shared, COMPANY, pictures)
        return templates.render("a/b", values or context())

    return render
