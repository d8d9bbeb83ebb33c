"""The small grammars of phrases that are no times: numbers, caps, shares, names.

Every function takes the text as written and raises `NotAPhrase` with a code, a sentence and what to
write instead.
"""

from __future__ import annotations

import re
from typing import Literal

from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.journey import (
    Overflow,
)
from engine.domain.pace import Rate
from engine.language.leaf_time import longer_than_nothing, looking_back
from engine.language.reader import NotAPhrase, short

# ── numbers ───────────────────────────────────────────────────────────────────────────────────

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")


def number(text: str) -> float:
    """`3`, `-2.5`; at most six decimals."""
    if not _NUMBER.fullmatch(text):
        raise NotAPhrase(
            "Y121", f"`{short(text)}` is not a number", "write digits, with a point for decimals"
        )
    return float(text)


def whole(text: str) -> int:
    """A whole number from zero on."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", text):
        raise NotAPhrase("Y121", f"`{short(text)}` is not a whole number", "write digits only")
    return int(text)


def times(text: str) -> int:
    """`3 times`, `once`, `twice`, or the bare number."""
    spoken = {"once": 1, "twice": 2}.get(text)
    if spoken is not None:
        return spoken
    found = re.fullmatch(r"(0|[1-9][0-9]{0,8})(?: times?)?", text)
    if found is None:
        raise NotAPhrase(
            "Y122", f"`{short(text)}` does not say how many times", "write for example `3 times`"
        )
    return int(found[1])


def people(text: str) -> int:
    """`400 people`, or the bare number."""
    found = re.fullmatch(r"([1-9][0-9]{0,8})(?: people)?", text)
    if found is None:
        raise NotAPhrase(
            "Y123",
            f"`{short(text)}` does not say how many people",
            "write for example `400 people`",
        )
    return int(found[1])


def share(text: str) -> int:
    """`45%`, in hundredths of a per cent: 4500."""
    found = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))? ?%", text)
    hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= hundredths <= 10_000:
        raise NotAPhrase(
            "Y124", f"`{short(text)}` is no share", "write a percentage from `0%` to `100%`"
        )
    return hundredths


def cap(text: str) -> Cap:
    """`1 per calendar day`, `3 per 7 days`, `at least 16 hours apart` (R3.2)."""
    found = re.fullmatch(r"at least (.+) apart", text)
    if found:
        return GapCap(looking_back(found[1]))
    found = re.fullmatch(r"([0-9]{1,6}) per (.+)", text)
    if found is None:
        raise NotAPhrase("Y125", f"`{short(text)}` is not a cap", _CAPS)
    count, per = int(found[1]), found[2]
    if count == 0:
        raise NotAPhrase(
            "Y125",
            "a cap of 0 would let nothing through",
            "write at least `1 per …`, or set the journey to `paused`",
        )
    calendar = re.fullmatch(r"calendar (day|week|month)", per)
    if calendar:
        unit: Literal["day", "week", "month"] = calendar[1]  # type: ignore[assignment]
        return CalendarCap(count, unit)
    if per in ("day", "week", "month"):
        rolling = {"day": "24 hours", "week": "7 days", "month": "30 days"}[per]
        raise NotAPhrase(
            "Y125",
            f"`per {per}` can mean two things",
            f"write `per calendar {per}` or `per {rolling}`",
        )
    return RollingCap(count, looking_back(per))


_CAPS = "write for example `1 per calendar day`, `3 per 7 days` or `at least 16 hours apart`"


def rate(text: str) -> Rate:
    """`50 per second`, `20 per minute`, `100 per 10 minutes`."""
    found = re.fullmatch(r"([1-9][0-9]{0,8}) per ([0-9]{1,5} )?([a-z]+)", text)
    if found is None:
        raise NotAPhrase(
            "Y130",
            f"`{short(text)}` does not say how fast",
            "write for example `50 per second`, `20 per minute` or `100 per 10 minutes`",
        )
    return Rate(int(found[1]), looking_back(f"{found[2] or '1 '}{found[3]}"))


def overflow(text: str) -> Overflow:
    """`postpone up to 3 days, then drop`, `skip`, `leave` (R3.6)."""
    if text == "skip":
        return Overflow("skip")
    if text == "leave":
        return Overflow("leave")
    found = re.fullmatch(r"postpone up to (.+), then drop", text)
    if found is None:
        raise NotAPhrase(
            "Y126",
            f"`{short(text)}` does not say what happens over a cap",
            "write `postpone up to 3 days, then drop`, `skip` or `leave`",
        )
    return Overflow("postpone", longer_than_nothing(found[1]))


def usual_gaps(text: str) -> int:
    """`2 times their usual gap`, in thousandths."""
    found = re.fullmatch(
        r"(?:([0-9]{1,3})(?:\.([0-9]{1,3}))? times|(once|twice)) their usual gap", text
    )
    thousandths = 0
    if found:
        spoken = {"once": 1000, "twice": 2000}.get(found[3] or "")
        thousandths = spoken or int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))
    if thousandths == 0:
        raise NotAPhrase(
            "Y127",
            f"`{short(text)}` does not say how quiet",
            "write for example `2 times their usual gap`",
        )
    return thousandths


# ── names ─────────────────────────────────────────────────────────────────────────────────────


def kebab(text: str) -> str:
    """A name or step id: `win-back`."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", text) or len(text) > 80:
        raise _not_named(text, "a name", _kebab_of(text))
    return text


def snake(text: str) -> str:
    """An attribute or property: `first_name`."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", text) or len(text) > 80:
        raise _not_named(text, "the name of an attribute", _kebab_of(text).replace("-", "_"))
    return text


def event_name(text: str) -> str:
    """`order.placed`."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)+", text) or len(text) > 120:
        raise _not_named(
            text,
            "the name of an event",
            "order.placed" if "." not in text else text.lower().replace(" ", "_"),
        )
    return text


def mail_name(text: str) -> str:
    """`onboarding/welcome`: a path below `templates/` without its endings."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)+", text) or len(text) > 160:
        raise _not_named(text, "the name of a mail", "onboarding/welcome")
    return text


def _kebab_of(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "a-name"


def _not_named(text: str, what: str, better: str) -> NotAPhrase:
    return NotAPhrase("Y128", f"`{short(text)}` cannot be {what}", f"write it like `{better}`")


def secret(text: str) -> str:
    """`$SMTP_PASSWORD`: the name of an environment variable, never the secret itself."""
    if not re.fullmatch(r"\$[A-Z][A-Z0-9_]*", text):
        raise NotAPhrase(
            "C110",
            "a secret never stands in a file",
            "put it in the environment and write its name, like `$SMTP_PASSWORD`",
        )
    return text


def mail_address(text: str) -> str:
    """`hello@cozy.example`: one plain address of the business's own."""
    if (
        not re.fullmatch(r'[^@\s<>()\[\],;:\\"]+@[^@\s<>.]+(?:\.[^@\s<>.]+)+', text)
        or len(text) > 254
    ):
        raise NotAPhrase(
            "Y129",
            f"`{short(text)}` is not a mail address",
            "write for example `hello@cozy.example`",
        )
    return text
