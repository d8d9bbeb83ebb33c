"""`sincerely why`: why someone did or did not get something."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, say
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from engine.application.why import Known, MailStory
    from engine.domain.facts import Rulebook


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, and the moment whose knowledge answers it."""

    who: str
    mail: str | None
    since: datetime | None
    until: datetime | None
    moment: datetime


@click.command()
@click.argument("who", metavar="PERSON")
@click.option("--mail", metavar="A/B", help="Only this mail, also if it never came.")
@click.option("--from", "since", metavar="TIME", help="From this time on.")
@click.option("--to", "until", metavar="TIME", help="Up to this time.")
@pass_call
def why(call: Call, who: str, mail: str | None, since: str | None, until: str | None) -> None:
    """Why PERSON (an id or an address) did or did not get something, with the evidence of that moment.

    Sentences to read aloud, in the person's own time. Each decision is decided again with what was
    known then, and where that differs from the record both are told. With `--mail` it also says why that
    mail never came; with `--at` or `--to`, what the rules said then.
    """
    from engine.adapters.db.connect import reading

    output = call.wants("text", "json")
    question = _question(call, who, mail, since, until)
    with reading(call.database()) as connection:
        person_id = _find(connection, who)
        known = _look(call, connection, person_id, question)
        if isinstance(known, str):
            _answer_nothing(output, person_id, question, known)
        else:
            _answer(output, known, question)


def _question(
    call: Call, who: str, mail: str | None, since: str | None, until: str | None
) -> _Question:
    from engine.settings import read_time

    zone, now = call.settings().zone, call.now()
    start = read_time(since, zone) if since else None
    end = read_time(until, zone) if until else None
    if start and end and start > end:
        raise UsageError("`--from` lies after `--to`", help="swap the two times")
    return _Question(who, mail, start, end, now if end is None else min(now, end))


def _find(connection: Connection, who: str) -> str:
    from engine.adapters.db.people import find, now_known_as

    person_id = find(connection, who) or now_known_as(connection, who)
    if person_id is None:
        raise MistakeError(
            f"nobody is called {who}", help="`sincerely person list` shows who is there"
        )
    return person_id


def _look(call: Call, connection: Connection, person_id: str, question: _Question) -> Known | str:
    """What is known of the person at the moment asked about; or why there is nothing, in a sentence."""
    from engine.adapters.db.consents import ledger_of
    from engine.adapters.db.lives import last_look
    from engine.adapters.db.outbox import messages_of
    from engine.adapters.db.then import DatabasePast
    from engine.adapters.db.traces import traces_of
    from engine.application.hindsight import Hindsight
    from engine.application.why import Known, as_of
    from engine.application.why_gate import told
    from engine.domain.values import BEGINNING
    from engine.in_force import Archive

    moment, looked = question.moment, last_look(connection)
    _not_ahead(question, looked)
    past, archive = DatabasePast(connection, person_id), Archive(connection)
    used = past.turns(BEGINNING, moment)
    rules = archive.at(moment) or (archive.at(moment, used[-1].version) if used else None)
    then = past.life(moment)
    if then is None:
        assert past.known_since is not None
        since = told(past.known_since, str(call.settings().zone))
        return f"Nobody had heard of {person_id} before {since}, so nothing could be due."
    if then.life.facts.person.erased:
        return "They asked to be forgotten: nothing is kept of what was sent to them, or why."
    known = Known(
        life=then.life,
        traces=traces_of(connection, person_id, until=moment),
        messages=as_of(messages_of(connection, person_id), moment),
        rules=rules or call.workshop().project.rulebook,
        now=moment,
        hindsight=Hindsight(past, archive.used),
        proofs=[(entry, proof) for entry, proof, _ in ledger_of(connection, person_id)],
        is_past=moment < max(filter(None, (call.now(), looked))),
        lost=then.lost,
    )
    if question.mail is not None:
        _is_mail(question.mail, known.rules)
    return known


def _not_ahead(question: _Question, looked: datetime | None) -> None:
    """Nothing is decided ahead: neither by the clock, nor by the engine's last look."""
    from engine.adapters.system_clock import now

    begin = question.since or question.moment
    if begin > max(filter(None, (now(), looked))):
        raise UsageError(
            f"{begin:%Y-%m-%d %H:%M}Z lies in the future, where nothing is decided yet",
            help=f"`sincerely simulate --from {begin:%Y-%m-%d} --to"
            f" {begin + timedelta(days=7):%Y-%m-%d} --person {question.who}` shows what would be sent",
        )


def _is_mail(mail: str, rules: Rulebook) -> None:
    if mail in rules.mails:
        return
    near = get_close_matches(mail, rules.mails, n=1)
    raise MistakeError(
        f"there is no mail `{mail}`",
        help=f"did you mean `{near[0]}`?" if near else "a mail is named like `onboarding/welcome`",
    )


def _answer(output: str, known: Known, question: _Question) -> None:
    from engine.application.why import mail_stories
    from engine.application.why_never import never_came

    mail = question.mail
    stories = mail_stories(known, mail, question.since, question.until)
    never = never_came(known, mail) if mail is not None and not stories else []
    if never and known.lost:
        never.append(f"Not all of that moment can be told any more: {known.lost}.")
    if output == "json":
        document(
            {
                "person": known.facts.person.id,
                "at": known.now,
                "time_zone": known.zone,
                "mails": [asdict(story) for story in stories],
                "never": never,
            }
        )
    else:
        _tell(known, stories, mail, never, any((question.since, question.until)))


def _answer_nothing(output: str, person_id: str, question: _Question, because: str) -> None:
    if output == "json":
        nothing: dict[str, Any] = {"person": person_id, "at": question.moment, "time_zone": None}
        document({**nothing, "mails": [], "never": [because]})
    else:
        say(f"{person_id}. No mail was due in this time.")
        say(f"  {because}")


def _tell(
    known: Known, stories: list[MailStory], mail: str | None, never: list[str], in_span: bool
) -> None:
    from engine.application.letters import full_name
    from engine.application.why import summary

    person = known.facts.person
    name = " · ".join(filter(None, (full_name(person), person.id, person.email)))
    say(f"{name}. Times are in {known.zone}.")
    if never:
        when = " in this time" if in_span else f" before {known.when(known.now)}"
        say(f"{mail} never came{when if in_span or known.is_past else ''}.")
    elif not stories:
        say("No mail was due in this time." if in_span else "No mail was ever due.")
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
