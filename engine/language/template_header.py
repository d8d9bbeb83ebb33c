"""A mail's file: its front matter, read with the lines of the whole file, and its body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.domain.event import Value
from engine.language import leaf, values
from engine.language.diagnostics import Place
from engine.language.nodes import Entries, Node, Text, compose, is_readable
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Got,
    Kind,
    NotAPhrase,
    Shape,
    Word,
    as_entries,
    list_of,
    one_of,
    phrase,
    plain_text,
    read_block,
    short,
)
from engine.language.values import ATTRIBUTE, SENDER, refers, value_of

BodyKind = Literal["md", "html", "mjml"]


@dataclass(frozen=True, slots=True)
class Need:
    """A value that the mail needs: an attribute, else a property of the event that started the run.

    `on_missing` says what happens where it is missing: the word `if_missing` stands in, the mail is
    skipped, or it is held until somebody mends it (R9.1).
    """

    name: str
    sample: Value | Mapping[str, Value] | None = None
    if_missing: str | None = None
    on_missing: Literal["word", "skip", "hold"] = "hold"


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """One template: the mail `mail` in one locale (`""` is the default). `body_line` is the 1-based
    line of the file in which the body begins."""

    mail: str
    locale: str
    kind: BodyKind
    path: str
    subject: str
    body: str
    body_line: int
    preheader: str = ""
    sender: str | None = None
    reply_to: str | None = None
    layout: str | None = None
    needs: tuple[Need, ...] = ()
    tone: str | None = None
    track: bool = False
    tags: tuple[str, ...] = ()

    @property
    def promotion_blocks(self) -> bool:
        """Whether the body uses a block that sells (R5.3)."""
        return SELLING_BLOCK.search(self.body) is not None


SELLING_BLOCK = re.compile(
    r"\{[{%][-+]?\s*(?:call\s+)?(?:blocks\.)?(?P<block>promotion|coupon|discount)\b"
)
_PATH = re.compile(
    r"templates/(?P<mail>.+?)(?:\.(?P<locale>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?\.(?P<kind>md|html|mjml)\.j2"
)


def is_template(path: str) -> bool:
    """Whether a path is that of a mail; shared layouts and blocks are none."""
    return (
        path.startswith("templates/")
        and not path.startswith("templates/_")
        and (path.endswith((".md.j2", ".html.j2", ".mjml.j2")))
    )


# ── the words ─────────────────────────────────────────────────────────────────────────────────

_MISSING: Kind[str] = plain_text("a word, `skip the mail` or `hold the mail`", most=200)


def _read_sample(node: Node, pen: Pen) -> Value | Mapping[str, Value]:
    if isinstance(node, Entries):
        return {key.text: value_of(value) for key, value in node.entries if isinstance(value, Text)}
    if isinstance(node, Text):
        return value_of(node)
    return list_of(TEXT).read(node, pen)


_SAMPLE: Kind[Value | Mapping[str, Value]] = Kind("a value", _read_sample, {})
SAMPLE = Word("sample", _SAMPLE, "What the preview shows where nothing is known.", "Tara")
IF_MISSING = Word(
    "if_missing",
    _MISSING,
    "A word that stands in, `skip the mail`, or `hold the mail` (the default).",
    "there",
)
NEED = Shape("a needed value", (SAMPLE, IF_MISSING))


def _needs(node: Node, pen: Pen) -> tuple[Need, ...]:
    needs: list[Need] = []
    broken = False
    for key, value in as_entries(node, pen, "`needs`").entries:
        try:
            name = ATTRIBUTE.read(key, pen)
            needs.append(_need(name, read_block(NEED, value, pen)))
        except Unreadable:
            broken = True
    if broken:
        raise Unreadable
    return tuple(needs)


def _need(name: str, got: Got) -> Need:
    missing = got.get(IF_MISSING)
    if missing == "skip the mail":
        return Need(name, got.get(SAMPLE), None, "skip")
    if missing is None or missing == "hold the mail":
        return Need(name, got.get(SAMPLE), None, "hold")
    return Need(name, got.get(SAMPLE), missing, "word")


SUBJECT = Word(
    "subject", plain_text("a subject", most=500), "The subject line.", "Welcome", required=True
)
PREHEADER = Word(
    "preheader",
    plain_text("a line", most=500),
    "What the inbox shows behind the subject.",
    "Four minutes to your first cup",
)
FROM = Word("from", SENDER, "A sender of the config.", "lena")
REPLY_TO = Word(
    "reply_to",
    phrase("a mail address", leaf.mail_address),
    "Where answers go.",
    "hello@cozy.example",
)
LAYOUT = Word("layout", refers("layout", "a layout"), "A layout of templates/_layouts.", "letter")
NEEDS = Word(
    "needs",
    Kind("a block of needed values", _needs, {"$ref": "#/$defs/needs"}),
    "The values that the mail needs.",
    "{ first_name: { sample: Tara, if_missing: there } }",
)
TONE = Word(
    "tone",
    values.TONE,
    "The tone, where the mood should not decide.",
    "neutral",
)
TRACK = Word("track", one_of("clicks"), "Count clicks of people who allow it.", "clicks")
TAGS = Word(
    "tags",
    list_of(phrase("a tag", leaf.kebab)),
    "Tags, frozen on every record of a send.",
    "[coffee]",
)
HEADER = Shape(
    "the head of a mail", (SUBJECT, PREHEADER, FROM, REPLY_TO, LAYOUT, NEEDS, TONE, TRACK, TAGS)
)


def needs_schema() -> Mapping[str, object]:
    """The JSON Schema of `needs`."""
    words = {word.name: {**word.kind.schema, "description": word.doc} for word in NEED.words}
    return {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": False,
            "properties": words,
        },
    }


# ── reading ───────────────────────────────────────────────────────────────────────────────────


def read_template(path: str, text: str, pen: Pen) -> TemplateFile | None:
    """The file of a mail, or None where its head cannot be read, which the pen then has said."""
    found = _PATH.fullmatch(path)
    mail = found["mail"] if found else ""
    try:
        leaf.mail_name(mail)
    except NotAPhrase:
        pen.error(
            "T101",
            Place(),
            f"`{short(path)}` does not say which mail this is",
            "name it like `templates/onboarding/welcome.md.j2`, in a folder, in small letters",
        )
        return None
    assert found is not None
    head = _split(text, pen) if is_readable(text, pen) else None
    if head is None:
        return None
    front, body, body_line = head
    node = compose(front, pen)
    if node is None:
        return None
    try:
        got = read_block(HEADER, node, pen)
        subject = got.need(SUBJECT)
    except Unreadable:
        return None
    if not got.is_whole(HEADER.words):
        return None
    return TemplateFile(
        mail=mail,
        locale=found["locale"] or "",
        kind=_kind(found["kind"]),
        path=path,
        subject=subject,
        preheader=got.get(PREHEADER) or "",
        sender=got.get(FROM),
        reply_to=got.get(REPLY_TO),
        layout=got.get(LAYOUT),
        needs=got.get(NEEDS) or (),
        tone=got.get(TONE),
        track=got.has(TRACK),
        tags=got.get(TAGS) or (),
        body=body,
        body_line=body_line,
    )


def _kind(text: str) -> BodyKind:
    return "md" if text == "md" else "html" if text == "html" else "mjml"


def _split(text: str, pen: Pen) -> tuple[str, str, int] | None:
    """The front matter with a first empty line for its opening `---`, the body and its first line."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        pen.error(
            "T111",
            Place(),
            "a mail begins with its head",
            "put `---`, `subject: …` and `---` at the top",
        )
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(["", *lines[1:number]]), "\n".join(lines[number + 1 :]), number + 2
    pen.error(
        "T111",
        Place(1, 1, 1, 4),
        "the head of this mail never ends",
        "put a line `---` below its words",
    )
    return None
