"""May our mail come from where it says? SPF, DKIM and DMARC of every sender's domain, as Gmail, Yahoo and
Microsoft ask of everybody who sends much."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from engine.application.ports.dns import Dns, Silent
from engine.domain.finding import Finding, advice, fine, mistake, unknown
from engine.domain.sender_records import (
    FREE_MAIL,
    SPF_MOST_LOOKUPS,
    above,
    dmarc_among,
    key_of,
    kind_of_key,
    read_dmarc,
    read_spf,
    spf_among,
)

USUAL_SELECTORS = (
    "s1", "s2", "default", "mail", "dkim", "smtp", "k1", "k2", "google", "selector1", "selector2",
    "sendgrid", "sincerely",
)  # fmt: skip
_SHORT, _SHORTEST = 2048, 1024
"""Bits of an RSA key: RFC 8301 asks for 2048 and lets nobody believe less than 1024."""

RsaBits = Callable[[bytes], int | None]
"""The length of an RSA key in its DER form; None if it is none."""


def look_at_senders(
    dns: Dns, domains: Sequence[str], by: str, selectors: Sequence[str], rsa_bits: RsaBits
) -> Iterator[Finding]:
    """All domains that mail comes from, delivered by `smtp`, `sendgrid` …. `selectors` are those of the
    config; the usual ones are tried where it names none."""
    for domain in domains:
        if domain in FREE_MAIL:
            yield mistake(
                f"{domain}: whose it is",
                f"{domain} belongs to a mailbox provider, and its DMARC refuses mail of others",
                "send from a domain of your own: change the sender's `email` in config.yaml",
            )
            continue
        for look in (_spf, _dkim, _dmarc, _answers):
            try:
                yield from look(dns, domain, by, selectors, rsa_bits)
            except Silent as silent:
                yield unknown(
                    f"{domain}: {_NAMES[look]}", str(silent), "look again where there is one"
                )


def _spf(dns: Dns, domain: str, by: str, *_: object) -> Iterator[Finding]:
    about = f"{domain}: SPF"
    found = spf_among(dns.texts(domain))
    if len(found) > 1:
        yield mistake(
            about,
            f"{domain} has {len(found)} SPF records, so that none counts",
            "make one of them, with the `include:` of both",
        )
    elif found:
        yield _judged_spf(dns, domain, found[0], about)
    elif by == "sendgrid":
        yield advice(
            about,
            f"{domain} has no SPF record; with SendGrid the one of its return path counts",
            "nothing, as long as SendGrid's domain authentication is there",
        )
    else:
        yield mistake(
            about,
            f"{domain} does not say who may send in its name",
            f'publish a TXT record at {domain}: "v=spf1 include:YOUR-RELAY -all"',
        )


def _judged_spf(dns: Dns, domain: str, record: str, about: str) -> Finding:
    spf = read_spf(record)
    if spf.everybody_else == "+":
        return mistake(
            about,
            f"the SPF record of {domain} ends in +all: anybody may send in its name",
            "end it in `~all` or `-all`",
        )
    lookups = spf_lookups(dns, domain)
    if lookups > SPF_MOST_LOOKUPS:
        return mistake(
            about,
            f"the SPF record of {domain} asks for {lookups} look-ups, and receivers stop at"
            f" {SPF_MOST_LOOKUPS}",
            "take out the `include:` of services that you do not use any more",
        )
    if spf.everybody_else not in ("-", "~") and "redirect=" not in record.lower():
        return advice(
            about,
            f"the SPF record of {domain} says nothing of everybody else",
            "end it in `~all` or `-all`",
        )
    return fine(about, f"{record} ({lookups} of {SPF_MOST_LOOKUPS} look-ups)")


def spf_lookups(dns: Dns, domain: str, seen: Collection[str] = ()) -> int:
    """How many look-ups a receiver makes for the SPF of a domain, those of what it includes too. Counting
    ends soon after there are too many, and where a record includes itself."""
    found = spf_among(dns.texts(domain))
    if not found:
        return 0
    spf, seen = read_spf(found[0]), {*seen, domain}
    total = spf.lookups
    for name in spf.includes:
        if name not in seen and "%" not in name and total <= SPF_MOST_LOOKUPS:
            total += spf_lookups(dns, name, seen)
    return total


def _dkim(
    dns: Dns, domain: str, by: str, selectors: Sequence[str], rsa_bits: RsaBits
) -> Iterator[Finding]:
    found = 0
    for selector in selectors or USUAL_SELECTORS:
        signer, record = _key(dns, domain, selector)
        about = f"{domain}: DKIM {selector}"
        if record is not None:
            found += 1
            yield _judged_key(about, f"{selector}._domainkey.{signer}", record, rsa_bits)
        elif selectors:
            yield mistake(
                about,
                f"there is no key at {selector}._domainkey.{domain}",
                "publish the record that your provider shows, or name the right selectors in"
                " `delivery.dkim`",
            )
    if not found and not selectors:
        yield mistake(
            f"{domain}: DKIM",
            f"no DKIM key of {domain} was found under any usual selector",
            "set up domain authentication at your provider, then name its selectors:"
            " `delivery: { dkim: [s1, s2] }`",
        )


def _key(dns: Dns, domain: str, selector: str) -> tuple[str, str | None]:
    """The domain that a selector's key stands at, and its record; a key above speaks for it, too."""
    for signer in above(domain):
        for text in dns.texts(f"{selector}._domainkey.{signer}"):
            if key_of(text) is not None:
                return signer, text
    return domain, None


def _judged_key(about: str, name: str, record: str, rsa_bits: RsaBits) -> Finding:
    octets = key_of(record) or b""
    if not octets:
        return mistake(about, f"the key at {name} is revoked (`p=` is empty)", "publish a new one")
    if kind_of_key(record) != "rsa":
        return fine(about, f"{name} holds a key ({kind_of_key(record)})")
    bits = rsa_bits(octets)
    if bits is None:
        return mistake(about, f"what {name} holds is no key", "copy it once more, whole")
    if bits < _SHORTEST:
        return mistake(about, f"the key at {name} has {bits} bits", f"make one of {_SHORT} bits")
    if bits < _SHORT:
        return advice(about, f"the key at {name} has {bits} bits", f"make one of {_SHORT} bits")
    return fine(about, f"{name} holds a key of {bits} bits")


def _dmarc(dns: Dns, domain: str, *_: object) -> Iterator[Finding]:
    about = f"{domain}: DMARC"
    place, records = next(
        ((f"_dmarc.{name}", found) for name in above(domain)
         if (found := dmarc_among(dns.texts(f"_dmarc.{name}")))),
        ("", []),
    )  # fmt: skip
    if not records:
        yield mistake(
            about,
            f"{domain} has no DMARC record, which Gmail, Yahoo and Microsoft ask for",
            f'publish a TXT record at _dmarc.{above(domain)[-1]}: "v=DMARC1; p=none; rua=mailto:…"',
        )
        return
    dmarc = read_dmarc(records[0])
    if len(records) > 1 or dmarc is None:
        yield mistake(
            about,
            f"{place} is not to be read: {' / '.join(records)}",
            'write one record: "v=DMARC1; p=none; rua=mailto:…"',
        )
    elif not dmarc.reports:
        yield advice(
            about,
            f"{place} asks for p={dmarc.policy}, and for no reports",
            "add `rua=mailto:…`, so that you hear who sends in your name",
        )
    elif dmarc.policy == "none":
        yield advice(
            about,
            f"{place} asks for p=none",
            "once its reports show only mail of yours, ask for `p=quarantine`",
        )
    else:
        yield fine(about, f"{place} asks for p={dmarc.policy}")


def _answers(dns: Dns, domain: str, *_: object) -> Iterator[Finding]:
    about = f"{domain}: answers"
    if dns.receives(domain):
        yield fine(about, f"mail to {domain} arrives somewhere")
    else:
        yield mistake(
            about,
            f"{domain} takes no mail, so that some receivers refuse what comes from it",
            "publish an MX record",
        )


_NAMES: dict[object, str] = {_spf: "SPF", _dkim: "DKIM", _dmarc: "DMARC", _answers: "answers"}
