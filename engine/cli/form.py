"""`sincerely form`: sign-up forms, the HTML that puts one on a page, and the words that people agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, lines, say, table
from engine.domain.errors import MistakeError, UsageError
from engine.domain.forms import Form


@click.group()
def form() -> None:
    """Sign-up forms of the config."""


@form.command("list")
@pass_call
def list_(call: Call) -> None:
    """All forms, and where each is."""
    output = call.wants("text", "json", "jsonl")
    config = call.workshop().sound().config
    site = config.company.site or ""
    rows: list[dict[str, object]] = [
        {
            "form": one.name,
            "address": f"{site}/s/{one.name}",
            "topics": list(one.topics),
            "languages": list(one.languages),
            "version": one.version,
        }
        for one in config.forms.values()
    ]
    if output == "json":
        document(rows)
    elif output == "jsonl":
        lines(rows)
    elif rows:
        table(tuple(rows[0]), [tuple(map(_cell, row.values())) for row in rows])
    else:
        say("There are no forms; `forms:` of the config makes them.")


@form.command()
@click.argument("name")
@click.option("--language", metavar="LANGUAGE", help="One of the form's; its default if not said.")
@click.option(
    "--frame", is_flag=True, help="The hosted page in a frame, instead of the form itself."
)
@pass_call
def snippet(call: Call, name: str, language: str | None, frame: bool) -> None:
    """The HTML that puts form NAME on a page of yours. It holds no script."""
    from engine.web import sign_up

    call.wants("text")
    config = call.workshop().sound().config
    site = config.company.site
    found = _form(config.forms, name)
    if site is None:
        raise MistakeError(
            "the config does not say where forms live", help="set `company.site` in the config"
        )
    spoken = language or found.languages[0]
    if spoken not in found.languages:
        known = ", ".join(found.languages)
        raise UsageError(f"form `{name}` does not speak {spoken}", help=f"it speaks {known}")
    if frame and not found.frames:
        raise MistakeError(
            f"no web site may show form `{name}` in a frame",
            help=f"name yours in the config: `frames: [{site}]`",
        )
    made = sign_up.frame if frame else sign_up.snippet
    click.echo(made(found, spoken, site), nl=False)


@form.command()
@click.argument("digest", metavar="HASH")
@pass_call
def wording(call: Call, digest: str) -> None:
    """The words of a HASH in the consent ledger, as they were shown."""
    from engine.adapters.db.sign_ups import DatabaseSignUps

    output = call.wants("text", "json")
    whole = digest if digest.startswith("sha256:") else f"sha256:{digest}"
    found = DatabaseSignUps(call.database()).wording(whole)
    if found is None:
        raise MistakeError(
            f"no form showed the words of {digest}",
            help="`sincerely person show --format json` has the whole hash",
        )
    if output == "json":
        document(
            {"form": found.form, "version": found.version, "language": found.language,
             "text": found.text, "hash": found.hash}
        )  # fmt: skip
        return
    say(f"form {found.form}, version {found.version}, {found.language}")
    say(found.text)


def _form(forms: Mapping[str, Form], name: str) -> Form:
    if name not in forms:
        near = get_close_matches(name, forms, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "`sincerely form list` shows all"
        raise UsageError(f"there is no form `{name}`", help=hint)
    return forms[name]


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
