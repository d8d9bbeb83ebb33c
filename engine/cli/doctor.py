"""`sincerely doctor`: what is misconfigured, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, say
from engine.domain.errors import UsageError

if TYPE_CHECKING:
    from engine.application.ports.dns import Dns
    from engine.domain.finding import Finding
    from engine.language.config_file import Config

_MARKS = {"mistake": "MISTAKE", "advice": "advice ", "unknown": "unknown", "fine": "fine   "}


@click.command()
@click.option("--offline", is_flag=True, help="Ask no name server, and not the pages' own address.")
@click.option(
    "--dns",
    metavar="SERVER",
    default="",
    help="The name server to ask, by its number: 192.0.2.53, or with a port.",
)
@click.option(
    "--mail",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A mail of yours as it arrived (.eml): is it signed as receivers ask?",
)
@pass_call
def doctor(call: Call, offline: bool, dns: str, mail: Path | None) -> int:
    """Look for what is misconfigured: files, database, clock, keys, pages, DNS, libraries.

    It changes nothing and sends nothing. Exit code 1 if something does not work.
    """
    output = call.wants("text", "json")
    found = sorted(_look(call, offline, dns, mail), key=lambda one: list(_MARKS).index(one.verdict))
    verdicts = Counter[str](one.verdict for one in found)
    if output == "json":
        document({"findings": [asdict(one) for one in found], "mistakes": verdicts["mistake"]})
    else:
        _tell(found, verdicts)
    return 1 if verdicts["mistake"] else 0


def _look(call: Call, offline: bool, server: str, mail: Path | None) -> Iterator[Finding]:
    from engine.application.doctor.one_mail import look_at_mail
    from engine.cli.doctor_here import here
    from engine.domain.finding import advice

    project = call.workshop().project
    yield from here(call, project)
    yield from _outside(project.config, offline, server)
    if mail is not None:
        yield from look_at_mail(mail.read_bytes())
    elif project.config.delivery.by in ("smtp", "sendgrid"):
        yield advice(
            "one-click: h=",
            "one-click counts only if your provider's DKIM covers its two headers, and none says so",
            "send yourself one marketing mail, save it as it arrived, and run"
            " `sincerely doctor --mail FILE.eml`",
        )


def _outside(config: Config, offline: bool, server: str) -> Iterator[Finding]:
    from engine.adapters.dns import NameServers
    from engine.application.doctor.pages import look_at_pages
    from engine.application.doctor.senders import look_at_senders
    from engine.domain.finding import unknown

    by, site = config.delivery.by, config.company.site
    if offline or by not in ("smtp", "sendgrid"):
        nowhere = f"mail is delivered by `{by}` and leaves nowhere yet"
        said = "`--offline` was asked for" if offline else nowhere
        yield unknown("DNS and pages", f"not looked at: {said}")
        return
    try:
        dns: Dns = NameServers(server)
    except ValueError:
        raise UsageError(
            f"`{server}` is not the number of a name server",
            help="write `--dns 192.0.2.53` or `--dns 192.0.2.53:5353`",
        ) from None
    if site:
        from engine.adapters.probe import get

        yield from look_at_pages(site, config.web.behind, dns, get)
    domains = {sender.email.rpartition("@")[2].lower() for sender in config.senders.values()}
    yield from look_at_senders(dns, sorted(domains), by, config.delivery.dkim, _rsa_bits)


def _rsa_bits(octets: bytes) -> int | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(octets)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) else None


def _tell(found: list[Finding], verdicts: Counter[str]) -> None:
    for one in found:
        say(f"{_MARKS[one.verdict]}  {one.about}: {one.says}")
        if one.help and one.verdict != "fine":
            say(f"         = help: {one.help}")
    rest = ", ".join(
        f"{verdicts[name]} {says}"
        for name, says in (
            ("advice", "to think about"),
            ("unknown", "that could not be looked at"),
            ("fine", "fine"),
        )
        if verdicts[name]
    )
    say(f"\n{counted(verdicts['mistake'], 'mistake')}; {rest or 'nothing else'}.")
