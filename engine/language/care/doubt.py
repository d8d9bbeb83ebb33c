"""What the care checks read, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.domain.journey import Class
from engine.language.diagnostics import Severity

Where = Literal["subject", "preheader", "body"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail as it was written for one sample person in one tone.

    `used` are the values that went in, as in `domain.message.Rendered`. `english` says whether its
    words can be judged. `sells` tells of a block that sells where one may stand. `to_upset` says that
    people who are angry or anxious can get this wording. `company` and `address` are the sender's
    name and postal address; what follows the address in the text is the layout's foot.
    """

    subject: str
    preheader: str
    html: str
    text: str
    used: tuple[tuple[str, str, str], ...] = ()
    klass: Class = Class.MARKETING
    english: bool = True
    sells: bool = False
    to_upset: bool = False
    company: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One remark on a mail. `quote` are words of it, by which their line can be found; `whole` says
    that it is about the mail as a whole, and is told once however many wordings there are."""

    code: str
    message: str
    help: str
    quote: str = ""
    where: Where = "body"
    severity: Severity = "warning"
    whole: bool = False
