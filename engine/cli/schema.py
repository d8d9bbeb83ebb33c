"""`sincerely schema`: JSON Schema, so that editors complete and check while somebody writes."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, say


@click.command()
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go; .schema in the project if not given, where the samples look for it.",
)
@pass_call
def schema(call: Call, out: Path | None) -> None:
    """Write JSON Schema for editors, one file a kind."""
    from engine.language.schema import KINDS, schema_text

    output = call.wants("text", "json")
    folder = out or call.settings().project / ".schema"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{kind}.json" for kind in KINDS]
    for file in files:
        file.write_text(schema_text(file.stem), encoding="utf-8")
    if output == "json":
        document([str(file) for file in files])
    else:
        say(f"{folder} holds {len(files)} schemas: {', '.join(KINDS)}.")
