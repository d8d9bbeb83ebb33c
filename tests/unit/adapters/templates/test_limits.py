"""No template costs more than a clear error: memory and CPU have a ceiling, kept by the system."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import resource
from datetime import UTC, datetime
from engine.adapters.templates.renderer import Templates
from engine.application.ports.renderer import NotRendered, RenderContext
from engine.domain.person import Person
from engine.language.config_file import Company
from engine.language.template_header import TemplateFile

resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (90, 90))
bombs = [
    "{{ 'a' * (10 ** 9) }}",
    "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
    "{{ 'a' | replace('a', 'a' * 10000) | replace('a', 'a' * 10000) | length }}",
    "{% set a %}" + "x" * 1000 + "{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 30,
    "{% for i in range(100000) %}" + "x" * 30000 + "{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set ns = ['a' * 100000] * 1000 %}{{ ns | join }}",
    "{{ [[[['x' * 90000] * 90] * 90] * 90] * 90 }}",
    "{{ ([[['x' * 9000] * 90] * 90] * 90) | string | length }}",
    "{{ ([1] * 200000) | list | length }}",
    "{% for i in range(100000) %}{{ customer.long }}{% endfor %}",
    "{% for i in range(100000) %}{% if customer.long == customer.long ~ 'x' %}a{% endif %}{% endfor %}",
    "{{ 1.5 | round(1000000000, 'ceil') }}",
    "{% set t0 = (1, 2) %}" + "".join(f"{{% set t{n + 1} = (t{n}, t{n}) %}}" for n in range(60))
    + "{{ {t60: 1} | length }}",
    "{% set t0 = [1, 2] %}" + "".join(f"{{% set t{n + 1} = [t{n}, t{n}] %}}" for n in range(60))
    + "{{ t60 == [t59, t59] }}",
    "{% set t0 = [1, 2] %}" + "".join(f"{{% set t{n + 1} = [t{n}, t{n}] %}}" for n in range(60))
    + "{{ t60 }}",
    "{% set t0 = (1, 2) %}" + "".join(f"{{% set t{n + 1} = (t{n}, t{n}) %}}" for n in range(60))
    + "{{ customer[t60] }}",
    "{{ [[1] * 90000] * 3000 | sum(start=[]) | length }}",
    "{{ '{0}' * 90000 }}{{ ('{0}' * 90000).format('y' * 90000) | length }}",
    "{{ ('{0}' * 900).format('y' * 90000) | length }}",
]
person = Person("1", attributes={"long": "x" * 3000})
context = RenderContext(person, datetime(2027, 1, 1, tzinfo=UTC))
layout = {"_layouts/letter.html.j2": "<p>{{ content }}</p>"}
for body in bombs:
    for kind in ("md", "html"):
        file = TemplateFile("a/b", "", kind, "templates/a/b", "Hi", body, 1)
        try:
            Templates([file], layout, Company()).render("a/b", context)
        except NotRendered as error:
            print(type(error).__name__, str(error)[:90])
        else:
            print("WRITTEN", body[:60])
"""


def test_a_hostile_template_ends_in_an_error_within_500_megabytes() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    answers = done.stdout.splitlines()
    assert len(answers) == 40
    assert {answer.split()[0] for answer in answers} == {"RenderFailed"}, done.stdout
