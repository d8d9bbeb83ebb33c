"""A whole project: what is read, what is left out, how mistakes are told."""

from __future__ import annotations

from collections.abc import Callable

from engine.language.codes import project_of
from engine.language.project import decode, read_project
from engine.language.template_header import Need

MAIL = "---\nsubject: Hi\n{}---\n{}"


def test_the_sound_project_has_no_mistakes() -> None:
    project = read_project(project_of({}))
    assert project.diagnostics == ()
    assert project.ok
    assert set(project.rulebook.mails) == {"welcome/hello"}
    assert project.layouts == {
        "_layouts/letter.html.j2": project_of({})["templates/_layouts/letter.html.j2"]
    }


def test_a_file_with_a_mistake_is_left_out_and_the_others_stay() -> None:
    files = project_of({"segments/bad.yaml": "segment: bad\nwho: { lifecycle: best }\n"})
    project = read_project(files)
    assert [d.code for d in project.diagnostics] == ["S105"]
    assert "bad" not in project.rulebook.segments
    assert "loyal" in project.rulebook.segments
    assert not project.ok


def test_a_file_that_names_what_is_not_there_is_left_out_too() -> None:
    text = (
        "journey: x\ncategory: news\nenter: { when: a.b }\nsteps:\n  - { id: a, send: no/mail }\n"
    )
    project = read_project(project_of({"journeys/x.yaml": text}))
    assert [d.code for d in project.diagnostics] == ["J211"]
    assert set(project.rulebook.journeys) == {"welcome"}


def test_a_doubt_does_not_block() -> None:
    project = read_project(
        project_of({"segments/x.yaml": "segment: x\nwho: { lifecycl: loyal }\n"})
    )
    assert [d.severity for d in project.diagnostics] == ["warning"]
    assert project.ok
    assert "x" in project.rulebook.segments


def test_what_is_used_from_a_broken_file_is_not_missed_as_well(
    codes_of: Callable[..., list[str]],
) -> None:
    head = (
        "journey: x\ncategory: news\nenter: {{ joins: {} }}\nsteps:\n  - {{ id: a, start: {} }}\n"
    )
    broken: dict[str, str | None] = {
        "segments/bad.yaml": "segment: bad\nwho: [\n",
        "journeys/x.yaml": head.format("bad", "y"),
        "journeys/y.yaml": "journey: y\nsteps: [\n",
    }
    assert codes_of(broken) == ["Y110", "Y110"]
    grid: dict[str, str | None] = {
        "segments/g.grid.yaml": "grid: g\nrows: { lifecycle: [new] }\ncolumns: {}\n",
        "journeys/x.yaml": head.format("new-any", "welcome"),
    }
    assert codes_of(grid) == ["S111"]


def test_mistakes_come_in_the_order_of_files_and_lines() -> None:
    files = project_of(
        {
            "segments/b.yaml": "segment: b\nwho: { upset: very }\nrefresh: now\n",
            "segments/a.yaml": "segment: a\nwho: { upset: very }\n",
        }
    )
    found = read_project(files).diagnostics
    places = [(d.file, d.line) for d in found]
    assert places == [("segments/a.yaml", 2), ("segments/b.yaml", 2), ("segments/b.yaml", 3)]


def test_a_translation_belongs_to_its_mail() -> None:
    files = project_of({"templates/welcome/hello.pt-BR.md.j2": MAIL.format("", "Oi")})
    mails = read_project(files).templates
    assert set(mails["welcome/hello"]) == {"", "pt-BR"}
    assert mails["welcome/hello"]["pt-BR"].body == "Oi"


def test_a_mail_says_how_it_does_without_a_value() -> None:
    head = (
        "needs:\n  a: { sample: Tara, if_missing: there }\n  b: { if_missing: skip the mail }\n"
        "  c: { sample: { name: Mug, price: 12.5 }, if_missing: hold the mail }\n  d: { sample: 3 }\n"
    )
    project = read_project(project_of({"templates/a/b.md.j2": MAIL.format(head, "Hello")}))
    assert project.templates["a/b"][""].needs == (
        Need("a", "Tara", "there", "word"),
        Need("b", None, None, "skip"),
        Need("c", {"name": "Mug", "price": 12.5}, None, "hold"),
        Need("d", 3, None, "hold"),
    )


def test_a_body_begins_on_its_line_and_stays_as_it_is() -> None:
    text = "---\nsubject: Hi\n---\n\n# Hello\n---\nBye"
    project = read_project(project_of({"templates/a/b.md.j2": text}))
    template = project.templates["a/b"][""]
    assert (template.body, template.body_line) == ("\n# Hello\n---\nBye", 4)


def test_a_block_that_sells_is_noticed() -> None:
    """R5.3 needs to know."""
    for body, sells in (
        ("{{ coupon('TEN') }}", True),
        ("{% call promotion() %}", True),
        ("coupon", False),
    ):
        project = read_project(project_of({"templates/a/b.md.j2": MAIL.format("", body)}))
        assert project.rulebook.mails["a/b"].promotion_blocks is sells


def test_layouts_and_blocks_are_no_mails() -> None:
    files = project_of({"templates/_blocks/button.html.j2": "<a>x</a>"})
    project = read_project(files)
    assert project.diagnostics == ()
    assert project.layouts["_blocks/button.html.j2"] == "<a>x</a>"


def test_line_ends_of_other_systems_change_nothing() -> None:
    files = project_of({})
    for newline in ("\r\n", "\r"):
        other = {path: text.replace("\n", newline) for path, text in files.items()}
        project = read_project(other)
        assert project.diagnostics == ()
        assert project.templates == read_project(files).templates


def test_bytes_that_are_no_text_keep_their_place() -> None:
    text = decode(b"segment: x\ntitle: caf\xe9\nwho: { plan: team }\n")
    (found,) = read_project(project_of({"segments/x.yaml": text})).diagnostics
    assert (found.code, found.line, found.column) == ("Y101", 2, 11)


def test_columns_count_characters() -> None:
    files = project_of({"segments/x.yaml": "segment: x\nwho: { 'ключ': 1, mood: ☕ }\n"})
    columns = {d.code: d.column for d in read_project(files).diagnostics}
    assert columns == {"Y128": 8, "Y137": 25}


def test_yes_and_no_are_values_and_norway_is_a_country() -> None:
    text = (
        "test_journey: welcome\ngiven:\n  person: { vip: yes, beta: no, country: NO, zip: 01234, n: 3 }\n"
        "  starts: 2026-03-04 10:00\ntests: []\n"
    )
    (tests,) = read_project(project_of({"journeys/welcome.test.yaml": text})).tests
    assert tests.given_person.attributes == {
        "vip": True, "beta": False, "country": "NO", "zip": "01234", "n": 3,
    }  # fmt: skip
