"""The pages of docs/errors: what `explain` says, as Markdown, one page a code."""

from __future__ import annotations

from collections.abc import Iterator

from engine.cli.explain import all_entries, gives, shortened
from engine.language.catalogue.entry import Entry, Files
from engine.language.catalogue.trouble import TROUBLES, Trouble


def pages() -> Iterator[tuple[str, str]]:
    """The file name and the text of every page, the list of all codes (`README.md`) first."""
    entries = all_entries()
    titles = {code: entry.title for code, entry in entries.items()}
    titles |= {trouble.code: trouble.title for trouble in TROUBLES}
    yield "README.md", _list(titles)
    for code, entry in entries.items():
        yield f"{code}.md", _page(entry)
    for trouble in TROUBLES:
        yield f"{trouble.code}.md", _trouble(trouble)


def _list(titles: dict[str, str]) -> str:
    rows = "".join(f"| [{code}]({code}.md) | {titles[code]} |\n" for code in sorted(titles))
    return (
        "# Codes\n\n"
        "`sincerely explain CODE` says the same in the terminal. The letter is the kind of file: `Y`"
        " any YAML, `J` journey, `S` segment, `P` persona, `T` template, `X` test, `C` config, `L`"
        " jurisdiction; `D` is what lies around the files: the database, keys, delivery.\n\n"
        f"| code | means |\n|---|---|\n{rows}"
    )


def _page(entry: Entry) -> str:
    doubt = "\n\nA warning: it never blocks." if entry.severity == "warning" else ""
    return (
        f"# {entry.code}: {entry.title}\n\n{entry.why}{doubt}\n\n"
        f"## Wrong\n\n{_files(entry.wrong)}gives\n\n{_fenced('text', gives(entry))}\n"
        f"## Right\n\n{_files(entry.right)}".rstrip("\n")
        + "\n"
    )


def _trouble(trouble: Trouble) -> str:
    return (
        f"# {trouble.code}: {trouble.title}\n\n{trouble.why}\n\n"
        f"## To mend it\n\n{_fenced('text', trouble.mend)}"
    )


def _files(example: Files) -> str:
    return "".join(
        f"`{path}` does not exist.\n\n"
        if text is None
        else f"`{path}`\n\n{_fenced('yaml', shortened(text))}\n"
        for path, text in example.items()
    )


def _fenced(kind: str, text: str) -> str:
    return f"~~~{kind}\n{text}\n~~~\n"
