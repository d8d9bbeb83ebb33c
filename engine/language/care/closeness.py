"""Too close: more of what is known about somebody than they would want to read, and what nobody wants to
read about themselves at all: a sensitive fact, a mood, a score, a stage (R6.6)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.journey import Class
from engine.language.care.doubt import Doubt, Sample
from engine.language.care.phrases.closeness import PHRASES
from engine.language.care.words import Words, body_of

MOST = 3
"""So many personal facts in one mail are still a conversation."""

_KIND_OF = {
    "home": (
        "city",
        "town",
        "street",
        "address",
        "zip",
        "postcode",
        "country",
        "region",
        "district",
    ),
    "birth": ("birthday", "birth_date", "age", "born", "date_of_birth"),
    "how often": (
        "orders",
        "order_count",
        "visits",
        "total_spent",
        "spend",
        "member_since",
        "points",
    ),
    "bought": (
        "last_product",
        "favourite",
        "favorite",
        "usual",
        "last_order",
        "product",
        "last_bag",
    ),
    "looked at": ("last_viewed", "viewed", "last_page", "searched", "cart"),
    "last seen": ("last_seen", "last_visit", "last_login", "days_since", "quiet_days"),
    "work": ("job", "employer", "company", "profession", "office", "team_size", "industry"),
    "people": ("partner", "children", "kids", "pet", "dog", "cat", "spouse", "family", "child"),
    "owns": ("brews_with", "machine", "device", "car", "grinder", "owns", "equipment"),
}
_SENSITIVE_NAMES = (
    "health", "diagnosis", "religion", "pregnan", "due_date", "disabilit", "illness", "medication",
    "sexual", "ethnic", "politic", "income", "debt", "divorce", "marital", "bereave", "baby",
)  # fmt: skip
_EXPECTED = ("name", "title", "salutation", "locale", "language", "time_zone", "email", "id")
_OF_THE_MATTER = (
    "order", "ticket", "invoice", "tracking", "amount", "total", "days_late", "delivery", "parcel",
    "visit", "appointment", "event", "code", "link", "url", "price", "refund", "credit", "booking",
    "date", "day", "time", "item",
)  # fmt: skip


def doubts(sample: Sample, words: Words) -> Iterator[Doubt]:
    """Facts that are too many or too private, and what is never said."""
    told = _facts(sample, words)
    if len(told) > MOST:
        last = list(told.values())[MOST]
        yield Doubt(
            "T516",
            f"this mail tells people {len(told)} things about themselves: {', '.join(told)}",
            f"keep the one or two that the mail is about, {MOST} at most",
            last,
            whole=True,
        )
    private = words.first("sensitive")
    quote = private.text if private is not None else _sensitive_value(sample)
    if quote:
        yield Doubt(
            "T517",
            f"`{quote}` is something that people want to tell, not to be told",
            "leave it out, also where it is true and kindly meant",
            quote,
            words.where(private) if private is not None else "body",
        )
    printed = words.first("observed mood", "named stage")
    if printed is not None:
        yield Doubt(
            "T518",
            f"`{printed.text}` says what we think of somebody",
            "let it choose the words (`{% tone %}`), and do not say it",
            printed.text,
            words.where(printed),
            "error",
        )


def _facts(sample: Sample, words: Words) -> dict[str, str]:
    """The kinds of personal facts that are told, each with words that tell it."""
    answers = sample.klass is not Class.MARKETING
    told: dict[str, str] = {}
    kinds = [name.removeprefix("fact: ") for name in PHRASES if name.startswith("fact: ")]
    if answers:  # the order, the visit that the mail answers
        kinds = [kind for kind in kinds if kind not in ("bought", "looked at", "last seen")]
    spans = [(span, kind) for kind in kinds if (span := words.first(f"fact: {kind}")) is not None]
    end = 0
    for span, kind in sorted(spans, key=lambda one: (one[0].start, -one[0].end)):
        if span.start >= end:  # "you ordered 7 times" is one fact
            told[kind], end = span.text, span.end
    shown = f"{sample.subject}\n{sample.preheader}\n{body_of(sample)}"
    flat = " ".join(shown.split())
    for name, value, _ in sample.used:
        short = name.rpartition(".")[2]
        if _is_personal(short, answers) and value and " ".join(value.split()) in flat:
            kind = next((kind for kind, names in _KIND_OF.items() if short in names), short)
            told.setdefault(kind.replace("_", " "), value)
    return told


def _is_personal(name: str, answers: bool) -> bool:
    if any(name in names for names in _KIND_OF.values()):
        return True
    parts = name.split("_")
    if set(parts) & set(_EXPECTED):
        return False
    return not answers and not any(name.startswith(word) for word in _OF_THE_MATTER)


def _sensitive_value(sample: Sample) -> str:
    """A printed value whose name says that it is nobody's business."""
    flat = " ".join(body_of(sample).split())
    for name, value, _ in sample.used:
        short = name.rpartition(".")[2]
        if value and any(word in short for word in _SENSITIVE_NAMES) and value in flat:
            return value
    return ""
