"""What a mail states: numbers, times, money, dates, shares, codes, links, names and promises.

Two wordings of one mail may say it in other words; they may not say something else. So `three days`,
`3 days` and `72 hours` are one fact, and so are `a refund` and `your money back`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import NamedTuple

from engine.domain.message import Rendered

KINDS = {
    "span": "a time",
    "money": "an amount",
    "share": "a share",
    "date": "a day",
    "clock": "a time of day",
    "number": "a number",
    "code": "a code",
    "link": "a link",
    "name": "a name",
    "promise": "a promise",
}


class Fact(NamedTuple):
    """One thing that is stated, in its normal form."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Statements:
    """What a mail states, each with the words that first say it."""

    facts: dict[Fact, str]

    def of(self, kind: str) -> dict[str, str]:
        """The values of one kind, with their words."""
        return {fact.value: words for fact, words in self.facts.items() if fact.kind == kind}


_COUNTED = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(_COUNTED)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "half": 0,
    "a": 1, "an": 1, "single": 1, "couple": 2, "fortnight": 14,
}  # fmt: skip
_SPOKEN = "|".join((*_COUNTED, "thirty", "forty", "fifty", "sixty", "ninety"))
_FIGURE = r"\d{1,3}(?:[.,  ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SHORT_MONTHS = "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_HOURS = {"minute": Decimal(1) / 60, "hour": Decimal(1), "day": Decimal(24), "week": Decimal(168)}
_CURRENCIES = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "euro": "EUR", "euros": "EUR", "dollar": "USD",
    "dollars": "USD", "pound": "GBP", "pounds": "GBP", "cent": "cent", "cents": "cent",
}  # fmt: skip
_NAMED = r"EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD"
_SPAN = re.compile(
    rf"\b(?P<n>{_FIGURE}|{_SPOKEN}|an?|single)(?: |-| full | more | short | long )"
    r"(?P<work>(?:working|business) )?(?P<unit>minute|hour|day|week|month|year)s?\b|\b(?P<f>fortnight)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"(?P<sign>[€$£¥]) ?(?P<a>{_FIGURE})|\b(?P<code>{_NAMED}) ?(?P<b>{_FIGURE})"
    rf"|(?P<c>\b(?:{_FIGURE}|{_SPOKEN})) ?(?P<after>[€$£¥]|\b(?:{_NAMED}|euros?|dollars?|pounds?|cents?)\b)",
    re.IGNORECASE,
)
_SHARE = re.compile(rf"\b(?P<n>{_FIGURE}|{_SPOKEN}) ?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b|\b(?P<dots>\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})\b"
    rf"|\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTHS}|{_SHORT_MONTHS})\b\.?(?:,? \d{{4}})?"
    rf"|\b(?P<m2>{_MONTHS}|{_SHORT_MONTHS})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? \d{{4}})?"
    rf"|\b(?P<day>{_DAYS}|today|tomorrow|tonight|yesterday)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?::(?P<min>\d\d))? ?(?P<half>am|pm|a\.m\.|p\.m\.)|\b(?P<h2>\d{1,2}):(?P<min2>\d\d)\b"
    r"|\b(?P<word>noon|midnight)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*[\d-])[A-Z0-9]+(?:-[A-Z0-9]+)*\b(?!')")
_NUMBER = re.compile(rf"(?<![\w-])#?(?P<n>\d[\d.,]*\d|\d|{_SPOKEN})\b(?![-\w])", re.IGNORECASE)
_PROMISES = {
    "refund": r"refund\w*|money (?:is |was |will be )?(?:\w+ )?back|reimburse\w*"
    r"|pay(?:ing)? (?:you|it|everything) back",
    "replacement": r"replac(?:e|es|ed|ing|ement|ements)\b|send you (?:a|another) new|new one",
    "credit": r"credit(?:ed|s)?\b|voucher\w*",
    "free": r"free of charge|for free|costs? you nothing|no (?:extra )?charge|on the house",
    "guarantee": r"guarante\w+",
    "cancelling": r"cancel\w*",
    "discount": r"discount\w*|\boff your\b",
    "call": r"(?:call|phone|ring) you\b",
}
_PROMISE = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{words}))" for name, words in _PROMISES.items()), re.IGNORECASE
)
_DENIAL = re.compile(r"\b(?:no|not|never|cannot|without|nor|neither)\b|n['’]t\b", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[a-z,;)] )[A-Z][a-z]+(?:[-' ][A-Z][a-z]+)*\b")
_HREF = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*([\"'])(.*?)\1", re.IGNORECASE | re.DOTALL)
_ADDRESSES = re.compile(r"<?\b(?:https?://|www\.|mailto:)[^\s>]+>?")
_CLAUSE = re.compile(r"[.!?;:\n]|\bbut\b|\band\b", re.IGNORECASE)


def stated(mail: Rendered, *, known_names: frozenset[str] = frozenset()) -> Statements:
    """What a mail states. `known_names` are words in capitals that are no matter of the mail: the
    people who sign, the shop, the reader."""
    text = "\n\n".join((mail.subject, mail.preheader, mail.text))
    text = _ADDRESSES.sub(" ", text.replace("’", "'"))
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    facts: dict[Fact, str] = {}
    for find in (_dates, _clocks, _money, _shares, _spans, _codes, _numbers):
        text = _taken(text, find, facts)
    for fact, words in (*_promises(text), *_names(text, known_names), *_links(mail.html)):
        facts.setdefault(fact, words)
    return Statements(facts)


Found = Iterator[tuple[re.Match[str], Fact | None]]


def _taken(text: str, find: Callable[[str], Found], facts: dict[Fact, str]) -> str:
    """The text without what was found in it, so that no number is two facts."""
    pieces, end = [], 0
    for match, fact in find(text):
        if fact is not None:
            facts.setdefault(fact, " ".join(match.group().split()))
        pieces += [text[end : match.start()], " " * len(match.group())]
        end = match.end()
    return "".join((*pieces, text[end:]))


def _amount(words: str) -> Decimal:
    """A figure or a counted word. The last `.` or `,` with one or two digits behind it is the point."""
    spoken = _NUMBERS.get(words.lower())
    if spoken is not None:
        return Decimal(spoken)
    digits = re.sub(r"[  ]", "", words).strip(".,")
    point = re.search(r"[.,](\d{1,2})$", digits)
    whole, part = (digits[: point.start()], point[1]) if point else (digits, "")
    return Decimal(f"{re.sub('[.,]', '', whole) or '0'}.{part or '0'}")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _dates(text: str) -> Found:
    for found in _DATE.finditer(text):
        if found["day"]:
            value = "today" if found["day"].lower() == "tonight" else found["day"].lower()
        elif found["iso"]:
            _, month, day = found["iso"].split("-")
            value = f"{int(month)}-{int(day)}"
        elif found["dots"]:
            value = found["dots"]
        else:
            day, name = found["d"] or found["d2"], (found["m"] or found["m2"]).lower()
            value = f"{[m[:3] for m in _MONTHS.split('|')].index(name[:3]) + 1}-{int(day)}"
        yield found, Fact("date", value)


def _clocks(text: str) -> Found:
    for found in _CLOCK.finditer(text):
        if found["word"]:
            hour, minute = (12 if found["word"].lower() == "noon" else 0), 0
        else:
            hour, minute = int(found["h"] or found["h2"]), int(found["min"] or found["min2"] or 0)
            if found["half"]:
                hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
        yield found, Fact("clock", f"{hour}:{minute:02}")


def _money(text: str) -> Found:
    for found in _MONEY.finditer(text):
        amount = _amount(found["a"] or found["b"] or found["c"])
        unit = found["sign"] or found["code"] or found["after"]
        currency = _CURRENCIES.get(unit.lower(), unit.upper())
        yield found, Fact("money", f"{_plain(amount)} {currency}")


def _shares(text: str) -> Found:
    for found in _SHARE.finditer(text):
        yield found, Fact("share", f"{_plain(_amount(found['n']))} %")


def _spans(text: str) -> Found:
    for found in _SPAN.finditer(text):
        if found["f"]:
            yield found, Fact("span", "336 hours")
            continue
        unit, amount = found["unit"].lower(), _amount(found["n"])
        if found["work"]:
            value = f"{_plain(amount)} working {unit}"
        elif unit in _HOURS:
            value = f"{_plain((amount * _HOURS[unit]).quantize(Decimal('0.001')))} hours"
        else:
            value = f"{_plain(amount)} {unit}"
        yield found, Fact("span", value)


def _codes(text: str) -> Found:
    for found in _CODE.finditer(text):
        yield found, Fact("code", found.group())


def _numbers(text: str) -> Found:
    """Every other number; but not `one`, which is rarely counted ("one line is enough")."""
    for found in _NUMBER.finditer(text):
        word = found["n"]
        counted = word.lower() != "one" and word.lower() != "zero"
        yield found, Fact("number", _plain(_amount(word))) if counted else None


def _promises(text: str) -> Iterator[tuple[Fact, str]]:
    for found in _PROMISE.finditer(text):
        starts = [one.end() for one in _CLAUSE.finditer(text, 0, found.start())]
        before = text[starts[-1] if starts else 0 : found.start()]
        denied = _DENIAL.search(before[-40:]) is not None
        name = found.lastgroup or ""
        yield Fact("promise", f"no {name}" if denied else name), found.group()


def _names(text: str, known: frozenset[str]) -> Iterator[tuple[Fact, str]]:
    for found in _CAPITAL.finditer(text):
        words = found.group()
        if not known.issuperset(words.replace("-", " ").split()):
            yield Fact("name", words), words


def _links(html: str) -> Iterator[tuple[Fact, str]]:
    for found in _HREF.finditer(html):
        address = unescape(found[2])
        yield Fact("link", address), address
