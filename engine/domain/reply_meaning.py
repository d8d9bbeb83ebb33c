"""What a reply is for: does its writer want to leave, or an answer? (R5.5, R6.4)

It looks at what somebody wrote themselves, sentence by sentence, by forms of words in seven languages.
Nothing here says how anybody feels. A reply that speaks of leaving and does not plainly ask for it is
`unclear`: a person reads it, and until then nothing is advertised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.domain import reply_asking, reply_leaving

ANSWERS = re.compile(
    r"(?i)\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv|i|r|odp|vs|res|enc)\s*(?:\[\d+\])?\s*[:\uff1a]"
)
"""How the subject of an answer, or of a mail that was passed on, begins."""
LONGEST = 4_000
"""Of a reply this many characters are looked at: who has something to ask says so before."""
SHORT = 60
"""In a reply of so many words leaving is its whole intent, wherever it is said."""
_BEGINNING = 3
_LONGEST_QUOTE = 200

Leaving = Literal["no", "unclear", "yes"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reply is for. `leaving` says whether its writer wants no more mail, in the sentence `said`
    (their own words); `asks` whether they want an answer, apart from that."""

    leaving: Leaving = "no"
    said: str = ""
    asks: bool = False


def meaning_of(words: str, subject: str = "") -> Meaning:
    """The meaning of what somebody wrote. `subject` counts where they wrote it themselves: some leave by a
    mail that says so there, and nothing else."""
    theirs = "" if ANSWERS.match(subject) else subject
    sentences = list(_sentences(words[:LONGEST]))
    spoken = [one for one in sentences if not _is_courtesy(folded(one))]
    if theirs and reply_leaving.FORM.search(_bare(theirs)):
        spoken.insert(0, theirs)
    short = sum(len(one.split()) for one in spoken) <= SHORT
    leaving, said, rest = _leaving(spoken, short)
    return Meaning(leaving, said[:_LONGEST_QUOTE], any(_asks(one) for one in rest))


def is_automatic(words: str) -> bool:
    """Whether a machine wrote this and no header said so: out of office, or a receipt (RFC 3834)."""
    return _AUTOMATIC.search(folded(words[:_HEAD])) is not None


def _leaving(spoken: Sequence[str], short: bool) -> tuple[Leaving, str, list[str]]:
    """How sure it is that somebody leaves, the sentence that says so, and all others."""
    sure = unclear = ""
    rest: list[str] = []
    for number, sentence in enumerate(spoken):
        plain = _bare(sentence)
        form = reply_leaving.FORM.search(plain)
        far = reply_leaving.FAR_FROM_IT.search(plain)
        if far and (form is None or far.start() < form.start() < far.end()):
            rest.append(sentence)
        elif (
            form
            and _is_plain(plain, form)
            and _is_whole(plain, spoken)
            and (short or number < _BEGINNING)
        ):
            sure = sure or sentence
        elif form or reply_leaving.MENTION.search(plain):
            unclear = unclear or sentence
        else:
            rest.append(sentence)
    if sure and not any(reply_leaving.KEEP.search(_bare(one)) for one in spoken):
        return "yes", sure.strip(), rest
    if sure or unclear:
        return "unclear", (sure or unclear).strip(), rest
    return "no", "", rest


def _is_plain(sentence: str, form: re.Match[str]) -> bool:
    """Whether a sentence asks for it now and without conditions."""
    before = sentence[: form.start()]
    return not reply_leaving.DOUBT.search(sentence) and not _DENIES.search(before)


def _is_whole(sentence: str, spoken: Sequence[str]) -> bool:
    """Whether a bare word such as `stop` is all that is said, or all of it says so."""
    if not reply_leaving.BARE.match(sentence):
        return True
    return all(
        reply_leaving.FORM.search(plain) or reply_leaving.MENTION.search(plain)
        for plain in map(_bare, spoken)
    )


def _asks(sentence: str) -> bool:
    plain = folded(_LINK.sub(" ", sentence)).strip()
    return not reply_asking.POLITE.fullmatch(plain) and reply_asking.FORM.search(plain) is not None


_DENIES = re.compile(
    r"\b(?:don't|do not|dont|never|not|no|nicht|kein\w*|pas|niet|nao|non) +(?:[\w'-]+ +){0,3}$"
)
_HEAD = 400
_AUTOMATIC = re.compile(
    r"\b(?:i am|i'm|i will be|we are|he is|she is) (?:currently |now "
    r"|presently )?(?:out of (?:the )?office"
    r"|on (?:annual |parental |maternity |sick )?leave|on vacation|on holiday|away from (?:my"
    r"|the) (?:desk"
    r"|office|e-?mail)) (?:and|until|till|from|with|this|for|through|without|\(|$)"
    r"|\bthis is an? (?:automat\w+|auto-?)(?:ally generated)? ?(?:reply|response|message|e-?mail)"
    r"|\b(?:do not|please don't|don't) (?:reply|respond) to this (?:automated )?(?:e-?mail"
    r"|message|mail)\b"
    r"|\bthank you for (?:contacting|your (?:e-?mail|message|mail))\b.{0,80}\b(?:we have received"
    r"|has been received|we will get back|i am out|i'm out|i will reply|currently out|away until)"
    r"|\bich bin (?:bis|vom|derzeit|zurzeit|zur zeit|ab|aktuell"
    r"|im moment).{0,40}\b(?:nicht im (?:buro"
    r"|hause)|abwesend|im urlaub|nicht erreichbar)|\bdies ist eine automatis\w+"
    r"|\bautomatische (?:antwort|abwesenheit)|\breponse automatique\b|\brespuesta automatica\b"
    r"|\brisposta automatica\b|\bautomatisch antwoord\b|\bresposta automatica\b"
    r"|\bje suis (?:actuellement )?(?:absent\w*|en conges?|en vacances) (?:jusqu|du|et|de)"
    r"|\b(?:estare|estoy) (?:fuera de la oficina|de vacaciones) (?:hasta|del|desde|y)"
    r"|\bsono (?:assente|fuori (?:ufficio|sede)|in ferie) (?:fino|dal|e)"
    r"|\bik ben (?:momenteel )?(?:afwezig|niet aanwezig|met vakantie|op vakantie) (?:tot|van|en)"
    r"|\bestarei? (?:ausente|fora do escritorio|de ferias) (?:ate|de|e)"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n;]+(?:\.(?=\S)[^.!?\n;]*)*[.!?;]*")
_COURTESY = re.compile(
    r"(?:(?:hi|hello|hey|dear|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe\w*|bonjour"
    r"|salut|bonsoir|hola|buenos"
    r" dias|buenas(?: tardes)?|estimad\w+|ciao|buongiorno|salve|gentil\w+|dag|beste|hoi|ola"
    r"|bom dia|boa tarde|prezad\w+)\b"
    r"[^,]{0,40}"
    r"|(?:many |kind |best |warm |with )*(?:thanks?(?: you)?(?: (?:so|very) much| a lot"
    r"| in advance| again)*|thx|regards|wishes)"
    r"|cheers|best|sincerely(?: yours)?|yours(?: truly| sincerely)?|danke(?: schon| sehr"
    r"| im voraus)?|vielen dank|merci"
    r"(?: beaucoup| d'avance| bien)?|gracias|grazie(?: mille)?|bedankt|dank (?:je|u)(?: wel)?"
    r"|obrigad[oa]"
    r"|(?:mit )?(?:freundlichen|lieben|besten|viele|liebe|herzliche\w*) grusse\w*|cordialement"
    r"|saludos|cordiali saluti"
    r"|met vriendelijke groet\w*|atenciosamente)[\s,!.]*"
)


def _is_courtesy(plain: str) -> bool:
    return _COURTESY.fullmatch(plain.strip()) is not None


def _sentences(words: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(words):
        if any(letter.isalnum() for letter in match[0]) or "?" in match[0]:
            yield match[0].strip()


_GREETS = re.compile(
    r"^(?:(?:hi|hello|hey|dear|hallo|guten tag|bonjour|hola|buenos dias|ciao|buongiorno|dag|beste"
    r"|hoi|ola)\b[^,.!]{0,30}[,.!]+\s*)+"
)


def _bare(sentence: str) -> str:
    """A sentence without greeting and punctuation at its ends."""
    plain = folded(_LINK.sub(" ", sentence)).strip(" .!?,;:-*'\"()<>[]_")
    return _GREETS.sub("", plain).strip()


_MARKS = dict.fromkeys(map(ord, "\u2019\u2018\u02bc`\u00b4"), "'") | {
    ord("ß"): "ss", ord("\u00a0"): " ", ord("\u2013"): "-", ord("\u2014"): "-",
}  # fmt: skip


def folded(text: str) -> str:
    """Text as the forms are written: lower case, plain quotes, no marks on letters, single blanks."""
    plain = unicodedata.normalize("NFKD", text.translate(_MARKS)).lower()
    kept = "".join(
        letter
        for letter in plain
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return " ".join(kept.split())
