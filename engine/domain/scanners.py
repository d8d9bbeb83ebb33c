"""Clicks and opens that a machine made: security scanners follow every link of a mail, and mailbox
providers fetch its pictures (R8.3). They must not move anybody through a journey.

A touch is a machine's, and stays out of the history, if one of these holds:

1. the provider says so (`sg_machine_open`), or the program does not say at all what it is;
2. the program names itself as one (`curl`, `python-requests`, `Barracuda`, a headless browser, Gmail's
   picture proxy …), or as Apple's privacy proxy does, which fetches every picture of every mail;
3. it happened before the mail was delivered, or within 5 seconds of it: nobody reads so fast;
4. 3 or more different links of one mail were clicked within 10 seconds: all of these clicks are a
   scanner's. The same link twice is an impatient person.

A burst can only be seen once all of it is there, so touches wait for `HOLD` before they are judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOLD = timedelta(minutes=1)
TOO_FAST = timedelta(seconds=5)
BURST = timedelta(seconds=10)
BURST_LINKS = 3

_PROGRAMS = re.compile(
    r"barracuda|proofpoint|mimecast|messagelabs|symantec|ironport|trendmicro|fireeye|forcepoint"
    r"|safelinks|bitdefender|sophos|cloudmark|urldefense|virustotal"
    r"|googleimageproxy|yahoomailproxy|slackbot|linkpreview|facebookexternalhit|whatsapp"
    r"|headless|phantomjs|selenium|puppeteer|playwright"
    r"|\b(curl|wget|python|java|okhttp|axios|go-http-client|libwww|httpclient|node-fetch|ruby)\b"
    r"|\w*(bot|crawler|spider|scanner|preview)\b",
    re.IGNORECASE,
)

_APPLE = "Mozilla/5.0"
"""Apple's privacy proxy says this and no more; every browser says which it is."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Somebody or something opened a mail, or clicked `link` in it. `agent` is how the program named
    itself, and `machine` says that the provider holds it for one."""

    at: datetime
    link: str = ""
    agent: str = ""
    machine: bool = False


def by_machine(touch: Touch, all_of_mail: Sequence[Touch], delivered: datetime | None) -> str:
    """Why a touch is a machine's, in words; empty if it is a person's.

    `all_of_mail` are the touches of the same mail as far as they are known, `delivered` when it was
    delivered, or left where nobody said more.
    """
    if touch.machine:
        return "the provider says so"
    if touch.agent.strip() == _APPLE:
        return "Apple's privacy proxy"
    found = _PROGRAMS.search(touch.agent)
    if found is not None:
        return f"a program: {found[0].lower()}"
    if delivered is not None and touch.at < delivered:
        return "before the delivery"
    if delivered is not None and touch.at - delivered < TOO_FAST:
        return "within seconds of the delivery"
    if touch.link and _in_a_burst(touch, all_of_mail):
        return f"{BURST_LINKS} links or more within seconds"
    return ""


def _in_a_burst(touch: Touch, all_of_mail: Sequence[Touch]) -> bool:
    """Whether some stretch of time as long as `BURST` holds this click and enough other links."""
    near = sorted(
        (other.at, other.link)
        for other in (*all_of_mail, touch)
        if other.link and abs(other.at - touch.at) < BURST
    )
    return any(
        len({link for at, link in near if start <= at < start + BURST}) >= BURST_LINKS
        for start, _ in near
        if start <= touch.at
    )
