"""Names in a text: those that are known, and people who are clearly called by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

NAME = "[NAME]"
"""What stands for every name, so that none moves a score. GoEmotions masks names with the same word."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLES = frozenset("dr mr mrs ms miss prof".split())
_CALLS = _TITLES | frozenset(
    "hi hello hey dear thanks thank thx cheers kudos named called name agent waiter waitress barista"
    " nurse colleague manager representative rep technician driver assistant doctor receptionist".split()
)
_DEALINGS = frozenset(
    "spoke spoken speaking talked talking chatted dealt dealing served helped handled assisted answered"
    " signed".split()
)
_BETWEEN = frozenset("you so much very a lot again to with by is out my your the from".split())
_NO_NAMES = frozenset(
    "i a an the and or but so for to of in on at by my me we you your our us it its this that these there"
    " team all everyone everybody guys folks sir madam support customer service again very much anyway"
    " goodness god lord heavens nothing not no never please also thanks thank just what why when where"
    " who how is was are were have has had do did does can could will would should today yesterday"
    " tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april"
    " june july august september october november december lol omg wow asap still now then she he"
    " they her him somebody someone nobody one once after before because if as great good bad well yes"
    " ok okay happy sad angry first second third last next two three many both everything keep glad"
    " sorry hope love with from about any some".split()
)
_ALSO_WORDS = frozenset(
    "joy grace hope will may mark rose faith bill rob pat dawn summer april june august art frank grant"
    " chance charity christian destiny drew earnest ernest gene guy heaven iris ivy jack jade jasmine"
    " jean jewel lance lily love mercy miles melody nick olive pearl penny poppy ray rich rusty ruby sandy"
    " sky skip star sunny sue victor violet wade ward wolf young white black brown green long short bright"
    " sharp price best moody savage hardy stern gold king major cross strong small sad angry swift".split()
)


def names_in(text: str, known: Iterable[str] = ()) -> list[tuple[int, int]]:
    """The places of names, in order, without overlaps.

    Known names are found whole and in their parts, in any case; a part that is also an English word
    (Joy, Will) only where it has its capital. Others are found where somebody is greeted, thanked or
    dealt with by name: `spoke to Maria`, `thanks, Maria`, `Dr. Weber`.
    """
    found = list(_known(text, known))
    lowered = text.lower()
    if lowered != text and not (_CALLS | _DEALINGS).isdisjoint(_WORD.findall(lowered)):
        found += _called(text)
    return _merged(sorted(found)) if len(found) > 1 else found


def _known(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    folded = text.lower()
    if len(folded) != len(text):  # a few letters are longer in lower case, and would shift places
        folded = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    for name in names:
        whole = " ".join(name.split())
        for part in {whole, *whole.split()}:
            if len(part) > 1 and part.lower() not in _NO_NAMES:
                exact = part.lower() in _ALSO_WORDS
                yield from _places(text if exact else folded, part if exact else part.lower())


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum():
            yield start, end
        start = text.find(name, end)


def _called(text: str) -> Iterator[tuple[int, int]]:
    """Up to three capitalised words after a call, or after a dealing and `to`, `with` or `by`."""
    waiting, start, end, taken = "", -1, -1, 0
    for match in _WORD.finditer(text):
        word = match[0].lower()
        gap = text[end : match.start()] if end >= 0 else ""
        end = match.end()
        if start >= 0:
            if taken < 3 and gap == " " and _is_name(match[0]):
                taken, last = taken + 1, end
                continue
            yield start, last
            start = -1
        if waiting and set(gap) <= _GAP and _is_name(match[0]):
            start, last, taken, waiting = match.start(), end, 1, ""
        elif word in _CALLS:
            waiting = "call"
        elif word in _DEALINGS:
            waiting = "dealing"
        elif not (waiting and word in _BETWEEN):
            waiting = ""
    if start >= 0:
        yield start, last


_GAP = frozenset(" ,.:\n")


def _is_name(word: str) -> bool:
    """A capital, and no word that begins with one for another reason, or is shouted."""
    return (
        word[0].isupper()
        and not (len(word) > 1 and word.isupper())
        and word.lower().replace("’", "'").partition("'")[0] not in _NO_NAMES
    )


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged = [places[0]]
    for start, end in places[1:]:
        if start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
