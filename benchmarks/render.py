"""R1: one mail written by the compiled pipeline, against parsing, rendering and inlining for each
recipient, as mailers that treat a template as text do. Both write the same HTML, text and subject
from the same sample letter; also printed: microseconds a mail and allocations a mail."""

from __future__ import annotations

import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import css_inline
from jinja2 import Environment
from markdown_it import MarkdownIt

from engine.adapters.templates.plain import as_text, tidy
from engine.adapters.templates.renderer import Templates
from engine.adapters.templates.tags import Holder
from engine.application.ports.renderer import RenderContext
from engine.domain.person import Person
from engine.language.config_file import Company
from engine.language.template_header import Need, TemplateFile

IDS = ("R1",)
ROUNDS = 7
PEOPLE = 300
SHARED = Path(__file__).parents[1] / "templates"
SITE = "https://cozy.example"
BODY = """Hello {{ first_name }},

your parcel is there. Before the water boils, **three things** that matter more than any machine:

1. **Water just off the boil.** Wait half a minute.
2. **Sixty grams to a litre.** That is two heaped tablespoons for a mug.
3. **Grind it just before you brew.** All of it works with {{ brews_with }}.

{% for tip in tips %}
- {{ tip }}
{% endfor %}

If something is wrong with the bag, [answer this letter]({{ links.why }}). A person reads it.

Warmly, Lena
"""


def main() -> None:
    people = [person(number) for number in range(PEOPLE)]
    compiled = compiled_pipeline()
    naive = naive_pipeline()
    same_words(compiled(people[0]), naive(people[0]))
    ratios, micros = [], []
    for _ in range(ROUNDS):
        slow = seconds(naive, people[:30]) / 30
        fast = seconds(compiled, people) / PEOPLE
        ratios.append(slow / fast)
        micros.append(fast * 1e6)
    tracemalloc.start()
    compiled(people[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{statistics.median(micros):.0f} µs a mail, {peak:,} bytes at most", file=sys.stderr)
    print(
        json.dumps({
            "R1": {
                "value": round(statistics.median(ratios), 1),
                "low": round(min(ratios), 1),
                "high": round(max(ratios), 1),
                "rounds": ROUNDS,
                "unit": "ratio",
            }
        })
    )  # fmt: skip


def compiled_pipeline() -> Callable[[Person], tuple[str, str, str]]:
    shared = {
        path.relative_to(SHARED).as_posix(): path.read_text()
        for folder in ("_layouts", "_blocks")
        for path in (SHARED / folder).glob("*.j2")
    }
    needs = (Need("first_name", "Tara", "there", "word"), Need("brews_with"), Need("tips"))
    file = TemplateFile(
        "a/b", "", "md", "templates/a/b.md.j2", "Your coffee, {{ first_name }}", BODY, 1,
        preheader="It takes four minutes", layout="plain", needs=needs,
    )  # fmt: skip
    templates = Templates([file], shared, Company(name="The Shop", address="Street 1", site=SITE))
    now = datetime(2027, 3, 14, tzinfo=UTC)

    def write(somebody: Person) -> tuple[str, str, str]:
        mail = templates.render("a/b", RenderContext(somebody, now, links=LINKS))
        return mail.subject, mail.html, mail.text

    return write


def naive_pipeline() -> Callable[[Person], tuple[str, str, str]]:
    environment = Environment(autoescape=True)
    reader = MarkdownIt("commonmark", {"typographer": True}).enable(["replacements", "smartquotes"])
    layout = (SHARED / "_layouts" / "plain.html.j2").read_text().replace("{{ content }}", "CONTENT")
    inliner = css_inline.CSSInliner(
        keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False
    )

    def write(somebody: Person) -> tuple[str, str, str]:
        values = {
            **somebody.attributes, "links": LINKS, "klass": "marketing", "lang": "en", "dir": "ltr",
            "company": {"name": "The Shop", "address": "Street 1"},
        }  # fmt: skip
        subject = environment.from_string("Your coffee, {{ first_name }}").render(values)
        values |= {"subject": subject, "preheader": "It takes four minutes"}
        body = reader.render(environment.from_string(BODY).render(values))
        frame = environment.from_string(layout).render(values)
        html = inliner.inline(frame.replace("CONTENT", body))
        return subject, html, tidy(as_text(html, Holder(environment)))

    return write


LINKS = {name: f"{SITE}/{name[0]}/TOKEN" for name in ("unsubscribe", "preferences", "why")}


def person(number: int) -> Person:
    return Person(
        str(number),
        attributes={
            "first_name": f"Tara{number}",
            "brews_with": "a cone",
            "tips": ("grind late", "rinse the paper", "pour slowly"),
        },
    )


def same_words(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    if one[0] != other[0] or one[2].split() != other[2].split():
        raise SystemExit("the two pipelines do not write the same mail")


def seconds(write: Callable[[Person], object], people: list[Person]) -> float:
    start = time.process_time()
    for somebody in people:
        write(somebody)
    return time.process_time() - start


if __name__ == "__main__":
    main()
