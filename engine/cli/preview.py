"""`sincerely preview`: any draft, as any customer would get it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, instant, say
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from engine.application.letters import Letters
    from engine.application.preview import Preview
    from engine.bootstrap import Workshop
    from engine.domain.event import Value
    from engine.domain.facts import Facts, Rulebook
    from engine.domain.run import Run
    from engine.domain.segment import Persona

FOLDER = ".preview"
_CHANGES = {".html": "html", ".txt": "text", ".eml": "eml"}


@click.command()
@click.argument("target", metavar="TARGET")
@click.option(
    "--for", "who", metavar="PERSON", help="A person of the database: an id or an address."
)
@click.option("--persona", metavar="NAME", help="The sample person of a persona.")
@click.option("--event", metavar="JSON", help="Properties of the event that started the run.")
@click.option(
    "--tone", metavar="T", help="The mood that sets the tone and the voice: anxious, upset …"
)
@click.option("--locale", metavar="L", help="The language of the mail.")
@click.option("--as", "kind", type=click.Choice(["html", "text", "eml"]), help="html if not said.")
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--open", "show", is_flag=True, help="Show it in the browser.")
@click.option("--send-to", metavar="ADDRESS", help="Send it as a test: no caps, links do nothing.")
@pass_call
def preview(call: Call, /, target: str, out: Path | None, show: bool, **wanted: str | None) -> int:
    """Write TARGET, a mail (onboarding/welcome) or a step (onboarding:welcome), as somebody gets it.

    Says which values it used, which fell back, and what the gate would decide at that time.
    """
    from engine.application import preview as case

    output = call.wants("text", "json")
    if wanted["who"] and wanted["persona"]:
        raise UsageError("`--for` and `--persona` do not go together", help="choose one of them")
    now = call.now()
    workshop = call.workshop()
    rules = workshop.project.rulebook
    aim = case.target_of(rules, target)
    persona = _persona(rules, wanted["persona"]) if wanted["who"] is None else None
    runs: tuple[Run, ...] = ()
    if wanted["who"] is None:
        facts = case.persona_facts(persona, aim, rules, now)
    else:
        facts, runs, rules = _somebody(call, wanted["who"], rules, now)
    letters = _letters(workshop, rules)
    found = case.preview(
        letters,
        aim,
        facts,
        now,
        runs=runs,
        persona=persona.name if persona else None,
        entry=_event(wanted["event"]),
        tone=_tone(wanted["tone"]),
        locale=wanted["locale"],
        invented=wanted["who"] is None,
    )
    kind = wanted["kind"] or (_CHANGES.get(out.suffix, "html") if out else "html")
    place = out or workshop.settings.project / FOLDER / file_name(found, kind)
    place.parent.mkdir(parents=True, exist_ok=True)
    site = workshop.project.config.company.site or ""
    place.write_bytes(content(found, kind, workshop.pictures, site))
    if output == "json":
        document(_as_json(found, place))
    else:
        tell(found, place)
    if show:
        click.launch(str(place))
    if wanted["send_to"]:
        _send(found, wanted["send_to"], workshop, now)
    return 0


def _persona(rules: Rulebook, name: str | None) -> Persona | None:
    """The persona of that name, else the first one; None where there are none."""
    chosen = next((p for p in rules.personas if name in (None, p.name)), None)
    if name is not None and chosen is None:
        names = ", ".join(p.name for p in rules.personas) or "there are none yet"
        raise UsageError(f"there is no persona `{name}`", help=f"personas: {names}")
    return chosen


def _somebody(
    call: Call, who: str, rules: Rulebook, now: datetime
) -> tuple[Facts, tuple[Run, ...], Rulebook]:
    """The facts and runs of a person, and the rulebook with the thresholds in use."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.lives import load
    from engine.adapters.db.people import find
    from engine.adapters.db.thresholds import thresholds_at

    with reading(call.database()) as connection:
        person_id = find(connection, who)
        visits = load(connection, [person_id], now) if person_id is not None else []
        rules = replace(rules, thresholds=thresholds_at(connection, now))
    if not visits:
        raise MistakeError(
            f"nobody is called {who}", help="`sincerely person list` shows who is there"
        )
    return visits[0].life.facts, visits[0].life.runs, rules


def _letters(workshop: Workshop, rules: Rulebook) -> Letters:
    from engine.adapters.mail.ways_out import NoWaysOut
    from engine.application.letters import Letters

    return Letters(workshop.project, rules, workshop.templates(), NoWaysOut())


def _event(text: str | None) -> Mapping[str, Value] | None:
    if text is None:
        return None
    import json

    try:
        properties = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"`--event` is not JSON: {error}", help='write it like \'{"order_id": "1042"}\''
        ) from None
    if not isinstance(properties, dict):
        raise UsageError(
            "`--event` is not an object", help='write it like \'{"order_id": "1042"}\''
        )
    return {
        name: value if isinstance(value, str | int | float | bool) else json.dumps(value)
        for name, value in properties.items()
        if value is not None
    }


def _tone(tone: str | None) -> str | None:
    """A tone by its word.

    Raises:
        UsageError: if it is none, with the nearest word.
    """
    from difflib import get_close_matches

    from engine.domain.emotion import EMOTIONS, GROUPS

    words = (*EMOTIONS, *GROUPS, "neutral")
    if tone is not None and tone not in words:
        near = get_close_matches(tone, words, n=1)
        hint = f"did you mean `{near[0]}`? " if near else ""
        raise UsageError(f"`{tone}` is no tone", help=f"{hint}tones: {', '.join(words)}")
    return tone


def file_name(found: Preview, kind: str) -> str:
    """What the draft's file is called where nobody says."""
    ending = {"html": "html", "text": "txt", "eml": "eml"}[kind]
    who = found.persona if found.facts.person.id == "sample" else found.facts.person.id
    named = "-".join(filter(None, (found.target.mail, who, found.tone)))
    slug = re.sub(r"[^a-zA-Z0-9-]+", "-", named).strip("-")
    return f"{slug[:80]}.{ending}"


def content(found: Preview, kind: str, pictures: Mapping[str, bytes], site: str) -> bytes:
    """The draft as a file of one `kind`: html (with its pictures inside), text or eml."""
    if kind == "text":
        head = f"Subject: {found.rendered.subject}\n\n"
        return (head + found.rendered.text + "\n").encode("utf-8", "replace")
    if kind == "eml":
        from engine.adapters.mail.mime import write

        return write(found.message)
    from engine.adapters.picture_links import inside

    html = inside(pictures, site)(found.rendered.html)
    return html.encode("utf-8", "replace")


def _send(found: Preview, address: str, workshop: Workshop, now: datetime) -> None:
    """A test send (R7.2): marked, without list headers, with links that change nothing."""
    from engine.adapters.mail.addresses import NotAnAddress, normal
    from engine.bootstrap import mailer_of
    from engine.domain.ids import send_id
    from engine.domain.message import Address

    try:
        to = Address(normal(address))
    except NotAnAddress as error:
        raise UsageError(f"{address} is no address: {error}", help="name one address") from None
    message = replace(
        found.message,
        send_id=send_id("test", f"{found.target.mail}:{address}:{now.isoformat()}"),
        to=to,
        subject=f"[Test] {found.message.subject}",
        klass="transactional",
        headers={},
    )
    mailer = mailer_of(workshop.project, workshop.settings, workshop.pictures)
    try:
        receipt = mailer.send(message, now)
    finally:
        mailer.close()
    if receipt.outcome != "accepted":
        raise MistakeError(f"the test was not accepted: {receipt.outcome} {receipt.detail}")
    say(f"Sent to {to.email} as a test.")


# ── what is said ──────────────────────────────────────────────────────────────────────────────


def tell(found: Preview, place: Path) -> None:
    """The draft in brief: its subject, voice and values, and what the gate says."""
    from engine.application.letters import full_name

    person = found.facts.person
    name = full_name(person) or person.id
    say(f"{found.target.mail} for {name}, {_wall(found)} ({found.zone})")
    say(f"  Subject   {found.rendered.subject}")
    if found.rendered.preheader:
        say(f"  Preview   {found.rendered.preheader}")
    say(f"  Persona   {found.persona or 'none fits: the voice of the company'}")
    if found.tone:
        say(f"  Tone      {found.tone}")
    for alike in found.told_apart:
        say(f"            {' and '.join(alike)} read other words: --tone {alike[0]}")
    for value, content, source in found.rendered.used:
        mark = "" if source in ("customer", "event") else f"   ({source})"
        say(f"  {value:<22}{content}{mark}")
    if found.would:
        say(f"  In life {found.would}.")
    for concern in found.concerns:
        say(f"  {concern.severity}: {concern.message}. {concern.help}")
    for doubt in found.doubts:
        say(f"  {doubt.severity} {doubt.code}: {doubt.message}. {doubt.help}")
    say(_gate(found))
    say(str(place))


def _wall(found: Preview) -> str:
    from engine.domain import calendar

    return f"{calendar.local(found.at, found.zone):%A %Y-%m-%d %H:%M}"


def _gate(found: Preview) -> str:
    from engine.domain import calendar
    from engine.domain.policy import Go, Stop, WaitUntil

    verdict = found.verdict
    if verdict is None:
        return "Gate: no journey sends this mail yet."
    if isinstance(verdict, Go):
        return "Gate: it would go now."
    broken = [f"{f.reason.meaning} ({f.detail})" for f in verdict.findings if f.reason is not None]
    because = " ".join(dict.fromkeys(broken))
    if isinstance(verdict, WaitUntil):
        until = calendar.local(verdict.until, found.zone)
        return f"Gate: it would wait until {until:%A %Y-%m-%d %H:%M}. {because}"
    assert isinstance(verdict, Stop)
    return f"Gate: it would not go. {because or verdict.reason.meaning}"


def _as_json(found: Preview, place: Path) -> dict[str, Any]:
    from engine.domain.policy import WaitUntil

    verdict = found.verdict
    return {
        "mail": found.target.mail,
        "step": f"{found.target.journey.name}:{found.target.step.id}"
        if found.target.journey and found.target.step
        else None,
        "person": found.facts.person.id,
        "at": instant(found.at),
        "zone": found.zone,
        "persona": found.persona or None,
        "tone": found.tone or None,
        "subject": found.rendered.subject,
        "preheader": found.rendered.preheader,
        "values": [
            {"name": name, "value": value, "from": source}
            for name, value, source in found.rendered.used
        ],
        "would": found.would or None,
        "concerns": [
            {"severity": c.severity, "message": c.message, "help": c.help} for c in found.concerns
        ],
        "doubts": [
            {
                "code": doubt.code,
                "severity": doubt.severity,
                "message": doubt.message,
                "help": doubt.help,
                "quote": doubt.quote,
            }
            for doubt in found.doubts
        ],
        "gate": None
        if verdict is None
        else {
            "verdict": type(verdict).__name__,
            "until": instant(verdict.until) if isinstance(verdict, WaitUntil) else None,
            "questions": [
                {"question": f.question, "reason": f.reason, "detail": f.detail}
                for f in verdict.findings
            ],
        },
        "file": str(place),
    }
