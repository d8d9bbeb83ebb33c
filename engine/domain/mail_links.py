"""What may be done to a link of a mail, and what never: tagging it for the shop's own statistics, and
leading it past us to see that it was clicked.

Nothing here ever changes where a link leads: tags are added behind what is there, and everything that is
not plainly a web address of the kind we know is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

PLACEHOLDERS = ("category", "journey", "mail")
"""What a tag may say of a mail. Nothing of a person."""

LEGAL = frozenset(
    """
    imprint impressum legal legal-notice legal-notices privacy privacy-policy datenschutz
    datenschutzerklaerung datenschutzerklärung terms terms-of-service terms-and-conditions agb widerruf
    mentions-legales confidentialite politique-de-confidentialite cgv aviso-legal privacidad
    politica-de-privacidad condiciones note-legali informativa-privacy termini privacyverklaring
    algemene-voorwaarden colofon aviso-de-privacidade politica-de-privacidade termos
    unsubscribe abmelden desabonnement desinscription baja disiscriviti afmelden cancelar
    """.split()
)
"""Parts of paths that name a page which the law asks for, in the languages of the pages."""

_KEPT = 4096
"""Answers that are remembered: the mails of thousands of people hold the same few links."""

_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
_TAG = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Utm:
    """The tags by which statistics of a web site know where a visit comes from. Each is words with
    `{category}`, `{journey}` and `{mail}` in them; an empty one is not added."""

    source: str = "{category}"
    medium: str = "email"
    campaign: str = "{journey}"
    content: str = "{mail}"
    term: str = ""


@dataclass(frozen=True, slots=True)
class LinkRules:
    """What the config says of links. `site` is where our pages live, `shop` the web site of the business,
    if that is another; `hosts` are those of the business, in small letters, and where it names none, the
    one of `shop`, else of `site`. `legal` are paths, or beginnings of addresses, that are left alone beside
    those of `LEGAL`. `clicks` and `opens` ask to track all mails, of people who agree to that."""

    utm: Utm | None = None
    hosts: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    clicks: bool = False
    opens: bool = False
    site: str = ""
    shop: str = ""

    @property
    def own(self) -> frozenset[str]:
        """The hosts of the business, without `www.`."""
        return _own(self.hosts, self.shop or self.site)


@lru_cache(maxsize=_KEPT)
def host_of(url: str) -> str | None:
    """The host of a web address as browsers look for it, in small letters and ASCII; None for everything
    that is no plain web address: other schemes, `//host`, spaces, backslashes, a name in front of the
    host, a port that is none."""
    if _UNFIT.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or port == 0:
        return None
    return _ascii(host)


def tagged(url: str, rules: LinkRules, about: Mapping[str, str]) -> str:
    """The address with the tags of a mail, if it leads to a page of the business that is neither one of
    ours nor one of the law. Tags that it has already stay; everything else of it does, too."""
    if rules.utm is None or left_alone(url, rules) or _bare(host_of(url) or "") not in rules.own:
        return url
    before, mark, fragment = url.partition("#")
    _, asks, query = before.partition("?")
    there = {part.partition("=")[0].lower() for part in query.split("&")}
    tags = [
        f"{name}={value}" for name, value in _tags(rules.utm, about).items() if name not in there
    ]
    if not tags:
        return url
    joint = "" if asks and (not query or query.endswith("&")) else "&" if asks else "?"
    return f"{before}{joint}{'&'.join(tags)}{mark}{fragment}"


def may_track(url: str, rules: LinkRules) -> bool:
    """Whether a link may lead past us: a plain web address in ASCII, which a header can hold as it is,
    that is no page of ours and none of the law."""
    return url.isascii() and not left_alone(url, rules)


@lru_cache(maxsize=_KEPT)
def left_alone(url: str, rules: LinkRules) -> bool:
    """Whether an address is no plain web address (`host_of`), one of our pages (unsubscribe, preferences …),
    or one that the law asks for."""
    if host_of(url) is None:
        return True
    site = rules.site.rstrip("/")
    if site and re.match(re.escape(site) + r"/[a-z]/", url):
        return True
    path = urlsplit(url).path
    if any(url.startswith(one) or path.startswith(one) for one in rules.legal):
        return True
    return any(part.partition(".")[0].lower() in LEGAL for part in path.split("/"))


def unknown_placeholders(text: str) -> list[str]:
    """The words in braces that a tag may not say."""
    return [word for word in _TAG.findall(text) if word not in PLACEHOLDERS]


def _tags(utm: Utm, about: Mapping[str, str]) -> dict[str, str]:
    said = {
        "utm_source": utm.source,
        "utm_medium": utm.medium,
        "utm_campaign": utm.campaign,
        "utm_content": utm.content,
        "utm_term": utm.term,
    }
    filled = {name: _TAG.sub(lambda f: about.get(f[1], ""), text) for name, text in said.items()}
    return {name: quote(value, safe="/") for name, value in filled.items() if value}


@lru_cache(maxsize=16)
def _own(hosts: tuple[str, ...], site: str) -> frozenset[str]:
    return frozenset(_bare(host) for host in hosts or (host_of(site) or "",)) - {""}


def _bare(host: str) -> str:
    return _ascii(host).removeprefix("www.")


def _ascii(host: str) -> str:
    lower = host.lower().rstrip(".")
    if lower.isascii():
        return lower
    try:
        return lower.encode("idna").decode("ascii")
    except UnicodeError:
        return lower
