"""`sincerely import KIND FILE`: people, events, feedback and consent come in from CSV or JSON Lines."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

import click

from engine.cli.call import Call, pass_call, who_is_logged_in
from engine.cli.output import counted, document, say
from engine.domain.errors import MistakeError, UsageError
from engine.domain.event import OWN_SOURCES

if TYPE_CHECKING:
    from engine.application.importing import ImportSummary
    from engine.application.ports.intake import Taken
    from engine.application.rows import Rejected
    from engine.language.config_file import Config
    from engine.settings import Settings

KINDS = ("people", "events", "feedback", "consent", "history")
_REASONS_SHOWN = 10


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", metavar="FILE")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="OLD=NEW",
    help="Rename a column; or a file with one such line each.",
)
@click.option(
    "--source",
    default="import",
    show_default=True,
    help="Where events come from: an event is known by its source and id.",
)
@click.option("--dry-run", is_flag=True, help="Read and check every row, and store nothing.")
@pass_call
def import_(
    call: Call, kind: str, file: str, maps: tuple[str, ...], source: str, dry_run: bool
) -> int:
    """Take in rows from FILE: CSV or JSON Lines, also gzipped; `-` reads from the pipe.

    Bad rows are kept in FILE.rejected.jsonl with line and reason, the good ones are in. Running it
    twice changes nothing. Exit code 1 if rows were rejected.
    """
    from engine.adapters.mail.addresses import mailbox, normal
    from engine.application.importing import ANY_ORDER, import_rows
    from engine.application.portrait import PURPOSES
    from engine.application.row_kinds import Reader
    from engine.application.rows import read_rows
    from engine.bootstrap import intake_of, reading_intake

    output = call.wants("text", "json")
    if source in OWN_SOURCES:
        raise UsageError(
            f"`--source {source}` is the engine's own",
            help="name the system that the events come from, for example `--source shop`",
        )
    renames = read_renames(maps)
    now = call.now()
    settings = call.settings()
    config = _config(settings)
    store = intake = None
    if not dry_run:
        database = call.database()
        store = intake_of(database)
        intake = reading_intake(store, database, config)
    reader = Reader(
        now=now,
        zone=settings.zone,
        normal_address=lambda text: (normal(text), mailbox(text)),
        source=source,
        emotion=config.emotion,
        document=fingerprint(file) if kind in ("consent", "history") else "",
        actor=who_is_logged_in(),
    )
    kept = Path(f"{'stdin' if file == '-' else file}.rejected.jsonl")
    with (
        opened(file) as stream,
        _rejects(kept) as reject,
        _progress(stream, file) as progress,
    ):
        summary = import_rows(
            read_rows(stream, kind, reader, renames),
            intake,
            now,
            reject=reject,
            topics=(*config.policy.categories, *PURPOSES),
            by_person=kind in ANY_ORDER,
            progress=progress,
        )
    shared = store.shared_mailboxes() if store and kind in ("people", "history") else 0
    if output == "json":
        document({**as_json(summary, kind, file, str(kept)), "shared_mailboxes": shared})
    else:
        tell(summary, kind, file, str(kept))
        if shared:
            say(f"Shared by several people: {counted(shared, 'address', 'addresses')}.")
    return 1 if summary.rejected else 0


def _config(settings: Settings) -> Config:
    """The config alone; rows are not read by a config with mistakes, for it says the zone."""
    from engine.adapters.files import read_config
    from engine.language.diagnostics import has_errors
    from engine.language.project import read_config as compile_config

    config, found = compile_config(read_config(settings.project), "config.yaml")
    if has_errors(found):
        raise MistakeError(
            f"the config of {settings.project} has mistakes, or there is none",
            help="run `sincerely check`, it names them",
        )
    return config


def read_renames(maps: tuple[str, ...]) -> dict[str, str]:
    """`OLD=NEW` pairs, or files that hold one a line (`OLD: NEW` does as well).

    Raises:
        UsageError: if one is neither.
    """
    renames: dict[str, str] = {}
    for given in maps:
        lines = [given] if "=" in given else _lines_of(given)
        for line in lines:
            old, sign, new = line.partition("=" if "=" in line else ":")
            if not sign or not old.strip() or not new.strip():
                raise UsageError(f"`{line}` renames nothing", help="write `--map OLD=NEW`")
            renames[old.strip()] = new.strip()
    return renames


def _lines_of(file: str) -> list[str]:
    try:
        lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"`--map {file}` is neither OLD=NEW nor a text file", help="write `--map OLD=NEW`"
        ) from None
    return [line for line in lines if line.strip() and not line.startswith("#")]


def fingerprint(file: str) -> str:
    """The SHA-256 of a file, which proves later what was imported; empty for a pipe."""
    if file == "-" or not Path(file).is_file():
        return ""
    with opened(file) as stream:
        digest = hashlib.sha256()
        while part := stream.read(1 << 20):
            digest.update(part)
        return f"sha256:{digest.hexdigest()}"


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """A file to read rows from; `-` is the pipe.

    Raises:
        MistakeError: if it cannot be read.
    """
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")
    except OSError as error:
        raise MistakeError(
            f"cannot read {file}: {(error.strerror or 'unknown').lower()}",
            help="look at the path; `-` reads from the pipe",
        ) from None
    with stream:
        yield stream


@contextmanager
def _rejects(path: Path) -> Iterator[Callable[[Rejected], None]]:
    """Keeps bad rows in a file, made with the first of them. What an earlier import left there is
    replaced at the end, or taken away where nothing was rejected."""
    unfinished = path.with_name(f"{path.name}.part")
    file: TextIO | None = None

    def reject(row: Rejected) -> None:
        nonlocal file
        file = file or _writable(unfinished)
        kept = {"line": row.line, "column": row.column, "reason": row.sentence, "row": row.row}
        file.write(json.dumps(kept, ensure_ascii=False) + "\n")

    try:
        yield reject
    finally:
        if file is None:
            path.unlink(missing_ok=True)
        else:
            file.close()
            unfinished.replace(path)


def _writable(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise MistakeError(
            f"bad rows cannot be kept in {path.parent}: {(error.strerror or 'unknown').lower()}",
            help="import from a folder that you may write to, or from a pipe",
        ) from None


@contextmanager
def _progress(stream: BinaryIO, file: str) -> Iterator[Callable[[int, int], None]]:
    """A bar by bytes on a terminal; nothing elsewhere, and nothing for a pipe."""
    if file == "-" or not sys.stderr.isatty():
        yield lambda done, read: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(Path(file).name, total=os.fstat(stream.fileno()).st_size, rows=0)
        yield lambda done, read: bar.update(task, completed=stream.tell() * done / read, rows=done)


def as_json(summary: ImportSummary, kind: str, file: str, kept: str) -> dict[str, object]:
    """The summary as one JSON document."""
    taken = summary.taken
    return {
        "file": file,
        "kind": kind,
        "dry_run": taken is None,
        "read": summary.read,
        "accepted": summary.accepted,
        "rejected": summary.rejected,
        "taken": taken and taken.counts(),
        "reasons": dict(summary.reasons),
        "notes": dict(summary.notes),
        "rejected_file": kept if summary.rejected else None,
    }


def _new(taken: Taken) -> str:
    parts = [
        counted(taken.people, "person", "people"),
        counted(taken.events, "event"),
        counted(taken.consents, "line of consent", "lines of consent"),
        counted(taken.readings, "mood"),
    ]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing"


def _texts(taken: Taken) -> str:
    """What became of what people wrote."""
    counted_texts = (
        (taken.felt, "read"),
        (taken.unknown, "with nothing in them that could be read (another language, no words)"),
        (taken.sensitive, "for a person to read"),
        (taken.not_agreed, "not read, without consent to `profiling_emotion`"),
    )
    return ", ".join(f"{number:,} {what}" for number, what in counted_texts if number)


def tell(summary: ImportSummary, kind: str, file: str, kept: str) -> None:
    """The summary in sentences."""
    taken = summary.taken
    done = f"{summary.accepted:,} good" if taken is None else f"{summary.accepted:,} taken in"
    rows = counted(summary.read, "row")
    say(f"{file}: {rows} of {kind}, {done}, {summary.rejected:,} rejected.")
    if taken is None:
        say("A dry run: nothing was stored, and no text was read.")
    else:
        changed = counted(taken.changed, "person", "people")
        say(f"New: {_new(taken)}. Changed: {changed}.")
        if taken.duplicates:
            say(f"There already: {counted(taken.duplicates, 'event')}.")
        texts = _texts(taken)
        if texts:
            say(f"Texts: {texts}.")
        if taken.left_out:
            say(f"Left out, of people who asked to be forgotten: {counted(taken.left_out, 'row')}.")
    for note, times in summary.notes.items():
        say(f"Look at this: {note} ({counted(times, 'row')}).")
    if summary.rejected:
        say("Rejected:")
        by_number = sorted(summary.reasons.items(), key=lambda reason: -reason[1])
        for reason, times in by_number[:_REASONS_SHOWN]:
            say(f"  {times:>7,}  {reason}")
        more = len(by_number) - _REASONS_SHOWN
        if more > 0:
            say(f"           and {more:,} more reasons")
        say(f"They are kept in {kept}, with line and reason.")
