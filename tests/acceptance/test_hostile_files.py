"""Files of hostile content, through the real command: a code and a place, never a traceback.

The memory of each process is limited by the system, far below what a naive reader would take; the
time-out only ends a test that hangs. How long it takes is measured in benchmarks, not asserted.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from engine.language.catalogue.entry import CONFIG, MAIL
from engine.language.codes import project_of

ADDRESS_SPACE = 1_000_000_000  # the interpreter and its libraries map some 400 MB of it themselves
TIME_OUT = 60
DEEP = 10_000

BOMB = "".join(f"k{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
YAML = {
    "ten-megabytes": (b"who: " + b"x" * 10_000_000, "Y102"),
    "ten-megabytes-of-lines": (b"  plan: x\n" * 1_000_000, "Y102"),
    "deep-brackets": (b"[" * DEEP, "Y104"),
    "deep-braces": (b"{a: " * DEEP, "Y104"),
    "deep-dashes": (b"- " * DEEP + b"x", "Y104"),
    "deep-indents": ("\n".join(" " * n + "a:" for n in range(1_400)).encode(), "Y104"),
    "deeper-indents": ("\n".join(" " * n + "a:" for n in range(DEEP)).encode(), "Y102"),
    "alias-bomb": (f"k0: &a0 [x, x]\n{BOMB}".encode(), "Y106"),
    "alias-of-itself": (b"a: &a [*a]\n", "Y106"),
    "merge-key": (b"a: { <<: { b: c } }\n", "Y106"),
    "tag": (b"!!python/object/apply:os.system ['true']", "Y107"),
    "binary": (bytes(range(256)) * 100, "Y101"),
    "null": (b"segment: a\0b", "Y101"),
    "bad-utf-8": (b"segment: caf\xe9", "Y101"),
    "utf-16": ("segment: loyal\n".encode("utf-16"), "Y101"),
    "tabs": (b"segment: loyal\nwho:\n\tplan: x\n", "Y110"),
    "duplicate-keys-in-windows-lines": (b"segment: a\r\ntitle: b\r\ntitle: c\r\n", "Y105"),
    "a-line-of-a-megabyte": (b"title: [" + b"x" * 999_000, "Y110"),
}
HEAD = "---\nsubject: Hi\npreheader: Hi\nlayout: letter\n---\n"
LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"
MAILS = {
    "endless-loop": (HEAD + LOOPS, "T402"),
    "endless-loop-in-the-subject": (f"---\nsubject: '{LOOPS}'\n---\nHello", "T402"),
    "a-macro-that-calls-itself": (
        HEAD + "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "T402",
    ),
    "a-gigabyte-of-text": (HEAD + "{{ 'a' * 10**9 }}", "T401"),
    "text-that-doubles": (
        HEAD + "{% set x = 'a' %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
        "T402",
    ),
    "a-tower-of-powers": (HEAD + "{{ 9**9**9 }}", "T401"),
    "a-huge-range": (HEAD + "{{ range(10**12) | list }}", "T401"),
    "a-way-out-of-the-sandbox": (HEAD + "{{ ''.__class__.__mro__ }}", "T401"),
    "ten-thousand-brackets": (HEAD + "{{ " + "(" * DEEP + "1" + ")" * DEEP + " }}", "T401"),
    "tags-that-never-close": (HEAD + "{{ " * 50_000, "T401"),
    "ten-megabytes": (HEAD + "x" * 10_000_000, "Y102"),
    "a-head-of-brackets": (f"---\n{'[' * DEEP}\n---\nHello", "Y104"),
}  # fmt: skip


@pytest.fixture
def found_in(tmp_path):
    """What `sincerely check` says of a small project with these files in it: (file, code) pairs."""

    def check(files: dict[str, bytes]) -> set[tuple[str, str]]:
        sound = {name: text.encode() for name, text in project_of({}).items()}
        for name, content in {**sound, **files}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        limit = (ADDRESS_SPACE, ADDRESS_SPACE)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "engine",
                "--project",
                str(tmp_path),
                "--format",
                "json",
                "check",
            ],
            capture_output=True,
            text=True,
            timeout=TIME_OUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit),
        )
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        assert done.returncode in (0, 1), done.stderr[-2000:]
        return {(one["file"], one["code"]) for one in json.loads(done.stdout)}

    return check


@pytest.mark.parametrize("folder", ["segments", "journeys"])
def test_every_hostile_yaml_file_gets_its_code(found_in, folder):
    found = found_in({f"{folder}/{name}.yaml": content for name, (content, _) in YAML.items()})
    wanted = {(f"{folder}/{name}.yaml", code) for name, (_, code) in YAML.items()}
    assert wanted <= found, wanted - found


@pytest.mark.parametrize("name", ["ten-megabytes", "deep-braces", "alias-bomb", "binary"])
def test_a_hostile_config_gets_its_code(found_in, name):
    content, code = YAML[name]
    assert (CONFIG, code) in found_in({CONFIG: content})


def test_every_hostile_mail_gets_its_code(found_in):
    mails = {f"templates/hostile/{name}.md.j2": text.encode() for name, (text, _) in MAILS.items()}
    found = found_in(mails)
    wanted = {(f"templates/hostile/{name}.md.j2", code) for name, (_, code) in MAILS.items()}
    assert wanted <= found, wanted - found


@pytest.mark.parametrize(
    "name", ["endless-loop", "a-gigabyte-of-text", "a-macro-that-calls-itself"]
)
def test_a_hostile_mail_alone_gets_its_code(found_in, name):
    text, code = MAILS[name]
    assert (MAIL, code) in found_in({MAIL: text.encode()})


def test_anchors_that_never_close_end_nothing(found_in):
    path = "templates/welcome/open.html.j2"
    found = found_in({path: ("---\nsubject: Hi\n---\n" + "<a>" * 60_000).encode()})
    assert {file for file, _ in found} <= {path}
