"""Hostile files end in a coded error, at once and without eating the memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.language.project import decode, read_config, read_project

BOMB = "a: &a [x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)},*{chr(97 + n)},*{chr(97 + n)}]\n"
    for n in range(20)
)
HOSTILE = {
    "ten megabytes": ("segment: loyal\nwho: { plan: " + "x" * 10_000_000 + " }\n", "Y102"),
    "ten thousand brackets": ("[" * 10_000, "Y104"),
    "ten thousand braces": ("{a: " * 10_000, "Y104"),
    "ten thousand dashes": ("- " * 10_000 + "x", "Y104"),
    "ten thousand levels of indentation": (
        "\n".join(" " * n + "a:" for n in range(1_400)),
        "Y104",
    ),
    "a million values": ("[" + "x," * 400_000 + "]", "Y102"),
    "an alias bomb": (BOMB, "Y106"),
    "an alias of itself": ("a: &a [*a]\n", "Y106"),
    "binary": (decode(bytes(range(256)) * 1000), "Y101"),
    "a null": ("segment: \0", "Y101"),
    "bad UTF-8": (decode(b"segment: caf\xe9"), "Y101"),
    "half a surrogate": ("segment: \ud800", "Y101"),
    "an escape": ("segment: \x1b[31mred", "Y101"),
    "a line separator": ("segment: a\u2028b", "Y101"),
    "only a percent sign": ("%", "Y110"),
    "a directive": ("%YAML 9.9\n---\nsegment: x", "Y110"),
    "a python object": ("!!python/object/apply:os.system ['true']", "Y107"),
    "a block scalar without end": ("segment: |\n" + " x\n" * 400_000, "Y102"),
    "words that are no words": ("? " * 3_000 + "x", "Y109"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("path", ["journeys/x.yaml", "segments/x.yaml", "journeys/x.test.yaml"])
def test_a_hostile_file_gets_a_code(name: str, path: str) -> None:
    text, code = HOSTILE[name]
    found = [d.code for d in read_project({path: text}).diagnostics if d.file == path]
    assert code in found
    assert len(found) <= 201


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_config_gets_a_code(name: str) -> None:
    text, code = HOSTILE[name]
    config, found = read_config(text, "config.yaml")
    assert code in {d.code for d in found}
    assert config.company.name == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_head_of_a_mail_gets_a_code(name: str) -> None:
    text, code = HOSTILE[name]
    path = "templates/a/b.md.j2"
    found = [
        d.code
        for d in read_project({path: f"---\n{text}\n---\nHello"}).diagnostics
        if d.file == path
    ]
    assert {code, "T111"} & set(found)


def test_ten_thousand_mistakes_in_one_file_are_not_all_told(
    codes_of: Callable[..., list[str]],
) -> None:
    text = "segment: x\nwho: { lifecycle: loyal }\n" + "".join(
        f"worb{n}: 1\n" for n in range(10_000)
    )
    assert len(codes_of({"segments/x.yaml": text})) == 200


def test_long_words_are_cut_in_messages(codes_of: Callable[..., list[str]]) -> None:
    text = f"segment: x\nwho: {{ lifecycle: {'l' * 50_000} }}\n"
    (found,) = [
        d for d in read_project({"segments/x.yaml": text}).diagnostics if d.file != "config.yaml"
    ]
    assert len(found.message) < 200


@pytest.mark.parametrize("text", ["", "\n", "---\n", "~", "null", "''", "# nothing"])
def test_an_empty_file_says_so_or_asks_for_words(text: str) -> None:
    found = [
        d.code
        for d in read_project({"segments/x.yaml": text}).diagnostics
        if d.file != "config.yaml"
    ]
    assert found in (["Y103"], ["S103"])


def test_a_byte_order_mark_is_no_mistake() -> None:
    text = decode(b"\xef\xbb\xbfsegment: x\nwho: { plan: team }\n")
    assert [d.file for d in read_project({"segments/x.yaml": text}).diagnostics] == ["config.yaml"]


@pytest.mark.parametrize("path", ["templates/a/b.md.j2", "templates/_layouts/x.html.j2"])
@pytest.mark.parametrize(
    ("body", "code"), [("x" * 10_000_000, "Y102"), ("caf\udce9", "Y101"), ("a\0b", "Y101")]
)
def test_a_hostile_body_of_a_mail_gets_a_code(path: str, body: str, code: str) -> None:
    project = read_project({path: f"---\nsubject: Hi\n---\n{body}"})
    assert [d.code for d in project.diagnostics if d.file == path] == [code]
    assert not project.templates
    assert not project.layouts


_MANY = {
    "steps that lead nowhere": "".join(f"  - {{ id: s{n}, go_to: t{n} }}\n" for n in range(5_000)),
    "steps that send nothing": "".join(f"  - {{ id: s{n}, send: a/b{n} }}\n" for n in range(5_000)),
    "steps with one name": "  - { id: s, wait: 1 day }\n" * 5_000,
}


@pytest.mark.parametrize("name", _MANY)
def test_thousands_of_wrong_steps_are_told_two_hundred_times(name: str) -> None:
    text = f"journey: x\ncategory: news\nenter: {{ when: a.b }}\nsteps:\n{_MANY[name]}"
    found = [
        d for d in read_project({"journeys/x.yaml": text}).diagnostics if d.file != "config.yaml"
    ]
    assert len(found) == 200


def test_a_grid_of_a_million_cells_is_refused() -> None:
    axis = ", ".join(f"n{n}" for n in range(1_000))
    text = f"grid: x\nrows: {{ plan: [{axis}] }}\ncolumns: {{ role: [{axis}] }}\n"
    found = [d.code for d in read_project({"segments/x.grid.yaml": text}).diagnostics]
    assert "S114" in found
