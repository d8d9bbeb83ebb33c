"""What `doctor` can see on this machine: files, database, clock, keys, delivery, libraries."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.domain.errors import MistakeError, SetupError
from engine.domain.finding import Finding, advice, fine, mistake

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.cli.call import Call
    from engine.language.project import Project
    from engine.settings import Settings

_CLOCKS_AGREE = 30
"""Seconds (R10.3)."""
_LONG_ENOUGH = 32
_DIFFERENT = 8
"""Characters of a key that differ from each other, at least; one made by chance has more."""
_LOCAL = ("folder", "console")


def here(call: Call, project: Project) -> Iterator[Finding]:
    """All of it, in the order in which people set a project up."""
    settings = call.settings()
    yield _files(project)
    yield from _database(call)
    yield from _secrets(project, settings)
    yield _link_key(project, settings)
    yield _delivery(project, settings)
    yield from _bounces(project)
    yield from _sendgrid(project, settings)
    yield from _answers(project)
    yield _operator(project)
    yield from _libraries()


def _files(project: Project) -> Finding:
    mistakes = sum(found.severity == "error" for found in project.diagnostics)
    if mistakes:
        noun = "mistake" if mistakes == 1 else "mistakes"
        return mistake(
            "files", f"the project's files have {mistakes} {noun}", "run `sincerely check`"
        )
    return fine("files", "they can be read")


# ── database ──────────────────────────────────────────────────────────────────────────────────


def _database(call: Call) -> Iterator[Finding]:
    try:
        engine = call.database()
    except SetupError as error:
        yield mistake("database", error.message, error.help)
        return
    yield fine("database", "it answers, and its schema is the newest")
    yield from _in_database(call, engine)


def _in_database(call: Call, engine: Engine) -> Iterator[Finding]:
    from engine.adapters.db import stats, versions
    from engine.adapters.db.connect import reading
    from engine.adapters.db.due import database_clock
    from engine.adapters.db.gauges import daemon_seen
    from engine.adapters.system_clock import now as clock
    from engine.domain.reasons import Reason

    with reading(engine) as connection:
        present = clock()
        theirs = database_clock(connection)
        seen, lately = daemon_seen(connection, present)
        version = versions.current_version(connection)
        attention = stats.attention(connection)
    off = 0.0 if theirs is None else (present - theirs).total_seconds()
    if abs(off) > _CLOCKS_AGREE:
        yield mistake(
            "clock",
            f"this machine's is off by {off:+.0f} seconds from the database's",
            "set it, and keep it by NTP; until then nothing is claimed here (R10.3)",
        )
    else:
        yield fine("clock", "this machine's and the database's agree")
    if version is None:
        yield advice("version", "nothing is in force yet", "run `sincerely apply`")
    if not lately:
        last = "none was ever seen" if seen is None else f"none since {seen:%Y-%m-%d %H:%M}Z"
        yield advice("daemon", f"no daemon runs: {last}", "start `sincerely run`")
    else:
        yield fine("daemon", f"seen {seen:%Y-%m-%d %H:%M}Z")
    missing = [one for one in attention if one.reason is Reason.MISSING_VALUE]
    for one in missing:
        noun = "mail waits" if one.messages == 1 else "mails wait"
        yield mistake(
            f"values: {one.mail} {one.detail}".rstrip(),
            f"{one.messages} {noun} for a value that is missing",
            one.what_to_do,
        )
    if not missing:
        yield fine("values", "no mail waits for a missing one")


# ── keys ──────────────────────────────────────────────────────────────────────────────────────


def _secrets(project: Project, settings: Settings) -> Iterator[Finding]:
    config = project.config
    named = {f"secrets.{name}": value for name, value in config.secrets.items() if name != "links"}
    if config.delivery.by != "sendgrid":
        named.pop("secrets.sendgrid", None)
    if config.delivery.password:
        named["delivery.password"] = config.delivery.password
    for mailbox in config.inbox:
        named[f"inbox: the password of {mailbox.user}"] = mailbox.password
    for place, value in named.items():
        try:
            found = settings.resolve(place, value)
        except SetupError as error:
            yield mistake(place, error.message, error.help)
            continue
        if place == "secrets.metrics" and len(found) < _LONG_ENOUGH:
            yield advice(
                place, f"it has {len(found)} characters", f"make it {_LONG_ENOUGH} or more"
            )


def _link_key(project: Project, settings: Settings) -> Finding:
    from engine.bootstrap import link_keys_of

    about = "secrets.links"
    try:
        keys = link_keys_of(project, settings)
    except MistakeError as error:
        return mistake(about, error.message, error.help)
    if not keys:
        found = advice if project.config.delivery.by in _LOCAL else mistake
        return found(
            about,
            "there is no link key, so that no link in a mail could be believed",
            "`links: $SINCERELY_LINK_KEY` below `secrets:`, and a value made with"
            " `python3 -c 'import secrets; print(secrets.token_hex(32))'`",
        )
    shortest = min(map(len, keys))
    if shortest < _LONG_ENOUGH or min(len(set(key)) for key in keys) < _DIFFERENT:
        return advice(
            about,
            f"a link key is short ({shortest} characters) or plain, and could be guessed",
            "put a new one before it: docs/how-to/run-in-production.md says how",
        )
    return fine(about, f"{len(keys)} of {shortest} characters or more; the first signs")


# ── mail ──────────────────────────────────────────────────────────────────────────────────────


def _delivery(project: Project, settings: Settings) -> Finding:
    from engine.bootstrap import mailer_of

    by = project.config.delivery.by
    if by in _LOCAL:
        return advice(
            "delivery",
            f"mail is delivered by `{by}`, and reaches nobody",
            "`delivery: { by: smtp }` or `{ by: sendgrid }` when you go live",
        )
    try:
        mailer_of(project, settings, {}).close()
    except MistakeError as error:
        return mistake("delivery", error.message, error.help)
    return fine("delivery", f"by `{by}`, with all that it needs")


def _bounces(project: Project) -> Iterator[Finding]:
    """By SMTP, what comes back is a mail that anybody could have written."""
    delivery = project.config.delivery
    if delivery.by != "smtp":
        return
    if delivery.bounces is None:
        yield advice(
            "bounces",
            "mail comes back to its sender, so that a bounce which does not return our mail is told by"
            " nothing from one that somebody made up, and counts as a soft one",
            "`delivery: { bounces: bounce@YOUR.DOMAIN }`: docs/how-to/bounces-over-mail.md",
        )
    else:
        yield fine("bounces", "each mail comes back to an address of its own, which is signed")


def _sendgrid(project: Project, settings: Settings) -> Iterator[Finding]:
    from engine.bootstrap import sendgrid_signatures_of

    about = "webhooks.sendgrid"
    if not project.config.webhooks.sendgrid:
        if project.config.delivery.by == "sendgrid":
            yield mistake(
                about,
                "no verification key is named, so that no bounce and no complaint is believed",
                "switch the signed Event Webhook on and name its key: docs/how-to/send-through-sendgrid.md",
            )
        return
    try:
        sendgrid_signatures_of(project, settings)
    except SetupError as error:
        yield mistake(about, error.message, error.help)
        return
    yield fine(about, "its verification key can be read")


def _answers(project: Project) -> Iterator[Finding]:
    """Where replies come in, somebody has to be there for what they ask."""
    config = project.config
    hooks = config.webhooks.inbound or config.webhooks.inbound_secret
    if not (config.inbox or hooks or config.delivery.replies):
        return
    if project.rulebook.care_team is None:
        yield advice(
            "replies",
            "they come in, and no team hears of a question or of a wish to be deleted",
            "`teams: { customer-care: { email: care@… } }` in config.yaml",
        )
    else:
        yield fine("replies", f"the team {project.rulebook.care_team} hears of what they ask")


def _operator(project: Project) -> Finding:
    operator = project.config.operator
    if operator.email or operator.webhook:
        return fine("operator", "somebody hears of trouble")
    return advice(
        "operator", "nobody hears of trouble", "`operator: { email: you@… }` in config.yaml"
    )


# ── libraries ─────────────────────────────────────────────────────────────────────────────────


def _libraries() -> Iterator[Finding]:
    if find_spec("spacy") is None:
        yield mistake(
            "spaCy", "it is not installed, so that no mood is read", "install Sincerely again"
        )
    else:
        yield fine("spaCy", "it is there")
    if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
        yield advice(
            "onnxruntime",
            "it is not installed: the linear model reads moods alone, and less well",
            "pip install 'sincerely[mood]'",
        )
    else:
        yield fine("onnxruntime", "it is there")
