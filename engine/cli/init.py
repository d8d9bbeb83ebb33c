"""`sincerely init DIR`: a new project with a sample business in it."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns

import click

from engine.cli.output import say
from engine.domain.errors import UsageError

FOLDERS = ("journeys", "segments", "templates")
CONFIG = "config.example.yaml"
GITIGNORE = "*.db\n*.db-*\n/outbox/\n/.schema/\n/.preview/\n/.sincerely/\n"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--sample",
    type=click.Choice(["coffee-shop"]),
    default="coffee-shop",
    show_default=True,
    help="The business to start from.",
)
def init(folder: Path, sample: str) -> None:
    """Make a new project in DIR, with a sample business ready to preview and run."""
    taken = [name for name in (*FOLDERS, "config.yaml", ".gitignore") if (folder / name).exists()]
    if taken:
        raise UsageError(
            f"{folder} already has {', '.join(taken)}; nothing was written",
            help="choose a folder that does not exist yet",
        )
    lay_out(folder)
    say(f"{folder} holds a sample business now: {', '.join(FOLDERS)} and config.yaml.")
    say(f"Next: cd {folder}, then `sincerely check` and `sincerely test`.")


def lay_out(folder: Path) -> None:
    """Copy the sample business into a folder, as a project of its own."""
    source = sample_business()
    folder.mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        copytree(source / name, folder / name, ignore=ignore_patterns("__pycache__", ".*"))
    copyfile(source / CONFIG, folder / "config.yaml")
    (folder / ".gitignore").write_text(GITIGNORE, encoding="utf-8")


def sample_business() -> Path:
    """The folder of the sample business: the top of a checkout, or what the wheel brought along."""
    package = Path(__file__).parent.parent
    for place in (package.parent, package / "sample_business"):
        if (place / CONFIG).is_file() and (place / "journeys").is_dir():
            return place
    raise FileNotFoundError("the sample business is missing from this installation")
