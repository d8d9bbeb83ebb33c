"""`sincerely diagram JOURNEY`: the journey as a Mermaid flowchart."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import say
from engine.domain.errors import MistakeError


@click.command()
@click.argument("journey")
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@pass_call
def diagram(call: Call, journey: str, out: Path | None) -> None:
    """Draw JOURNEY as a Mermaid flowchart, for documents, pull requests and editors."""
    from engine.language.diagram import diagram as draw

    call.wants("text")
    journeys = call.workshop().project.rulebook.journeys
    if journey not in journeys:
        near = get_close_matches(journey, journeys, n=1)
        raise MistakeError(
            f"there is no journey `{journey}` without mistakes",
            help=f"did you mean `{near[0]}`?" if near else "run `sincerely check`",
        )
    drawn = draw(journeys[journey])
    if out is None:
        click.echo(drawn, nl=False)
    else:
        out.write_text(drawn, encoding="utf-8")
        say(f"{out} holds the journey {journey}.")
