"""Whatever a customer is called, the mail keeps its shape (a property, not a list of cases)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adapters.templates.renderer import Templates
from engine.adapters.templates.sandbox import blank
from engine.application.ports.renderer import RenderContext
from engine.language.config_file import Company
from engine.language.template_header import Need, TemplateFile

BODY = """Hello **{{ first_name }}**,

- {{ first_name }}
- [{{ first_name }}](menu)

> {{ customer.first_name }} said "{{ first_name }}"

{{ note(first_name) }}

{{ button(first_name, url="menu") }}

{{ facts({"Name": first_name}) }}

{{ persona.voice.greeting }}
"""
PARTS = st.sampled_from(
    ["<", ">", "&", '"', "'", "*", "_", "[x](y)", "{{", "}}", "{%", "<b>", "</td>", "<!--", "-->", "`",
     "jq00001qj", "\n\n", "# ", "- ", "|", "\\", "&lt;", "<script>", "javascript:", "\x00", "é", "🫖"]
)  # fmt: skip
NAMES = st.one_of(st.lists(PARTS, min_size=1, max_size=8).map("".join), st.text(min_size=1)).filter(
    lambda name: not blank(name)
)


class Shape(HTMLParser):
    """The elements of a document with their attributes' names, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, [name for name, _ in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(tag)

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment", data))


@pytest.fixture(scope="module")
def templates(shared: dict[str, str], pictures: dict[str, bytes]) -> Templates:
    need = Need("first_name", if_missing="there", on_missing="word")
    file = TemplateFile(
        "a/b", "", "md", "templates/a/b.md.j2", "For {{ first_name }}", BODY, 1, needs=(need,)
    )
    return Templates([file], shared, Company(name="Cozy", site="https://cozy.example"), pictures)


@settings(max_examples=80)
@given(name=NAMES)
def test_a_name_never_changes_the_shape_of_a_mail(
    name: str, templates: Templates, context: Callable[..., RenderContext]
) -> None:
    plain = templates.render("a/b", context({"first_name": "Tara"}))
    other = templates.render("a/b", context({"first_name": name}))
    assert Shape(other.html).elements == Shape(plain.html).elements
    assert other.subject == " ".join(other.subject.split())
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in other.subject)
