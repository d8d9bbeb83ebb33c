"""The published attacks on Jinja, and our own: none gets through, none runs away (R9.1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.templates import budget
from engine.application.ports.renderer import MissingValue, NotRendered, RenderContext, RenderFailed
from engine.domain.message import Rendered
from engine.language.template_header import Need

Write = Callable[..., Rendered]
CASES = json.loads(
    (Path(__file__).parents[3] / "data" / "templates" / "jinja_sandbox_cases.json").read_text()
)
FINE = {"a42b", "a42b&lt;foo&gt;"}
# What the cases call `foo`, `cls`, `seq`, `u` and `x` are values of a customer here: nothing else
# can ever reach a template.
NEEDS = [Need(name, if_missing="42", on_missing="word") for name in ("foo", "cls", "seq", "u", "x")]


def values_of(case: dict[str, Any]) -> dict[str, Any]:
    spelled = case["context"]
    if spelled.startswith("u="):
        return {"u": spelled[2:].strip('"')}
    return {"x": "a" * 100} if spelled.startswith("x=") else {}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_known_attack_ends_in_a_clear_error(
    case: dict[str, Any], write: Write, context: Callable[..., RenderContext]
) -> None:
    def attack() -> Rendered:
        return write(f"{case['template']}", *NEEDS, kind="html", values=context(values_of(case)))

    if case["expect"] in FINE:
        assert f"{case['expect']}</body>" in attack().html
        return
    with pytest.raises((RenderFailed, MissingValue)) as caught:
        attack()
    assert str(caught.value)


BOMBS = {
    "doubling text": "{% set a0 = 'ab' %}"
    + "".join(f"{{% set a{n + 1} = a{n} ~ a{n} %}}" for n in range(40))
    + "{{ a40 | length }}",
    "doubling captured text": "{% set a %}ab{% endset %}"
    + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40
    + "{{ a | length }}",
    "doubling lists": "{% set a0 = [1] %}"
    + "".join(f"{{% set a{n + 1} = a{n} + a{n} %}}" for n in range(40))
    + "{{ a40 | length }}",
    "squaring": "{% set a0 = 12345 %}"
    + "".join(f"{{% set a{n + 1} = a{n} * a{n} %}}" for n in range(40))
    + "{{ a40 }}",
    "doubling macros": "{% macro m0() %}x{% endmacro %}"
    + "".join(
        f"{{% macro m{n + 1}() %}}{{{{ m{n}() }}}}{{{{ m{n}() }}}}{{% endmacro %}}"
        for n in range(40)
    )
    + "{{ m40() }}",
    "a long body in a loop": "{% for i in range(100000) %}" + "x" * 5_000 + "{% endfor %}",
    "a long body in a captured loop": "{% set a %}{% for i in range(100000) %}"
    + "x" * 5_000
    + "{% endfor %}{% endset %}{{ a | length }}",
    "a tower of powers": "{{ 9 ** 9 ** 9 }}",
    "a wide format": "{{ '{:1000000000}'.format(1) | length }}",
    "a width from elsewhere": "{{ '{:{w}}'.format(1, w=1000000000) | length }}",
    "a list times a billion": "{{ ([0] * 10 ** 9) | length }}",
    "a method in a loop": "{% for i in range(90000) %}{{ ('x' * 200000).upper() | length }}{% endfor %}",
    "joining": "{{ (['x' * 100000] * 100000) | join | length }}",
    "deep brackets": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "deep loops": "{% for a in [1] %}" * 500 + "x" + "{% endfor %}" * 500,
    "ten megabytes": "x" * 10_000_000,
    "deep brackets in Markdown": "[" * 30_000,
    "deep quotations": ">" * 30_000 + " x",
    "stars without end": "*a " * 13_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_template_that_would_run_away_is_stopped(name: str, write: Write) -> None:
    harmless_in_the_end = name in {
        "deep brackets in Markdown",
        "deep quotations",
        "stars without end",
    }
    if harmless_in_the_end:
        assert write(BOMBS[name]).html
    else:
        with pytest.raises(RenderFailed):
            write(BOMBS[name])


@pytest.mark.parametrize(
    "body",
    [
        "{% include 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}",
        "{% extends 'x' %}", "{% block x %}{% endblock %}",
        "{% autoescape false %}{{ customer.bio }}{% endautoescape %}", "{{ customer.bio | safe }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "{{ namespace() }}",
        "{{ lipsum() }}", "{{ cycler('a') }}", "{{ joiner() }}", "{{ dict() }}", "{{ self }}",
        "{{ customer.bio | attr('x') }}", "{{ [1, 2] | random }}", "{{ customer.keys() }}",
        "{{ (1).bit_length() }}", "{{ 'x'.encode() }}", "{{ customer.__class__ }}",
        "{{ ''['__class__'] }}", "{{ range.__globals__ }}", "{{ button.__init__.__globals__ }}",
        "{{ button.name }}", "{{ skip_mail.__globals__ }}", "{{ 'a%s' % customer.bio }}",
    ],
)  # fmt: skip
def test_what_no_mail_needs_is_refused(
    body: str, write: Write, context: Callable[..., RenderContext]
) -> None:
    with pytest.raises(NotRendered):
        write(body, values=context({"bio": "<b>"}))


def test_the_same_mail_costs_the_same_every_time(write: Write) -> None:
    """Work is counted, not timed, so a busy machine changes no outcome (R7.1)."""
    left = []
    for _ in range(3):
        write("{% for i in range(100) %}{{ i }} {% endfor %}")
        left.append(budget.left())
    assert len(set(left)) == 1


def test_an_error_names_the_line_of_the_file(write: Write) -> None:
    with pytest.raises(RenderFailed) as caught:
        write("Hello\n\n{% for x in [1] %}\n\n{{ [1, 2].append(3) }}\n\n{% endfor %}")
    assert (caught.value.file, caught.value.line) == ("templates/a/b.md.j2", 9)


def test_a_word_that_is_not_known_names_its_line_and_a_way_out(write: Write) -> None:
    with pytest.raises(
        RenderFailed, match=r"b\.md\.j2:7: `first_nam` .* did you mean `first_name`"
    ):
        write("Hello\n\n{{ first_nam }}", Need("first_name", if_missing="there", on_missing="word"))


def test_an_unclosed_tag_names_its_line(write: Write) -> None:
    with pytest.raises(RenderFailed) as caught:
        write("Hello\n\n{% if customer.plan %}\n\nyou")
    assert caught.value.line == 7
