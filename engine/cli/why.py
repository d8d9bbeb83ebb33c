"""`sincerely why`: why someone did or did not get something."""

from __future__ import annotations

from dataclasses import asdict, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, say
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from engine.application.why import Known, MailStory
    from engine.domain.facts import Rulebook


@click.command()
@click.argument("who", metavar="PERSON")
@click.option("--mail", metavar="A/B", help="Only this mail, also if it never came.")
@click.option("--from", "since", metavar="TIME", help="From this time on.")
@click.option("--to", "until", metavar="TIME", help="Up to this time.")
@pass_call
def why(call: Call, who: str, mail: str | None, since: str | None, until: str | None) -> None:
    """Why PERSON (an id or an address) did or did not get something, with the evidence of that moment.

    Sentences to read aloud, in the person's own time. With `--mail` it also says why that mail never
    came.
    """
    from engine.application.why import mail_stories, never_came
    from engine.settings import read_time

    output = call.wants("text", "json")
    zone = call.settings().zone
    start = read_time(since, zone) if since else None
    end = read_time(until, zone) if until else None
    if start and end and start > end:
        raise UsageError("`--from` lies after `--to`", help="swap the two times")
    known = _look(call, who)
    stories = mail_stories(known, mail, start, end)
    if mail is not None and not stories:
        _is_mail(mail, known.rules)
    never = never_came(known, mail) if mail is not None and not stories else []
    if output == "json":
        document(
            {
                "person": known.facts.person.id,
                "time_zone": known.zone,
                "mails": [asdict(story) for story in stories],
                "never": never,
            }
        )
    else:
        _tell(known, stories, mail, never, (start, end))


def _look(call: Call, who: str) -> Known:
    from engine.adapters.db.connect import reading
    from engine.adapters.db.lives import load
    from engine.adapters.db.outbox import messages_of
    from engine.adapters.db.people import find
    from engine.adapters.db.thresholds import thresholds_at
    from engine.adapters.db.traces import traces_of
    from engine.application.why import Known
    from engine.bootstrap import Applied

    database, now = call.database(), call.now()
    force = Applied(database).at(now)
    with reading(database) as connection:
        person_id = find(connection, who)
        visits = load(connection, [person_id], now) if person_id is not None else []
        if person_id is None or not visits:
            raise MistakeError(
                f"nobody is called {who}", help="`sincerely person list` shows who is there"
            )
        rules = force.rules if force else call.workshop().project.rulebook
        return Known(
            life=visits[0].life,
            traces=traces_of(connection, person_id),
            messages=messages_of(connection, person_id),
            rules=replace(rules, thresholds=thresholds_at(connection, now)),
            now=now,
        )


def _is_mail(mail: str, rules: Rulebook) -> None:
    if mail in rules.mails:
        return
    near = get_close_matches(mail, rules.mails, n=1)
    raise MistakeError(
        f"there is no mail `{mail}`",
        help=f"did you mean `{near[0]}`?" if near else "a mail is named like `onboarding/welcome`",
    )


def _tell(
    known: Known,
    stories: list[MailStory],
    mail: str | None,
    never: list[str],
    span: tuple[datetime | None, datetime | None],
) -> None:
    from engine.application.letters import full_name
    from engine.application.why import summary

    person = known.facts.person
    name = " · ".join(filter(None, (full_name(person), person.id, person.email)))
    say(f"{name}. Times are in {known.zone}.")
    if never:
        say(f"{mail} never came{' in this time' if any(span) else ''}.")
    elif not stories:
        say("No mail was due in this time." if any(span) else "No mail was ever due.")
    for sentence in never:
        say(f"  {sentence}")
    for story in stories:
        outcome = story.outcome.replace("_", " ").upper()
        say(f"\n{story.mail or story.step}: {outcome}")
        for sentence in story.sentences:
            say(f"  {sentence}")
    if len(stories) > 1:
        counts = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in summary(stories).items())
        say(f"\n{counted(len(stories), 'mail')}: {counts}.")
