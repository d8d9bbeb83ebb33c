"""Header fields as octets: flattened, folded and encoded so that no value can become a header.

Three kinds of value: free text (`unstructured`: the subject), addresses (`mailbox_field`), and
machine words that must stay verbatim (`structured`: the list headers). Long or foreign text becomes
RFC 2047 encoded-words of at most 75 octets that never split a character.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from functools import lru_cache

from engine.domain.message import Address

_LINE = 78
_LONGEST = 998
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_WORD_OCTETS = 45
_FIRST_WORD_OCTETS = 39


def flatten(text: str) -> str:
    """The text on one line: each run of control and line-separator characters becomes one space."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _BREAKS.sub(" ", text).strip()


def unstructured(name: str, text: str) -> bytes:
    """A field of free text, such as the subject, with its final CRLF."""
    text = flatten(text)
    if _plain(text):
        if len(name) + 2 + len(text) <= _LINE:
            return f"{name}: {text}\r\n".encode("ascii")
        words = text.split(" ")
        if "" not in words and len(name) + 2 + len(words[0]) <= _LINE > max(map(len, words)):
            return _folded(name, text)
    return f"{name}: {encoded_words(text)}\r\n".encode("ascii")


@lru_cache(maxsize=1024)
def structured(name: str, value: str) -> bytes:
    """A field that machines read, verbatim and folded only at white space (after a comma). Most are
    the same for a whole mailing, so they are kept.

    Raises:
        ValueError: if the name is none, or the value is not ASCII or holds a word that no line can
            hold (RFC 5322 section 2.1.1). A caller made such a value; no customer can.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header")
    value = flatten(value)
    if len(name) + 2 + len(value) <= _LINE and value.isascii():
        return f"{name}: {value}\r\n".encode("ascii")
    if not value.isascii():
        raise ValueError(f"the header {name} must be ASCII, and is not")
    if max(map(len, value.split(" "))) + len(name) + 2 > _LONGEST:
        raise ValueError(f"the header {name} holds a word of more than {_LONGEST} characters")
    return _folded(name, value)


def mailbox_field(name: str, address: Address) -> bytes:
    """A field of one address with its display name. The address must be in its normal form
    (`addresses.normal`): it is written as it is, and a non-ASCII local part as UTF-8 (RFC 6532)."""
    shown = phrase(address.name)
    if not shown:
        return f"{name}: {address.email}\r\n".encode()
    last_line = len(name) + 2 + len(shown) - (shown.rfind("\n") + 1)
    gap = " " if last_line + len(address.email) + 3 <= _LINE else "\r\n "
    return f"{name}: {shown}{gap}<{address.email}>\r\n".encode()


def phrase(text: str) -> str:
    """A display name: bare atoms, a quoted string, or encoded-words (RFC 5322 section 3.2.5)."""
    text = flatten(text)
    if not _plain(text):
        return encoded_words(text)
    shown = text
    if "  " in text or not _ATOMS.fullmatch(text):
        shown = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return shown if len(shown) <= _LINE - 12 else encoded_words(text)


def encoded_words(text: str) -> str:
    """The text as base64 encoded-words, one a line, none above 75 octets (RFC 2047 section 2).

    ASCII text that only looks like encoded-words comes here too: read back, it is text again.
    """
    octets = text.encode("utf-8", "replace")
    words, start, room = [], 0, _FIRST_WORD_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        words.append(octets[start:end])
        start, room = end, _WORD_OCTETS
    words.append(octets[start:])
    return "\r\n ".join(
        f"=?utf-8?b?{b2a_base64(word, newline=False).decode('ascii')}?=" for word in words
    )


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text


def _folded(name: str, value: str) -> bytes:
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > _LINE and len(line) > len(name) + 1:
            lines.append(line)
            line = ""
        line += f" {word}"
    lines.append(line)
    return ("\r\n".join(lines) + "\r\n").encode("ascii")
