"""`sincerely drafts`: mails that wait for approval, and what is said of them (R7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call, who_is_logged_in
from engine.cli.output import cell, counted, document, lines, say, table
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from engine.adapters.db.approvals import Judged
    from engine.application.drafts import Draft
    from engine.application.preview import Preview
    from engine.domain.turn import Life
    from engine.in_force import InForce

_JUDGED = 200


@click.group()
def drafts() -> None:
    """Mails that wait for approval: look at them, let them go, or reject them."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What waits, in the version in force."""

    database: Engine
    force: InForce
    now: datetime
    drafts: Sequence[Draft]


def _waiting(call: Call) -> _Waiting:
    from engine.adapters.db import approvals
    from engine.adapters.db.connect import reading
    from engine.application.drafts import drafts_of, steps_with_approval

    database, now = call.database(), call.now()
    force = call.in_force(database)
    with reading(database) as connection:
        found = drafts_of(
            force.rules,
            approvals.runs_at(connection, steps_with_approval(force.rules)),
            approvals.runs_stopped(connection),
            approvals.judged_drafts(connection),
            now,
        )
    return _Waiting(database, force, now, found)


# ── list ──────────────────────────────────────────────────────────────────────────────────────


@drafts.command("list")
@click.option("--judged", is_flag=True, help="What was said so far instead: by whom, when and why.")
@pass_call
def list_(call: Call, judged: bool) -> None:
    """What waits, the soonest to expire first.

    A step with `approval: first_send` is one line, whoever waits there; with `every_send` each mail is.
    """
    output = call.wants("text", "json", "jsonl")
    if judged:
        rows = _said(call)
        heads: tuple[str, ...] = ("at", "by", "said", "of", "for", "because")
        nothing = "Nothing was approved or rejected yet."
    else:
        rows = [_row(group) for group in _grouped(_waiting(call).drafts)]
        heads = ("draft", "mail", "for", "waits since", "expires")
        nothing = "No draft waits for approval."
    if output == "json":
        document(rows)
    elif output == "jsonl":
        lines(rows)
    elif not rows:
        say(nothing)
    elif judged:
        table(heads, [tuple(row.values())[:6] for row in rows])
    else:
        table(heads, [_as_line(row) for row in rows])
        say("`sincerely drafts show DRAFT` shows one as its reader would get it.")


def _grouped(waiting: Sequence[Draft]) -> list[list[Draft]]:
    """One group for each thing that can be approved: a step's first send, or a single mail."""

    def key(draft: Draft) -> tuple[str, str]:
        return draft.place, "" if draft.asks == "first_send" else draft.id

    by_key = [list(group) for _, group in groupby(sorted(waiting, key=key), key)]
    return sorted(by_key, key=lambda group: waiting.index(group[0]))


def _row(group: Sequence[Draft]) -> dict[str, Any]:
    first = group[0]
    return {
        "draft": first.place if first.asks == "first_send" else first.id,
        "approval": first.asks,
        "journey": first.journey.name,
        "step": first.step.id,
        "mail": first.step.mail,
        "version": first.version,
        "since": min(draft.since for draft in group),
        "expires": first.expires,
        "people": len(group),
        "waiting": [{"draft": draft.id, "person": draft.person} for draft in group],
    }


def _as_line(row: dict[str, Any]) -> tuple[object, ...]:
    from engine.application.drafts import SHOWN

    single = row["approval"] == "every_send"
    return (
        row["draft"][:SHOWN] if single else row["draft"],
        row["mail"],
        row["waiting"][0]["person"] if single else counted(row["people"], "person", "people"),
        row["since"],
        row["expires"],
    )


def _said(call: Call) -> list[dict[str, Any]]:
    from engine.adapters.db.approvals import latest
    from engine.adapters.db.connect import reading

    with reading(call.database()) as connection:
        return [
            {
                "at": one.said.at,
                "by": one.said.by,
                "said": "approved" if one.said.approved else "rejected",
                "of": one.subject,
                "for": one.person_id or "everybody at that step",
                "because": one.said.because,
                "version": one.version,
            }
            for one in latest(connection, _JUDGED)
        ]


# ── show ──────────────────────────────────────────────────────────────────────────────────────


@drafts.command()
@click.argument("draft", metavar="DRAFT")
@click.option("--for", "who", metavar="PERSON", help="Of a step: the mail of this person.")
@click.option("--as", "kind", type=click.Choice(["html", "text", "eml"]), default="html")
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--open", "browse", is_flag=True, help="Show the file in the browser.")
@pass_call
def show(
    call: Call, draft: str, who: str | None, kind: str, out: Path | None, browse: bool
) -> None:
    """DRAFT (an id, or a step like onboarding:welcome) as its reader would get it now: as text here,
    and as a file."""
    from engine.application.drafts import named
    from engine.cli.preview import FOLDER, content, file_name, tell

    output = call.wants("text", "json")
    waiting = _waiting(call)
    found = named(waiting.drafts, draft)
    if who is not None:
        found = [one for one in found if who in (one.person, _address(waiting, one.person))]
        if not found:
            raise UsageError(f"no draft of {draft} is for {who}", help="leave `--for` out")
    chosen = found[0]
    seen = _written(waiting, chosen)
    place = out or call.settings().project / FOLDER / file_name(seen, kind)
    place.parent.mkdir(parents=True, exist_ok=True)
    site = waiting.force.project.config.company.site or ""
    place.write_bytes(content(seen, kind, waiting.force.pictures, site))
    if output == "json":
        document(
            {
                **_row([chosen]),
                "subject": seen.rendered.subject,
                "text": seen.rendered.text,
                "would": seen.would or None,
                "file": str(place),
            }
        )
    else:
        tell(seen, place)
        say(f"\n{seen.rendered.text}\n")
        say(
            f"Draft {chosen.id}, worth sending until {cell(chosen.expires)}. "
            f"`sincerely drafts approve {draft}` lets it go."
        )
    if browse:
        click.launch(str(place))


def _address(waiting: _Waiting, person_id: str) -> str:
    return _life(waiting, person_id).facts.person.mailbox


def _life(waiting: _Waiting, person_id: str) -> Life:
    from engine.adapters.db.connect import reading
    from engine.adapters.db.lives import load

    with reading(waiting.database) as connection:
        [visit] = load(connection, [person_id], waiting.now)
    return visit.life


def _written(waiting: _Waiting, draft: Draft) -> Preview:
    """The mail by the version in force, with links that lead nowhere."""
    from engine.adapters.mail.ways_out import NoWaysOut
    from engine.application.letters import Letters
    from engine.application.ports.renderer import NotRendered
    from engine.application.preview import Target, preview
    from engine.bootstrap import templates_of

    force, life = waiting.force, _life(waiting, draft.person)
    letters = Letters(
        force.project, force.rules, templates_of(force.project, force.pictures), NoWaysOut()
    )
    others = [run for run in life.runs if run.id != draft.run.id]
    target = Target(draft.step.mail, draft.journey, draft.step)
    try:
        return preview(letters, target, life.facts, waiting.now, runs=[*others, draft.run])
    except NotRendered as failed:
        raise MistakeError(
            f"{draft.step.mail} cannot be written for {draft.person}: {failed}",
            help="mend it and `sincerely apply`, or reject the draft",
        ) from None


# ── approve, reject ───────────────────────────────────────────────────────────────────────────


@drafts.command()
@click.argument("names", metavar="[DRAFT]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything that waits now.")
@click.option("--by", metavar="NAME", help="Who says so; else whoever is logged in.")
@pass_call
def approve(call: Call, names: tuple[str, ...], everything: bool, by: str | None) -> None:
    """Let drafts go: by id, by step (onboarding:welcome), or all that wait now.

    A first send is approved as a step: then nobody is asked again until an edit changes it. What is
    approved goes at the next tick, if the whole gate still lets it.
    """
    waiting = _waiting(call)
    chosen = _chosen(waiting, names, everything)
    for draft in chosen:
        if draft.asks == "first_send" and not everything and draft.place not in names:
            raise UsageError(
                f"{draft.id} is a first send, which is approved for the whole step",
                help=f"`sincerely drafts approve {draft.place}`",
            )
    _judge(call, waiting, chosen, _judged(chosen, waiting, True, by, "", whole_steps=True))


@drafts.command()
@click.argument("names", metavar="DRAFT...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything that waits now.")
@click.option("--because", required=True, metavar="TEXT", help="Why, for whoever asks later.")
@click.option("--by", metavar="NAME", help="Who says so; else whoever is logged in.")
@pass_call
def reject(
    call: Call, names: tuple[str, ...], everything: bool, because: str, by: str | None
) -> None:
    """End these messages; the people go on with their journeys.

    Only what waits now is rejected. Where the wording is wrong, edit the mail and apply instead: the
    drafts then wait in their new wording.
    """
    if not because.strip():
        raise UsageError("a rejection needs its reason", help="say it in a few words")
    waiting = _waiting(call)
    chosen = _chosen(waiting, names, everything)
    _judge(call, waiting, chosen, _judged(chosen, waiting, False, by, because, whole_steps=False))


def _chosen(waiting: _Waiting, names: Sequence[str], everything: bool) -> list[Draft]:
    from engine.application.drafts import named

    if bool(names) == everything:
        raise UsageError("name drafts, or say `--all`", help="`sincerely drafts list` shows them")
    if everything:
        return list(waiting.drafts)
    found = {draft.id: draft for name in names for draft in named(waiting.drafts, name)}
    return list(found.values())


def _judged(
    chosen: Sequence[Draft],
    waiting: _Waiting,
    approved: bool,
    by: str | None,
    because: str,
    *,
    whole_steps: bool,
) -> list[Judged]:
    from engine.adapters.db.approvals import Judged
    from engine.domain.facts import Judgement

    said = Judgement(approved, by or who_is_logged_in(), waiting.now, because.strip())
    found: dict[tuple[str, str], Judged] = {}
    for draft in chosen:
        as_step = whole_steps and draft.asks == "first_send"
        subject, person = (draft.step.id, None) if as_step else (draft.id, draft.person)
        found[draft.version, subject] = Judged(draft.version, subject, person, said)
    return list(found.values())


def _judge(
    call: Call, waiting: _Waiting, chosen: Sequence[Draft], judged: Sequence[Judged]
) -> None:
    from engine.adapters.db.approvals import judge
    from engine.adapters.db.connect import writing

    output = call.wants("text", "json")
    with writing(waiting.database) as connection:
        judge(connection, judged, sorted({draft.person for draft in chosen}))
    approved = bool(judged) and judged[0].said.approved
    if output == "json":
        document(
            {
                "approved": approved,
                "by": judged[0].said.by if judged else None,
                "drafts": [{"draft": draft.id, "person": draft.person} for draft in chosen],
            }
        )
    elif not chosen:
        say("No draft waits for approval.")
    else:
        for group in _grouped(chosen):
            people = counted(len(group), "person", "people")
            word = "approved" if approved else "rejected"
            say(f"{group[0].step.mail} ({group[0].place}) for {people}: {word}.")
        if approved:
            say("They go at the next tick of `sincerely run`, if the gate still lets them.")
        else:
            say("These messages end here; the people go on with their journeys.")
