"""The text of a reply as its tables of words see it: folded, sentence by sentence, without courtesies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ANSWERS = re.compile(
    r"(?i)\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv|i|r|odp|vs|res|enc)\s*(?:\[\d+\])?\s*[:\uff1a]"
)
"""How the subject of an answer, or of a mail that was passed on, begins."""

_MARKS = dict.fromkeys(map(ord, "\u2019\u2018\u02bc`\u00b4"), "'") | {
    ord("ß"): "ss", ord("\u00a0"): " ", ord("\u2013"): "-", ord("\u2014"): "-",
}  # fmt: skip
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n;]+(?:\.(?=\S)[^.!?\n;]*)*[.!?;]*")
_COURTESY = re.compile(
    r"(?:(?:hi|hello|hey|dear|hallo|guten (?:tag|morgen|abend)|moin|sehr geehrte\w*|liebe\w*|bonjour"
    r"|salut|bonsoir|hola|buenos dias|buenas(?: tardes)?|estimad\w+|ciao|buongiorno|salve|gentil\w+"
    r"|dag|beste|hoi|ola|bom dia|boa tarde|prezad\w+)\b[^,]{0,40}"
    r"|(?:many |kind |best |warm |with )*(?:thanks?(?: you)?(?: (?:so|very) much| a lot"
    r"| in advance| again)*|thx|regards|wishes)"
    r"|cheers|best|bye|sincerely(?: yours)?|yours(?: truly| sincerely)?|danke(?: schon| sehr"
    r"| im voraus)?|vielen dank|merci(?: beaucoup| d'avance| bien)?|gracias|grazie(?: mille)?|bedankt"
    r"|dank (?:je|u)(?: wel)?|obrigad[oa]"
    r"|(?:mit )?(?:freundlichen|lieben|besten|viele|liebe|herzliche\w*|schone) grusse?\w*"
    r"|cordialement|(?:un )?saludos?|cordiali saluti|met vriendelijke groet\w*|atenciosamente"
    r"|(?:n|no|none|nothing) (?:personal|offen[cs]e)|sorry|entschuldigung)[\s,!.]*"
)
_GREETS = re.compile(
    r"^(?:(?:hi|hello|hey|dear|hallo|moin|guten tag|bonjour|hola|buenos dias|ciao|buongiorno|dag|beste"
    r"|hoi|ola)\b[^,.!]{0,30}[,.!]+\s*)+"
)
_ASIDE = (
    r"(?:please|pls|plz|kindly|thanks?(?: you)?|thx|ty|ta|cheers|bye|hi|hello|hey|ok|okay|sorry|bitte"
    r"|danke(?: schon)?|vielen dank|dnake|bite|merci(?: d'avance)?|s'?il vous plait|s'?il te plait|svp|stp"
    r"|por favor|porfa|gracias|per favore|per cortesia|grazie|graag|aub|a\.u\.b|alstublieft|alsjeblieft"
    r"|bedankt|dank (?:je|u)|bvd|mvg|obrigad[oa]|favor|lg|mfg|gruss|n thx)"
)
_ASIDES_BEFORE = re.compile(rf"^(?:{_ASIDE}\b[\s,.!-]*)+(?=\S)")
_ASIDES_AFTER = re.compile(rf"(?:[\s,.!-]+{_ASIDE})+$")


def folded(text: str) -> str:
    """Text as the tables are written: lower case, plain quotes, no marks on letters, single blanks."""
    plain = unicodedata.normalize("NFKD", text.translate(_MARKS)).lower()
    kept = "".join(
        letter
        for letter in plain
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return " ".join(kept.split())


def sentences(words: str) -> Iterator[str]:
    """What stands between full stops and line ends, as it was written."""
    for match in _SENTENCE.finditer(words):
        if any(letter.isalnum() for letter in match[0]) or "?" in match[0]:
            yield match[0].strip()


def is_courtesy(plain: str) -> bool:
    """Whether a folded sentence greets or thanks, and nothing else."""
    return _COURTESY.fullmatch(plain.strip()) is not None


def unlinked(sentence: str) -> str:
    """A sentence folded, without the addresses of pages."""
    return folded(_LINK.sub(" ", sentence)).strip()


def bare(sentence: str) -> str:
    """A sentence folded and spelled right, without greeting, please and thanks, and punctuation at its
    ends; but for a question mark, which says that it is no statement."""
    asks = "?" if sentence.rstrip(" '\")!.").endswith("?") else ""
    plain = unlinked(sentence).strip(" .!?,;:-*'\"()<>[]_")
    plain = _GREETS.sub("", plain)
    plain = _ASIDES_AFTER.sub("", _ASIDES_BEFORE.sub("", plain)).strip(" .!?,;:-*'\"()<>[]_")
    return " ".join(map(_spelled_right, plain.split(" "))) + asks


_HARD = (
    "unsubscribe unsubscribed subscription newsletter abmelden abbestellen austragen desabonner desinscrire"
    " desuscribir disiscrivere uitschrijven afmelden descadastrar"
).split()
"""Words in which one slip of the finger shall not matter."""


def _without_one(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


_SLIPS = {slip: word for word in _HARD for slip in _without_one(word)}


def _spelled_right(word: str) -> str:
    """The hard word that this is but for one letter: left out, put in, another, or two the wrong way round.
    Its beginning has to be right: `anmelden` is no slip for `abmelden`."""
    if len(word) < 7 or word in _HARD:
        return word
    found = _SLIPS.get(word) or next(
        (slip for slip in _without_one(word) if slip in _HARD),
        next((_SLIPS[slip] for slip in _without_one(word) if slip in _SLIPS), word),
    )
    return found if found[:2] == word[:2] else word
