"""How a model sees somebody's words: names and numbers masked, emoji in words, soooo as so.

The same text goes into training and reading: whoever trains a model for the component `emotion` passes
the training sentences through `worded` first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from engine.adapters.nlp.cleaning import emoji
from engine.adapters.nlp.cleaning.names import NAME, names_in
from engine.adapters.nlp.cleaning.rewriting import Edit, Rewritten, rewrite

LINK, ADDRESS, NUMBER = "link", "address", "number"
"""What stands for a web address, an e-mail address, and a number that names a thing or a line."""

_DOUBLED = frozenset(
    "need see been keep feel feeling seem sleep week weeks keen deep meet meeting speed green free agree"
    " three fee seen indeed cheese coffee pleased too soon good food look cool room book took school"
    " choose noon mood wood door poor smooth cook boot shoot foot stood root loose bloody all well will"
    " still call tell really small full bill pull till hell sell smell spell hello totally finally"
    " usually off stuff staff offer coffee difficult different less miss mess pass class loss boss"
    " hassle issue kiss access happy apple pepper support happened disappointed bottle better letter"
    " little butter pretty matter attitude bitter terrible horrible sorry worry hurry correct arrive"
    " tomorrow add middle ladder sudden puppy running funny annoyed annoying dinner beginning".split()
)

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_NUMBER = re.compile(
    r"[#№](?=[\w-]{0,30}\d)[\w-]{2,30}"
    r"|(?<![\w.,$€£])\+?\(?\d(?:[ ()./-]{0,2}\d){6,14}(?!\w)"
    r"|(?<!\w)(?=(?:[A-Za-z-]{0,8}\d){3})[A-Za-z]{1,6}-?\d[A-Za-z\d-]{2,25}(?!\w)"
    r"|(?<![\w.,$€£])\d{5,20}(?!\w)"
)
_EMOTICON, _EMOJI = re.compile(emoji.EMOTICON), re.compile(emoji.EMOJI)
_RUN = re.compile(r"([^\W\d_]|[!?.])\1{2,}")
_UNUSUAL = re.compile(
    r"(?P<printed>[‘’‚‛ʼ`´“”„‟«»–—−…\u00a0\u2000-\u200a\u202f\u3000])"
    r"|(?P<dressed>[\U0001d400-\U0001d7ff\uff01-\uff5e]+)"
    r"|(?P<piled>[\u0300-\u036f\u0488\u0489]{2,}|[\u0334-\u0338])"
    r"|(?P<hidden>[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u20e3\ufe0e\ufe0f\ufeff\ufffd]+)"
)
_PRINTED = {
    **dict.fromkeys("‘’‚‛ʼ`´", "'"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("–—−", "-"),
    "…": "...",
}
_ONCE = re.compile(r"(\w)\1{2,}")
_DIGITS = re.compile(r"\d[\d ()./-]*\d")


def worded(text: str, names: Iterable[str] = (), before: Rewritten | None = None) -> Rewritten:
    """The text as a model sees it. `names` are masked, and people who are clearly called by name.

    Give `before` where `text` is already a rewriting's text: places then lead to its first text.
    """
    edits = [Edit(start, end, NAME, "name") for start, end in names_in(text, names)]
    for found in _looked_for(text):
        edits += found
    return rewrite(text, _apart(edits) if len(edits) > 1 else edits, before)


def _looked_for(text: str) -> Iterator[Iterable[Edit]]:
    """What is found by each look; most texts need none, and a cheap question tells."""
    if "://" in text or "www." in text or "WWW." in text:
        yield (Edit(*match.span(), LINK, "link") for match in _LINK.finditer(text))
    if "@" in text:
        yield (Edit(*match.span(), ADDRESS, "address") for match in _ADDRESS.finditer(text))
    if _DIGITS.search(text):
        yield (Edit(*match.span(), NUMBER, "number") for match in _NUMBER.finditer(text))
    if not emoji.PARTS.isdisjoint(text):
        yield (_sign(match) for match in _EMOTICON.finditer(text))
    if not text.isascii():
        yield (_sign(match) for match in _EMOJI.finditer(text))
    if not (text.isascii() and text.isprintable()):
        yield (_plain(match) for match in _UNUSUAL.finditer(text))
    yield (_short(match) for match in _RUN.finditer(text))


def _apart(edits: list[Edit]) -> list[Edit]:
    """The edits in order; of two that overlap the one that begins first, or else was found first."""
    apart: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if not apart or edit.start >= apart[-1].end:
            apart.append(edit)
    return apart


def _sign(match: re.Match[str]) -> Edit:
    words = emoji.meaning(match[0])
    return Edit(*match.span(), f" {words} " if words else " ", "emoji")


def _plain(match: re.Match[str]) -> Edit:
    match match.lastgroup:
        case "printed":
            put = _PRINTED.get(match[0], " ")
        case "dressed":
            put = unicodedata.normalize("NFKC", match[0])
        case _:
            put = ""
    return Edit(*match.span(), put, "spelling")


def _short(match: re.Match[str]) -> Edit:
    """One letter for a run of them, or two where that makes a word: soooo is so, goooood is good."""
    text, (start, end) = match.string, match.span()
    if match[1] in "!?.":
        return Edit(start, end, match[1] * 3, "spelling")
    first, last = start, end
    while first > 0 and start - first < 20 and text[first - 1].isalpha():
        first -= 1
    while last < len(text) and last - end < 20 and text[last].isalpha():
        last += 1
    two = match[1] * 2
    doubled = _ONCE.sub(r"\1", text[first:start]) + two + _ONCE.sub(r"\1", text[end:last])
    return Edit(start, end, two if doubled.lower() in _DOUBLED else two[0], "spelling")
