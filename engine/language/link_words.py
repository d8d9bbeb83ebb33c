"""`links:` of the config: what becomes of the links of mails."""

from __future__ import annotations

import re

from engine.domain.mail_links import PLACEHOLDERS, LinkRules, Utm, unknown_placeholders
from engine.language.nodes import Entries, Node
from engine.language.pen import Pen
from engine.language.reader import (
    YES_NO,
    Got,
    Kind,
    NotAPhrase,
    Shape,
    Word,
    object_schema,
    one_of,
    one_or_more,
    phrase,
    read_block,
    short,
)

_SAYS = ", ".join(f"{{{word}}}" for word in PLACEHOLDERS)


def _tag(text: str) -> str:
    unknown = unknown_placeholders(text)
    if unknown or len(text) > 100:
        raise NotAPhrase(
            "C141",
            f"`{short(text)}` cannot be a tag of a link",
            f"write plain words; of the mail it may say {_SAYS}",
        )
    return text


def _host(text: str) -> str:
    host = text.lower()
    if not re.fullmatch(r"[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+", host):
        raise NotAPhrase(
            "C142",
            f"`{short(text)}` is no host of a web site",
            "write it without `https://` and without a path: `shop.cozy.example`",
        )
    return host


def _legal(text: str) -> str:
    if not text.startswith(("/", "https://", "http://")) or len(text) < 2:
        raise NotAPhrase(
            "C143",
            f"`{short(text)}` is neither a path nor an address",
            "write `/imprint`, or the whole address",
        )
    return text


_TAG = phrase("words of a tag", _tag, "newsletter")
UTM = Shape(
    "`utm`",
    (
        Word("source", _TAG, "`utm_source`.", "newsletter"),
        Word("medium", _TAG, "`utm_medium`.", "email"),
        Word("campaign", _TAG, "`utm_campaign`.", '"{journey}"'),
        Word("content", _TAG, "`utm_content`.", '"{mail}"'),
        Word("term", _TAG, "`utm_term`.", "coffee"),
    ),
)


def _read_utm(node: Node, pen: Pen) -> Utm | None:
    if not isinstance(node, Entries):
        return Utm() if YES_NO.read(node, pen) else None
    got, default = read_block(UTM, node, pen), Utm()
    said = {word.name: got.get(word) or getattr(default, word.name) for word in UTM.words}
    return Utm(**said)


U_UTM: Word[Utm | None] = Word(
    "utm",
    Kind(
        "`yes`, `no`, or a block of tags", _read_utm, {"anyOf": [YES_NO.schema, object_schema(UTM)]}
    ),
    "Tag links to your own pages, so that your statistics see which mail a visit comes from.",
    "yes",
)
HOSTS = Word(
    "hosts",
    one_or_more(phrase("a host", _host, "shop.cozy.example")),
    "The web sites that are yours; without it the host of `company.shop`, else of `company.site`.",
    "[cozy.example, shop.cozy.example]",
)
LEGAL_PAGES = Word(
    "legal",
    one_or_more(phrase("a path or an address", _legal, "/imprint")),
    "Pages that the law asks for: never tagged, never tracked. The usual names are known.",
    "[/about/company]",
)
TRACK = Word(
    "track",
    one_or_more(one_of("clicks", "opens")),
    "What to notice of people who agree to it (`tracking_clicks`, `tracking_opens`).",
    "clicks",
)
LINKS = Shape("`links`", (U_UTM, HOSTS, LEGAL_PAGES, TRACK))


def read_links(got: Got, pen: Pen) -> LinkRules:
    """What becomes of links; where nothing is said, nothing."""
    track = got.get(TRACK) or ()
    return LinkRules(
        utm=got.get(U_UTM),
        hosts=got.get(HOSTS) or (),
        legal=got.get(LEGAL_PAGES) or (),
        clicks="clicks" in track,
        opens="opens" in track,
    )
