"""The parts of a mail as text, whatever is wrong with it (RFC 5322, 2045 to 2047).

Nothing here raises on octets of any kind. What cannot be decoded is read as well as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice

ENOUGH = 2 * 1024 * 1024
"""What a person or a server has to say stands in the first two MiB; behind them come attachments."""
_MOST_PARTS = 200
_MOST_FIELDS = 50
_LONGEST_FIELD = 8_000
_DEEPEST = 100
_MOST_LINES = 200_000
"""With each line a parser looks at all parts that are open: so many lines are read, divided by the depth."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text has: control characters, and halves of characters, which some charsets can spell."""
_SPACES = re.compile(r"\s+")
_LINE_END = re.compile(rb"\r\n?|\n")
_BOUNDARY = re.compile(rb'(?m)^--([^\s"\\]{1,70})[ \t]*\r?$')
_HEAD_ENDS = re.compile(rb"\n\r*\n")
_BARE_RETURN = re.compile(rb"(?<!\r)\r++(?!\n)")
_BROKEN_TYPE = re.compile(
    rb"(?im)^(content-type:[ \t]*[\w.+/-]+)(?:[ \t]*;[ \t]*\r?\n|(?:\r?\n)?[ \t]+)(?=(?:boundary|charset)=)"
)
"""A Content-Type that lacks the blank before its second line, or the semicolon before its parameter."""
_ALIASES = {
    "cp-850": "cp850",
    "iso-8859-8-i": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "unicode-1-1-utf-7": "utf-7",
    "x-gbk": "gb18030",
    "gb2312": "gb18030",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-mac-cyrillic": "mac-cyrillic",
}
_UNNAMED = ("", "unknown", "unknown-8bit", "x-unknown", "default", "8bit", "us-ascii", "ascii")


class Mail:
    """A mail that came in: its fields and parts as text."""

    def __init__(self, message: Message) -> None:
        self.message = message

    @classmethod
    def of(cls, octets: bytes) -> Mail:
        """The mail that octets are, whatever else they may be."""
        octets = octets[:ENOUGH].lstrip(b"\r\n\0")
        if b"\n" not in octets:  # line ends of old Macintoshes
            octets = octets.replace(b"\r", b"\n")
        if octets.startswith(b"From "):  # mbox
            octets = octets.partition(b"\n")[2]
        octets = _BROKEN_TYPE.sub(rb"\1; ", _with_lines_of_its_own(octets))
        depth = _depth(octets)
        if depth > _DEEPEST:  # nothing that a mail program wrote
            octets = _as_text(octets)
        return cls(_parsed(_first_lines(octets, _MOST_LINES // (1 + min(depth, _DEEPEST)))))

    def field(self, name: str) -> str:
        """The first field of that name, decoded and in one line; empty if there is none."""
        return decoded(self.message.get(name))

    def fields(self, name: str) -> list[str]:
        """All fields of that name, as `field`."""
        return [decoded(value) for value in self.message.get_all(name, [])[:_MOST_FIELDS]]

    def addresses(self, *names: str) -> tuple[str, ...]:
        """The addresses in these fields, in lower case, each once. An encoded word holds none (RFC 2047 5):
        who checked the sender has not looked for one there."""
        found: dict[str, None] = {}
        for name in names:
            for value in self.message.get_all(name, [])[:_MOST_FIELDS]:
                found.update(dict.fromkeys(addresses_in(_in_one_line(value))))
        return tuple(found)

    @property
    def date(self) -> datetime | None:
        """When it says that it was written."""
        return instant_of(self.field("date"))

    def parts(self) -> Iterator[Message]:
        """Its own parts, none of a mail that is attached to it: the attached mail itself is one."""
        yield from _own_parts(self.message)

    def attached_mail(self) -> Message | None:
        """The first mail that is attached to it as a part of its own."""
        for part in self.parts():
            held = payload(part)
            if part.get_content_type() == "message/rfc822" and isinstance(held, list) and held:
                return held[0]
        return None

    @property
    def attachments(self) -> int:
        """How many of its own parts are attached to it, pictures in its text aside."""
        return sum(is_attached(part) for part in self.parts())

    def body(self, subtype: str) -> str:
        """The first own part of `text/plain` or `text/html` that is no attachment; or nothing."""
        for part in self.parts():
            if part.get_content_type() == f"text/{subtype}" and not is_attached(part):
                return text_of(part)
        return ""


def decoded(value: object) -> str:
    """A field's value as people read it, without control characters and line ends."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = value[:_LONGEST_FIELD]
    pieces = []
    try:
        found = decode_header(value)  # type: ignore[arg-type]  # a Header where it had odd octets
    except (MessageError, ValueError):
        found = [(str(value), None)]
    for piece, charset in found:
        pieces.append(piece if isinstance(piece, str) else text_from(piece, charset or ""))
    text = "".join(pieces)[:_LONGEST_FIELD].encode("utf-8", "replace").decode("utf-8")
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def _in_one_line(value: object) -> str:
    """A field with its encoded words as they are; one with octets of other letters as `decoded` reads it."""
    if not isinstance(value, str):
        return decoded(value)
    return _SPACES.sub(" ", _CONTROL.sub("", value[:_LONGEST_FIELD])).strip()


def addresses_in(value: str) -> list[str]:
    """The addresses of an address field, in lower case."""
    try:
        found = getaddresses([value])
    except (ValueError, IndexError, RecursionError):  # comments in comments without end
        return []
    return [address.strip().lower() for _, address in found if "@" in address]


def instant_of(text: str) -> datetime | None:
    """A date of RFC 5322 in UTC; None if it is none."""
    try:
        at = parsedate_to_datetime(text)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def text_of(part: Message) -> str:
    """A leaf of a mail as text with plain line ends."""
    octets = content(part)
    return (
        _CONTROL.sub("", text_from(octets, _charset(part)))
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )


def content(part: Message) -> bytes:
    """The octets of a leaf, decoded where its encoding can be."""
    try:
        octets = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError):
        octets = None
    if isinstance(octets, bytes):
        return octets
    raw = payload(part)
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def payload(part: Message) -> list[Message] | str:
    """What a part holds: other parts, or text as it came; nothing where its charset is in the way."""
    try:
        held = part.get_payload()
    except (ValueError, LookupError, TypeError):
        return ""
    if isinstance(held, list):
        return [inner for inner in held if isinstance(inner, Message)]
    return held if isinstance(held, str) else ""


def text_from(octets: bytes, charset: str) -> str:
    """Text in the charset that it names, if that is one; else what it looks like."""
    name = charset.strip().strip("'\"").lower()
    for candidate in (_ALIASES.get(name, name), "utf-8"):
        if candidate in _UNNAMED:
            continue
        try:
            return octets.decode(candidate)
        except (LookupError, ValueError):
            continue
    return octets.decode("latin-1")


def raw_text(part: Message) -> str:
    """A part with all that is in it, as it came: for reports that are not written as they should be."""
    held = payload(part)
    if isinstance(held, str):
        return text_of(part)
    return "\n".join(_fields_text(inner) + "\n" + raw_text(inner) for inner in held[:_MOST_PARTS])


def _fields_text(part: Message) -> str:
    return "".join(f"{name}: {value}\n" for name, value in part.items())


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset("") or ""
    except (LookupError, ValueError, TypeError):
        return ""


def is_attached(part: Message) -> bool:
    """Whether a part says that it is an attachment."""
    try:
        return part.get_content_disposition() == "attachment"
    except (LookupError, ValueError, TypeError):
        return False


def _own_parts(message: Message) -> Iterator[Message]:
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        held = payload(part)
        if part.get_content_maintype() == "multipart" and isinstance(held, list):
            waiting[:0] = held
        else:
            yield part


def _parsed(octets: bytes) -> Message:
    """The mail; where its own field names no boundary that its body has, by the one that the body begins
    with, or as one text."""
    message = message_from_bytes(octets, policy=policy.compat32)
    if message.get_content_maintype() != "multipart" or message.is_multipart():
        return message
    begins = _BOUNDARY.search(octets)
    if begins is None:
        return message_from_bytes(b"Content-Type: text/plain\n" + octets, policy=policy.compat32)
    kind = message.get_content_type().encode("ascii", "replace")
    field = b'Content-Type: %s; boundary="%s"\n' % (kind, begins[1])
    return message_from_bytes(field + octets, policy=policy.compat32)


def _with_lines_of_its_own(octets: bytes) -> bytes:
    """The mail with no bare carriage return in its header: a parser ends a line there, and a server that
    checked the sender does not, so that it may have seen another From."""
    ends = _HEAD_ENDS.search(octets)
    head = ends.end() if ends else len(octets)
    return _BARE_RETURN.sub(b" ", octets[:head]) + octets[head:]


def _depth(octets: bytes) -> int:
    """No mail is nested deeper than it has boundaries and attached mails."""
    head = octets.lower()
    return head.count(b"boundary=") + head.count(b"message/rfc822")


def _first_lines(octets: bytes, many: int) -> bytes:
    if octets.count(b"\n") + octets.count(b"\r") <= many:
        return octets
    ends = (found.end() for found in _LINE_END.finditer(octets))
    return octets[: next(islice(ends, many - 1, None), len(octets))]


def _as_text(octets: bytes) -> bytes:
    """The same mail, its body one plain text."""
    head, _, body = octets.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = re.sub(rb"(?im)^(content-|mime-version)", rb"x-was-\1", head)
    return fields + b"\n\n" + body
