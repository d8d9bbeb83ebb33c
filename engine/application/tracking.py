"""A mail that tells whether it was opened and which links were followed, of people who agreed to each of
these and nobody else (R5.3). A link then leads by way of us; where to is kept here and never stands in it,
so that nobody can make our address lead elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from engine.application.mail_links import MailLink, with_links
from engine.application.ports.ways_out import WaysOut
from engine.domain.answer import consent_of
from engine.domain.facts import Facts, Rulebook
from engine.domain.mail_links import LinkRules, may_track
from engine.domain.message import Rendered
from engine.language.project import Project

CLICKS, OPENS = "tracking_clicks", "tracking_opens"
MOST = 256
"""So many links of a mail have a number."""


@dataclass(frozen=True, slots=True)
class Tells:
    """What a mail may tell of its reader."""

    clicks: bool = False
    opens: bool = False

    def __bool__(self) -> bool:
        return self.clicks or self.opens


def what_tells(
    rules: LinkRules, facts: Facts, book: Rulebook, now: datetime, *, mail_asks: bool
) -> Tells:
    """What the config or the mail itself asks for, and the person agrees to."""

    def agrees(purpose: str) -> bool:
        return consent_of(purpose, facts, book, now) == "given"

    return Tells(
        clicks=(rules.clicks or mail_asks) and agrees(CLICKS),
        opens=rules.opens and agrees(OPENS),
    )


def purposes_of(project: Project) -> tuple[str, ...]:
    """The purposes for which some mail of the project is tracked: what people may be asked for."""
    rules = project.config.links
    files = (file for by_locale in project.templates.values() for file in by_locale.values())
    clicks = rules.clicks or any(file.track for file in files)
    return ((CLICKS,) if clicks else ()) + ((OPENS,) if rules.opens else ())


def tracked(
    rendered: Rendered,
    send_id: str,
    tells: Tells,
    rules: LinkRules,
    ways_out: WaysOut,
    before: Collection[str] = (),
) -> tuple[Rendered, tuple[str, ...]]:
    """The mail with links by way of us, and where these lead, by their numbers.

    Unsubscribe, preferences and legal pages, links that show their address, and everything that is no
    plain web address stay as they are. `before` are the links of an earlier try of the same mail: it may
    have arrived, so they keep their numbers.
    """
    numbers = {url: number for number, url in enumerate(before)}
    own = set(ways_out.links(send_id).values())

    def lead(link: MailLink) -> str:
        if link.url in own or link.shows_address or not may_track(link.url, rules):
            return link.url
        number = numbers.get(link.url, len(numbers))
        address = ways_out.click(send_id, number) if number < MOST else None
        if address is None:
            return link.url
        numbers[link.url] = number
        return address

    if tells.clicks:
        rendered = with_links(rendered, lead)
    picture = ways_out.open(send_id) if tells.opens else None
    if picture is not None:
        rendered = replace(rendered, html=_with_picture(rendered.html, picture))
    return rendered, tuple(numbers)


def _with_picture(html: str, url: str) -> str:
    """A picture that nobody sees, at the end of the mail."""
    shown = (
        f'<img src="{url}" width="1" height="1" alt="" style="display:block;width:1px;height:1px">'
    )
    head, end, tail = html.rpartition("</body>")
    return f"{head}{shown}{end}{tail}" if end else f"{html}{shown}"
