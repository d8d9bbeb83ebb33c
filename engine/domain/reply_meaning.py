"""What a reply is for: does its writer want to leave, or an answer? (R5.5, R6.4)

It looks at what somebody wrote themselves, sentence by sentence, by tables of words in seven languages
(`reply_words`). Nothing here says how anybody feels. A reply that speaks of leaving and does not plainly
ask for it is `unclear`: a person reads it, and until then nothing is advertised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.domain import reply_asking, reply_leaving
from engine.domain.reply_text import ANSWERS, bare, folded, is_courtesy, sentences

LONGEST = 4_000
"""Of a reply this many characters are looked at: who has something to ask says so before."""
SHORT = 80
"""In a reply of so many words leaving is its whole intent, wherever it is said."""
LIKELY, SURE = 0.4, 0.7
"""From which likelihood a hunch of leaving counts; that of a question, or about one, has to be surer."""
_BEGINNING = 3
_LONGEST_QUOTE = 200

Leaving = Literal["no", "unclear", "yes"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reply is for. `leaving` says whether its writer wants no more mail, in the sentence `said`
    (their own words); `asks` whether they want an answer, apart from that, in the sentence `asked`; `erases`
    whether everything about them shall be deleted. Where no table of words knew it and a model did, `by`
    has the words that it went by."""

    leaving: Leaving = "no"
    said: str = ""
    asks: bool = False
    erases: bool = False
    asked: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hunch:
    """What a model makes of a reply: how likely its writer speaks of leaving, and wants an answer, and the
    words that each goes by."""

    leaving: float
    asking: float
    leaving_by: tuple[str, ...]
    asking_by: tuple[str, ...]


def meaning_of(
    words: str, subject: str = "", second: Callable[[str], Hunch] | None = None
) -> Meaning:
    """The meaning of what somebody wrote. `subject` counts where they wrote it themselves: some leave by a
    mail that says so there, and nothing else. `second` is asked about words in which no table found what
    it looks for; it can send them to a person, and never takes anybody off."""
    spoken = [one for one in sentences(words[:LONGEST]) if not is_courtesy(folded(one))]
    if not ANSWERS.match(subject) and reply_leaving.wish_of(bare(subject)) in ("plain", "whole"):
        spoken.insert(0, subject)
    short = sum(len(one.split()) for one in spoken) <= SHORT
    leaving, said, rest = _leaving(spoken, short)
    erases = leaving != "no" and any(reply_leaving.erases(bare(one)) for one in spoken)
    asked = next((one for one in rest if reply_asking.asks(one)), "")
    meaning = Meaning(leaving, said[:_LONGEST_QUOTE], bool(asked), erases, asked[:_LONGEST_QUOTE])
    if second is None or leaving != "no" or not rest or _says_the_contrary(spoken):
        return meaning
    return _looked_at_again(meaning, second(words[:LONGEST]), rest)


def _says_the_contrary(spoken: Sequence[str]) -> bool:
    return any(reply_leaving.wish_of(bare(one)) == "opposite" for one in spoken)


def _looked_at_again(meaning: Meaning, hunch: Hunch, rest: Sequence[str]) -> Meaning:
    """What is left where the tables found no wish to leave, and perhaps no question."""
    if hunch.leaving >= (SURE if meaning.asks else LIKELY):
        said = _sentence_with(hunch.leaving_by, rest)
        return replace(meaning, leaving="unclear", said=said, by=hunch.leaving_by)
    if not meaning.asks and hunch.asking >= SURE:
        asked = _sentence_with(hunch.asking_by, rest)
        return replace(meaning, asks=True, asked=asked, by=hunch.asking_by)
    return meaning


def _sentence_with(by: Sequence[str], rest: Sequence[str]) -> str:
    """The sentence that holds most of the words."""
    return max(rest, key=lambda one: sum(word in one for word in by))[:_LONGEST_QUOTE]


def is_automatic(words: str) -> bool:
    """Whether a machine wrote this and no header said so: out of office, or a receipt (RFC 3834)."""
    return _AUTOMATIC.search(folded(words[:_HEAD])) is not None


def _leaving(spoken: Sequence[str], short: bool) -> tuple[Leaving, str, list[str]]:
    """How sure it is that somebody leaves, the sentence that says so, and all others."""
    wishes = [reply_leaving.wish_of(bare(sentence)) for sentence in spoken]
    alone = all(wish in ("plain", "whole", "unclear") for wish in wishes)
    sure = unclear = ""
    rest: list[str] = []
    for number, (sentence, wish) in enumerate(zip(spoken, wishes, strict=True)):
        if wish in ("none", "opposite"):
            rest.append(sentence)
        elif (wish == "plain" and (short or number < _BEGINNING)) or (wish == "whole" and alone):
            sure = sure or sentence
        else:
            unclear = unclear or sentence
    if sure and not any(reply_leaving.keeps_a_part(bare(one)) for one in spoken):
        return "yes", sure.strip(), rest
    if sure or unclear:
        return "unclear", (sure or unclear).strip(), rest
    return "no", "", rest


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
