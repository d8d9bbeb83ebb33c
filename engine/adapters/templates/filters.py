"""The filters of mails: locale-aware, pure, without network (R9.3).

What they need to know of the present rendering (language, zone, now, currency, site) is set once per
mail in a context variable, so that blocks see it too. Babel is loaded on first use: most mails are
words and need none of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Undefined
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from babel import Locale

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


LONGEST_LIST = 500

_CURRENCY = re.compile(r"[A-Z]{3}")


class BadValue(Exception):
    """A value that a filter cannot show; the message says why, for whoever wrote the mail."""


class DependsOnPerson(BadValue):
    """Asked for at compile time, when nobody is there yet."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What filters know of the present rendering. `locale` is in Babel's spelling (`pt_BR`)."""

    locale: str
    zone: str
    now: datetime
    currency: str
    site: str


rendering: ContextVar[Rendering] = ContextVar("rendering")


@lru_cache(maxsize=256)
def _babel(spelling: str) -> Locale:
    """What Babel knows of a locale; of one that it does not know, the language."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(spelling)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(spelling.partition("_")[0])


def _locale() -> Locale:
    return _babel(rendering.get().locale)


# ── dates ─────────────────────────────────────────────────────────────────────────────────────


def show_date(value: object, style: str = "long") -> str:
    """`14 March 2027`. `style` is short, medium, long, full, time, or a CLDR pattern."""
    from babel.dates import format_date, format_datetime, format_time

    moment = _moment(value, "date")
    local: Any = _local(moment)
    if style == "time":
        if not isinstance(moment, datetime):
            raise BadValue(f"`date('time')`: {value} has no time of day")
        return format_time(local, "short", locale=_locale())
    if style in ("short", "medium", "long", "full"):
        return format_date(_day(moment), style, locale=_locale())
    if isinstance(moment, datetime):
        return format_datetime(local, style, locale=_locale())
    return format_date(local, style, locale=_locale())


def relative_date(value: object) -> str:
    """`today`, `tomorrow`, `in 3 days`, `2 weeks ago`, by the days of the person's calendar."""
    from babel.dates import format_timedelta

    present = rendering.get()
    today = present.now.astimezone(ZoneInfo(present.zone)).date()
    days = (_day(_moment(value, "relative_date")) - today).days
    words = _NEAR_DAYS.get(present.locale.partition("_")[0])
    if words and abs(days) <= 1:
        return words[days + 1]
    return format_timedelta(
        timedelta(days=days), granularity="day", threshold=1.2, add_direction=True,
        locale=_locale(),
    )  # fmt: skip


_NEAR_DAYS = {
    "en": ("yesterday", "today", "tomorrow"),
    "de": ("gestern", "heute", "morgen"),
    "fr": ("hier", "aujourd’hui", "demain"),
    "es": ("ayer", "hoy", "mañana"),
    "it": ("ieri", "oggi", "domani"),
    "pt": ("ontem", "hoje", "amanhã"),
    "nl": ("gisteren", "vandaag", "morgen"),
    "pl": ("wczoraj", "dzisiaj", "jutro"),
    "da": ("i går", "i dag", "i morgen"),
    "sv": ("i går", "i dag", "i morgon"),
}


def _moment(value: object, name: str) -> date | datetime:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            pass
    raise BadValue(f"`{name}`: {str(value)[:60]!r} is not a date")


def _local(moment: date | datetime) -> date | datetime:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(ZoneInfo(rendering.get().zone))
    return moment


def _day(moment: date | datetime) -> date:
    local = _local(moment)
    return local.date() if isinstance(local, datetime) else local


# ── numbers ───────────────────────────────────────────────────────────────────────────────────


def money(value: object, currency: str = "") -> str:
    """`€12.50`, in the company's currency where none is named (ISO 4217)."""
    from babel.numbers import format_currency

    currency = currency or rendering.get().currency
    if not _CURRENCY.fullmatch(currency):
        raise BadValue(f"`money`: {currency[:20]!r} is not a currency such as EUR")
    return format_currency(_number(value, "money"), currency, locale=_locale())


def number(value: object, decimals: int | None = None) -> str:
    """`1,240`; with `decimals`, exactly that many digits behind the point."""
    from babel.numbers import format_decimal

    pattern = (
        None if decimals is None else "#,##0" + ("." + "0" * min(decimals, 9)) * (decimals > 0)
    )
    return format_decimal(_number(value, "number"), format=pattern, locale=_locale())


def plural(value: object, *forms: str, **by_category: str) -> str:
    """The form that fits the number; `{n}` in it is the number.

    Two forms are singular and plural. Languages with more name them: `one few many other`.
    """
    count = _number(value, "plural")
    if forms and len(forms) != 2:
        raise BadValue("`plural` takes two forms, or named ones: plural(one=…, few=…, other=…)")
    named = dict(zip(("one", "other"), forms, strict=True)) if forms else by_category
    if "other" not in named:
        raise BadValue("`plural` needs the form `other`")
    category = _locale().plural_form(count)
    return named.get(category, named["other"]).replace("{n}", number(count))


def _number(value: object, name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise BadValue(f"`{name}`: {str(value)[:60]!r} is not a number")
    try:
        read = Decimal(str(value))
    except ArithmeticError:
        read = Decimal("NaN")
    if not read.is_finite() or abs(read.adjusted()) > 30:
        raise BadValue(f"`{name}`: {str(value)[:60]!r} is not a number")
    return read


# ── texts ─────────────────────────────────────────────────────────────────────────────────────


def as_list(value: object, joined_with: str = "and") -> str:
    """`Roadmap, Budget and Team`, as the language joins them; `or` for a choice."""
    if joined_with not in ("and", "or"):
        raise BadValue('`list` joins with "and" or "or"')
    from babel.lists import format_list

    items: list[object] = [value] if isinstance(value, str) else list(_items(value))
    style: Literal["or", "standard"] = "or" if joined_with == "or" else "standard"
    return glue_list(items, lambda texts: format_list(texts, style, _locale()))


def _items(value: object) -> Iterable[object]:
    if not isinstance(value, list | tuple):
        raise BadValue(f"`list`: {str(value)[:60]!r} is not a list")
    if len(value) > LONGEST_LIST or any(isinstance(item, list | tuple | dict) for item in value):
        raise BadValue(f"`list` joins up to {LONGEST_LIST} plain values")
    return value


def glue_list(items: list[object], join: Callable[[list[str]], str]) -> str:
    """Joined, and escaped only as far as a part of it is markup already."""
    if any(hasattr(item, "__html__") for item in items):
        return Markup(join([str(escape(item)) for item in items]))
    return join([str(item) for item in items])


def glue(parts: list[object]) -> str:
    """What `~` does: texts side by side, escaped as soon as one of them is markup."""
    if any(hasattr(part, "__html__") for part in parts):
        return Markup("").join(escape(part) for part in parts)
    return "".join(str(part) for part in parts)


# ── addresses ─────────────────────────────────────────────────────────────────────────────────


class OwnAddress(str):
    """An address that the engine made itself, such as that of a picture; no template can make one."""


@lru_cache(maxsize=4096)
def web_address(address: str, site: str) -> str:
    """A whole address from a short one; refuses what is not for links (`javascript:` …).

    Raises:
        BadValue: another scheme than http, https, mailto or tel.
    """
    address = "".join(address.split())
    try:
        parts = urlsplit(address)
    except ValueError:
        raise BadValue(f"{address[:60]!r} is not a web address") from None
    if parts.scheme:
        if parts.scheme.lower() not in SAFE_SCHEMES:
            raise BadValue(f"{address[:60]!r} is not a web address")
        return address
    if address.startswith("#") or not site:
        return address
    return urljoin(site.rstrip("/") + "/", address.lstrip("/") or ".")


def href(value: object) -> str:
    """What may stand in a link: a web or mail address; a short one is one of the company's site."""
    if isinstance(value, OwnAddress):
        return value
    return web_address(str(value), rendering.get().site)


def shown(value: object) -> object:
    """How a bare value prints: a list with commas, truth as yes and no, nothing as nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list):
        if any(isinstance(item, list | tuple | dict) for item in value):
            raise BadValue("a list of lists cannot be printed; go through it with `for`")
        return ", ".join(str(item) for item in value)
    if isinstance(value, dict):
        raise BadValue("a group of values cannot be printed; name one of them")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if callable(value) and not isinstance(value, Undefined):
        name = str(getattr(value, "name", "this")).removesuffix("_text")
        raise BadValue(f"`{name}` is a block; write `{name}(…)`")
    return "" if value is None else value


def _needs_rendering(function: Callable[..., str]) -> Callable[..., object]:
    """As a Jinja filter: an absent value stays absent, and nothing is worked out at compile time."""

    @wraps(function)
    def called(_context: object, value: object, *args: Any, **kwargs: Any) -> object:
        if isinstance(value, Undefined):
            str(value)  # raises, naming what is missing
        if function is not href and not rendering.get().locale:
            raise DependsOnPerson("this depends on the language of the person")
        return function(value, *args, **kwargs)

    return pass_context(called)


FILTERS: dict[str, Callable[..., Any]] = {
    "date": _needs_rendering(show_date),
    "relative_date": _needs_rendering(relative_date),
    "money": _needs_rendering(money),
    "number": _needs_rendering(number),
    "plural": _needs_rendering(plural),
    "list": _needs_rendering(as_list),
    "href": _needs_rendering(href),
}
